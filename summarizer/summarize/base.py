"""What every summarisation backend has in common: its contract, its shared options, and its table's entry type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol

from pydantic import Field

from summarizer.options import Options
from summarizer.records import Article, Brief, Failure


class SummarizeOptions(Options):
    """The keys that every summarisation backend understands."""

    is_extractive: ClassVar[bool] = False
    """Whether every sentence of a brief is the article's own."""
    max_words: int = Field(80, ge=10, le=1000)
    """A brief has at most this many blank-separated words."""
    min_source_words: int = Field(60, ge=0)
    """An article with fewer words than this is not condensed but passed on as it is."""


class Summarizer(Protocol):
    """Writes briefs.

    A backend is constructed from its options and the runtime section: ``Lead(options, runtime)``. Construction loads
    the model and raises ``ModelError`` where that fails.
    """

    models: dict[str, str]
    """Each model's name and its hash or Hub commit, for ``made_by``."""

    def summarize(self, articles: Sequence[Article]) -> list[Brief | Failure]:
        """Write one brief per article, in the given order; one article never takes its neighbours with it.

        :param articles: cleaned articles, any number; briefs are of their bodies, and titles only tell what matters.
        :return: as many as were given: a ``Brief`` of at most ``max_words`` words, ending at a sentence end, or a
            ``Failure`` of stage ``summarize``. Generated sentences carry no evidence yet; ``check`` adds it.
        """
        ...

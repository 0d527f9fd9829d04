"""The ``lead`` backend: the article's own first sentences, no model. The yardstick for every other backend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from summarizer.records import Article, Brief, Failure
from summarizer.runtime import RuntimeOptions
from summarizer.summarize.base import SummarizeOptions
from summarizer.summarize.briefs import condense, leading


class LeadOptions(SummarizeOptions):
    """The first sentences of the article, word for word, up to max_words; needs no model."""

    is_extractive: ClassVar[bool] = True
    backend: Literal["lead"] = "lead"
    """Leading sentences."""


class Lead:
    """Takes the leading sentences; reads nothing after them. See ``Summarizer`` for the contract."""

    def __init__(self, options: LeadOptions, runtime: RuntimeOptions) -> None:
        self._options = options
        self.models: dict[str, str] = {}

    def summarize(self, articles: Sequence[Article]) -> list[Brief | Failure]:
        """Write one brief per article, in the given order; every sentence is verbatim and carries its evidence.

        Source tokens are words: how many come before the end of the last sentence taken, and how many in all.
        """
        return condense(articles, self._options, self._lead)

    def _lead(self, articles: Sequence[Article]) -> list[Brief | Failure]:
        return [leading(article, self._options.max_words, backend="lead") for article in articles]

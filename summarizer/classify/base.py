"""What every classifier backend has in common: its contract and its shared options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import Field

from summarizer.options import Options
from summarizer.records import Article, Failure, Topic

Scores = list[float]
"""One probability (0 to 1) for each of the classifier's topics, in their order."""


class ClassifyOptions(Options):
    """The keys that every classifier backend understands."""

    accept: float | None = Field(None, ge=0, le=1)
    """A tag at or above this probability is accepted; null takes each topic's own threshold from the model, or 0.5."""
    review: float | None = Field(None, ge=0, le=1)
    """A tag at or above this and not accepted asks for a person; null takes the model's, or half of accept."""
    keep: float = Field(0.1, ge=0, le=1)
    """Tags below this probability are left out of the record, unless they are accepted or to be reviewed."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which probability a topic is accepted and from which it is shown to a person; ``review <= accept``."""

    accept: float
    review: float


def reading_text(article: Article) -> str:
    """Return what every classifier reads, in training and in use: the title, a full stop and the body."""
    title = article.title.strip()
    return f"{title}. {article.body}" if title else article.body


def no_text(article: Article) -> Failure | None:
    """Return the failure of an article that has neither title nor text; None for every other."""
    if reading_text(article).strip():
        return None
    mend = "Leave it out, or give it a text."
    return Failure(
        article.source or article.id, "classify", "neither title nor text to read (0 letters)", mend, article.id
    )


class Classifier(Protocol):
    """Scores topics. Constructed from its options and the runtime section; construction loads the model."""

    topics: Sequence[Topic]
    """What it can say, in the order of the scores."""
    thresholds: Sequence[Thresholds]
    """One a topic, in the same order: the model's own, or the defaults."""
    models: dict[str, str]
    """Each model's name and its hash or Hub commit, for ``made_by``."""

    def score(self, articles: Sequence[Article]) -> list[Scores | Failure]:
        """Score every article, in the given order; one article never takes its neighbours with it.

        :return: as many as were given: probabilities in the order of ``topics``, or a ``Failure`` of stage
            ``classify``.
        """
        ...

"""What every classifier backend has in common: its contract and its shared options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pydantic import Field

from summarizer.options import Options
from summarizer.records import Article, Failure, Topic

if TYPE_CHECKING:
    from summarizer.classify.calibration import Calibration


@dataclass(frozen=True, slots=True)
class Scores:
    """What a classifier says of one article.

    :param probabilities: one (0 to 1) for each of its topics, in their order, not calibrated yet.
    :param strangeness: how unlike the training articles it looks: above 1 it is out of scope; None where the model
        cannot tell.
    """

    probabilities: list[float]
    strangeness: float | None = None


class ClassifyOptions(Options):
    """The keys that every classifier backend understands."""

    accept_precision: float | None = Field(None, gt=0, lt=1)
    """So many of the accepted tags shall be right, topic by topic on the model's held-out articles; null takes the
    model's own thresholds."""
    review_recall: float | None = Field(None, gt=0, lt=1)
    """So many of a topic's articles shall be accepted or shown to a person; null takes the model's own thresholds."""
    accept: float | None = Field(None, ge=0, le=1)
    """A tag at or above this probability is accepted, whatever the topic; wins over ``accept_precision``."""
    review: float | None = Field(None, ge=0, le=1)
    """A tag at or above this and not accepted asks for a person; wins over ``review_recall``."""
    keep: float = Field(0.1, ge=0, le=1)
    """Tags below this probability are left out of the record, unless they are accepted or to be reviewed."""
    check_scope: bool = True
    """An article that looks like nothing the model was trained on asks for a person, whatever its tags."""
    explain: bool = False
    """Each accepted tag names the one or two sentences that carry it; takes about twice the time."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Decides about one topic, by its calibrated probability.

    :param accept: from here on it is accepted, ``review <= accept``; None where too little is known of the topic to
        promise anything, so that it is never accepted.
    :param review: from here on it is shown to a person.
    :param best_f1: where precision and recall balance best; for measuring, not for deciding.
    """

    accept: float | None
    review: float
    best_f1: float = 0.5


def reading_text(article: Article) -> str:
    """Return what every classifier reads, in training and in use: the title, a full stop and the body."""
    title = article.title.strip()
    return f"{title}. {article.body}" if title else article.body


def title_part(article: Article) -> int:
    """Return how many characters of ``reading_text`` come before the body."""
    return len(reading_text(article)) - len(article.body)


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
    calibration: Calibration
    """Makes the scores probabilities that mean what they say."""
    thresholds: Sequence[Thresholds]
    """One a topic, in the same order, on calibrated probabilities: the config's targets', the model's own or the
    defaults."""
    is_single: bool
    """Whether an article has exactly one topic, so that the probabilities sum to 1."""
    models: dict[str, str]
    """Each model's name and its hash or Hub commit, for ``made_by``."""

    def score(self, articles: Sequence[Article]) -> list[Scores | Failure]:
        """Score every article, in the given order; one article never takes its neighbours with it.

        :return: as many as were given, or a ``Failure`` of stage ``classify`` in the place of one.
        """
        ...

    def read_to(self, article: Article) -> int:
        """Return how many characters of ``article.body`` it reads, from the beginning."""
        ...

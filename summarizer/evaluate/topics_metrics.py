"""How good topic tags are: F1 and average precision, decisions, coverage against precision, confusions.

Arrays in, plain numbers out; the trainers measure with the same functions. Arrays are *Shape:* (articles, topics):
``probabilities`` from 0 to 1, ``given`` and ``wanted`` true where a tag was given and where it should be. A topic
without an article in the data has no score (NaN) and is left out of every mean.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from summarizer.classify.base import Thresholds

CONFUSIONS = 10
"""Pairs of topics that are listed."""
CONFUSED_IDS = 10
"""Articles that are named for each pair."""
CURVE_POINTS = 101
"""Points of a coverage curve that are kept, evenly over the true tags found."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """What a classifier says; F1 goes by ``given``, average precision and the curves by ``probabilities``."""

    probabilities: np.ndarray
    given: np.ndarray


@dataclass(frozen=True, slots=True)
class Limits:
    """A classifier's thresholds as arrays, *Shape:* (topics,); ``accept`` is infinite where a topic never is."""

    accept: np.ndarray
    review: np.ndarray
    best_f1: np.ndarray

    @classmethod
    def of(cls, thresholds: Sequence[Thresholds]) -> Limits:
        """Take the thresholds apart."""
        import numpy as np

        return cls(
            accept=np.array([np.inf if t.accept is None else t.accept for t in thresholds]),
            review=np.array([t.review for t in thresholds]),
            best_f1=np.array([t.best_f1 for t in thresholds]),
        )


def topic_scores(probabilities: np.ndarray, given: np.ndarray, wanted: np.ndarray) -> dict[str, np.ndarray]:
    """Score each topic on its own.

    :return: ``precision`` (0 where nothing is given), ``recall``, ``f1`` and ``average_precision``, each
        *Shape:* (topics,).
    """
    import numpy as np
    from sklearn.metrics import average_precision_score, precision_recall_fscore_support

    names = ("precision", "recall", "f1", "average_precision")
    scores = np.full((len(names), wanted.shape[1]), np.nan)
    for column in np.flatnonzero(wanted.any(axis=0)):  # one by one: scikit-learn takes a single column for two classes
        true, probability = wanted[:, column], probabilities[:, column]
        numbers = precision_recall_fscore_support(true, given[:, column], average="binary", zero_division=0)
        scores[:, column] = (*numbers[:3], average_precision_score(true, probability))
    return dict(zip(names, scores, strict=True))


def overall_scores(topics: dict[str, np.ndarray], given: np.ndarray, wanted: np.ndarray) -> dict[str, float]:
    """Put the topics together.

    :param topics: what ``topic_scores`` gave.
    :return: ``micro_f1`` over all pairs of topic and article, ``macro_f1``, ``weighted_f1`` (by articles) and
        ``mean_average_precision`` over the topics that have articles.
    """
    import numpy as np
    from sklearn.metrics import f1_score

    has_articles = wanted.any(axis=0)
    support = wanted.sum(axis=0)[has_articles]
    f1, average_precision = topics["f1"][has_articles], topics["average_precision"][has_articles]
    is_empty = not len(support)
    return {
        "micro_f1": float(f1_score(wanted.ravel(), given.ravel(), zero_division=0)),
        "macro_f1": float("nan") if is_empty else float(f1.mean()),
        "weighted_f1": float("nan") if is_empty else float(np.average(f1, weights=support)),
        "mean_average_precision": float("nan") if is_empty else float(average_precision.mean()),
    }


def decision_parts(
    probabilities: np.ndarray, wanted: np.ndarray, limits: Limits, strange: np.ndarray | None = None
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return what the decisions are measured by: for each share, its part and its whole in every article.

    :param strange: true where an article is out of the model's scope; None where the model cannot tell.
        *Shape:* (articles,)
    :return: ``accepted_precision`` (of the accepted tags, those that are true), ``true_tags_accepted``,
        ``true_tags_shown`` (accepted or to be reviewed), ``shown_precision``, and of the articles
        ``articles_without_accepted``, ``articles_out_of_scope`` and ``articles_to_review``, which are one or the other.
    """
    import numpy as np

    accepted, shown = probabilities >= limits.accept, probabilities >= np.minimum(limits.accept, limits.review)
    true, everyone = wanted.sum(axis=1), np.ones(len(wanted))
    without, is_strange = ~accepted.any(axis=1), np.zeros(len(wanted), dtype=bool) if strange is None else strange
    return {
        "accepted_precision": ((accepted & wanted).sum(axis=1), accepted.sum(axis=1)),
        "true_tags_accepted": ((accepted & wanted).sum(axis=1), true),
        "shown_precision": ((shown & wanted).sum(axis=1), shown.sum(axis=1)),
        "true_tags_shown": ((shown & wanted).sum(axis=1), true),
        "articles_without_accepted": (without, everyone),
        "articles_out_of_scope": (is_strange, 0 * everyone if strange is None else everyone),
        "articles_to_review": (without | is_strange, everyone),
    }


def share(part: np.ndarray, whole: np.ndarray) -> float:
    """Return what part of the whole all articles together make; NaN where the whole is nothing."""
    total = float(whole.sum())
    return float(part.sum()) / total if total else float("nan")


def coverage_curve(probabilities: np.ndarray, wanted: np.ndarray) -> dict[str, np.ndarray]:
    """Move one threshold for all topics over the probabilities, from the highest to the lowest.

    :return: ``threshold``, ``precision`` of the tags at or above it, ``true_tags`` (share of the true tags that are)
        and ``articles`` (share of the articles that have such a tag), each *Shape:* (distinct probabilities,).
    """
    import numpy as np
    from sklearn.metrics import precision_recall_curve

    precision, recall, threshold = precision_recall_curve(wanted.ravel(), probabilities.ravel())
    best = np.sort(probabilities.max(axis=1))
    tagged = len(best) - np.searchsorted(best, threshold, side="left")
    return {
        "threshold": threshold[::-1],
        "precision": precision[:-1][::-1],  # the last is the end of the curve, where nothing is given
        "true_tags": recall[:-1][::-1],
        "articles": tagged[::-1] / len(best),
    }


def at_precision(curve: dict[str, np.ndarray], precision: float) -> dict[str, float] | None:
    """Return the curve's point of most true tags whose precision is high enough; None where there is none."""
    import numpy as np

    enough = np.flatnonzero(curve["precision"] >= precision)
    return {key: round(float(values[enough[-1]]), 4) for key, values in curve.items()} if len(enough) else None


def at_recall(curve: dict[str, np.ndarray], recall: float) -> dict[str, float]:
    """Return the curve's first point that finds so large a share of the true tags."""
    import numpy as np

    place = int(np.searchsorted(curve["true_tags"], recall))
    return {key: round(float(values[place]), 4) for key, values in curve.items()}


def thin_curve(curve: dict[str, np.ndarray]) -> dict[str, list[float]]:
    """Keep at most ``CURVE_POINTS`` points, evenly over the true tags found, and both ends."""
    import numpy as np

    places = np.searchsorted(curve["true_tags"], np.linspace(0, 1, CURVE_POINTS))
    kept = np.unique(np.clip(places, 0, len(curve["true_tags"]) - 1))
    return {key: [round(float(value), 4) for value in values[kept]] for key, values in curve.items()}


def confusions(
    given: np.ndarray, wanted: np.ndarray, topics: Sequence[str], ids: Sequence[str] | None = None
) -> list[dict[str, Any]]:
    """Count pairs on the same article: a topic that was missed, and one that was given without reason; most first.

    :param ids: the articles' ids; with them each pair names the first articles that it was seen on.
    :return: ``missed``, ``given``, ``articles`` (how many) and ``ids``.
    """
    import numpy as np

    pairs: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for row in np.flatnonzero((given != wanted).any(axis=1)):
        missed, extra = (
            np.flatnonzero(side).tolist() for side in (wanted[row] & ~given[row], given[row] & ~wanted[row])
        )
        for pair in ((topics[m], topics[e]) for m in missed for e in extra):
            pairs[pair].append(int(row))
    most = sorted(pairs.items(), key=lambda item: (-len(item[1]), item[0]))[:CONFUSIONS]
    return [
        {"missed": missed, "given": extra, "articles": len(rows)}
        | ({} if ids is None else {"ids": [ids[row] for row in rows[:CONFUSED_IDS]]})
        for (missed, extra), rows in most
    ]

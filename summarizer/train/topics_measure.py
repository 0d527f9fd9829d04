"""Thresholds from held-out probabilities, and how good a classifier is at them; comes after either trainer.

Arrays are *Shape:* (articles, topics): probabilities, and targets of 0 and 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from summarizer.classify.base import Thresholds
from summarizer.classify.topics import DEFAULT_ACCEPT

if TYPE_CHECKING:
    import numpy as np

SHRINK_ARTICLES = 10
"""A topic with this many held-out articles stands halfway between its own best threshold and everybody's."""
REVIEW_RECALL = 0.95
"""So many of a topic's articles should come to a person's eyes at least."""
LOWEST_REVIEW = 0.05
CONFUSIONS = 10


def choose_thresholds(probabilities: np.ndarray, targets: np.ndarray, *, is_single: bool) -> list[Thresholds]:
    """Choose from which probability each topic is accepted, and from which it is shown to a person.

    ``accept`` is where F1 is best, ``review`` where recall is 0.95 and never above ``accept``; both are drawn towards
    the value for all topics together, the more the fewer articles a topic has. Where an article has one topic,
    ``accept`` is 0.5, so that no two are ever accepted.
    """
    all_accept = DEFAULT_ACCEPT if is_single else best_threshold(probabilities.ravel(), targets.ravel())
    all_review = _recall_threshold(probabilities.ravel(), targets.ravel())
    chosen = []
    for own, wanted in zip(probabilities.T, targets.T, strict=True):
        positives = int(wanted.sum())
        weight = positives / (positives + SHRINK_ARTICLES)
        accept, review = all_accept, all_review
        if positives:
            review = weight * _recall_threshold(own, wanted) + (1 - weight) * all_review
            if not is_single:
                accept = weight * best_threshold(own, wanted) + (1 - weight) * all_accept
        chosen.append(Thresholds(round(accept, 3), round(min(max(review, LOWEST_REVIEW), accept), 3)))
    return chosen


def best_threshold(probabilities: np.ndarray, targets: np.ndarray) -> float:
    """Return the threshold of the best F1, from 0.05 to 0.95; the middle one where several are equal."""
    import numpy as np

    grid = np.arange(5, 96) / 100
    given = probabilities[:, None] >= grid  # (articles, thresholds)
    hits = (given & (targets[:, None] > 0)).sum(0)
    f1 = 2 * hits / np.maximum(given.sum(0) + targets.sum(), 1)
    best = np.flatnonzero(f1 >= f1.max() - 1e-9)
    return float(grid[best[len(best) // 2]])


def _recall_threshold(probabilities: np.ndarray, targets: np.ndarray) -> float:
    """Return the highest threshold that still finds ``REVIEW_RECALL`` of the positives."""
    import numpy as np

    found = np.sort(probabilities[targets > 0])[::-1]
    return float(found[int(np.ceil(REVIEW_RECALL * len(found))) - 1])


def measure(
    probabilities: np.ndarray, targets: np.ndarray, thresholds: Sequence[Thresholds], topics: Sequence[str]
) -> dict[str, Any]:
    """Measure at the given thresholds; numbers are rounded to 4 digits.

    :return: ``micro_f1``, ``macro_f1`` and ``mean_average_precision`` (over the topics that have articles here),
        ``review_share`` (articles without an accepted tag), ``topics`` and ``confusions`` (see ``_confusions``).
    """
    import numpy as np
    from sklearn.metrics import average_precision_score, precision_recall_fscore_support

    given = probabilities >= np.array([t.accept for t in thresholds])
    wanted = targets > 0
    numbers = precision_recall_fscore_support(wanted, given, average=None, zero_division=0)
    per_topic: dict[str, dict[str, Any]] = {}
    for column, topic in enumerate(topics):
        if wanted[:, column].any():
            precision, recall, f1, articles = (float(part[column]) for part in numbers)
            average = float(average_precision_score(wanted[:, column], probabilities[:, column]))
            per_topic[topic] = {
                "articles": int(articles),
                **{"precision": round(precision, 4), "recall": round(recall, 4)},
                **{"f1": round(f1, 4), "average_precision": round(average, 4)},
            }
    micro = 2 * (given & wanted).sum() / max(1, given.sum() + wanted.sum())
    return {
        "articles": len(targets),
        "micro_f1": round(float(micro), 4),
        "macro_f1": _mean_of(per_topic, "f1"),
        "mean_average_precision": _mean_of(per_topic, "average_precision"),
        "review_share": round(float((~given.any(axis=1)).mean()), 4),
        "topics": per_topic,
        "confusions": _confusions(given, wanted, topics),
    }


def _mean_of(per_topic: dict[str, dict[str, Any]], key: str) -> float:
    return round(float(sum(entry[key] for entry in per_topic.values())) / max(1, len(per_topic)), 4)


def _confusions(given: np.ndarray, wanted: np.ndarray, topics: Sequence[str]) -> list[dict[str, Any]]:
    """Count pairs on the same article: a topic that was missed, and one that was given without reason; most first."""
    counts: Counter[tuple[str, str]] = Counter()
    for is_given, is_wanted in zip(given, wanted, strict=True):
        missed = [topic for topic, hit in zip(topics, is_wanted & ~is_given, strict=True) if hit]
        extra = [topic for topic, hit in zip(topics, is_given & ~is_wanted, strict=True) if hit]
        counts.update((m, e) for m in missed for e in extra)
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:CONFUSIONS]
    return [{"missed": missed, "given": extra, "articles": count} for (missed, extra), count in most]

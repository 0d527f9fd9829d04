"""Measures how good a classifier is at its thresholds, for ``metrics.json`` and the card; comes after either trainer.

The numbers are those of ``summarizer evaluate topics``, without intervals and baselines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from summarizer.classify.base import Thresholds
from summarizer.evaluate.bootstrap import rounded
from summarizer.evaluate.reliability import calibration_scores
from summarizer.evaluate.topics_metrics import (
    Limits,
    confusions,
    decision_parts,
    overall_scores,
    share,
    topic_scores,
)

if TYPE_CHECKING:
    import numpy as np


def measure(
    probabilities: np.ndarray, targets: np.ndarray, thresholds: Sequence[Thresholds], topics: Sequence[str]
) -> dict[str, Any]:
    """Measure at the given thresholds; numbers are rounded to 4 digits, None is what is not defined.

    *Shape:* probabilities, calibrated, and targets of 0 and 1 (articles, topics).

    :return: the keys of ``overall_scores``, at ``best_f1``; ``ece_equal_mass`` and ``brier``; ``accepted_precision``,
        ``true_tags_accepted`` and ``review_share`` (articles without an accepted tag); ``topics`` (those that have
        articles here) and ``confusions``.
    """
    limits, wanted = Limits.of(thresholds), targets > 0
    given = probabilities >= limits.best_f1
    scores = topic_scores(probabilities, given, wanted)
    overall = overall_scores(scores, given, wanted)
    calibration = calibration_scores(probabilities, wanted)
    decisions = {key: rounded(share(*pair)) for key, pair in decision_parts(probabilities, wanted, limits).items()}
    return {
        "articles": len(targets),
        **{key: rounded(value) for key, value in overall.items()},
        **{key: calibration[key] for key in ("ece_equal_mass", "brier")},
        **{key: decisions[key] for key in ("accepted_precision", "true_tags_accepted")},
        "review_share": decisions["articles_without_accepted"],
        "topics": {
            topic: {"articles": int(wanted[:, column].sum())}
            | {key: rounded(values[column]) for key, values in scores.items()}
            for column, topic in enumerate(topics)
            if wanted[:, column].any()
        },
        "confusions": confusions(given, wanted, topics),
    }

"""Numbers about the check of claims, for all bootstrap draws at once; comes before the tables.

What is sought is the unsupported claim: recall is the share of the inconsistent claims that are flagged, precision the
share of the flagged ones that are inconsistent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from summarizer.evaluate.bootstrap import divide

if TYPE_CHECKING:
    import numpy as np

CURVE_POINTS = 200


def draw_decision(flagged: np.ndarray, wrong: np.ndarray, weights: np.ndarray) -> dict[str, np.ndarray]:
    """Score one way to flag claims; NaN where a draw does not define a number.

    :param flagged: true where a claim is taken for unsupported. *Shape:* (claims,)
    :param wrong: true where it is. *Shape:* (claims,)
    :param weights: how often each claim was drawn. *Shape:* (draws, claims)
    :return: ``balanced_accuracy``, ``precision``, ``recall``, ``specificity`` and ``f1``. *Shape:* (draws,) each.
    """
    hits = weights @ (flagged & wrong).astype("float32")
    alarms = weights @ flagged.astype("float32")
    wanted = weights @ wrong.astype("float32")
    spared = weights @ (~flagged & ~wrong).astype("float32")
    recall, specificity = divide(hits, wanted), divide(spared, weights.sum(axis=1) - wanted)
    return {
        "balanced_accuracy": (recall + specificity) / 2,
        "precision": divide(hits, alarms),
        "recall": recall,
        "specificity": specificity,
        "f1": divide(2 * hits, alarms + wanted),
    }


def draw_area(suspicion: np.ndarray, wrong: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the area under the ROC curve of each draw; NaN where a draw has claims of one label only.

    It is the share of the pairs of an inconsistent and a consistent claim in which the former is the more suspicious;
    a tie counts half.

    :param suspicion: of each claim, any scale. *Shape:* (claims,)
    """
    import numpy as np

    order = np.argsort(suspicion, kind="stable")
    ordered = suspicion[order]
    firsts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    drawn, is_wrong = weights[:, order].astype("float64"), wrong[order]
    bad = np.add.reduceat(drawn * is_wrong, firsts, axis=1)
    good = np.add.reduceat(drawn * ~is_wrong, firsts, axis=1)
    below = np.cumsum(good, axis=1) - good
    return divide((bad * (below + good / 2)).sum(axis=1), bad.sum(axis=1) * good.sum(axis=1))


def roc(suspicion: np.ndarray, wrong: np.ndarray) -> dict[str, list[float]]:
    """Return the ROC curve, at most ``CURVE_POINTS`` points of it and both ends.

    :return: ``false_alarms``, the share of the consistent claims that are flagged, and ``recall``.
    """
    import numpy as np
    from sklearn.metrics import roc_curve

    alarms, recall, _ = roc_curve(wrong, suspicion)
    kept = np.unique(np.linspace(0, len(alarms) - 1, CURVE_POINTS).round().astype(int))
    curve = {"false_alarms": alarms[kept], "recall": recall[kept]}
    return {name: [round(float(value), 4) for value in values] for name, values in curve.items()}


def best_threshold(support: np.ndarray, wrong: np.ndarray, flagged: np.ndarray | None = None) -> float:
    """Return the threshold of best balanced accuracy: a claim of less support is unsupported.

    :param flagged: claims that are taken for unsupported whatever their support.
    :return: halfway between two supports that were seen; the lowest of several that are as good.
    """
    import numpy as np

    seen = np.unique(support)
    candidates = np.concatenate([[0.0], (seen[1:] + seen[:-1]) / 2])
    always = np.zeros(len(wrong), dtype=bool) if flagged is None else flagged
    left = ~always
    bad, good = np.sort(support[left & wrong]), np.sort(support[left & ~wrong])
    recall = ((always & wrong).sum() + np.searchsorted(bad, candidates)) / wrong.sum()
    specificity = (len(good) - np.searchsorted(good, candidates)) / (~wrong).sum()
    return float(candidates[np.argmax(recall + specificity)])


def first_of(numbers: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Return the numbers of the first draw."""
    return {name: float(values[0]) for name, values in numbers.items()}

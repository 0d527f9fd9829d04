"""How far probabilities mean what they say: bins of a reliability diagram, expected calibration error, Brier score.

Every pair of topic and article is one statement "this article has this topic, with probability p".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

BINS = 15


@dataclass(frozen=True, slots=True)
class Bins:
    """Bins that hold pairs, lowest probability first; empty ones are left out. *Shape:* (bins,) each.

    :param pairs: how many pairs lie in it.
    :param predicted: their mean probability.
    :param observed: the share of them that is true.
    """

    pairs: np.ndarray
    predicted: np.ndarray
    observed: np.ndarray

    @property
    def error(self) -> float:
        """The expected calibration error: mean distance of ``predicted`` and ``observed``, weighted by pairs."""
        return float((abs(self.predicted - self.observed) * self.pairs).sum() / self.pairs.sum())

    def to_dict(self) -> dict[str, list[Any]]:
        """Return the JSON form."""
        return {
            "pairs": self.pairs.tolist(),
            "predicted": [round(value, 5) for value in self.predicted.tolist()],
            "observed": [round(value, 5) for value in self.observed.tolist()],
        }


def equal_width(probabilities: np.ndarray, wanted: np.ndarray) -> Bins:
    """Cut 0 to 1 into ``BINS`` bins of one width; most pairs of a model of many topics lie in the lowest."""
    import numpy as np

    return _bins(probabilities, wanted, np.linspace(0, 1, BINS + 1)[1:-1])


def equal_mass(probabilities: np.ndarray, wanted: np.ndarray) -> Bins:
    """Cut at quantiles into ``BINS`` bins of about as many pairs; equal probabilities share a bin."""
    import numpy as np

    return _bins(probabilities, wanted, np.quantile(probabilities, np.linspace(0, 1, BINS + 1)[1:-1]))


def _bins(probabilities: np.ndarray, wanted: np.ndarray, edges: np.ndarray) -> Bins:
    """As ``calibration_curve`` of scikit-learn, which does not tell how many pairs a bin holds."""
    import numpy as np

    flat = probabilities.ravel()
    places = np.searchsorted(edges, flat)
    pairs, predicted, true = (
        np.bincount(places, weights=weights, minlength=len(edges) + 1) for weights in (None, flat, wanted.ravel())
    )
    held = pairs > 0
    return Bins(pairs[held], predicted[held] / pairs[held], true[held] / pairs[held])


def calibration_scores(probabilities: np.ndarray, wanted: np.ndarray) -> dict[str, Any]:
    """Measure calibration over all pairs.

    :return: ``ece_equal_width``, ``ece_equal_mass``, ``brier``, and ``bins`` of equal width for the diagram.
    """
    from sklearn.metrics import brier_score_loss

    width = equal_width(probabilities, wanted)
    return {
        "ece_equal_width": round(width.error, 4),
        "ece_equal_mass": round(equal_mass(probabilities, wanted).error, 4),
        "brier": round(float(brier_score_loss(wanted.ravel().astype(int), probabilities.ravel(), pos_label=1)), 4),
        "bins": width.to_dict(),
    }

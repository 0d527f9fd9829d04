"""Fits what makes probabilities mean what they say, on held-out articles; comes after either trainer.

Arrays are *Shape:* (articles, topics): uncalibrated probabilities, and targets of 0 and 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from summarizer.classify.calibration import LEAST_PROBABILITY, Calibration, Line, Method, Steps
from summarizer.classify.thresholds import HeldOut

if TYPE_CHECKING:
    import numpy as np

FOLDS = 5
LEAST_ARTICLES = 20
"""With fewer held-out articles than this nothing is fitted."""
MANY_SIDED: tuple[Method, ...] = ("none", "temperature", "shared", "platt", "isotonic")
ONE_SIDED: tuple[Method, ...] = ("none", "temperature")
"""What is tried where an article has any number of topics, and where it has exactly one."""
ALMOST_FREE = 1e6
"""scikit-learn's C where nothing shall be held back."""
EDGE = 1e-3
"""An isotonic step never promises more than this much short of certainty."""


def fit_calibration(
    probabilities: np.ndarray, targets: np.ndarray, seed: int, *, is_single: bool
) -> tuple[Calibration, dict[str, float]]:
    """Fit the method of the lowest cross-validated log loss.

    :return: the calibration, and the log loss of every method that was tried.
    """
    import numpy as np
    from sklearn.model_selection import KFold

    if len(targets) < LEAST_ARTICLES:
        return Calibration(), {}
    losses: dict[Method, float] = {}
    for method in ONE_SIDED if is_single else MANY_SIDED:
        seen = np.zeros_like(probabilities, dtype="float64")
        for rest, fold in KFold(FOLDS, shuffle=True, random_state=seed).split(probabilities):
            fitted = fit_method(method, probabilities[rest], targets[rest], is_single=is_single)
            seen[fold] = fitted.apply_all(probabilities[fold])
        losses[method] = round(_log_loss(seen, targets), 6)
    best = min(losses, key=lambda method: losses[method])
    return fit_method(best, probabilities, targets, is_single=is_single), {
        str(name): loss for name, loss in losses.items()
    }


def fit_method(method: Method, probabilities: np.ndarray, targets: np.ndarray, *, is_single: bool) -> Calibration:
    """Fit one method; a topic that all or none of the articles have keeps everybody's line."""
    import numpy as np

    if method == "none":
        return Calibration()
    clipped = np.clip(probabilities, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)
    odds = np.log(clipped / (1 - clipped))
    everybodys = _fit_line(odds.ravel(), targets.ravel(), with_intercept=method != "temperature") or Line(1.0, 0.0)
    maps: list[Line | Steps] = []
    for own, wanted in zip(odds.T, targets.T, strict=True):
        fitted: Line | Steps | None = None
        if method == "platt":
            fitted = _fit_line(own, wanted, with_intercept=True, freedom=1.0)
        elif method == "isotonic":
            fitted = _fit_steps(own, wanted)
        maps.append(fitted or everybodys)
    return Calibration(method, tuple(maps), is_single)


def hold_out(probabilities: np.ndarray, targets: np.ndarray) -> list[HeldOut]:
    """Sort calibrated probabilities into those of each topic's own articles and the others'."""
    return [
        HeldOut(tuple(own[wanted > 0].tolist()), tuple(own[wanted == 0].tolist()))
        for own, wanted in zip(probabilities.T, targets.T, strict=True)
    ]


def _fit_line(
    odds: np.ndarray, wanted: np.ndarray, *, with_intercept: bool, freedom: float = ALMOST_FREE
) -> Line | None:
    """Return the line of the best log loss; None where there is none that rises."""
    from sklearn.linear_model import LogisticRegression

    if wanted.min() == wanted.max():
        return None
    model = LogisticRegression(C=freedom, fit_intercept=with_intercept).fit(odds.reshape(-1, 1), wanted)
    slope = float(model.coef_[0, 0])
    return Line(slope, float(model.intercept_[0]) if with_intercept else 0.0) if slope > 0 else None


def _fit_steps(odds: np.ndarray, wanted: np.ndarray) -> Steps | None:
    from sklearn.isotonic import IsotonicRegression

    if wanted.min() == wanted.max():
        return None
    model = IsotonicRegression(y_min=EDGE, y_max=1 - EDGE, out_of_bounds="clip").fit(odds, wanted)
    return Steps(tuple(model.X_thresholds_.tolist()), tuple(model.y_thresholds_.tolist()))


def _log_loss(probabilities: np.ndarray, targets: np.ndarray) -> float:
    import numpy as np

    p = np.clip(probabilities, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)
    return float(-(targets * np.log(p) + (1 - targets) * np.log(1 - p)).mean())

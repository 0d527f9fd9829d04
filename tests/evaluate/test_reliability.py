from __future__ import annotations

import numpy as np
import pytest

from summarizer.evaluate.reliability import calibration_scores, equal_mass, equal_width


def test_reliability_bins_by_hand() -> None:
    """Three pairs near 0 of which one is true, and one at 1 that is."""
    probabilities = np.array([[0.0, 0.03], [0.03, 1.0]])
    bins = equal_width(probabilities, np.array([[0, 1], [0, 1]]) > 0)
    assert bins.pairs.tolist() == [3, 1]
    assert bins.predicted == pytest.approx([0.02, 1.0])
    assert bins.observed == pytest.approx([1 / 3, 1.0])
    assert bins.error == pytest.approx(3 / 4 * (1 / 3 - 0.02))


def test_reliability_equal_mass_holds_as_many_pairs_in_each_bin() -> None:
    probabilities = np.random.default_rng(1).random((300, 5)) ** 4
    bins = equal_mass(probabilities, probabilities > 0.5)
    assert bins.pairs.tolist() == [100] * 15


def test_reliability_equal_mass_keeps_equal_probabilities_together() -> None:
    bins = equal_mass(np.full((50, 2), 0.25), np.tile([True, False], (50, 1)))
    assert (bins.pairs.tolist(), bins.observed.tolist()) == ([100], [0.5])


@pytest.mark.parametrize("power", [1, 3])
def test_reliability_error_of_calibrated_probabilities_is_near_zero(power: int) -> None:
    rng = np.random.default_rng(1)
    probabilities = rng.random((20_000, 5)) ** power
    scores = calibration_scores(probabilities, rng.random(probabilities.shape) < probabilities)
    assert max(scores["ece_equal_width"], scores["ece_equal_mass"]) < 0.01


def test_reliability_error_of_overconfident_probabilities_is_their_distance() -> None:
    rng = np.random.default_rng(1)
    probabilities = 0.5 + 0.4 * rng.random((20_000, 2))
    scores = calibration_scores(probabilities, rng.random(probabilities.shape) < probabilities - 0.2)
    assert scores["ece_equal_width"] == pytest.approx(0.2, abs=0.01)
    assert scores["ece_equal_mass"] == pytest.approx(0.2, abs=0.01)


def test_reliability_brier_by_hand() -> None:
    scores = calibration_scores(np.array([[0.8, 0.4]]), np.array([[True, False]]))
    assert scores["brier"] == pytest.approx((0.2**2 + 0.4**2) / 2)

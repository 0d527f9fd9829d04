from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.metrics import (
    balanced_accuracy_score,
    f1_score,
    precision_score,
    recall_score,
    roc_auc_score,
)

from summarizer.evaluate.evidence_metrics import best_threshold, draw_area, draw_decision, roc

RNG = np.random.default_rng(5)
WRONG = RNG.random(90) < 0.4
SUPPORT = np.clip(np.round(0.6 - 0.2 * WRONG + RNG.normal(0, 0.2, 90), 1), 0, 1)  # with equal ones
FLAGGED = SUPPORT < 0.5
WEIGHTS = np.random.default_rng(1).multinomial(90, np.full(90, 1 / 90), size=6).astype("float32")


@pytest.mark.parametrize(
    ("key", "score"),
    [
        ("balanced_accuracy", balanced_accuracy_score),
        ("precision", precision_score),
        ("recall", recall_score),
        ("f1", f1_score),
        ("specificity", lambda wrong, flagged: recall_score(~wrong, ~flagged)),
    ],
)
def test_evidence_decisions_are_scikit_learns(key: str, score: Callable[..., float]) -> None:
    drawn = draw_decision(FLAGGED, WRONG, WEIGHTS)[key]
    for own, value in zip(WEIGHTS, drawn, strict=True):
        rows = np.repeat(np.arange(90), own.astype(int))
        assert value == pytest.approx(score(WRONG[rows], FLAGGED[rows]), abs=1e-5)


def test_evidence_area_is_scikit_learns() -> None:
    for own, value in zip(WEIGHTS, draw_area(1 - SUPPORT, WRONG, WEIGHTS), strict=True):
        rows = np.repeat(np.arange(90), own.astype(int))
        assert value == pytest.approx(roc_auc_score(WRONG[rows], 1 - SUPPORT[rows]))


def test_evidence_numbers_of_one_label_are_not_defined() -> None:
    weights = np.ones((1, 90), dtype="float32")
    all_wrong = np.ones(90, dtype=bool)
    assert np.isnan(draw_area(SUPPORT, all_wrong, weights))[0]
    scores = draw_decision(FLAGGED, all_wrong, weights)
    assert np.isnan(scores["specificity"])[0]
    assert scores["recall"][0] == pytest.approx(FLAGGED.mean())
    assert np.isnan(draw_decision(np.zeros(90, dtype=bool), WRONG, weights)["precision"])[0]


@pytest.mark.parametrize("flagged", [None, RNG.random(90) < 0.2], ids=["alone", "beside the check"])
def test_evidence_threshold_is_the_best_of_all(flagged: np.ndarray | None) -> None:
    always = np.zeros(90, dtype=bool) if flagged is None else flagged

    def score(threshold: float) -> float:
        return float(balanced_accuracy_score(WRONG, always | (threshold > SUPPORT)))

    best = max(score(threshold) for threshold in np.linspace(0, 1.01, 203))
    assert score(best_threshold(SUPPORT, WRONG, flagged)) == pytest.approx(best)


def test_evidence_threshold_may_flag_nothing() -> None:
    wrong, support = np.array([True, False]), np.array([0.9, 0.1])
    assert best_threshold(support, wrong) == 0


def test_evidence_curve_is_thin_and_whole() -> None:
    suspicion = np.random.default_rng(2).random(5000)
    curve = roc(suspicion, np.random.default_rng(3).random(5000) < 0.5)
    assert len(curve["recall"]) == len(curve["false_alarms"]) == 200
    assert (curve["recall"][0], curve["recall"][-1], curve["false_alarms"][-1]) == (0, 1, 1)

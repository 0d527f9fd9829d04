from __future__ import annotations

import numpy as np
import pytest

from summarizer.classify.base import Thresholds
from summarizer.train.topics_measure import measure

PROBABILITIES = np.array([[0.9, 0.1, 0.1], [0.2, 0.8, 0.1], [0.9, 0.2, 0.1], [0.1, 0.1, 0.1]])
TARGETS = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0], [1, 0, 0]])
HALF = [Thresholds(0.5, 0.2)] * 3


def test_measure_counts_by_hand() -> None:
    """Two hits, one false tag, two missed: micro 4/7; topic a has F1 1/2, topic b 2/3, topic c has no articles."""
    metrics = measure(PROBABILITIES, TARGETS, HALF, ["a", "b", "c"])
    assert metrics["micro_f1"] == pytest.approx(4 / 7, abs=1e-4)
    assert metrics["macro_f1"] == pytest.approx((1 / 2 + 2 / 3) / 2, abs=1e-4)
    assert metrics["review_share"] == 0.25
    assert set(metrics["topics"]) == {"a", "b"}
    assert metrics["topics"]["b"] | {"average_precision": 0} == {
        "articles": 2,
        "precision": 1.0,
        "recall": 0.5,
        "f1": 0.6667,
        "average_precision": 0,
    }


def test_measure_lists_confusions() -> None:
    metrics = measure(PROBABILITIES, TARGETS, HALF, ["a", "b", "c"])
    assert metrics["confusions"] == [{"missed": "b", "given": "a", "articles": 1}]

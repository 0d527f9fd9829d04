from __future__ import annotations

import numpy as np
import pytest

from summarizer.classify.base import Thresholds
from summarizer.train.topics_measure import best_threshold, choose_thresholds, measure


def test_best_threshold_separates() -> None:
    assert best_threshold(np.array([0.9, 0.7, 0.2, 0.1]), np.array([1, 1, 0, 0])) == pytest.approx(0.45, abs=0.02)


def test_thresholds_go_towards_a_topics_own_with_its_articles() -> None:
    """Topic 1 is best cut at 0.8, topic 0 at 0.4; the more articles, the further they stand apart."""
    few = np.array([[0.6, 0.6], [0.2, 0.6], [0.6, 0.9], [0.2, 0.9]])
    wanted = np.array([[1, 0], [0, 0], [1, 1], [0, 1]])
    gaps = []
    for times in (1, 50):
        first, second = choose_thresholds(np.tile(few, (times, 1)), np.tile(wanted, (times, 1)), is_single=False)
        gaps.append(second.accept - first.accept)
    assert 0 < gaps[0] < gaps[1] < 0.4


def test_thresholds_review_never_above_accept() -> None:
    rng = np.random.default_rng(1)
    chosen = choose_thresholds(rng.random((50, 4)), (rng.random((50, 4)) < 0.3).astype(float), is_single=False)
    assert all(0.05 <= t.review <= t.accept <= 1 for t in chosen)


def test_thresholds_review_finds_nearly_all() -> None:
    rng = np.random.default_rng(1)
    wanted = (rng.random((2000, 1)) < 0.3).astype(float)
    scores = np.clip(0.3 + 0.4 * wanted + rng.normal(0, 0.2, (2000, 1)), 0, 1)
    (chosen,) = choose_thresholds(scores, wanted, is_single=False)
    assert (scores[wanted > 0] >= chosen.review).mean() == pytest.approx(0.95, abs=0.01)


def test_thresholds_accept_at_most_one_of_a_single_label_model() -> None:
    chosen = choose_thresholds(np.array([[0.4, 0.3, 0.3], [0.2, 0.5, 0.3]]), np.eye(3)[:2], is_single=True)
    assert {t.accept for t in chosen} == {0.5}


def test_thresholds_topic_without_articles_gets_everybodys() -> None:
    probabilities = np.array([[0.9, 0.1], [0.2, 0.1]])
    chosen = choose_thresholds(probabilities, np.array([[1, 0], [0, 0]]), is_single=False)
    assert chosen[1].accept == pytest.approx(best_threshold(probabilities.ravel(), np.array([1, 0, 0, 0])), abs=1e-3)


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

from __future__ import annotations

import math

import numpy as np
import pytest

from summarizer.train.topics_stopping import KEPT_LOSSES, Progress, Score, score_held_out


def after(*scores: tuple[float, float] | None) -> Progress:
    progress = Progress()
    for score in scores:
        progress = progress.after_epoch([0.5], None if score is None else Score(*score))
    return progress


@pytest.mark.parametrize(
    ("scores", "best_epoch"),
    [
        ([(0.5, 1), (0.7, 2), (0.6, 0.1)], 2),
        ([(1.0, 0.9), (1.0, 0.5)], 2),
        ([(1.0, 0.5), (1.0, 0.5)], 1),
        ([(1.0, 0.105), (1.0, 0.1)], 1),
        ([None, None], 0),
    ],
    ids=["quality first", "then the loss", "the earlier of equals", "a small gain", "not scored"],
)
def test_stopping_best_epoch(scores: list[tuple[float, float] | None], best_epoch: int) -> None:
    assert after(*scores).best_epoch == best_epoch


@pytest.mark.parametrize(
    ("scores", "patience", "expected"),
    [
        ([(0.5, 1), (0.4, 1)], 2, False),
        ([(0.5, 1), (0.4, 1), (0.4, 1)], 2, True),
        ([(0.5, 1), (0.4, 1), (0.6, 1)], 2, False),
        ([(0.5, 1), (0.4, 1)], 1, True),
        ([(1.0, 0.02)], 2, False),
        ([(1.0, 0.009)], 2, True),
        ([None] * 9, None, False),
        ([None] * 10, None, True),
    ],
)
def test_stopping_is_over(scores: list[tuple[float, float] | None], patience: int | None, expected: bool) -> None:
    assert after(*scores).is_over(10, patience) is expected


def test_stopping_keeps_the_last_losses() -> None:
    progress = Progress().after_epoch([1.0] * 40, None).after_epoch([2.0] * 40, None)
    assert progress.losses == (1.0,) * 10 + (2.0,) * 40
    assert len(progress.losses) == KEPT_LOSSES


def test_stopping_scores_average_precision_of_the_topics_that_are_there() -> None:
    targets = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0]], dtype="float32")
    probabilities = np.array([[0.9, 0.8, 0.1], [0.2, 0.7, 0.1], [0.1, 0.6, 0.1]])
    score = score_held_out(probabilities, targets, is_single=False)
    assert score.quality == pytest.approx((1 + (1 / 2 + 2 / 3) / 2) / 2, abs=1e-6)


def test_stopping_scores_macro_f1_of_single_topics() -> None:
    targets = np.eye(3)[[0, 0, 0, 1]]
    probabilities = np.array([[0.8, 0.1, 0.1], [0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.8, 0.1]])
    score = score_held_out(probabilities, targets, is_single=True)
    assert score.quality == pytest.approx((0.8 + 2 / 3) / 2, abs=1e-6)
    assert score.loss == pytest.approx(-(3 * math.log(0.8) + math.log(0.1)) / 4)


def test_stopping_scores_a_certain_error_with_a_number() -> None:
    assert math.isfinite(score_held_out(np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]]), is_single=False).loss)

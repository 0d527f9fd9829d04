from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from summarizer.classify.calibration import Calibration, Line, Method, Steps, log_odds, read_calibration, sigmoid
from summarizer.errors import ModelError
from summarizer.records import Topic
from summarizer.train.topics_calibrate import fit_calibration, fit_method, hold_out

TOPICS = [Topic("sport", "Sport"), Topic("health", "Health")]


def overconfident(articles: int = 3000, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities whose log-odds are three times too far out and one too high, and what was true."""
    rng = np.random.default_rng(seed)
    true_odds = rng.normal(-1, 1.5, (articles, 2))
    targets = (rng.random((articles, 2)) < 1 / (1 + np.exp(-true_odds))).astype(float)
    return 1 / (1 + np.exp(-(3 * true_odds + 1))), targets


def test_no_calibration_changes_nothing() -> None:
    assert Calibration().apply([0.2, 0.9]) == [0.2, 0.9]


def test_log_odds_are_finite_at_both_ends_and_turn_back() -> None:
    assert sigmoid(log_odds(0.0)) == pytest.approx(0, abs=1e-5)
    assert sigmoid(log_odds(1.0)) == pytest.approx(1, abs=1e-5)
    assert sigmoid(log_odds(0.3)) == pytest.approx(0.3)


@pytest.mark.parametrize("method", get_args(Method))
def test_calibration_is_monotone(method: Method) -> None:
    calibration = fit_method(method, *overconfident(), is_single=False)
    rows = [calibration.apply([p, p]) for p in np.linspace(0, 1, 301).tolist()]
    for before, after in pairwise(rows):
        assert all(0 <= b <= a <= 1 for b, a in zip(before, after, strict=True))


@pytest.mark.parametrize("method", ["shared", "platt", "isotonic"])
def test_calibration_makes_probabilities_true(method: Method) -> None:
    calibration = fit_method(method, *overconfident(), is_single=False)
    raw, wanted = overconfident(seed=2)
    calibrated = np.array([calibration.apply(row) for row in raw.tolist()])
    for low in (0.1, 0.3, 0.5, 0.7):
        chosen = (calibrated >= low) & (calibrated < low + 0.2)
        assert wanted[chosen].mean() == pytest.approx(calibrated[chosen].mean(), abs=0.06)


def test_fit_chooses_the_method_of_the_lowest_loss() -> None:
    calibration, losses = fit_calibration(*overconfident(), 13, is_single=False)
    assert set(losses) == set(get_args(Method))
    assert losses[calibration.method] == min(losses.values()) < losses["none"]


def test_fit_leaves_alone_what_is_calibrated_already() -> None:
    """The maps come out as good as straight: the true chance of every probability is kept."""
    rng = np.random.default_rng(3)
    raw = rng.random((4000, 2))
    calibration, _ = fit_calibration(raw, (rng.random((4000, 2)) < raw).astype(float), 13, is_single=False)
    assert calibration.apply([0.2, 0.8]) == pytest.approx([0.2, 0.8], abs=0.05)


def test_fit_of_few_articles_fits_nothing() -> None:
    raw, wanted = overconfident(19)
    assert fit_calibration(raw, wanted, 13, is_single=False) == (Calibration(), {})


@pytest.mark.parametrize("method", get_args(Method))
def test_fit_stands_a_topic_that_no_article_has(method: Method) -> None:
    raw, wanted = overconfident(200)
    wanted[:, 1] = 0
    calibration = fit_method(method, raw, wanted, is_single=False)
    assert all(0 <= p <= 1 for p in calibration.apply([0.4, 0.4]))


def test_single_label_probabilities_still_sum_to_one() -> None:
    rng = np.random.default_rng(4)
    raw = rng.dirichlet([0.3, 0.3, 0.3], 300)
    wanted = np.eye(3)[[rng.choice(3, p=row) for row in raw**0.3 / (raw**0.3).sum(1, keepdims=True)]]
    calibration, losses = fit_calibration(raw, wanted, 13, is_single=True)
    assert set(losses) == {"none", "temperature"}
    assert sum(calibration.apply([0.7, 0.2, 0.1])) == pytest.approx(1)
    assert max(calibration.apply([0.9, 0.06, 0.04])) < 0.9


def test_hold_out_sorts_by_what_is_true() -> None:
    first, second = hold_out(np.array([[0.9, 0.2], [0.3, 0.6]]), np.array([[1, 0], [0, 0]]))
    assert (first.positives, first.negatives) == ((0.9,), (0.3,))
    assert (second.positives, second.negatives) == ((), (0.2, 0.6))


@pytest.mark.parametrize("method", get_args(Method))
def test_calibration_file_round_trip(tmp_path: Path, method: Method) -> None:
    calibration = fit_method(method, *overconfident(300), is_single=False)
    if calibration.maps:
        (tmp_path / "calibration.json").write_text(json.dumps(calibration.to_dict(["sport", "health"])))
    assert read_calibration(tmp_path, TOPICS, is_single=False) == calibration


def test_calibration_follows_the_models_order_not_the_files(tmp_path: Path) -> None:
    written = Calibration("platt", (Line(2.0, 0.5), Steps((-1.0, 1.0), (0.1, 0.9)))).to_dict(["health", "sport"])
    (tmp_path / "calibration.json").write_text(json.dumps(written))
    assert read_calibration(tmp_path, TOPICS, is_single=False).maps == (Steps((-1.0, 1.0), (0.1, 0.9)), Line(2.0, 0.5))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[]", "has no 'method' and 'topics'"),
        ('{"method": "magic", "topics": {}}', "has no 'method' and 'topics'"),
        ('{"method": "platt", "topics": {"sport": {"slope": 1, "intercept": 0}}}', "lacks the model's topic 'health'"),
        ('{"method": "platt", "topics": {"sport": {"slope": -1, "intercept": 0}, "health": {}}}', "sport: must hold"),
        ('{"method": "isotonic", "topics": {"sport": {"x": [1, 0], "y": [0, 1]}, "health": {}}}', "sport: must hold"),
    ],
)
def test_calibration_refuses_a_faulty_file(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "calibration.json").write_text(text)
    with pytest.raises(ModelError, match=message):
        read_calibration(tmp_path, TOPICS, is_single=False)

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score, precision_score, recall_score

from summarizer.evaluate.bootstrap import bootstrap, draw_overall_scores, draw_topic_scores, estimate
from summarizer.evaluate.topics_metrics import overall_scores, topic_scores

RNG = np.random.default_rng(3)
WANTED = RNG.random((80, 5)) < [0.5, 0.3, 0.2, 0.1, 0.05]
PROBABILITIES = np.clip(np.round(0.3 + 0.3 * WANTED + RNG.normal(0, 0.2, WANTED.shape), 2), 0, 1)  # with equal ones
GIVEN = PROBABILITIES >= 0.5


def drawn_rows(weights: np.ndarray) -> np.ndarray:
    return np.repeat(np.arange(len(weights)), weights.astype(int))


def both(weights: np.ndarray) -> dict[str, np.ndarray]:
    topics = draw_topic_scores(PROBABILITIES, GIVEN, WANTED, weights)
    return {**topics, **draw_overall_scores(topics, GIVEN, WANTED, weights)}


@pytest.mark.parametrize(
    ("key", "score"),
    [
        ("precision", lambda wanted, given, _: precision_score(wanted, given, zero_division=0)),
        ("recall", lambda wanted, given, _: recall_score(wanted, given)),
        ("f1", lambda wanted, given, _: f1_score(wanted, given)),
        ("average_precision", lambda wanted, _, probabilities: average_precision_score(wanted, probabilities)),
    ],
)
def test_bootstrap_topic_scores_are_scikit_learns(key: str, score: Callable[..., float]) -> None:
    weights = np.random.default_rng(1).multinomial(80, np.full(80, 1 / 80), size=6).astype("float32")
    drawn = draw_topic_scores(PROBABILITIES, GIVEN, WANTED, weights)[key]
    for sample, own in enumerate(weights):
        rows = drawn_rows(own)
        for topic in range(WANTED.shape[1]):
            if not WANTED[rows, topic].any():
                assert np.isnan(drawn[sample, topic])
                continue
            expected = score(WANTED[rows, topic], GIVEN[rows, topic], PROBABILITIES[rows, topic])
            assert drawn[sample, topic] == pytest.approx(expected, abs=1e-5)


def test_bootstrap_of_every_article_once_is_the_score_itself() -> None:
    drawn = both(np.ones((1, 80), dtype="float32"))
    scores = overall_scores(topic_scores(PROBABILITIES, GIVEN, WANTED), GIVEN, WANTED)
    for key, value in scores.items():
        assert drawn[key][0] == pytest.approx(value, abs=1e-5)


def test_bootstrap_intervals_contain_the_estimate() -> None:
    drawn = bootstrap(80, 400, 1, both)
    topics = topic_scores(PROBABILITIES, GIVEN, WANTED)
    scores = overall_scores(topics, GIVEN, WANTED)
    found = [estimate(value, drawn[key]) for key, value in scores.items()]
    found += [estimate(float(topics[key][i]), drawn[key][:, i]) for key in topics for i in range(WANTED.shape[1])]
    assert all(entry["low"] <= entry["value"] <= entry["high"] for entry in found)  # type: ignore[operator]
    assert any(entry["low"] < entry["high"] for entry in found)  # type: ignore[operator]


def test_bootstrap_intervals_narrow_with_more_articles() -> None:
    def width(times: int) -> float:
        wanted, given = np.tile(WANTED, (times, 1)), np.tile(GIVEN, (times, 1))

        def compute(weights: np.ndarray) -> dict[str, np.ndarray]:
            topics = draw_topic_scores(np.tile(PROBABILITIES, (times, 1)), given, wanted, weights)
            return draw_overall_scores(topics, given, wanted, weights)

        entry = estimate(0.5, bootstrap(80 * times, 200, 1, compute)["micro_f1"])
        return entry["high"] - entry["low"]  # type: ignore[operator]

    assert width(9) == pytest.approx(width(1) / 3, rel=0.25)


def test_bootstrap_same_seed_same_draws_whatever_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = bootstrap(80, 50, 7, both)["micro_f1"]
    monkeypatch.setattr("summarizer.evaluate.bootstrap.MOST_CELLS", 80 * 7)
    assert bootstrap(80, 50, 7, both)["micro_f1"] == pytest.approx(whole)
    assert bootstrap(80, 50, 8, both)["micro_f1"] != pytest.approx(whole)


def test_estimate_of_nothing_known_is_null() -> None:
    assert estimate(float("nan"), np.full(9, np.nan)) == {"value": None, "low": None, "high": None}

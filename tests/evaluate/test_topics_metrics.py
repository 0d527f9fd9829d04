from __future__ import annotations

import numpy as np
import pytest

from summarizer.evaluate.topics_metrics import (
    Limits,
    at_precision,
    at_recall,
    confusions,
    coverage_curve,
    decision_parts,
    overall_scores,
    thin_curve,
    topic_scores,
)

TOPICS = ["a", "b", "c"]
PROBABILITIES = np.array([[0.9, 0.1, 0.1], [0.2, 0.8, 0.1], [0.9, 0.2, 0.6], [0.1, 0.1, 0.1]])
WANTED = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0], [1, 0, 0]]) > 0
GIVEN = PROBABILITIES >= 0.5


def test_topic_scores_by_hand() -> None:
    """Topic a: ranked hit and miss level, then a miss, then the other hit."""
    scores = topic_scores(PROBABILITIES, GIVEN, WANTED)
    assert scores["precision"][:2] == pytest.approx([0.5, 1.0])
    assert scores["recall"][:2] == pytest.approx([0.5, 0.5])
    assert scores["f1"][:2] == pytest.approx([0.5, 2 / 3])
    assert scores["average_precision"][:2] == pytest.approx([0.5 * 0.5 + 0.5 * 0.5, 1.0])


def test_topic_scores_of_a_topic_without_articles_are_unknown() -> None:
    assert all(np.isnan(column[2]) for column in topic_scores(PROBABILITIES, GIVEN, WANTED).values())


def test_topic_scores_of_a_topic_that_every_article_has() -> None:
    scores = topic_scores(np.array([[0.9], [0.2]]), np.array([[True], [False]]), np.array([[True], [True]]))
    assert {key: float(column[0]) for key, column in scores.items()} == pytest.approx(
        {"precision": 1.0, "recall": 0.5, "f1": 2 / 3, "average_precision": 1.0}
    )


def test_overall_scores_leave_topics_without_articles_out_of_means() -> None:
    """Two hits, two false tags (one of topic c), two missed: micro 4/8."""
    scores = overall_scores(topic_scores(PROBABILITIES, GIVEN, WANTED), GIVEN, WANTED)
    assert scores == pytest.approx(
        {
            "micro_f1": 0.5,
            "macro_f1": (1 / 2 + 2 / 3) / 2,
            "weighted_f1": (1 / 2 + 2 / 3) / 2,
            "mean_average_precision": 0.75,
        }
    )


def test_overall_weighted_f1_goes_by_articles() -> None:
    wanted = np.array([[1, 0], [1, 0], [1, 1]]) > 0
    given = np.array([[1, 0], [1, 0], [1, 0]]) > 0
    scores = overall_scores(topic_scores(given * 1.0, given, wanted), given, wanted)
    assert (scores["weighted_f1"], scores["macro_f1"]) == pytest.approx((0.75, 0.5))


def test_overall_scores_of_no_tags_at_all() -> None:
    nothing = np.zeros((2, 3), dtype=bool)
    scores = overall_scores(topic_scores(PROBABILITIES[:2], nothing, nothing), nothing, nothing)
    assert scores["micro_f1"] == 0
    assert np.isnan(scores["macro_f1"])


def shares(accept: list[float], review: list[float], strange: list[bool]) -> dict[str, float]:
    limits = Limits(np.array(accept), np.array(review), np.full(3, 0.5))
    parts = decision_parts(PROBABILITIES, WANTED, limits, np.array(strange))
    return {key: part.sum() / whole.sum() for key, (part, whole) in parts.items()}


def test_decision_parts_by_hand() -> None:
    """Accepted: both 0.9 of topic a (one true), 0.8 of b (true). Shown besides: 0.2 of a, 0.2 of b (true), 0.6 of c."""
    assert shares([0.5, 0.5, 0.7], [0.2, 0.2, 0.2], [True, False, False, True]) == pytest.approx(
        {
            "accepted_precision": 2 / 3,
            "true_tags_accepted": 2 / 4,
            "shown_precision": 3 / 6,
            "true_tags_shown": 3 / 4,
            "articles_without_accepted": 1 / 4,
            "articles_out_of_scope": 2 / 4,
            "articles_to_review": 2 / 4,
        }
    )


def test_decision_parts_never_accept_at_infinity() -> None:
    found = shares([np.inf, 0.5, np.inf], [0.2, 0.2, 0.2], [False] * 4)
    assert found["articles_without_accepted"] == 3 / 4
    assert found["true_tags_shown"] == 3 / 4


def test_coverage_curve_by_hand() -> None:
    curve = coverage_curve(PROBABILITIES, WANTED)
    assert curve["threshold"].tolist() == [0.9, 0.8, 0.6, 0.2, 0.1]
    assert curve["precision"] == pytest.approx([1 / 2, 2 / 3, 2 / 4, 3 / 6, 4 / 12])
    assert curve["true_tags"] == pytest.approx([1 / 4, 2 / 4, 2 / 4, 3 / 4, 1])
    assert curve["articles"] == pytest.approx([2 / 4, 3 / 4, 3 / 4, 3 / 4, 1])


def test_coverage_at_precision_takes_most_tags() -> None:
    curve = coverage_curve(PROBABILITIES, WANTED)
    point = at_precision(curve, 0.5)
    assert point == {"threshold": 0.2, "precision": 0.5, "true_tags": 0.75, "articles": 0.75}
    assert at_precision(curve, 0.9) is None


def test_coverage_at_recall_takes_the_fewest_tags() -> None:
    curve = coverage_curve(PROBABILITIES, WANTED)
    assert at_recall(curve, 0.5)["threshold"] == 0.8
    assert at_recall(curve, 0.95)["threshold"] == 0.1


def test_thin_curve_keeps_both_ends() -> None:
    rng = np.random.default_rng(1)
    probabilities = rng.random((500, 4))
    curve = coverage_curve(probabilities, probabilities > rng.random((500, 4)))
    thin = thin_curve(curve)
    assert len(thin["precision"]) <= 101 < len(curve["precision"])
    assert thin["threshold"][0] == round(float(curve["threshold"][0]), 4)
    assert thin["true_tags"][-1] == 1


def test_confusions_name_pairs_and_articles() -> None:
    assert confusions(GIVEN, WANTED, TOPICS, ["w0", "w1", "w2", "w3"]) == [
        {"missed": "b", "given": "a", "articles": 1, "ids": ["w2"]},
        {"missed": "b", "given": "c", "articles": 1, "ids": ["w2"]},
    ]


def test_confusions_most_first_with_ten_ids_at_most() -> None:
    given = np.tile([True, False], (13, 1))
    given[0] = [False, True]
    pairs = confusions(given, ~given, ["a", "b"], [f"w{i}" for i in range(13)])
    assert [(pair["missed"], pair["articles"], len(pair["ids"])) for pair in pairs] == [("b", 12, 10), ("a", 1, 1)]

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from summarizer.classify.base import ClassifyOptions, Scores, Thresholds
from summarizer.classify.calibration import Calibration, Line
from summarizer.classify.decide import decide
from summarizer.records import Article, Failure, Topic


@dataclass
class Fixed:
    """A classifier of three topics with thresholds of their own; it is never asked to score."""

    topics: list[Topic] = field(default_factory=lambda: [Topic(name, name) for name in ("a", "b", "c")])
    thresholds: list[Thresholds] = field(
        default_factory=lambda: [Thresholds(0.6, 0.3), Thresholds(0.4, 0.2), Thresholds(0.5, 0.25)]
    )
    calibration: Calibration = field(default_factory=Calibration)
    is_single: bool = False
    models: dict[str, str] = field(default_factory=dict)

    def score(self, articles: list[Article]) -> list[Scores | Failure]:
        raise AssertionError

    def read_to(self, article: Article) -> int:
        raise AssertionError


def tags_of(probabilities: list[float], **settings: float) -> tuple[list[tuple[str, str]], bool]:
    decided = decide(Scores(probabilities), Fixed(), ClassifyOptions(**settings))
    return [(tag.topic.id, tag.decision) for tag in decided.tags], decided.needs_review


def test_decide_puts_the_most_probable_first() -> None:
    assert tags_of([0.7, 0.9, 0.8])[0] == [("b", "accepted"), ("c", "accepted"), ("a", "accepted")]


def test_decide_keeps_the_order_of_equal_tags() -> None:
    assert [topic for topic, _ in tags_of([0.9, 0.9, 0.9])[0]] == ["a", "b", "c"]


def test_decide_takes_each_topics_own_thresholds() -> None:
    assert tags_of([0.5, 0.45, 0.2]) == ([("a", "review"), ("b", "accepted"), ("c", "rejected")], False)


def test_decide_threshold_itself_is_accepted() -> None:
    assert tags_of([0.6, 0.2, 0.0])[0] == [("a", "accepted"), ("b", "review")]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"accept": 0.45}, [("a", "accepted"), ("b", "review")]),
        ({"accept": 0.2}, [("a", "accepted"), ("b", "accepted")]),
        ({"accept": 0.9, "review": 0.45}, [("a", "review"), ("b", "rejected")]),
        ({"accept": 0.3, "review": 0.8}, [("a", "accepted"), ("b", "accepted")]),
    ],
)
def test_decide_config_wins_over_the_model(settings: dict[str, float], expected: list[tuple[str, str]]) -> None:
    assert tags_of([0.5, 0.35, 0.0], **settings)[0] == expected


@pytest.mark.parametrize(("keep", "expected"), [(0.1, ["a", "c"]), (0.16, ["a"]), (0.0, ["a", "c", "b"])])
def test_decide_leaves_out_rejected_tags_below_keep(keep: float, expected: list[str]) -> None:
    assert [topic for topic, _ in tags_of([0.9, 0.05, 0.15], keep=keep)[0]] == expected


def test_decide_never_leaves_out_what_is_to_be_reviewed() -> None:
    assert tags_of([0.35, 0.0, 0.0], keep=0.9)[0] == [("a", "review")]


@pytest.mark.parametrize(
    ("scores", "expected"), [([0.0, 0.0, 0.0], True), ([0.59, 0.39, 0.49], True), ([0.0, 0.4, 0], False)]
)
def test_decide_needs_review_where_nothing_is_accepted(scores: list[float], expected: bool) -> None:
    assert tags_of(scores)[1] is expected


def test_decide_wants_one_score_a_topic() -> None:
    with pytest.raises(ValueError, match="zip"):
        tags_of([0.1, 0.2])


def test_decide_never_accepts_a_topic_that_promises_nothing() -> None:
    classifier = Fixed(thresholds=[Thresholds(None, 0.3), Thresholds(0.4, 0.2), Thresholds(0.5, 0.25)])
    decided = decide(Scores([0.99, 0.1, 0.1]), classifier, ClassifyOptions())
    assert decided.tags[0].decision == "review"
    assert decided.needs_review


def test_decide_accept_of_the_config_wins_over_a_topic_that_promises_nothing() -> None:
    classifier = Fixed(thresholds=[Thresholds(None, 0.3)] * 3)
    decided = decide(Scores([0.99, 0.1, 0.1]), classifier, ClassifyOptions(accept=0.9))
    assert not decided.needs_review


def test_decide_calibrates_first() -> None:
    classifier = Fixed(calibration=Calibration("shared", (Line(1.0, -2.0),) * 3))
    (tag, *_) = decide(Scores([0.7, 0.1, 0.1]), classifier, ClassifyOptions()).tags
    assert tag.probability == pytest.approx(0.24, abs=0.01)
    assert tag.decision == "rejected"


@pytest.mark.parametrize(("strangeness", "expected"), [(None, False), (0.99, False), (1.01, True)])
def test_decide_needs_review_out_of_scope(strangeness: float | None, expected: bool) -> None:
    decided = decide(Scores([0.9, 0.1, 0.1], strangeness), Fixed(), ClassifyOptions())
    assert decided.needs_review is expected
    assert decided.tags[0].decision == "accepted"
    assert any("out of scope" in warning for warning in decided.warnings) is expected

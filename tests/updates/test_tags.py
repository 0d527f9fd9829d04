"""The earlier decision stands inside its range and less than the margin beyond it."""

from __future__ import annotations

import pytest

from summarizer.records import Decision, Tag, Topic
from summarizer.updates.tags import hold

LIMITS = (0.7, 0.4)


def tag(probability: float, limits: tuple[float | None, float] | None = LIMITS) -> Tag:
    accept, review = limits or LIMITS
    decision: Decision = "rejected" if probability < review else "review"
    if accept is not None and probability >= accept:
        decision = "accepted"
    return Tag(Topic("energy", "Energy"), probability, decision, limits=limits)


@pytest.mark.parametrize(
    ("before", "probability", "after"),
    [
        ("accepted", 0.65, "accepted"),
        ("accepted", 0.59, "review"),
        ("accepted", 0.2, "rejected"),
        ("review", 0.75, "review"),
        ("review", 0.85, "accepted"),
        ("review", 0.35, "review"),
        ("review", 0.29, "rejected"),
        ("rejected", 0.45, "rejected"),
        ("rejected", 0.55, "review"),
        ("rejected", 0.72, "accepted"),
    ],
)
def test_tags_hold_until_the_text_changes_its_mind(before: Decision, probability: float, after: Decision):
    own = tag(probability)
    [held] = hold([own], {"energy": before}, 0.1)
    assert held.decision == after
    assert held.own_decision == (None if own.decision == after else own.decision)


def test_tags_without_an_earlier_decision_a_margin_or_limits_are_decided_anew():
    own = tag(0.65)
    assert hold([own], {}, 0.1) == (own,)
    assert hold([own], {"energy": "accepted"}, 0) == (own,)
    unknown = tag(0.65, limits=None)
    assert hold([unknown], {"energy": "accepted"}, 0.1) == (unknown,)


def test_tags_that_are_never_accepted_now_lose_an_earlier_acceptance():
    [held] = hold([tag(0.9, limits=(None, 0.4))], {"energy": "accepted"}, 0.1)
    assert held.decision == "review"
    [held] = hold([tag(0.9, limits=(None, 0.4))], {"energy": "review"}, 0.1)
    assert held.decision == "review"


def test_tags_say_what_the_text_alone_would_have_got():
    [held] = hold([tag(0.65)], {"energy": "accepted"}, 0.1)
    assert held.to_dict() == {
        "topic": "energy",
        "probability": 0.65,
        "decision": "accepted",
        "own_decision": "review",
    }
    assert "own_decision" not in tag(0.65).to_dict()

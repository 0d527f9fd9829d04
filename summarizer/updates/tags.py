"""Keeps an earlier story's decisions where the text did not change its mind. Comes after ``decide``, before writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from summarizer.records import Decision, Tag


def hold(tags: Sequence[Tag], before: Mapping[str, Decision], margin: float) -> tuple[Tag, ...]:
    """Return the tags, each with the earlier decision where the probability has not left it by the margin.

    Every decision has a range between its thresholds; the earlier one stands while the new probability lies in its
    range or closer to it than the margin. A topic without an earlier decision takes the new one.

    :param before: the earlier story's decisions, by topic id.
    :param margin: 0 to 1; at 0 every tag is decided anew.
    """
    return tuple(_held(tag, before.get(tag.topic.id), margin) for tag in tags)


def _held(tag: Tag, before: Decision | None, margin: float) -> Tag:
    if before is None or before == tag.decision or tag.limits is None or margin == 0:
        return tag
    accept, review = tag.limits
    probability = tag.probability
    is_below_accepted = accept is None or probability < accept + margin
    stands = {
        "accepted": accept is not None and probability > accept - margin,
        "review": probability > review - margin and is_below_accepted,
        "rejected": probability < review + margin,
    }[before]
    return replace(tag, decision=before, own_decision=tag.decision) if stands else tag

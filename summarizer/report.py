"""Counts of one run: what was read, written, failed and lost on the way, and where the time went."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from typing import Any

from summarizer.records import Brief, Failure, Record

SESSION = ("interrupted", "resumed_at", "was_finished")
"""What is true of one process alone; everything else is of the whole run and travels in ``to_state``."""


@dataclass(slots=True)
class Report:
    """Filled by the runner while it works.

    ``read == written + failed`` holds when a run has ended, whatever happened to it.

    :param resumed_at: how many articles and failures an earlier process had done, which the counts include.
    :param row_tokens: tokens that models read in rows of one length, padding included; ``row_padding`` are the padding.
    :param repeated_texts: articles whose text an earlier one had, which was worked on once for all of them.
    :param was_finished: the run was complete before this process began, which did nothing.
    """

    read: int = 0
    written: int = 0
    failed: int = 0
    failures_by_stage: Counter[str] = field(default_factory=Counter)
    briefs: int = 0
    passed: int = 0
    sentences: Counter[str] = field(default_factory=Counter)
    dropped: int = 0
    flagged: int = 0
    tokens_read: int = 0
    tokens_total: int = 0
    decisions: Counter[str] = field(default_factory=Counter)
    needs_review: int = 0
    links: Counter[str] = field(default_factory=Counter)
    duplicate_ids: int = 0
    repeated_texts: int = 0
    row_tokens: int = 0
    row_padding: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    interrupted: bool = False
    resumed_at: int = 0
    was_finished: bool = False
    _before: float = 0.0
    _started: float = field(default_factory=time.monotonic)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the time of the block to a stage."""
        start = time.monotonic()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.monotonic() - start

    def count(self, item: Record | Failure) -> None:
        """Count what became of one article or line."""
        self.read += 1
        if isinstance(item, Failure):
            self.failed += 1
            self.failures_by_stage[item.stage] += 1
            return
        self.written += 1
        self.needs_review += item.needs_review
        if item.link is not None:
            self.links[item.link.kind] += 1
        self.decisions.update(tag.decision for tag in item.tags or ())
        if item.brief is not None:
            self._count_brief(item.brief)

    def _count_brief(self, brief: Brief) -> None:
        self.briefs += 1
        self.passed += brief.backend == "passed"
        self.sentences.update(sentence.origin for sentence in brief.sentences)
        self.dropped += len(brief.dropped)
        self.flagged += sum(bool(s.unsupported) for s in brief.sentences if s.origin == "generated")
        self.tokens_read += brief.source_tokens.read
        self.tokens_total += brief.source_tokens.total

    @property
    def elapsed(self) -> float:
        """Seconds that the run has taken, those of earlier processes included."""
        return self._before + time.monotonic() - self._started

    @property
    def rate(self) -> float:
        """Articles a second, of this process alone."""
        return (self.read - self.resumed_at) / max(time.monotonic() - self._started, 1e-9)

    def to_state(self) -> dict[str, Any]:
        """Return every count, as JSON, for a process that goes on with the run."""
        counts = {each.name: getattr(self, each.name) for each in fields(self) if _is_count(each.name)}
        plain = {name: dict(value) if isinstance(value, dict) else value for name, value in counts.items()}
        return plain | {"elapsed": self.elapsed}

    def go_on_from(self, state: Mapping[str, Any]) -> None:
        """Add what an earlier process counted.

        :param state: what ``to_state`` gave there.
        """
        self.resumed_at = state["read"]
        self._before = state["elapsed"]
        for each in fields(self):
            if not _is_count(each.name) or each.name not in state:
                continue
            mine, kept = getattr(self, each.name), state[each.name]
            if not isinstance(mine, dict):
                setattr(self, each.name, mine + kept)
                continue
            for key, value in kept.items():
                mine[key] = mine.get(key, 0) + value

    @property
    def losses(self) -> int:
        """What ``--strict`` turns into a failure: failed articles, and duplicate ids."""
        return self.failed + self.duplicate_ids

    def lines(self) -> list[str]:
        """Return the report for a person, a line each; what has nothing to say is left out."""
        lines = [f"read {self.read}, written {self.written}, failed {self.failed}" + self._failed_where()]
        if self.briefs:
            kinds = ", ".join(f"{n} {origin}" for origin, n in sorted(self.sentences.items()))
            extra = f", {self.dropped} dropped" * bool(self.dropped) + f", {self.flagged} flagged" * bool(self.flagged)
            short = f" ({self.passed} too short to condense, passed on)" if self.passed else ""
            lines.append(f"briefs {self.briefs}{short}; sentences: {kinds}{extra}")
            if unread := self.tokens_total - self.tokens_read:
                lines.append(f"source tokens unread {unread} of {self.tokens_total} ({unread / self.tokens_total:.1%})")
        if self.decisions:
            tags = ", ".join(f"{n} {decision}" for decision, n in sorted(self.decisions.items()))
            lines.append(f"tags: {tags}; {self.needs_review} articles need review")
        if self.links:
            lines.append(f"links: {self.links['same_as']} repeat an earlier story, {self.links['updates']} update one")
        if self.duplicate_ids:
            lines.append(f"duplicate ids {self.duplicate_ids}")
        if self.repeated_texts:
            lines.append(f"repeated texts {self.repeated_texts}")
        if self.row_tokens:
            lines.append(f"padding {self.row_padding / self.row_tokens:.1%} of {self.row_tokens} tokens in batches")
        total = self.elapsed
        where = ", ".join(f"{stage} {spent:.1f} s" for stage, spent in self.seconds.items() if spent >= 0.05)
        lines.append(f"{total:.1f} s, {self.read / max(total, 1e-9):.2f} articles/s" + (f" ({where})" if where else ""))
        return lines

    def _failed_where(self) -> str:
        stages = ", ".join(f"{n} at {stage}" for stage, n in self.failures_by_stage.items())
        return f" ({stages})" if stages else ""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "read": self.read,
            "written": self.written,
            "failed": self.failed,
            "failures_by_stage": dict(self.failures_by_stage),
            "briefs": self.briefs,
            "passed": self.passed,
            "sentences": dict(self.sentences),
            "dropped": self.dropped,
            "flagged": self.flagged,
            "source_tokens": {"read": self.tokens_read, "total": self.tokens_total},
            "decisions": dict(self.decisions),
            "needs_review": self.needs_review,
            "links": dict(self.links),
            "duplicate_ids": self.duplicate_ids,
            "repeated_texts": self.repeated_texts,
            "batches": {"tokens": self.row_tokens, "padding": self.row_padding},
            "seconds": {stage: round(spent, 3) for stage, spent in self.seconds.items()},
            "elapsed_seconds": round(self.elapsed, 3),
            "interrupted": self.interrupted,
        }


def _is_count(name: str) -> bool:
    return not name.startswith("_") and name not in SESSION

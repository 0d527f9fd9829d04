"""What an editor sends when signing off, checked against the record; comes before ``store``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from summarizer.desk.entry import Entry
from summarizer.errors import UsageError
from summarizer.options import Options
from summarizer.records import Topic

MOST_SENTENCES = 200
MOST_TOPICS = 500
_SPACES = re.compile(r"[\s_]+")
_NO_TOPIC = re.compile(r"[^\w./:#+-]")

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]


class CorrectedSentence(Options):
    """One sentence of the brief as the editor leaves it."""

    text: Text
    """The sentence."""
    of: int | None = Field(None, ge=0)
    """Which sentence of the record's brief it stands for, from 0; null for one that the editor added."""


class SignOff(Options):
    """An editor's last word on a record."""

    ticket: str = Field(pattern=r"^[A-Za-z0-9-]{8,64}$")
    """Made by the page, one for each press of the button: a request that is sent twice signs once."""
    editor: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    """Who signs."""
    brief: list[CorrectedSentence] | None = Field(None, max_length=MOST_SENTENCES)
    """The brief, sentence by sentence; null where there is none."""
    tags: dict[str, Literal["accepted", "rejected"]] = Field({}, max_length=MOST_TOPICS)
    """What the editor decided, by topic id; topics that are not here stay as the record has them."""
    note: str = Field("", max_length=2000)
    """For the audit record; may be empty."""


@dataclass(frozen=True, slots=True)
class TagChange:
    """One topic at a sign-off.

    :param probability: None for a topic that the editor added.
    :param before: the record's decision; None for a topic that the editor added.
    """

    topic: str
    code: str
    probability: float | None
    before: str | None
    after: str


def settle_tags(entry: Entry, signed: SignOff, known: Mapping[str, Topic]) -> list[TagChange]:
    """Return every topic of the record and those that the editor added, with what became of them.

    :param known: topics by id; they lend their codes to those that are added.
    :raises UsageError: a topic that asks for a person was not answered, or the name of an added one cannot be used.
    """
    changes: list[TagChange] = []
    for tag in entry.record.get("tags", ()):
        before = tag["decision"]
        after = signed.tags.get(tag["topic"], before)
        if after == "review":
            mend = "Say yes or no to each topic that asks."
            raise UsageError(f"topic '{tag['topic']}'", "asks for a yes or no and has no answer", mend)
        changes.append(TagChange(tag["topic"], tag.get("code", ""), tag["probability"], before, after))
    there = {change.topic for change in changes}
    for topic, decision in signed.tags.items():
        if topic in there or decision != "accepted":
            continue
        if topic not in known and topic_id(topic) != topic:
            mend = f"Write '{topic_id(topic)}'." if topic_id(topic) else "Use letters and hyphens."
            raise UsageError(f"topic '{topic[:80]}'", "is no name for a topic", mend)
        code = known[topic].code if topic in known else ""
        changes.append(TagChange(topic, code, None, None, "accepted"))
    return changes


def check_brief(entry: Entry, signed: SignOff) -> None:
    """Raise ``UsageError`` where a corrected sentence names one that the brief does not have."""
    count = len(entry.brief["sentences"]) if entry.brief else 0
    for sentence in signed.brief or ():
        if sentence.of is not None and sentence.of >= count:
            what = f"stands for sentence {sentence.of} of a brief of {count}"
            raise UsageError("a corrected sentence", what, "Open the record again.")


def sentences_of(signed: SignOff, checks: Sequence[Mapping[str, Any] | None]) -> list[dict[str, Any]] | None:
    """Return a brief as it is kept: ``text``, ``of`` and, where the check was asked, what it said as ``check``.

    :param checks: one for each sentence, or none at all.
    """
    if signed.brief is None:
        return None
    said = checks or [None] * len(signed.brief)
    return [
        sentence.model_dump() | ({"check": dict(check)} if check is not None else {})
        for sentence, check in zip(signed.brief, said, strict=True)
    ]


def topic_id(name: str) -> str:
    """Return the id for a topic that an editor typed: ``space-flight`` for ``Space flight``; may be empty."""
    plain = unicodedata.normalize("NFC", name).strip().lower()
    return _NO_TOPIC.sub("", _SPACES.sub("-", plain))[:100].strip("-")

"""What was signed, as JSON lines: training data, and the audit record; comes after ``store``.

The training data are what ``train topics`` reads (``text``, ``title``, ``topics``); with the brief in ``summary`` they
are also what ``train brief`` and ``evaluate briefs`` read. Lines are ASCII: half of a surrogate pair goes through too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

from summarizer.desk.entry import Entry
from summarizer.desk.signoff import TagChange
from summarizer.desk.store import Signed, SignOffStore

Export = Literal["training", "audit"]
AUDIT_SCHEMA = 1


def export_lines(store: SignOffStore, kind: Export) -> Iterator[bytes]:
    """Yield the lines of an export, in the order of the sign-offs."""
    make = _training if kind == "training" else _audit
    for signed, entry, is_latest in store.all():
        row = make(signed, entry, is_latest)
        if row is not None:
            yield json.dumps(row).encode("ascii") + b"\n"


def brief_text(signed: Signed) -> str | None:
    """Return the brief as it was signed; None where there is none."""
    return None if signed.brief_after is None else " ".join(sentence["text"] for sentence in signed.brief_after)


def _training(signed: Signed, entry: Entry, is_latest: bool) -> dict[str, Any] | None:
    """Return an article with what was signed last; None for an earlier sign-off and where the text is not at hand."""
    article = entry.article
    if not is_latest or article["text"] is None:
        return None
    known = {name: article[name] for name in ("title", "date", "language", "source") if article.get(name)}
    row: dict[str, Any] = {"id": article["id"], **known, "text": article["text"]}
    accepted = [tag.topic for tag in signed.tags if tag.after == "accepted"]
    if accepted or "tags" in entry.record:  # without the stage nobody was asked: no topics would not mean none
        row["topics"] = accepted
    brief = brief_text(signed)
    if brief:
        row["summary"] = brief
    return row | {"signed_by": signed.editor, "signed_at": signed.at}


def _audit(signed: Signed, entry: Entry, is_latest: bool) -> dict[str, Any]:
    """Return who signed what and when, with what it was before."""
    row: dict[str, Any] = {
        "schema": AUDIT_SCHEMA,
        "signoff": signed.id,
        "at": signed.at,
        "editor": signed.editor,
        "latest": is_latest,
        "id": entry.article["id"],
        "title": entry.article["title"],
        "article": f"sha256:{signed.article_key}",
        "record": f"sha256:{signed.entry}",
        "made_by": entry.record.get("made_by"),
        "brief": _brief(signed),
        "tags": [_tag(tag) for tag in signed.tags],
    }
    return row | ({"note": signed.note} if signed.note else {})


def _brief(signed: Signed) -> dict[str, Any] | None:
    """Return both versions of the brief, and of each sentence that is not as it was; None where there is none.

    ``check`` is what the check said of a sentence that the editor wrote; null where it was not asked.
    """
    before, after = signed.brief_before, signed.brief_after
    if before is None and after is None:
        return None
    was = before or []
    changes: list[dict[str, Any]] = []
    for sentence in after or []:
        old = None if sentence["of"] is None else was[sentence["of"]]
        if old != sentence["text"]:
            changes.append({"before": old, "after": sentence["text"], "check": sentence.get("check")})
    stayed = {sentence["of"] for sentence in after or []}
    changes += [{"before": text, "after": None} for place, text in enumerate(was) if place not in stayed]
    return {"before": None if before is None else " ".join(before), "after": brief_text(signed), "changes": changes}


def _tag(tag: TagChange) -> dict[str, Any]:
    out: dict[str, Any] = {"topic": tag.topic}
    if tag.code:
        out["code"] = tag.code
    return out | {"probability": tag.probability, "before": tag.before, "after": tag.after}

"""What the page is told of an entry and of its sign-offs, as JSON; comes after ``store``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import shorten
from typing import Any

from summarizer.desk.entry import Entry
from summarizer.desk.store import Signed
from summarizer.records import Failure

OPENING = 80


def entry_data(entry: Entry, key: str, signoffs: Sequence[Signed]) -> dict[str, Any]:
    """Return a record as the page shows it: without the fields that only travel through.

    Spans of evidence that do not fit the article, because it is another than the record was made of, are taken out and
    counted in ``lost``.
    """
    record = {name: value for name, value in entry.record.items() if name != "fields"}
    text, lost = entry.article["text"], 0
    if text is not None:
        if record.get("brief"):
            fit, lost = _fitting(record["brief"]["sentences"], text)
            record["brief"] = {**record["brief"], "sentences": fit}
        if record.get("tags"):
            record["tags"] = _fitting(record["tags"], text)[0]
    return {
        "key": key,
        "article": dict(entry.article),
        "record": record,
        "names": dict(entry.names),
        "lost": lost,
        "signoffs": [signed_data(signed) for signed in signoffs],
    }


def summary_data(entry: Entry, key: str) -> dict[str, Any]:
    """Return what a list shows of an entry; its opening stands for a headline that it does not have."""
    return {
        "key": key,
        "article": entry.article["id"],
        "title": entry.article["title"] or shorten(entry.article["text"] or "", OPENING, placeholder=" …"),
        "needs_review": bool(entry.record.get("needs_review")),
    }


def signed_data(signed: Signed) -> dict[str, Any]:
    """Return a sign-off as the page shows it."""
    return {
        "id": signed.id,
        "at": signed.at,
        "editor": signed.editor,
        "entry": signed.entry,
        "brief": signed.brief_after,
        "tags": {tag.topic: tag.after for tag in signed.tags},
        "added": [tag.topic for tag in signed.tags if tag.before is None],
        "note": signed.note,
    }


def failures_data(failures: Iterable[Failure]) -> list[dict[str, str]]:
    """Return failures in words."""
    return [{"where": failure.where, "what": failure.what, "mend": failure.mend} for failure in failures]


def _fitting(parts: Iterable[dict[str, Any]], text: str) -> tuple[list[dict[str, Any]], int]:
    """Leave out evidence that the text does not hold where it should; return the parts and how much was left out."""
    shown, lost = [], 0
    for part in parts:
        spans = part.get("evidence", [])
        fit = [span for span in spans if text[span["start"] : span["end"]] == span["text"]]
        lost += len(spans) - len(fit)
        shown.append({**part, "evidence": fit} if spans else part)
    return shown, lost

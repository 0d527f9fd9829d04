"""Rows of any format become articles, or failures that say what is missing. Comes after parsing; ends the stage."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from summarizer.errors import did_you_mean
from summarizer.read.options import FieldNames
from summarizer.read.source import Source
from summarizer.records import Article, Failure

TEXT_NAMES = ("text", "body", "content", "article", "article_text", "maintext", "fulltext", "full_text", "story")
"""What inputs call an article's text, likeliest first."""
SHOWN_FIELDS = 12
"""How many of an input's fields a message lists."""


def to_article(
    row: Mapping[str, Any],
    source: Source,
    names: FieldNames,
    *,
    number: int | None = None,
    warnings: tuple[str, ...] = (),
) -> Article | Failure:
    """Make an article of a row.

    :param row: the fields as the input names them; those that no stage knows travel through untouched.
    :param names: what the input calls the fields that the stages know.
    :param number: line or row, from 1; None for a file that holds one article, which is called by the file's stem.
    :param warnings: what reading has to say.
    """
    made_id = source.stem if number is None else f"{source.stem}-{number}"
    given_id = row.get(names.id)
    if isinstance(given_id, (dict, list)):
        what = f"the id must be text or a number, got {type(given_id).__name__}"
        return source.failure(what, f"Set input.fields.id to another field than '{names.id}'.", number=number)
    name = made_id if given_id is None or not str(given_id).strip() else str(given_id)
    text = row.get(names.text)
    if not isinstance(text, str) or not text.strip():
        what, mend = _no_text(row, names)
        return source.failure(what, mend, number=number, article=name)
    known = {names.id, names.title, names.text, names.date, names.language}
    return Article(
        id=name,
        text=text,
        title=_text(row.get(names.title)) or "",
        date=_text(row.get(names.date)),
        language=_text(row.get(names.language)),
        fields={key: value for key, value in row.items() if key not in known},
        source=source.at(number),
        warnings=warnings,
    )


def missing_column(columns: Iterable[str], names: FieldNames) -> tuple[str, str] | None:
    """Say that a table has no column for the text, and how to mend it; None where it has one."""
    columns = list(columns)
    return None if names.text in columns else (f"no column '{names.text}' ({_seen(columns)})", _rename(columns, names))


def _no_text(row: Mapping[str, Any], names: FieldNames) -> tuple[str, str]:
    """Return what is wrong with a row's text, and the mend."""
    if names.text not in row:
        return f"no field '{names.text}' ({_seen(row)})", _rename(row, names)
    text = row[names.text]
    if not isinstance(text, str):
        kind = {"NoneType": "null", "dict": "an object", "list": "a list", "bool": "true or false"}
        seen = kind.get(type(text).__name__, "a number")
        others = [key for key, value in row.items() if isinstance(value, str)]
        return f"field '{names.text}' must be text, got {seen} ({_seen(row)})", _rename(others, names)
    return f"field '{names.text}' is {'blank' if text else 'empty'}", "Give the article its text or leave it out."


def _seen(fields: Iterable[str]) -> str:
    names = [str(field) for field in fields]
    more = f" and {len(names) - SHOWN_FIELDS} more" if len(names) > SHOWN_FIELDS else ""
    return f"fields seen: {', '.join(names[:SHOWN_FIELDS])}{more}" if names else "no fields seen"


def _rename(fields: Iterable[str], names: FieldNames) -> str:
    """Return the mend for a text that goes by another name."""
    seen = [field for field in fields if field not in {names.id, names.title, names.date, names.language, names.text}]
    lowered = {field.lower(): field for field in seen}
    likely = next((lowered[name] for name in (names.text.lower(), *TEXT_NAMES) if name in lowered), None)
    if likely is not None:
        return f"Did you mean '{likely}'? Set input.fields.text to the field that holds the article."
    hint = did_you_mean(names.text, seen) if seen else ""
    hint = f"{hint} " if hint.startswith("Did you mean") else ""
    return f"{hint}Set input.fields.text to the field that holds the article."


def _text(value: Any) -> str | None:
    """Return a title, date or language as text; None for one that is not there."""
    if isinstance(value, (datetime.date, datetime.time)):  # a datetime is a date
        return value.isoformat()
    return str(value) if value is not None and value != "" else None

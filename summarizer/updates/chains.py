"""What a publisher says of an item's earlier versions, and dates as days. Comes after ``read``, before ``linker``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from email.utils import parsedate_to_datetime

from summarizer.records import Article

_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d(?!\d)", re.ASCII)
_MAIL_DATE = re.compile(r"(?:[A-Za-z]+,\s*)?\d{1,2}\s+[A-Za-z]{3,9}\s+\d{4}\b", re.ASCII)
"""How dates begin; the libraries read one out of nearly anything."""


def version_of(article: Article) -> str:
    """Return the version of its item that an article is, as the publisher counts; empty where nobody does."""
    return _said(article, "version")


def named_before(article: Article) -> Iterator[tuple[str, bool]]:
    """Yield the ids under which an earlier version may stand, likeliest first.

    An item that took another's place names it (``evolvedfrom``); one that was issued again keeps its own id and has a
    version.

    :return: pairs of an id, and whether only an article that has a version itself is meant by it.
    """
    if evolved := _said(article, "evolvedfrom"):
        yield evolved, False
    if version_of(article):
        yield article.id, True


def _said(article: Article, name: str) -> str:
    value = article.fields.get(name)
    is_plain = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    return str(value).strip() if is_plain else ""


def day_of(article: Article) -> int | None:
    """Return the day of an article's date, counted from the year 1; None where the date is of no known form.

    Known are ISO 8601, with or without a time of day, and the dates of mail and RSS.
    """
    text = (article.date or "").strip()
    with suppress(ValueError):
        if _ISO_DATE.match(text):
            return date.fromisoformat(text[:10]).toordinal()
        if _MAIL_DATE.match(text):
            return parsedate_to_datetime(text).toordinal()
    return None

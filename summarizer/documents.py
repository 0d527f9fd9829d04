"""The news document that an article was read from, kept so that a writer of its format can add to it and lose nothing.

``read`` puts it into ``Article.fields``, ``write`` takes it out again. Beside it stand the facts that news formats
share, under one name whatever the format calls them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any

from summarizer.records import Article

SOURCE_DOCUMENT = "source_document"
"""The field: ``format``, ``content`` (a JSON object, or XML as text) and, of an item in a list, the list's ``envelope``
without its items. Only news formats have it."""

FACTS = (
    *("author", "slugline", "urgency", "version", "evolvedfrom", "pubstatus", "embargoed", "provider"),
    *(
        "location",
        "copyrightholder",
        "copyrightnotice",
        "usageterms",
        "ednote",
        "abstract",
        "link",
        "keywords",
        "subjects",
    ),
)
"""Fields that every news format is read into, named as in ninjs where it has them. ``keywords`` are texts, ``subjects``
are objects with ``code`` and ``name``; the others are text or a number."""
USABLE = "usable"
_ZONE = re.compile(r"(:\d\d[+-]\d\d)(\d\d)$")
"""A zone without its colon, which Python 3.10 does not read."""


def with_document(
    facts: Mapping[str, Any], format: str, content: dict[str, Any] | str, envelope: str = ""
) -> dict[str, Any]:
    """Return the fields of an article: the facts that say something, then its document.

    :param facts: by their names in ``FACTS``.
    """
    document: dict[str, Any] = {"format": format, "content": content}
    if envelope:
        document["envelope"] = envelope
    known = {name: facts[name] for name in FACTS if facts.get(name) not in (None, "", [], ())}
    return {**known, SOURCE_DOCUMENT: document}


def document_of(article: Article, format: str, kind: type[dict[str, Any]] | type[str]) -> tuple[Any, str] | None:
    """Return the content and the envelope of the document that an article came from.

    :param kind: what the content must be; a record may have been through other hands.
    :return: None where the article came from another format.
    """
    document = article.fields.get(SOURCE_DOCUMENT)
    if not isinstance(document, Mapping) or document.get("format") != format:
        return None
    content, envelope = document.get("content"), document.get("envelope", "")
    if not isinstance(content, kind) or not isinstance(envelope, str):
        return None
    return content, envelope


def not_usable(facts: Mapping[str, Any]) -> str:
    """Return in words that an item's provider does not call it usable, such as ``marked 'canceled'``; else nothing."""
    status = str(facts.get("pubstatus") or USABLE).lower()
    return "" if status == USABLE else f"marked '{status}' by its provider"


def use_warnings(facts: Mapping[str, Any], date: str | None) -> tuple[str, ...]:
    """Return what stands against publishing an item: a status other than usable, an embargo.

    An embargo that was over when the item was issued says nothing. Today's date is not asked, so that the same item
    gives the same record on any day.

    :param facts: by their names in ``FACTS``.
    :param date: when this version was issued.
    """
    status, until = not_usable(facts), facts.get("embargoed")
    end, issued = moment(str(until)) if until else None, moment(date)
    if until and (end is None or issued is None or end > issued):
        embargo = f"embargoed until {until}: not for publication before"
        return (embargo,) if "'embargoed'" in status or not status else (f"{status}: not for publication", embargo)
    return (f"{status}: not for publication",) if status else ()


def moment(date: str | None) -> datetime | None:
    """Return a date, as a news format has it, as a point in time; None where it is in no known form.

    A time without a zone is taken for UTC.
    """
    if not date:
        return None
    text = _ZONE.sub(r"\1:\2", re.sub(r"[zZ]$", "+00:00", re.sub(r"\.\d+", "", date.strip())))
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        try:
            found = parsedate_to_datetime(date)
        except (ValueError, TypeError, IndexError):
            return None
    return found if found.tzinfo is not None else found.replace(tzinfo=timezone.utc)

"""The news document that an article was read from, kept so that a writer of its format can add to it and lose nothing.

``read`` puts it into ``Article.fields``, ``write`` takes it out again. Beside it stand the facts that news formats
share, under one name whatever the format calls them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from summarizer.records import Article

SOURCE_DOCUMENT = "source_document"
"""The field: ``format``, ``content`` (a JSON object, or XML as text) and, of an item in a list, the list's ``envelope``
without its items. Only news formats have it."""

FACTS = (
    *("author", "slugline", "urgency", "version", "evolvedfrom", "pubstatus", "provider", "location"),
    *("copyrightholder", "copyrightnotice", "usageterms", "ednote", "abstract", "link", "keywords", "subjects"),
)
"""Fields that every news format is read into, named as in ninjs where it has them. ``keywords`` are texts, ``subjects``
are objects with ``code`` and ``name``; the others are text or a number."""


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

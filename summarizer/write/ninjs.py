"""Writes ninjs, one item a line, so that a file of one record is an ordinary ninjs file. ``plain`` comes before it.

An article that came as ninjs keeps its document and its version; any other becomes a small item of the encoder's
version. Added are ``subjects``, the brief among ``descriptions``, and the brief once more among ``associations``: an
item of its own, since ``digitalSourceType`` speaks of an item as a whole, and the article is not the machine's work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from summarizer.documents import document_of
from summarizer.records import Record
from summarizer.write.jsonl import json_line
from summarizer.write.links import link_ninjs
from summarizer.write.news import (
    BRIEF_NAME,
    CREATOR,
    MEDIA_TOPIC_ALIAS,
    MEDIA_TOPICS,
    Subject,
    article_uri,
    creator,
    embargo,
    html_of,
    iso,
    source_type,
    status,
    subjects,
)
from summarizer.write.plain import utf8

RELEASES = {2: "2.2", 3: "3.1"}
SCHEMA = "http://www.iptc.org/std/ninjs/ninjs-schema_{}.json"
LISTS = ("bodies", "headlines", "descriptions", "subjects", "infosources", "people", "organisations", "places")
"""Keys that tell version 2 from version 1."""
CAMEL = (
    *("versionCreated", "firstCreated", "contentCreated", "pubStatus", "representationType", "embargoedUntil"),
    *("copyrightHolder", "copyrightNotice", "usageTerms", "edNote", "infoSources", "digitalSourceType", "altIds"),
)
"""Keys that tell version 3 from version 2."""
FACTS = {
    "slugline": "slugline",
    "urgency": "urgency",
    "version": "version",
    "pubstatus": "pubStatus",
    "embargoed": "embargoedUntil",
    "author": "by",
    "location": "located",
    "copyrightholder": "copyrightHolder",
    "copyrightnotice": "copyrightNotice",
    "usageterms": "usageTerms",
    "ednote": "edNote",
}
"""What ``documents.FACTS`` are called in version 3."""
COMPLETE = {1: "complete", 2: "full", 3: "full"}
"""How each version says that an item is all there."""


class Ninjs:
    """Encoder of ninjs.

    :param version: of items that did not come as ninjs.
    """

    whole_only = False

    def __init__(self, version: int = 3) -> None:
        self._version = version

    def start(self) -> bytes:
        """Return nothing."""
        return b""

    def encode(self, records: Sequence[Record]) -> bytes:
        """Return a line for each record."""
        return utf8(json_line(_item(record, self._version)) for record in records)

    def end(self) -> bytes:
        """Return nothing."""
        return b""


class Ninjs2(Ninjs):
    """Encoder of ninjs 2."""

    def __init__(self) -> None:
        super().__init__(2)


def _item(record: Record, version: int) -> dict[str, Any]:
    found = document_of(record.article, "ninjs", dict)
    if found is None:
        item = _new_item(record, version)
    else:
        item = dict(found[0])
        version = _version_of(item)
    _add_subjects(item, record, version)
    _add_brief(item, record, version)
    link_ninjs(item, record, version)
    return item


def _version_of(item: Mapping[str, Any]) -> int:
    standard = item.get("standard", item.get("$standard"))
    named = str(standard.get("version", "")) if isinstance(standard, Mapping) else ""
    if named[:1] in ("1", "2", "3"):
        return int(named[0])
    if any(key in item for key in CAMEL):
        return 3
    entries = [entry for key in LISTS for entry in _list(item.get(key)) if isinstance(entry, Mapping)]
    if any("contentType" in entry for entry in entries):
        return 3
    return 2 if any(isinstance(item.get(key), list) for key in LISTS) else 1


def _new_item(record: Record, version: int) -> dict[str, Any]:
    """Return an item of an article that came in another format, in version 2 or 3."""
    article = record.article
    release = RELEASES[version]
    item: dict[str, Any] = {
        "uri": article_uri(article),
        "type": "text",
        "representationType": COMPLETE[version],
        "standard": {"name": "ninjs", "version": release, "schema": SCHEMA.format(release)},
        "versionCreated": iso(article.date),
        "language": article.language,
        "headlines": [{"role": "main", "value": article.title}] if article.title else None,
        "bodies": [_body(article.text)],
    }
    facts = dict(article.fields) | {"pubstatus": status(article), "embargoed": iso(embargo(article))}
    for name, key in FACTS.items():
        value = facts.get(name)
        if isinstance(value, int) if name == "urgency" else isinstance(value, str):
            item[key] = value
    item = {key: value for key, value in item.items() if value is not None}
    return item if version == 3 else _lower(item)


def _lower(item: dict[str, Any]) -> dict[str, Any]:
    """Return an item of version 3 with the keys of version 2, where all are in small letters."""
    named = {key.lower(): value for key, value in item.items()}
    if "embargoeduntil" in named:
        named["embargoed"] = named.pop("embargoeduntil")
    named["bodies"] = [{key.lower(): value for key, value in body.items()} for body in item["bodies"]]
    return named


def _add_subjects(item: dict[str, Any], record: Record, version: int) -> None:
    if record.tags is None:
        return
    key = "subject" if version == 1 else "subjects"
    others = [
        entry
        for entry in _list(item.get(key))
        if not (isinstance(entry, Mapping) and str(entry.get("creator", "")).startswith(CREATOR))
    ]
    ours = [_subject(subject, creator(record), version) for subject in subjects(record)]
    if others or ours or key in item:
        item[key] = others + ours


def _subject(subject: Subject, maker: str, version: int) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": subject.name, "creator": maker, "confidence": subject.confidence}
    if version == 1:
        scheme = {"scheme": MEDIA_TOPICS} if subject.uri else {}
        return {**scheme, "code": subject.code.removeprefix(MEDIA_TOPIC_ALIAS), **entry}
    return {**({"uri": subject.uri} if subject.uri else {}), "literal": subject.code, **entry}


def _add_brief(item: dict[str, Any], record: Record, version: int) -> None:
    if record.brief is None:
        return
    text = record.brief.text
    before = _take_brief(item, version)
    if version == 1:
        if item.get("description_brief") in (None, before):
            item["description_brief"] = text
    else:
        others = [
            entry
            for entry in _list(item.get("descriptions"))
            if before is None or not isinstance(entry, Mapping) or entry.get("value") != before
        ]
        item["descriptions"] = [*others, _text(text, "summary", version)]
    uri = item.get("uri") if isinstance(item.get("uri"), str) else article_uri(record.article)
    own: dict[str, Any] = {"uri": f"{uri}#brief", "type": "text"}
    own["representationType"] = COMPLETE[version]
    if isinstance(item.get("language"), str):
        own["language"] = item["language"]
    own["digitalSourceType"] = {"uri": source_type(record.brief)}
    own = own if version == 3 else {key.lower(): value for key, value in own.items()}
    own |= {"body_text": text} if version == 1 else {"bodies": [_text(text, "main", version)]}
    if version == 1:
        item["associations"] = {**_dict(item.get("associations")), BRIEF_NAME: own}
    else:
        item["associations"] = [*_list(item.get("associations")), {"name": BRIEF_NAME, **own}]


def _take_brief(item: dict[str, Any], version: int) -> str | None:
    """Take the brief of an earlier run out of the associations; return its text, or None where there is none."""
    if version == 1:
        associations = _dict(item.get("associations"))
        own = associations.pop(BRIEF_NAME, None)
        item["associations"] = associations
        text = own.get("body_text") if isinstance(own, Mapping) else None
        return text if isinstance(text, str) else None
    entries = _list(item.get("associations"))
    ours = [entry for entry in entries if isinstance(entry, Mapping) and entry.get("name") == BRIEF_NAME]
    item["associations"] = [entry for entry in entries if entry not in ours]
    values = [body.get("value") for one in ours for body in _list(one.get("bodies")) if isinstance(body, Mapping)]
    return next((value for value in values if isinstance(value, str)), None)


def _body(text: str) -> dict[str, str]:
    """Return the text of an article; one that begins as markup does goes out as HTML, or readers would strip it."""
    if not text.lstrip().startswith("<"):
        return _text(text, "main", 3)
    return {**_text(html_of(text), "main", 3), "contentType": "text/html"}


def _text(value: str, role: str, version: int) -> dict[str, str]:
    kind = "contentType" if version == 3 else "contenttype"
    return {"role": role, kind: "text/plain", "value": value}


def _list(value: Any) -> list[Any]:
    """Return a list, empty where there is none; what stands where a list should be is kept as its first entry."""
    return list(value) if isinstance(value, list) else [] if value is None else [value]


def _dict(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {}

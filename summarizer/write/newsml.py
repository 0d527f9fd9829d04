"""Writes NewsML-G2: one record as a newsItem, several as a newsMessage. ``xml_tree`` helps; ``safe_xml`` parses.

An article that came as NewsML-G2 keeps its item, and the message keeps the header of the one that the first article
came in. Added are ``subject`` and ``description`` in ``contentMeta``; the description's ``howuri`` is its Digital
Source Type. The item's own ``digitalSourceType`` speaks of the article, which is not the machine's work, and stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from summarizer.records import Record
from summarizer.safe_xml import XmlFault, local_name, parse_xml, to_text, xml_safe
from summarizer.write.links import link_newsml
from summarizer.write.news import (
    CREATOR_URI,
    Subject,
    article_uri,
    creator_uri,
    embargo,
    iso,
    now,
    paragraphs,
    source_type,
    status,
    subjects,
)
from summarizer.write.plain import utf8
from summarizer.write.xml_tree import DECLARATION, XHTML, after, make, need, own_tree, place, take_out

NAMESPACE = "http://iptc.org/std/nar/2006-10-01/"
STANDARD_VERSION = "2.35"
CATALOG = "http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_41.xml"
CATALOGS = "catalog.IPTC-G2-Standards"
"""Part of the address of every edition of the IPTC's catalog, which says what ``medtop`` is."""
HOW = "http://cv.iptc.org/newscodes/howextracted/tool"
"""By software."""
SUMMARY = "http://cv.iptc.org/newscodes/descriptionrole/summary"
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
BEFORE_ITEM_META = ("catalogRef", "catalog", "hopHistory", "pubHistory", "rightsInfo")
BEHIND_SUBJECTS = ("contentMetaExtProperty",)


class NewsML:
    """Encoder of NewsML-G2. The first item waits until it is known whether it stays alone."""

    whole_only = True

    def __init__(self) -> None:
        self._first: tuple[Any, str] | None = None
        self._end = ""

    def start(self) -> bytes:
        """Return nothing: what stands first depends on the first record."""
        return b""

    def encode(self, records: Sequence[Record]) -> bytes:
        """Return the items of the records, the first one of a file excepted."""
        parts: list[str] = []
        for record in records:
            made = _item(record)
            if self._first is None and not self._end:
                self._first = made
                continue
            parts += self._open()
            parts.append(to_text(made[0]) + "\n")
        return utf8(parts)

    def end(self) -> bytes:
        """Return the one item there was, unless it came in a message, or what closes the message."""
        if self._first is not None and not self._first[1]:
            return utf8([DECLARATION, to_text(self._first[0], whole=True), "\n"])
        return utf8([*([] if self._end else self._open()), self._end])

    def _open(self) -> list[str]:
        """Return what opens the message, with the item that waited; nothing where it is open already."""
        if self._end:
            return []
        first, self._first = self._first, None
        begin, self._end = _message(first[1] if first else "")
        return [begin, *([to_text(first[0]) + "\n"] if first else [])]


def _message(envelope: str) -> tuple[str, str]:
    """Return what stands before the items of a message and what behind them."""
    try:
        message = parse_xml(envelope) if envelope else _new_message()
    except XmlFault:
        message = _new_message()
    item_set = need(message, "itemSet", ("header",))
    mark = "\n\ue000\n"  # no message has it: a character for private use
    item_set.text = mark
    begin, _, end = to_text(message, whole=True).partition(mark)
    return f"{DECLARATION}{begin}\n", f"{end}\n"


def _new_message() -> Any:
    from lxml import etree

    message = etree.Element(f"{{{NAMESPACE}}}newsMessage", nsmap={None: NAMESPACE})
    make(make(message, "header"), "sent", now())
    return message


def _item(record: Record) -> tuple[Any, str]:
    """Return the item of a record, and the envelope that it came in, if any."""
    item, envelope = own_tree(record.article, "newsml-g2") or (_new_item(record), "")
    meta = need(item, "contentMeta", (*BEFORE_ITEM_META, "itemMeta"))
    maker = creator_uri(record)
    if record.tags is not None:
        _take_ours(meta, "subject")
        found = subjects(record)
        for subject in found:
            _add_subject(meta, subject, maker)
        if any(subject.uri for subject in found):
            _need_catalog(item)
    if record.brief is not None:
        _take_ours(meta, "description")
        attributes = {"roleuri": SUMMARY, "creatoruri": maker, "howuri": source_type(record.brief)}
        make(meta, "description", record.brief.text, attributes, at=_place(meta))
    link_newsml(item, record, BEFORE_ITEM_META)
    return item, envelope


def _add_subject(meta: Any, subject: Subject, maker: str) -> None:
    code = {"qcode": subject.code, "uri": subject.uri} if subject.uri else {"literal": subject.code}
    said = {"confidence": str(subject.confidence), "creatoruri": maker, "howuri": HOW}
    element = make(meta, "subject", "", code | said, at=_place(meta))
    make(element, "name", subject.name)


def _take_ours(meta: Any, name: str) -> None:
    """Take out what an earlier run put in."""
    for element in list(meta.iterchildren(f"{{*}}{name}")):
        if (element.get("creatoruri") or "").startswith(CREATOR_URI):
            take_out(element)


def _place(meta: Any) -> int:
    """Return where a further description of the content goes: behind all but extensions."""
    own = [local_name(node) for node in meta if local_name(node) and node.tag.startswith(meta.tag.rpartition("}")[0])]
    return after(meta, [name for name in own if name not in BEHIND_SUBJECTS])


def _need_catalog(item: Any) -> None:
    """See to it that the item says what ``medtop`` stands for."""
    references = [reference.get("href") or "" for reference in item.iterchildren("{*}catalogRef")]
    schemes = [scheme.get("alias") for scheme in item.iterfind("{*}catalog/{*}scheme")]
    if "medtop" not in schemes and not any(CATALOGS in reference for reference in references):
        make(item, "catalogRef", "", {"href": CATALOG}, at=after(item, ("catalogRef", "catalog")))


def _new_item(record: Record) -> Any:
    """Return the item of an article that came in another format."""
    from lxml import etree

    article, facts = record.article, record.article.fields
    item = etree.Element(f"{{{NAMESPACE}}}newsItem", nsmap={None: NAMESPACE})
    version = str(facts.get("version", ""))
    item.set("guid", article_uri(article))
    item.set("version", version if version.isdigit() and int(version) > 0 else "1")
    item.set("standard", "NewsML-G2")
    item.set("standardversion", STANDARD_VERSION)
    item.set("conformance", "power")
    if article.language:
        item.set(XML_LANGUAGE, xml_safe(article.language))
    make(item, "catalogRef", "", {"href": CATALOG})
    meta = make(item, "itemMeta")
    make(meta, "itemClass", "", {"qcode": "ninat:text"})
    make(meta, "provider", "", {"literal": _fact(record, "provider") or "unknown"})
    make(meta, "versionCreated", iso(article.date) or now())
    until = iso(embargo(article))
    make(meta, "embargoed", until) if until else None
    if status(article):
        make(meta, "pubStatus", "", {"qcode": f"stat:{status(article)}"})
    _new_content(item, record)
    return item


def _new_content(item: Any, record: Record) -> None:
    from lxml import etree

    article = record.article
    meta = make(item, "contentMeta")
    urgency = article.fields.get("urgency")
    if isinstance(urgency, int) and 1 <= urgency <= 9:
        make(meta, "urgency", str(urgency))
    make(meta, "language", "", {"tag": article.language}) if article.language else None
    for name, text in (("slugline", _fact(record, "slugline")), ("headline", article.title)):
        make(meta, name, text) if text else None
    make(meta, "by", _fact(record, "author")) if _fact(record, "author") else None
    content = make(make(item, "contentSet"), "inlineXML", "", {"contenttype": "application/xhtml+xml"})
    html = etree.Element(f"{{{XHTML}}}html", nsmap={None: XHTML})
    place(content, html)
    make(make(html, "head"), "title", article.title)
    body = make(html, "body")
    for paragraph in paragraphs(article.text):
        make(body, "p", paragraph)


def _fact(record: Record, name: str) -> str:
    value = record.article.fields.get(name)
    return value if isinstance(value, str) else ""

"""Writes RSS 2.0 and Atom, an item a record. ``xml_tree`` helps.

An article that came in the same kind of feed keeps its item, and the feed keeps the head of the first article's.
Added are a ``category`` for each tag, and the brief: as description (summary in Atom) where the item has a content and
no description, else as ``dcterms:abstract``, with ``dcterms:provenance`` to say what made it. Feeds have no place for a
tag's confidence, and say by ``dcterms:accessRights`` and ``dcterms:available`` what is not for publication.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import format_datetime
from typing import Any

from summarizer.documents import moment
from summarizer.records import Article, Record
from summarizer.safe_xml import XmlFault, local_name, parse_xml, to_text, xml_safe
from summarizer.write.links import link_feed
from summarizer.write.news import (
    CREATOR,
    MEDIA_TOPICS,
    Subject,
    article_uri,
    creator,
    embargo,
    html_of,
    iso,
    now,
    source_type,
    status,
    subjects,
)
from summarizer.write.plain import utf8
from summarizer.write.xml_tree import DECLARATION, child, make, own_tree, place, take_out

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
TERMS = "http://purl.org/dc/terms/"
TITLE = "Briefs"
ABOUT = "Briefs and topics of articles, made by summarizer."
MARK = "\ue000"
"""Where the items go while a feed's head is cut in two; a character for private use, which no feed has there."""


class Rss:
    """Encoder of RSS 2.0."""

    whole_only = True
    format = "rss"

    def __init__(self) -> None:
        self._end: str | None = None

    def start(self) -> bytes:
        """Return nothing: the head is that of the first record's feed."""
        return b""

    def encode(self, records: Sequence[Record]) -> bytes:
        """Return an item for each record, and before the first one the head of the feed."""
        parts: list[str] = []
        for record in records:
            found = own_tree(record.article, self.format)
            item, envelope = found if found is not None else (self._new_item(record), "")
            parts.append(self._open(envelope))
            self._add_categories(item, record)
            _add_brief(item, record, "description" if self.format == "rss" else "summary")
            link_feed(item, record)
            parts.append(to_text(item) + "\n")
        return utf8(parts)

    def end(self) -> bytes:
        """Return what closes the feed."""
        begin = self._open("")
        return utf8([begin, self._end or "", "\n"])

    def _open(self, envelope: str) -> str:
        if self._end is not None:
            return ""
        try:
            root = parse_xml(envelope) if envelope else self._new_feed()
        except XmlFault:
            root = self._new_feed()
        channel = child(root, "channel") if local_name(root) == "rss" else root
        channel = root if channel is None else channel
        last = channel[-1] if len(channel) else None
        if last is None:
            channel.text = MARK
        else:
            last.tail = (last.tail or "") + MARK
        begin, _, self._end = to_text(root, whole=True).partition(MARK)
        return f"{DECLARATION}{begin.rstrip()}\n"

    def _new_feed(self) -> Any:
        from lxml import etree

        root = etree.Element("rss", nsmap={"content": CONTENT, "dcterms": TERMS})
        root.set("version", "2.0")
        channel = make(root, "channel")
        make(channel, "title", TITLE)
        make(channel, "link", "about:blank")
        make(channel, "description", ABOUT)
        return root

    def _new_item(self, record: Record) -> Any:
        from lxml import etree

        article = record.article
        item = etree.Element("item", nsmap={"content": CONTENT, "dcterms": TERMS})
        make(item, "title", article.title) if article.title else None
        link = article.fields.get("link")
        make(item, "link", link) if isinstance(link, str) else None
        make(item, "guid", article.id, {"isPermaLink": "true" if article.id == link else "false"})
        date = moment(article.date)
        make(item, "pubDate", format_datetime(date)) if date is not None else None
        encoded = etree.SubElement(item, f"{{{CONTENT}}}encoded")
        encoded.text = xml_safe(html_of(article.text))
        _add_limits(item, article)
        return item

    def _add_categories(self, item: Any, record: Record) -> None:
        there = {(node.get("domain"), (node.text or "").strip()) for node in item.iterchildren("{*}category")}
        for subject in subjects(record):
            domain = MEDIA_TOPICS if subject.uri else ""
            if (domain or None, subject.code) not in there:
                make(item, "category", subject.code, {"domain": domain})


class Atom(Rss):
    """Encoder of Atom."""

    format = "atom"

    def _new_feed(self) -> Any:
        from lxml import etree

        root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM, "dcterms": TERMS})
        make(root, "id", "urn:x-summarizer:feed")
        make(root, "title", TITLE)
        make(root, "updated", now())
        make(make(root, "author"), "name", "summarizer")
        return root

    def _new_item(self, record: Record) -> Any:
        from lxml import etree

        article = record.article
        entry = etree.Element(f"{{{ATOM}}}entry", nsmap={None: ATOM, "dcterms": TERMS})
        make(entry, "id", article_uri(article))
        make(entry, "title", article.title)
        make(entry, "updated", iso(article.date) or now())
        link, author = article.fields.get("link"), article.fields.get("author")
        make(entry, "link", "", {"href": link}) if isinstance(link, str) else None
        make(make(entry, "author"), "name", author) if isinstance(author, str) else None
        make(entry, "content", html_of(article.text), {"type": "html"})
        _add_limits(entry, article)
        return entry

    def _add_categories(self, item: Any, record: Record) -> None:
        there = {(node.get("scheme"), node.get("term")) for node in item.iterchildren("{*}category")}
        for subject in subjects(record):
            if (_scheme(subject) or None, subject.code) not in there:
                make(item, "category", "", {"term": subject.code, "scheme": _scheme(subject), "label": subject.name})


def _scheme(subject: Subject) -> str:
    return MEDIA_TOPICS if subject.uri else ""


def _add_limits(item: Any, article: Article) -> None:
    """Say that an article is not for publication, or not yet: feeds have no elements of their own for that."""
    if status(article) not in (None, "usable"):
        _add_term(item, "accessRights", status(article) or "")
    if embargo(article):
        _add_term(item, "available", iso(embargo(article)) or embargo(article) or "")


def _add_term(item: Any, name: str, text: str) -> None:
    """Add an element of Dublin Core."""
    from lxml import etree

    term = etree.Element(f"{{{TERMS}}}{name}", nsmap={"dcterms": TERMS})
    term.text = xml_safe(text)
    place(item, term)


def _has_content(item: Any) -> bool:
    """Tell whether an item's text stands in its content, so that a brief may stand where its summary goes.

    Else its text stands wherever feedparser found it, and a summary would take its place.
    """
    content = item.find(f"{{{ATOM}}}content" if item.tag == f"{{{ATOM}}}entry" else f"{{{CONTENT}}}encoded")
    return content is not None and bool("".join(content.itertext()).strip())


def _add_brief(item: Any, record: Record, name: str) -> None:
    """Add the brief, in the stead of that of an earlier run."""
    if record.brief is None:
        return
    before = [node for node in item.iterchildren(f"{{{TERMS}}}provenance") if CREATOR in (node.text or "")]
    for node in before:
        is_abstract = (node.text or "").startswith("abstract")
        own = child(item, name) if not is_abstract else next(item.iterchildren(f"{{{TERMS}}}abstract"), None)
        take_out(own) if own is not None else None
        take_out(node)
    is_summary = child(item, name) is None and _has_content(item)
    if is_summary:
        make(item, name, record.brief.text)
    else:
        _add_term(item, "abstract", record.brief.text)
    _add_term(
        item, "provenance", f"{name if is_summary else 'abstract'}: {source_type(record.brief)} ({creator(record)})"
    )

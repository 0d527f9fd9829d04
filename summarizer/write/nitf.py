"""Writes NITF, a document a record, one after the other, each with its XML declaration. ``xml_tree`` helps.

A file of one record is an ordinary NITF file; the reader takes a longer one apart again. An article that came as NITF
keeps its document. Added are an ``abstract``, a ``classifier`` for each tag, and a ``meta`` with the abstract's Digital
Source Type; NITF has no place for a tag's confidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from summarizer.documents import moment
from summarizer.records import Record
from summarizer.safe_xml import to_text, xml_safe
from summarizer.write.links import link_nitf
from summarizer.write.news import (
    CREATOR,
    MEDIA_TOPICS,
    creator,
    embargo,
    paragraphs,
    source_type,
    status,
    subjects,
)
from summarizer.write.plain import utf8
from summarizer.write.xml_tree import DECLARATION, after, make, need, own_tree, take_out

NAMESPACE = "http://iptc.org/std/NITF/2006-10-18/"
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
SOURCE_TYPE = "summarizer.abstract.digitalSourceType"
BEFORE_ABSTRACT = ("hedline", "note", "rights", "byline", "distributor", "dateline", "abstract")
BEFORE_DOCDATA = ("title", "meta", "tobject", "iim")


class Nitf:
    """Encoder of NITF."""

    whole_only = False

    def start(self) -> bytes:
        """Return nothing."""
        return b""

    def encode(self, records: Sequence[Record]) -> bytes:
        """Return a document for each record."""
        return utf8(f"{DECLARATION}{to_text(_document(record), whole=True)}\n" for record in records)

    def end(self) -> bytes:
        """Return nothing."""
        return b""


def _document(record: Record) -> Any:
    found = own_tree(record.article, "nitf")
    nitf = _new_document(record) if found is None else found[0]
    if record.tags is not None:
        _add_classifiers(nitf, record)
    if record.brief is not None:
        _add_abstract(nitf, record)
    link_nitf(nitf, record)
    return nitf


def _add_classifiers(nitf: Any, record: Record) -> None:
    for element in list(nitf.iter("{*}classifier")):
        if (element.get("class") or "").startswith(CREATOR):
            take_out(element)
    found = subjects(record)
    if not found:
        return
    docdata = need(need(nitf, "head", ()), "docdata", BEFORE_DOCDATA)
    content = need(docdata, "identified-content", [str(node.tag).rpartition("}")[2] for node in docdata])
    for subject in found:
        scheme = MEDIA_TOPICS if subject.uri else ""
        # Without the topic's name: the standard wants these elements empty.
        attributes = {"type": "subject", "idsrc": scheme, "value": subject.code, "class": creator(record)}
        make(content, "classifier", attributes=attributes)


def _add_abstract(nitf: Any, record: Record) -> None:
    assert record.brief is not None
    head = need(nitf, "head", ())
    body_head = need(need(nitf, "body", ("head",)), "body.head", ())
    for element in list(body_head.iterchildren("{*}abstract")):
        if (element.get("class") or "").startswith(CREATOR):
            take_out(element)
    for element in list(head.iterchildren("{*}meta")):
        if element.get("name") == SOURCE_TYPE:
            take_out(element)
    abstract = make(body_head, "abstract", "", {"class": creator(record)}, at=after(body_head, BEFORE_ABSTRACT))
    make(abstract, "p", record.brief.text)
    attributes = {"name": SOURCE_TYPE, "content": source_type(record.brief)}
    make(head, "meta", "", attributes, at=after(head, ("title", "meta")))


def _new_document(record: Record) -> Any:
    """Return the document of an article that came in another format."""
    from lxml import etree

    article = record.article
    nitf = etree.Element(f"{{{NAMESPACE}}}nitf", nsmap={None: NAMESPACE})
    head = make(nitf, "head")
    make(head, "title", article.title) if article.title else None
    docdata = make(head, "docdata")
    make(docdata, "doc-id", "", {"id-string": article.id})
    urgency = article.fields.get("urgency")
    if isinstance(urgency, int) and 1 <= urgency <= 8:
        make(docdata, "urgency", "", {"ed-urg": str(urgency)})
    date = moment(article.date)
    if date is not None:
        make(docdata, "date.issue", "", {"norm": _norm(date)})
    until = moment(embargo(article))
    if until is not None:
        make(docdata, "date.release", "", {"norm": _norm(until)})
    if until is not None or status(article):
        # Of the formats this one alone has a status for an embargo.
        is_embargo = until is not None and status(article) in (None, "usable")
        docdata.set("management-status", "embargoed" if is_embargo else status(article) or "")
    for name, element, attribute in (("slugline", "du-key", "key"), ("copyrightholder", "doc.copyright", "holder")):
        value = article.fields.get(name)
        make(docdata, element, "", {attribute: value}) if isinstance(value, str) else None
    body = make(nitf, "body")
    body_head = make(body, "body.head")
    if article.title:
        make(make(body_head, "hedline"), "hl1", article.title)
    author = article.fields.get("author")
    make(body_head, "byline", author) if isinstance(author, str) else None
    content = make(body, "body.content")
    if article.language:
        content.set(XML_LANGUAGE, xml_safe(article.language))
    for paragraph in paragraphs(article.text):
        make(content, "p", paragraph)
    return nitf


def _norm(date: datetime) -> str:
    return date.strftime("%Y%m%dT%H%M%S%z").replace("+0000", "Z")

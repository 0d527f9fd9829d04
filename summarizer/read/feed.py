"""RSS and Atom: an item becomes an article; comes after ``xml``. feedparser reads every dialect, broken ones too.

The items' own XML is kept beside what feedparser makes of them, where the feed is well-formed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from summarizer.documents import with_document
from summarizer.read.markup import looks_like_markup, text_of_html
from summarizer.read.xml import XmlFile
from summarizer.records import Article, Failure
from summarizer.safe_xml import XmlFault, local_name, parse_xml, to_text

HOLDERS = ("channel", "feed", "RDF")
"""What the items of a feed lie in."""
PLAIN = "text/plain"
MAX_DEPTH = 2000
"""Tags within tags in a broken feed, at the most; with more of them feedparser takes minutes."""
_CDATA = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_TAG = re.compile(r"<(/?)[A-Za-z][^<>]*?(/?)>")


def read_feed(file: XmlFile) -> Iterator[Article | Failure]:
    """Yield the article, or the failure, of each item.

    :raises XmlFault: feedparser finds no feed in it.
    """
    import feedparser

    root, warnings = _parse(file)
    # Bytes in a stream: feedparser takes a text for the address of a feed, and would fetch it.
    data = io.BytesIO(file.text.lstrip("\ufeff \t\r\n").encode("utf-8", "replace"))
    feed = feedparser.parse(
        data,
        response_headers={"content-type": "application/xml; charset=utf-8"},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not feed.version and not feed.entries:
        raise XmlFault("a feed that cannot be read", "Check that it is RSS or Atom.")
    items, envelope = ([], "") if root is None else _documents(root)
    if items and len(items) != len(feed.entries):
        items, envelope = [], ""
        warnings = ("the feed's own XML was not kept (its items could not be told apart)",)
    format = "atom" if feed.version.startswith("atom") else "rss"
    for number, entry in enumerate(feed.entries, 1):
        document = items[number - 1] if items else ""
        try:
            yield _article(entry, feed.feed, file, number, (format, document, envelope), (*file.warnings, *warnings))
        except XmlFault as fault:
            yield file.source.failure(str(fault), fault.mend, number=number)


def _parse(file: XmlFile) -> tuple[Any, tuple[str, ...]]:
    """Return the root of a feed, or None and what to warn of where it is not well-formed.

    :raises XmlFault: it is nested too deep, or declares entities.
    """
    try:
        return parse_xml(file.text), ()
    except XmlFault as fault:
        depth = most = 0
        for tag in _TAG.finditer(_CDATA.sub("", file.text)):
            depth += -1 if tag[1] else 0 if tag[2] else 1
            most = max(most, depth)
        if most > MAX_DEPTH:
            raise XmlFault(f"a broken feed with tags nested {most} deep, the limit is {MAX_DEPTH}") from fault
        return None, (f"the feed is {fault}; its items were read all the same",)


def _documents(root: Any) -> tuple[list[str], str]:
    """Return the XML of each item of a feed, and that of the feed without them, outside its root element, too."""
    texts = [to_text(item) for item in _items(root)]
    bare = deepcopy(root.getroottree()).getroot()
    for item in _items(bare):
        item.getparent().remove(item)
    return texts, to_text(bare, whole=True)


def _items(root: Any) -> list[Any]:
    return [item for item in root.iter("{*}item", "{*}entry") if local_name(item.getparent()) in HOLDERS]


def _article(
    entry: Any, feed: Any, file: XmlFile, number: int, document: tuple[str, str, str], warnings: tuple[str, ...]
) -> Article | Failure:
    name = entry.get("id") or entry.get("link") or f"{file.source.stem}-{number}"
    text, abstract = _texts(entry)
    if not text:
        what = "an item without description or content"
        return file.source.failure(what, "Leave it out, or fetch its page.", number=number, article=name)
    facts = _facts(entry) | {"abstract": abstract}
    format, content, envelope = document
    fields = with_document(facts, format, content, envelope)
    return Article(
        id=name,
        text=text,
        title=" ".join(_plain(entry.get("title_detail")).split()),
        date=entry.get("published") or entry.get("updated") or None,
        language=_language(entry, feed),
        fields=fields,
        source=file.source.at(number),
        warnings=warnings,
    )


def _texts(entry: Any) -> tuple[str, str]:
    """Return an item's text, which is its content or else its description; and the description where it has both."""
    contents = [text for content in entry.get("content", ()) if (text := _plain(content))]
    summary = _plain(entry.get("summary_detail"))
    if not contents:
        return summary, ""
    text = max(contents, key=len)
    return text, summary if summary != text else ""


def _plain(detail: Any) -> str:
    """Return the text of what feedparser calls a detail: a value with its type."""
    value = (detail or {}).get("value") or ""
    if detail and detail.get("type") == PLAIN and not looks_like_markup(value):
        return str(value.strip())
    return text_of_html(value)


def _facts(entry: Any) -> dict[str, Any]:
    tags = [(tag.get("term"), tag.get("scheme"), tag.get("label")) for tag in entry.get("tags", ())]
    return {
        "author": entry.get("author"),
        "copyrightnotice": entry.get("rights"),
        "link": entry.get("link"),
        "keywords": [label or term for term, scheme, label in tags if (label or term) and not scheme],
        "subjects": [
            {key: value for key, value in (("code", term), ("name", label)) if value}
            for term, scheme, label in tags
            if term and scheme
        ],
    }


def _language(entry: Any, feed: Any) -> str | None:
    named = (*entry.get("content", ()), entry.get("summary_detail"), entry.get("title_detail"))
    own = (detail.get("language") for detail in named if detail)
    return next(filter(None, own), None) or feed.get("language") or None

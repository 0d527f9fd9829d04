"""Small steps in a tree of XML that the writers of NewsML-G2, NITF and feeds share. ``safe_xml`` makes the tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from summarizer.documents import document_of
from summarizer.records import Article
from summarizer.safe_xml import XmlFault, local_name, parse_xml, xml_safe

XHTML = "http://www.w3.org/1999/xhtml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def own_tree(article: Article, format: str) -> tuple[Any, str] | None:
    """Return the root of the document that an article came from, and its envelope; None where it came from elsewhere.

    A document that is no longer XML, after other hands, counts as none.
    """
    found = document_of(article, format, str)
    if found is None:
        return None
    try:
        return parse_xml(found[0]), found[1]
    except XmlFault:
        return None


def make(
    parent: Any, name: str, text: str = "", attributes: Mapping[str, str] | None = None, *, at: int | None = None
) -> Any:
    """Put a new element into another, of its namespace.

    :param attributes: those that are empty are left out.
    :param at: its place among the children; None is the end.
    """
    from lxml import etree

    namespace = etree.QName(parent).namespace
    element = etree.Element(f"{{{namespace}}}{name}" if namespace else name)
    for key, value in (attributes or {}).items():
        if value:
            element.set(key, xml_safe(value))
    element.text = xml_safe(text) or None
    place(parent, element, at)
    return element


def place(parent: Any, element: Any, at: int | None = None) -> None:
    """Put an element into another, indented as the one before it; nothing that is there changes."""
    at = len(parent) if at is None else at
    indentation = parent[at - 1].tail if at else parent.text
    element.tail = indentation if not (indentation or "").strip() else None
    parent.insert(at, element)


def take_out(element: Any) -> None:
    """Take an element out of its parent, with the indentation behind it."""
    parent, before = element.getparent(), element.getprevious()
    text = element.tail if (element.tail or "").strip() else ""
    if text and before is not None:
        before.tail = (before.tail or "") + text
    elif text:
        parent.text = (parent.text or "") + text
    parent.remove(element)


def child(parent: Any, name: str) -> Any:
    """Return the first child of a name, whatever its namespace; None where there is none."""
    return next(parent.iterchildren(f"{{*}}{name}"), None)


def after(parent: Any, names: Sequence[str]) -> int:
    """Return the place behind the last child that has one of some names; 0 where none has."""
    return max((i + 1 for i, node in enumerate(parent) if local_name(node) in names), default=0)


def need(parent: Any, name: str, behind: Sequence[str]) -> Any:
    """Return the child of a name; where there is none, make it behind the children that must come before it."""
    found = child(parent, name)
    return make(parent, name, at=after(parent, behind)) if found is None else found

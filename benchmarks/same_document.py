"""Compares a news document with what became of it on its way through a reader and a writer; ``roundtrip`` asks here.

Nothing of the package is used to take documents apart, so that a fault of its parser cannot hide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

OURS = ("urn:x-summarizer:", "summarizer/")
"""How what the program adds names its maker."""
TERMS = "{http://purl.org/dc/terms/}"
CATALOG = "catalog.IPTC-G2-Standards_41"
ADDED_KEYS = ("subject", "subjects", "descriptions", "description_brief", "associations")
"""Keys of ninjs that a writer may add, or whose lists it may lengthen."""


def parse(data: bytes) -> Any:
    """Return the tree of an XML file; nothing is expanded or fetched.

    Decoded as UTF-8 where it is that, whatever it declares, and Latin-1 as the Windows page that it most often is.

    :raises etree.XMLSyntaxError: it is not well-formed.
    """
    encoding = None
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\0" not in data[:4]:
        try:
            data.decode("utf-8")
            encoding = "utf-8"
        except UnicodeDecodeError:
            encoding = "cp1252" if re.search(rb"encoding=.(?i:iso-8859-1|us-ascii)[\"']", data[:100]) else None
    parser = etree.XMLParser(
        encoding=encoding, resolve_entities=False, load_dtd=False, no_network=True, strip_cdata=False
    )
    return etree.fromstring(data.lstrip(b" \t\r\n"), parser).getroottree()


def items_of(tree: Any) -> list[Any]:
    """Return the elements that a reader makes one entry of each: of a message, a feed, or the root itself."""
    root = tree.getroot()
    name = local(root)
    if name == "newsMessage":
        return [node for group in root.iterchildren("{*}itemSet") for node in group if local(node)]
    if name in ("rss", "RDF", "feed"):
        holders = ("channel", "feed", "RDF")
        return [node for node in root.iter("{*}item", "{*}entry") if local(node.getparent()) in holders]
    return [root]


def without_items(tree: Any) -> Any:
    """Return what stands around the items; the root of a document that is its own item counts as an item."""
    items = items_of(tree)
    if items == [tree.getroot()]:
        return etree.Element("none")
    for item in items:
        item.getparent().remove(item)
    return tree.getroot()


def xml_changes(before: Any, after: Any, added: frozenset[str], path: str = "") -> Iterator[str]:
    """Yield in words what an element lost or what changed in it, apart from what the program adds.

    :param added: codes of tags, and texts, that are the program's own where no maker is named: feeds.
    """
    path = f"{path}/{local(before) or 'node'}"
    if before.tag != after.tag or before.prefix != after.prefix:
        yield f"{path}: became {local(after) or 'another node'}"
        return
    if dict(before.attrib) != dict(after.attrib):
        yield f"{path}: attributes {dict(before.attrib)} -> {dict(after.attrib)}"
    if not local(before) and str(before) != str(after):
        yield f"{path}: {before!s:.80} -> {after!s:.80}"
    if dict(before.nsmap).items() - dict(after.nsmap).items():
        yield f"{path}: prefixes {before.nsmap} -> {after.nsmap}"
    if squeezed(before.text) != squeezed(after.text):
        yield f"{path}: text {before.text!r:.80} -> {after.text!r:.80}"
    old = list(before)
    new = without_ours(list(after), old, added)
    if [str(node.tag) for node in old] != [str(node.tag) for node in new]:
        yield f"{path}: children {[local(node) for node in old]} -> {[local(node) for node in new]}"
        return
    for one, other in zip(old, new, strict=True):
        yield from xml_changes(one, other, added, path)
        if squeezed(one.tail) != squeezed(other.tail):
            yield f"{path}: text behind {local(one)} {one.tail!r:.80} -> {other.tail!r:.80}"


def without_ours(nodes: list[Any], old: list[Any], added: frozenset[str]) -> list[Any]:
    """Return the children that an element has now, without those that the program put there.

    That is: what names the program as its maker, and where none is in ``old``, a catalog, and what holds nothing else.
    """
    before = [node.tag for node in old]
    kept = []
    for node in nodes:
        is_new = node.tag not in before
        is_catalog = local(node) == "catalogRef" and CATALOG in (node.get("href") or "")
        more = is_catalog and sum(one.tag == node.tag for one in nodes) > before.count(node.tag)
        if not (is_ours(node, added) or more or (is_new and is_holder(node, added))):
            kept.append(node)
    return kept


def is_holder(node: Any, added: frozenset[str]) -> bool:
    """Tell whether an element holds nothing but what the program put there."""
    inner = [is_ours(child, added) or is_holder(child, added) for child in node]
    return bool(inner) and all(inner) and not node.attrib and not squeezed(node.text)


def around(tree: Any) -> tuple[Any, ...]:
    """Return what stands outside the root element: document type, comments and instructions."""
    root = tree.getroot()
    before, behind = root.itersiblings(preceding=True), root.itersiblings()
    return tree.docinfo.doctype, [str(node) for node in before], [str(node) for node in behind]


def squeezed(text: str | None) -> str:
    """Return a text as it is, but none for one of blanks alone: indentation."""
    return text if text is not None and text.strip() else ""


def is_ours(node: Any, added: frozenset[str]) -> bool:
    """Tell whether the program put a node there, by the maker that it names."""
    if not local(node):
        return False
    marks = [node.get(name) or "" for name in ("creatoruri", "class")]
    if any(mark.startswith(OURS) for mark in marks) or (node.get("name") or "").startswith("summarizer."):
        return True
    if node.tag in (f"{TERMS}abstract", f"{TERMS}provenance") or (node.get("term") or "") in added:
        return True
    return local(node) in ("category", "description", "summary") and (node.text or "") in added


def json_changes(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Yield in words what a JSON value lost or what changed in it; lists may have grown, objects have more keys."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            if key not in after:
                yield f"{path}/{key}: gone"
            else:
                yield from json_changes(value, after[key], f"{path}/{key}")
        if not path:
            more = [key for key in after if key not in before and key not in ADDED_KEYS]
            yield from (f"/{key}: added" for key in more)
    elif isinstance(before, list) and isinstance(after, list) and len(after) >= len(before):
        for i, value in enumerate(before):
            yield from json_changes(value, after[i], f"{path}/{i}")
    elif json.dumps(before) != json.dumps(after):
        yield f"{path}: {before!r:.80} -> {after!r:.80}"


def local(node: Any) -> str:
    """Return an element's name without its namespace; empty for a comment or an instruction."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""

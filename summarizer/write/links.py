"""Where each news format says which earlier story a record repeats or updates. The formats' own modules ask here.

NewsML-G2 and ninjs 3 have a place for what the earlier one is to this: its ``previousVersion``, or ``seeAlso`` where it
says all that this one says. None of the formats can say what changed. What an earlier run said is replaced; where this
run found no link, or did not look, it stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from summarizer.records import LinkKind, Record
from summarizer.safe_xml import xml_safe
from summarizer.write.news import CREATOR, CREATOR_URI, article_uri, creator, creator_uri
from summarizer.write.xml_tree import after, make, need, place, take_out

RELATIONS: dict[LinkKind, str] = {"updates": "previousVersion", "same_as": "seeAlso"}
"""What the IPTC's vocabulary calls the earlier story."""
ITEM_RELATIONS = "http://cv.iptc.org/newscodes/itemrelation/"
HOW = "http://cv.iptc.org/newscodes/howextracted/tool"
ATOM = "http://www.w3.org/2005/Atom"
NAMES = {kind: f"summarizer_{kind}" for kind in RELATIONS}
"""Of the association in ninjs."""
METAS = {kind: f"summarizer.{kind}" for kind in RELATIONS}
"""Of the ``meta`` in NITF."""
BEHIND_LINKS = ("itemMetaExtProperty",)


def link_ninjs(item: dict[str, Any], record: Record, version: int) -> None:
    """Put the earlier story among the ``associations`` of an item of a version of ninjs; only 3 knows ``rel``."""
    link = record.link
    if link is None:
        return
    entry = {"uri": _uri(record), **({"version": link.version_was} if link.version_was else {})}
    there = item.get("associations")
    if version == 1:
        kept = dict(there) if isinstance(there, dict) else {}
        named = {name: value for name, value in kept.items() if name not in NAMES.values()}
        item["associations"] = {**named, NAMES[link.kind]: entry}
        return
    if version == 3:
        entry["rel"] = RELATIONS[link.kind]
    entries = there if isinstance(there, list) else [] if there is None else [there]
    others = [one for one in entries if not (isinstance(one, dict) and one.get("name") in NAMES.values())]
    item["associations"] = [*others, {"name": NAMES[link.kind], **entry}]


def link_newsml(item: Any, record: Record, before_meta: Sequence[str]) -> None:
    """Put a ``link`` into the ``itemMeta`` of a NewsML-G2 item.

    :param before_meta: names of the elements that stand before ``itemMeta``.
    """
    link = record.link
    if link is None:
        return
    meta = need(item, "itemMeta", before_meta)
    for element in list(meta.iterchildren("{*}link")):
        if (element.get("creatoruri") or "").startswith(CREATOR_URI):
            take_out(element)
    version = link.version_was
    attributes = {
        "reluri": ITEM_RELATIONS + RELATIONS[link.kind],
        "residref": link.id,
        "version": version if version.isdecimal() and int(version) > 0 else "",
        "creatoruri": creator_uri(record),
        "howuri": HOW,
    }
    own = meta.tag.rpartition("}")[0]
    names = [node.tag.rpartition("}")[2] for node in meta if isinstance(node.tag, str) and node.tag.startswith(own)]
    make(meta, "link", "", attributes, at=after(meta, [name for name in names if name not in BEHIND_LINKS]))


def link_nitf(nitf: Any, record: Record) -> None:
    """Put a ``meta`` into the head of an NITF document, which has no element for it."""
    if record.link is None:
        return
    head = need(nitf, "head", ())
    for element in list(head.iterchildren("{*}meta")):
        if element.get("name") in METAS.values():
            take_out(element)
    attributes = {"name": METAS[record.link.kind], "content": record.link.id}
    make(head, "meta", "", attributes, at=after(head, ("title", "meta")))


def link_feed(item: Any, record: Record) -> None:
    """Put a ``link`` of Atom, to what is related, into an item of RSS or Atom; its title says how."""
    from lxml import etree

    if record.link is None:
        return
    for element in list(item.iterchildren(f"{{{ATOM}}}link")):
        if f"({CREATOR}" in (element.get("title") or ""):
            take_out(element)
    element = etree.Element(f"{{{ATOM}}}link", nsmap=None if item.nsmap.get(None) == ATOM else {"atom": ATOM})
    element.set("rel", "related")
    element.set("href", xml_safe(_uri(record)))
    element.set("title", f"{record.link.kind} ({creator(record)})")
    place(item, element)


def _uri(record: Record) -> str:
    """Return the earlier story's id as an address."""
    assert record.link is not None
    return article_uri(replace(record.article, id=record.link.id))

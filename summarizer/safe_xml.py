"""XML without its dangers: no entities of a document's own, no DTD, no network. Used by ``read`` and by ``write``.

lxml keeps prefixes, comments and the document type, which a round trip needs; expat looks at the prolog first, so that
a document which declares entities is refused before anything could expand them.
"""

from __future__ import annotations

import html
import re
from typing import Any
from xml.parsers import expat

FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot carry, not even escaped."""
PIECE_BYTES = 4096
_ENTITIES_MEND = "Have them written out; entities that a document declares itself are never expanded."


class XmlFault(ValueError):
    """What is wrong with a document, in words that stand well after ``where:``, and the mend."""

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(what)
        self.mend = mend


class _RootFoundError(Exception):
    """Ends the look at the prolog."""


def root_name(text: str) -> tuple[str, str]:
    """Return namespace and name of the root element; only the prolog is read.

    :raises XmlFault: the document declares entities, or has no root element.
    """
    parser = expat.ParserCreate("utf-8", " ")
    found: list[str] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        found.append(name)
        raise _RootFoundError

    def refuse(name: str, *_: object) -> None:
        raise XmlFault(f"declares entities of its own ('{name}')", _ENTITIES_MEND)

    parser.StartElementHandler = start
    parser.EntityDeclHandler = refuse
    data = _encode(text)
    try:
        # In pieces: expat goes on to the end of what it was given, whatever a handler raises.
        for start_of_piece in range(0, len(data), PIECE_BYTES):
            parser.Parse(data[start_of_piece : start_of_piece + PIECE_BYTES], False)
        parser.Parse(b"", True)
    except _RootFoundError:
        namespace, _, name = found[0].rpartition(" ")
        return namespace, name
    except expat.ExpatError as error:
        raise XmlFault(f"not XML ({error})", "Fetch the file again, or mend it.") from error
    raise XmlFault("not XML (there is no element in it)")


def parse_xml(text: str) -> Any:
    """Return the root element (of lxml) of a document.

    Entities of HTML that a document type somewhere else may declare stay in the tree as they are; see ``entity_text``.

    :raises XmlFault: it is not well-formed, is nested more than 256 deep, or declares entities.
    """
    from lxml import etree

    root_name(text)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        strip_cdata=False,
    )
    try:
        root = etree.fromstring(_encode(text), parser)
    except etree.XMLSyntaxError as error:
        what = str(error).split(" (<string>")[0]
        raise XmlFault(f"not well-formed XML ({what[0].lower()}{what[1:]})", "Mend it where it is made.") from error
    return root


def local_name(element: Any) -> str:
    """Return an element's name without namespace; empty for a comment, an instruction or an entity."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def entity_text(name: str) -> str:
    """Return the character that an unexpanded ``&nbsp;`` stands for, as in HTML; the reference itself where none is."""
    return html.unescape(name)


def to_text(element: Any, *, whole: bool = False) -> str:
    """Return an element as XML, with the namespaces that are in scope and without a declaration.

    :param whole: what stands before and after the root element too: comments, instructions, the document type.
    """
    from lxml import etree

    node = element.getroottree() if whole else element
    return str(etree.tostring(node, encoding="unicode", with_tail=False))


def xml_safe(text: str) -> str:
    """Put U+FFFD for each character that XML cannot carry; one for one, so that spans stay right."""
    return FORBIDDEN.sub("\ufffd", text)


def _encode(text: str) -> bytes:
    return text.lstrip("\ufeff \t\r\n").encode("utf-8", "replace")

"""Text out of HTML, XHTML and NITF: a paragraph a block element, with blank lines between. The XML readers use it.

For pieces of markup that are known to be the article. trafilatura, which looks for an article in a whole page, leaves
out of a short piece what does not look like running text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from summarizer.safe_xml import XmlFault, entity_text, local_name

BLOCKS = frozenset(
    (
        "address", "article", "aside", "bdy", "block", "blockquote", "body", "body.content", "bq", "byttl", "caption",
        "center", "dd", "div", "dl", "dt", "fieldset", "fn", "form", "h1", "h2", "h3", "h4", "h5", "h6", "hedline",
        "hl1", "hl2", "hr", "li", "main", "note", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot",
        "thead", "tr", "ul",
    )
)  # fmt: skip
"""Elements that begin and end a paragraph."""
LEFT_OUT = frozenset(
    (
        "audio", "figure", "footer", "head", "header", "iframe", "img", "math", "media", "nav", "noscript", "object",
        "picture", "script", "style", "svg", "template", "title", "video",
    )
)  # fmt: skip
"""Elements that hold no sentence of the story; captions belong to the picture."""
CELLS = frozenset(("td", "th"))
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]\w+);")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def looks_like_markup(text: str) -> bool:
    """Tell whether a text has tags or character references in it."""
    return _MARKUP.search(text) is not None


def text_of_html(markup: str) -> str:
    """Return the text of a piece of HTML, however broken.

    :raises XmlFault: it is nested so deep that the parser gives up.
    """
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    data = f"<div>{_DECLARATION.sub('', markup)}</div>".replace("\0", "").encode("utf-8", "replace")
    root = etree.fromstring(data, parser)
    if any("depth" in entry.message for entry in parser.error_log.filter_from_fatals()):
        raise XmlFault("HTML that is nested more than 256 deep")
    return "" if root is None else text_of(root)


def text_of(element: Any) -> str:
    """Return the text in an element (of lxml), paragraphs with a blank line between them."""
    paragraphs: list[str] = []
    for lines in _paragraphs(element):
        text = "\n".join(line for line in lines if line)
        if text:
            paragraphs.append(text)
    return "\n\n".join(paragraphs)


def without_title(text: str, title: str) -> str:
    """Return a text without the headline that it opens with; it is the article's title already."""
    rest = text.removeprefix(title)
    return rest.lstrip() if title and rest.strip() and rest[:1].isspace() else text


def one_line(element: Any) -> str:
    """Return the text in an element on one line; empty for None."""
    return "" if element is None else " ".join(text_of(element).split())


def _paragraphs(element: Any) -> Iterator[list[str]]:
    """Yield the lines of each paragraph."""
    current: list[str] = []
    kept: list[str] = []  # lines of <pre>, and those before a <br>
    pre_depth = 0

    def close_line() -> None:
        kept.append(_SPACE.sub(" ", "".join(current)).strip(" "))
        current.clear()

    for event, node in _walk(element):
        name = local_name(node) if event != "text" else ""
        if event == "text":
            pieces = node.split("\n") if pre_depth else [node]
            for i, piece in enumerate(pieces):
                if i:
                    close_line()
                current.append(piece)
        elif name == "br":
            close_line() if event == "start" else None
        elif name in CELLS:
            current.append(" ")
        elif name in BLOCKS:
            close_line()
            yield list(kept)
            kept.clear()
            pre_depth += (1 if event == "start" else -1) if name == "pre" else 0
    close_line()
    yield kept


def _walk(element: Any) -> Iterator[tuple[str, Any]]:
    """Yield ("start", element), ("text", str) and ("end", element) in document order; without recursion."""
    from lxml import etree

    walker = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, node in walker:
        name = local_name(node)
        if event == "start" and name in LEFT_OUT and node is not element:
            walker.skip_subtree()
        elif event == "start" and name:
            yield event, node
            if node.text:
                yield "text", node.text
        elif event != "start":
            if name and (name not in LEFT_OUT or node is element):
                yield event, node
            elif node.tag is etree.Entity:
                yield "text", entity_text(node.text)
            if node.tail and node is not element:
                yield "text", node.tail

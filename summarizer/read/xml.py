"""Any XML file: decoded, and handed to the reader that its root element asks for. Comes after ``lines``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from summarizer.errors import ArticleError
from summarizer.read.lines import read_whole
from summarizer.read.options import InputOptions
from summarizer.read.source import Source
from summarizer.records import Article, Failure
from summarizer.safe_xml import XmlFault, root_name

G2_ITEMS = ("newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem")
ROOTS = {
    **dict.fromkeys(("newsMessage", *G2_ITEMS), "newsml-g2"),
    "nitf": "nitf",
    **dict.fromkeys(("rss", "feed", "RDF"), "feed"),
}
"""Which format a root element stands for."""
READERS = {"newsml-g2": "newsml:read_newsml", "nitf": "nitf:read_nitf", "feed": "feed:read_feed"}
OTHERS = {
    "NewsML": "NewsML 1, which is not read (NewsML-G2 is)",
    "html": "a web page",
}
"""Root elements that deserve a word of their own."""
_DECLARED = re.compile(rb"<\?xml[^>]{1,100}encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})")


@dataclass(frozen=True, slots=True)
class XmlFile:
    """A file's text, decoded: what its XML declaration says of the encoding is done with.

    :param warnings: what reading has to say.
    """

    source: Source
    text: str
    warnings: tuple[str, ...]


def read_xml(source: Source, options: InputOptions) -> Iterator[Article | Failure]:
    """Yield the articles of a NewsML-G2, NITF, RSS or Atom file, in their order.

    :raises ArticleError: the file is not XML, not in the format that was named, or in one that is not read.
    """
    with source.open() as stream:
        text, warnings = read_whole(source, stream, options.encoding, declared=_declared)
    file = XmlFile(source, text, warnings)
    format = _format(file)
    module, function = READERS[format].split(":")
    reader = cast(
        "Callable[[XmlFile], Iterator[Article | Failure]]",
        getattr(import_module(f"{__package__}.{module}"), function),
    )
    try:
        yield from reader(file)
    except XmlFault as fault:
        raise ArticleError(source.at(), str(fault), fault.mend) from fault


def _format(file: XmlFile) -> str:
    """Return the format of a file.

    :raises ArticleError: it is none that is read here, or not the one that the user named.
    """
    named = file.source.format
    try:
        name = root_name(file.text)[1]
    except XmlFault as fault:
        raise ArticleError(file.source.at(), str(fault), fault.mend) from fault
    found = ROOTS.get(name)
    if found is None:
        known = "Known: NewsML-G2 (newsItem, newsMessage), NITF (nitf), RSS (rss, RDF) and Atom (feed)."
        what = f"the root element <{name}> stands for {OTHERS.get(name, 'no format that is read')}"
        raise ArticleError(
            file.source.at(), what, "Set input.format to html, or name it .html." if name == "html" else known
        )
    if named not in ("xml", found):
        what = f"the root element <{name}> is that of {found}, not {named}"
        raise ArticleError(file.source.at(), what, "Set input.format to xml to go by the root element.")
    return found


def _declared(data: bytes) -> str | None:
    found = _DECLARED.search(data[:200])
    if found is None:
        return None
    name = found[1].decode("ascii").lower()
    try:
        "".encode(name)
    except LookupError:
        return None
    return "cp1252" if name in ("iso-8859-1", "latin-1", "us-ascii", "ascii") else name

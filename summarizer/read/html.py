"""Saved web pages, one article a file; trafilatura finds it. Comes after ``lines``, before ``rows``.

``Article.text`` is what trafilatura takes the article to be: spans of evidence count in that text, not in the page.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any

from summarizer.errors import ArticleError
from summarizer.read.lines import read_whole
from summarizer.read.options import InputOptions
from summarizer.read.rows import to_article
from summarizer.read.source import Source
from summarizer.records import Article, Failure

FIELDS = ("author", "sitename", "url", "description")
"""What a page says of itself and is passed on beside title and date."""
_CHARSET = re.compile(rb"<meta[^>]{1,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
HEAD_BYTES = 4096
"""How far into a page its declaration of an encoding is looked for."""


def read_html(source: Source, options: InputOptions) -> Iterator[Article | Failure]:
    """Yield the one article of a page, or the failure to find any."""
    with source.open() as stream:
        page, warnings = read_whole(source, stream, options.encoding, declared=_declared)
    found = _extract(page)
    if found is None:
        raise ArticleError(source.at(), "no article was found in the page", "Save its text as a .txt file.")
    names = options.fields
    title = found.title or ""
    text = found.text.removeprefix(title).lstrip() if title else found.text  # the page's headline is its title already
    row = {names.text: text, names.title: title, names.date: found.date}
    row |= {name: getattr(found, name) for name in FIELDS if getattr(found, name)}
    yield to_article(row, source, names, warnings=warnings)


def _extract(page: str) -> Any:
    """Return what trafilatura finds, or None; dates only where the page states them, never guessed from its text."""
    from trafilatura import bare_extraction

    # lxml refuses text that declares an encoding of its own.
    page = _DECLARATION.sub("", page)
    dates = {"extensive_search": False, "original_date": True}
    found = bare_extraction(page, with_metadata=True, include_comments=False, date_extraction_params=dates)
    return found if found is not None and (found.text or "").strip() else None


def _declared(data: bytes) -> str | None:
    """Return the encoding that a page says it is in, if there is such a one; as browsers do, cp1252 for Latin-1."""
    found = _CHARSET.search(data[:HEAD_BYTES])
    if found is None:
        return None
    try:
        codec = codecs.lookup(found[1].decode("ascii")).name
    except LookupError:
        return None
    return "cp1252" if codec in ("iso8859-1", "ascii") else codec

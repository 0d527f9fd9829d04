"""Plain text and Markdown, one article a file. Comes after ``lines``, before ``rows`` (wire messages: ``wire``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from summarizer.read.lines import read_whole
from summarizer.read.options import InputOptions
from summarizer.read.rows import to_article
from summarizer.read.source import Source
from summarizer.read.wire import is_wire, wire_articles
from summarizer.records import Article, Failure

_FRONT_MATTER = re.compile(r"\s*---[ \t]*\r?\n(.*?\r?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.DOTALL)
_HEADING = re.compile(r"\s*(?:#[ \t]+([^\r\n]*?)[ \t#]*|([^\s#][^\r\n]*?)[ \t]*\r?\n=+[ \t]*)(?:\r?\n\s*|$)")


def read_text(source: Source, options: InputOptions) -> Iterator[Article | Failure]:
    """Yield the one article of a text file; its text is the file as it is, its id the file's stem.

    A file that begins as a wire message does is read as one, unless the format was named.
    """
    with source.open() as stream:
        text, warnings = read_whole(source, stream, options.encoding)
    if options.format == "auto" and is_wire(text):
        yield _only(list(wire_articles(text, source, warnings)), source)
        return
    yield to_article({options.fields.text: text}, source, options.fields, warnings=warnings)


def _only(messages: list[Article | Failure], source: Source) -> Article | Failure:
    """Return the one message of a file; a text file counts as one article, so several are a failure."""
    if len(messages) == 1:
        return messages[0]
    return source.failure(f"{len(messages)} wire messages in a text file", "Set input.format to iptc7901.")


def read_markdown(source: Source, options: InputOptions) -> Iterator[Article | Failure]:
    """Yield the one article of a Markdown file.

    A heading of the first level at the top becomes the title, YAML between ``---`` lines above it becomes fields; the
    text is what follows, its markup left as it is.
    """
    with source.open() as stream:
        text, warnings = read_whole(source, stream, options.encoding)
    row, text = _front_matter(text)
    heading = _HEADING.match(text)
    if heading is not None:
        row.setdefault(options.fields.title, heading[1] or heading[2] or "")
        text = text[heading.end() :]
    yield to_article(row | {options.fields.text: text}, source, options.fields, warnings=warnings)


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Return the fields at the top of a Markdown file and the text below; all is text where they cannot be read."""
    found = _FRONT_MATTER.match(text)
    if found is None:
        return {}, text
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        fields = YAML(typ="safe", pure=True).load(found[1])
    except (YAMLError, ValueError):  # ValueError: a date such as 2026-13-45
        return {}, text
    return (
        ({str(name): value for name, value in fields.items()}, text[found.end() :])
        if isinstance(fields, dict)
        else ({}, text)
    )

"""The read stage: whatever holds articles in, articles out. Comes first; ``clean`` comes next.

A new format is one file beside this one with a function like the others, and one line in ``FORMATS``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import BinaryIO, cast

from summarizer.errors import ArticleError, InputError, UsageError
from summarizer.read.count import SINGLE, count_sources
from summarizer.read.dataset import is_saved_dataset
from summarizer.read.files import find_files
from summarizer.read.national import register
from summarizer.read.options import FieldNames, InputOptions
from summarizer.read.source import Source
from summarizer.records import Article, Failure

Reader = Callable[[Source, InputOptions], Iterator[Article | Failure]]
"""Yields the articles of one source in their order, and a failure in the place of each that cannot be read. Raises
``ArticleError`` where the rest of the source cannot be read, ``InputError`` where it cannot be opened."""


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is read.

    :param reader: ``module:function`` in this package; imported when it is first used.
    :param endings: the file endings that stand for it, each also with ``.gz`` behind it.
    :param is_streamable: whether it can be read from standard input.
    """

    reader: str
    endings: tuple[str, ...] = ()
    is_streamable: bool = True

    def load(self) -> Reader:
        """Import the reader."""
        module, function = self.reader.split(":")
        return cast(Reader, getattr(import_module(f"{__name__}.{module}"), function))


FORMATS = {
    "jsonl": Format("jsonl:read_jsonl", (".jsonl", ".ndjson", ".json")),
    "csv": Format("delimited:read_delimited", (".csv",)),
    "tsv": Format("delimited:read_delimited", (".tsv", ".tab")),
    "parquet": Format("parquet:read_parquet", (".parquet", ".pq"), is_streamable=False),
    "text": Format("text:read_text", (".txt", ".text")),
    "markdown": Format("text:read_markdown", (".md", ".markdown")),
    "html": Format("html:read_html", (".html", ".htm", ".xhtml")),
    "ninjs": Format("jsonl:read_jsonl", (".ninjs",)),  # and among .json and JSON lines, where it is known by its keys
    "xml": Format("xml:read_xml", (".xml",)),  # the format that the root element stands for
    "newsml-g2": Format("xml:read_xml", (".newsml",)),
    "nitf": Format("xml:read_xml", (".nitf",)),
    "feed": Format("xml:read_xml", (".rss", ".atom", ".rdf")),
    "iptc7901": Format("wire:read_wire", (".iptc", ".anpa", ".tst")),
    "dataset": Format("dataset:read_dataset", is_streamable=False),
}
ENDINGS = {ending: name for name, known in FORMATS.items() for ending in known.endings}

register()

__all__ = ["FORMATS", "FieldNames", "InputOptions", "count_articles", "find_sources", "read", "take_articles"]


def read(options: InputOptions, *, stdin: BinaryIO | None = None, skip: int = 0) -> Iterator[Article | Failure]:
    """Read articles one by one, in the order of the input; files in the order of their paths.

    Memory does not grow with the input. What cannot be read becomes a ``Failure`` in its place and reading goes on.

    :param stdin: what to read for ``-``; the process's own standard input where None. It is read line by line.
    :param skip: articles and failures to leave out at the beginning; ``options.limit`` counts what comes after. A file
        that holds one article is left out unopened.
    :return: articles, at most ``options.limit`` of them, and failures.
    :raises InputError: nothing is there, or the one thing named cannot be opened.
    :raises UsageError: the encoding is unknown, or the format cannot be read from standard input.
    """
    _check_encoding(options.encoding)
    sources = find_sources(options, stdin)
    return take_articles(_after(skip, sources, options), options.limit)


def count_articles(options: InputOptions) -> int | None:
    """Return how many articles ``read`` will come to, for a progress bar; None where finding out is dear.

    :raises InputError: as ``read`` does.
    """
    if options.path == "-" or options.format == "dataset":
        return None
    count = count_sources(find_sources(options))
    return count if count is None or options.limit is None else min(count, options.limit)


def find_sources(options: InputOptions, stdin: BinaryIO | None = None) -> list[Source | Failure]:
    """Return what to read, in order; a failure stands for a file that is in no known format.

    :raises InputError: nothing is there.
    :raises UsageError: the format cannot be read from standard input.
    """
    path = os.path.expanduser(options.path)
    if path == "-":
        format = "jsonl" if options.format == "auto" else options.format
        if not FORMATS[format].is_streamable:
            raise UsageError("input.format", f"{format} cannot be read from standard input", "Name a file or folder.")
        return [Source("stdin", format, sys.stdin.buffer if stdin is None else stdin)]
    if options.format == "dataset" or (options.format == "auto" and is_saved_dataset(path)):
        return [Source(path, "dataset")]
    return find_files(path, options.format, ENDINGS)


def take_articles(items: Iterator[Article | Failure], limit: int | None) -> Iterator[Article | Failure]:
    """Yield at most ``limit`` articles (None: all), and the failures between them."""
    left = limit
    if left is not None and left <= 0:
        return
    for item in items:
        yield item
        if left is not None and isinstance(item, Article):
            left -= 1
            if left == 0:
                return


def _after(skip: int, sources: list[Source | Failure], options: InputOptions) -> Iterator[Article | Failure]:
    """Yield what the sources hold beyond the first ``skip`` articles and failures."""
    for source in sources:
        if skip and (isinstance(source, Failure) or source.format in SINGLE):
            skip -= 1
            continue
        for item in [source] if isinstance(source, Failure) else _read_source(source, options):
            if skip:
                skip -= 1
                continue
            yield item


def _read_source(source: Source, options: InputOptions) -> Iterator[Article | Failure]:
    """Read one source to its end, or to where it breaks off.

    :raises InputError: it cannot be opened, and it is what the user named rather than one of many.
    """
    is_silent = True
    try:
        for entry in FORMATS[source.format].load()(source, options):
            is_silent = False
            yield entry
    except (ArticleError, InputError) as error:
        if isinstance(error, InputError) and source.name == os.path.expanduser(options.path):
            raise
        is_silent = False
        yield Failure(error.fault.where, "read", error.fault.what, error.fault.mend)
    if is_silent:
        yield source.failure("holds no articles")


def _check_encoding(name: str) -> None:
    if name == "auto":
        return
    try:
        " ".encode(name)
    except LookupError as error:  # not known, or no encoding of text (rot13)
        raise UsageError(
            "input.encoding", f"unknown encoding '{name}'", "Use auto, utf-8, latin-1, cp1252 or the like."
        ) from error

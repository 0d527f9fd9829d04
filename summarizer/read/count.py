"""Counts the articles that are to come, for a progress bar; only where that is cheap."""

from __future__ import annotations

import os
from collections.abc import Sequence

from summarizer.read.source import Source
from summarizer.records import Failure

SINGLE = ("text", "markdown", "html")
MOST_BYTES = 2 << 30
"""Line files above this are not counted: a bar is not worth the seconds."""


def count_sources(sources: Sequence[Source | Failure]) -> int | None:
    """Return how many articles or failures to expect, or None where finding out is dear."""
    counts = [1 if isinstance(source, Failure) else _count(source) for source in sources]
    return None if None in counts else sum(count for count in counts if count is not None)


def _count(source: Source) -> int | None:
    if source.format in SINGLE:
        return 1
    is_lines = source.format == "jsonl" and source.name.endswith((".jsonl", ".ndjson"))
    if not is_lines or not os.path.isfile(source.name) or os.path.getsize(source.name) > MOST_BYTES:
        return None
    try:
        with open(source.name, "rb") as file:
            blocks = iter(lambda: file.read(1 << 20), b"")
            return sum(block.count(b"\n") for block in blocks)
    except OSError:  # the reader says it better
        return None

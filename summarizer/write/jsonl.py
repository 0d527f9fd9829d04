"""Writes JSON lines: ``Record.to_dict()``, one record a line, UTF-8; nothing is left out. ``plain`` comes before it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from summarizer.records import Failure, Record
from summarizer.write.plain import plain, utf8

# Legal inside a JSON text, but many programs break lines at them.
LINE_BREAKS = "\u0085\u2028\u2029"
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


class JsonLines:
    """Encoder of JSON lines."""

    whole_only = False

    def start(self) -> bytes:
        """Return nothing."""
        return b""

    def encode(self, records: Sequence[Record]) -> bytes:
        """Return a line for each record."""
        return utf8(map(record_line, records))

    def end(self) -> bytes:
        """Return nothing."""
        return b""


def failure_lines(failures: Iterable[Failure]) -> bytes:
    """Return a line for each failure, as the file of failures holds them."""
    return utf8(json_line(failure.to_dict()) for failure in failures)


def record_line(record: Record) -> str:
    """Return a record as one line of JSON; of its values only the input's fields may need ``plain``."""
    row = record.to_dict()
    if "fields" in row:
        row["fields"] = plain(row["fields"], depth=1)
    try:
        return _line(row)
    except ValueError:  # a probability that is no number
        return json_line(row)


def json_line(row: dict[str, Any]) -> str:
    """Return a value that ``plain`` makes writable as one line of JSON, with its line break."""
    return _line(plain(row))


def _line(row: dict[str, Any]) -> str:
    line = _ENCODER.encode(row)
    for char in LINE_BREAKS:
        if char in line:
            line = line.replace(char, f"\\u{ord(char):04x}")
    return line + "\n"

"""Writes JSON lines: ``Record.to_dict()``, one record a line, UTF-8; nothing is left out. ``plain`` comes before it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from summarizer.records import Failure, Record
from summarizer.write.plain import plain, utf8

# Legal inside a JSON text, but many programs break lines at them.
LINE_BREAK = re.compile("[\u0085\u2028\u2029]")


class JsonLines:
    """Encoder of JSON lines."""

    whole_only = False

    def start(self) -> bytes:
        """Return nothing."""
        return b""

    def encode(self, records: Sequence[Record]) -> bytes:
        """Return a line for each record."""
        return utf8(json_line(record.to_dict()) for record in records)

    def end(self) -> bytes:
        """Return nothing."""
        return b""


def failure_lines(failures: Iterable[Failure]) -> bytes:
    """Return a line for each failure, as the file of failures holds them."""
    return utf8(json_line(failure.to_dict()) for failure in failures)


def json_line(row: dict[str, Any]) -> str:
    """Return a value that ``plain`` makes writable as one line of JSON, with its line break."""
    line = json.dumps(plain(row), ensure_ascii=False, allow_nan=False)
    return LINE_BREAK.sub(lambda match: f"\\u{ord(match[0]):04x}", line) + "\n"

"""Turns whatever an input field may hold into what JSON and UTF-8 can carry; used by every output format."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

MAX_DEPTH = 64
"""Lists in lists beyond this are cut off, in words: readers of JSON have limits of their own."""
TOO_DEEP = f"(left out: nested more than {MAX_DEPTH} deep)"

LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def plain(value: Any, depth: int = 0) -> Any:
    """Return a value that ``json.dumps`` writes as strict JSON and that encodes as UTF-8.

    Dates and times become ISO 8601 text, durations seconds, ``Decimal`` text with all its digits, bytes text where they
    are UTF-8 and base64 elsewhere, NaN and infinities null, arrays and sets lists, keys text, all else ``str()``.
    """
    if isinstance(value, str):  # the most frequent first: a record holds a hundred values
        return well_formed(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if depth >= MAX_DEPTH:
        return TOO_DEEP
    if isinstance(value, Mapping):
        return {well_formed(str(key)): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item, depth + 1) for item in value]
    if hasattr(value, "tolist"):  # arrays and scalars of numpy, tensors of torch
        return plain(value.tolist(), depth + 1)
    return _text(value)


def _text(value: Any) -> str | float:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes | bytearray | memoryview):
        data = bytes(value)
        try:
            return data.decode()
        except UnicodeDecodeError:
            return base64.b64encode(data).decode()
    return well_formed(str(value))


def well_formed(text: str) -> str:
    r"""Put U+FFFD for each lone surrogate (``\ud800`` in JSON), which UTF-8 cannot carry and most JSON readers refuse.

    One character stands for one character, so that spans stay right.
    """
    return text if text.isascii() else LONE_SURROGATE.sub("\ufffd", text)


def utf8(parts: Iterable[str]) -> bytes:
    """Join texts and encode them."""
    text = "".join(parts)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return well_formed(text).encode()

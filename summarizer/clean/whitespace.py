"""Finds blanks to mend: runs, no-break and zero-width characters, the line breaks of hard-wrapped text."""

from __future__ import annotations

import re
from itertools import pairwise

from summarizer.clean.tracing import Edit

# Nothing to see and nothing to mean; the joiners U+200C and U+200D are left alone, scripts and emoji need them.
_INVISIBLE = "\u00ad\u200b\u2060\ufeff\x00-\x08\x0e-\x1b\x7f"
# Anything but one ordinary blank or line break inside the text. Each begins with the same characters and says the rest
# behind them, since for such a pattern re looks at nothing else: ten times as fast as one with the cases side by side.
_AT = rf"[\s{_INVISIBLE}]"
_TO_MEND = re.compile(rf"{_AT}(?:{_AT}+|(?<![ \n])|(?<=\A[ \n])|\Z)")
_TO_MEND_OR_BREAK = re.compile(rf"{_AT}(?:{_AT}+|(?<! )|(?<=\A )|\Z)")
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANK = re.compile(r"\s")

_MIN_WRAPPED_LINES = 3
_WRAPPED_CHARS = range(40, 121)
"""Text whose lines were broken at a width has lines of this length that end in mid-sentence."""


def find_blanks(text: str) -> list[Edit]:
    """Return what to do so that only single blanks remain, and one line break between paragraphs.

    :param text: any text.
    :return: edits in order.
    """
    is_wrapped = _is_hard_wrapped(text)
    edits = []
    for match in (_TO_MEND_OR_BREAK if is_wrapped else _TO_MEND).finditer(text):
        if match.start() == 0 or match.end() == len(text):
            replacement = ""
        else:
            replacement = _replacement(match.group(), is_wrapped=is_wrapped)
        edits.append(Edit(match.start(), match.end(), replacement))
    return edits


def _replacement(run: str, *, is_wrapped: bool) -> str:
    breaks = len(_BREAK.findall(run))
    if breaks > 1 or (breaks == 1 and not is_wrapped):
        return "\n"
    return " " if _BLANK.search(run) else ""


def _is_hard_wrapped(text: str) -> bool:
    """Return whether the lines were broken at a width, which shows in lines that go on with a small letter."""
    if text.count("\n") < _MIN_WRAPPED_LINES:
        return False
    lines = [line.strip() for line in text.split("\n")]
    pairs = [(line, following) for line, following in pairwise(lines) if line and following]
    wrapped = sum(
        len(line) in _WRAPPED_CHARS and line[-1] not in ".!?:" and following[0].islower() for line, following in pairs
    )
    return wrapped >= _MIN_WRAPPED_LINES and 3 * wrapped >= len(pairs) and max(map(len, lines)) < _WRAPPED_CHARS.stop

"""Finds characters that a wrong decoding has spoilt; ftfy knows what they were."""

from __future__ import annotations

import re

from summarizer.clean.tracing import Edit

# The first byte of a UTF-8 character and a byte that may follow it, both read as Latin-1 or Windows-1252.
_SUSPICIOUS = re.compile(
    "[\u00c2-\u00f4]"
    "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
# A piece between ordinary blanks; a no-break blank can itself be half of a spoilt character.
_PIECE = re.compile(r"[^ \t\r\n]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def find_surrogates(text: str) -> list[Edit]:
    """Return an edit for each lone surrogate, which no tokenizer and no encoder takes."""
    try:
        text.encode()  # several times as fast as a search
        return []
    except UnicodeEncodeError:
        pass
    return [Edit(match.start(), match.end(), "\ufffd") for match in _SURROGATE.finditer(text)]


def find_mojibake(text: str) -> list[Edit]:
    """Return the repairs, each as narrow as can be, so that untouched characters keep their own way back.

    :param text: any text; without a suspicious pair of characters it costs one search.
    :return: edits in order.
    """
    if not _SUSPICIOUS.search(text):
        return []
    from ftfy import fix_encoding

    known: dict[str, str] = {}
    edits: list[Edit] = []
    for match in _PIECE.finditer(text):
        piece = match.group()
        if piece.isascii() or not _SUSPICIOUS.search(piece):
            continue
        if piece not in known:
            known[piece] = fix_encoding(piece)
        if known[piece] != piece:
            edits.append(_narrow(match.start(), piece, known[piece]))
    return edits


def _narrow(offset: int, before: str, after: str) -> Edit:
    """Return the edit that turns ``before`` into ``after`` without what they share at both ends."""
    shortest = min(len(before), len(after))
    left = 0
    while left < shortest and before[left] == after[left]:
        left += 1
    right = 0
    while right < shortest - left and before[-1 - right] == after[-1 - right]:
        right += 1
    return Edit(offset + left, offset + len(before) - right, after[left : len(after) - right])

"""Applies edits to a cleaned text while every character keeps the way back to the original."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.records import CleanText

_OFFSETS = "I"
_COUNTED = array(_OFFSETS, range(1 << 16))
"""0, 1, 2 ...: to copy a piece of it is a hundred times as fast as to count anew."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The half-open span ``[start, end)`` of a text becomes ``replacement``; the span is never empty."""

    start: int
    end: int
    replacement: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A piece of text to leave out, and what it is in words: ``dateline``, ``boilerplate``."""

    kind: str
    edit: Edit


def untouched(text: str) -> CleanText:
    """Return ``text`` as a cleaned text of which each character comes from itself."""
    size = len(text)
    offsets = _COUNTED if size < len(_COUNTED) else array(_OFFSETS, range(size + 1))
    return CleanText(text, offsets[:size], offsets[1 : size + 1])


def apply_edits(cleaned: CleanText, edits: Sequence[Edit]) -> CleanText:
    """Return ``cleaned`` with the edits made.

    :param edits: in order, without overlap, spans of ``cleaned.text``.
    :return: a new cleaned text, or ``cleaned`` itself where there is no edit. Each character of a replacement comes
        from the whole span that it replaces.
    """
    if not edits:
        return cleaned
    pieces: list[str] = []
    starts, ends = array(_OFFSETS), array(_OFFSETS)
    done = 0
    for edit in (*edits, None):
        until = len(cleaned.text) if edit is None else edit.start
        pieces.append(cleaned.text[done:until])
        starts += cleaned.starts[done:until]
        ends += cleaned.ends[done:until]
        if edit is not None:
            pieces.append(edit.replacement)
            start, end = cleaned.original_span(edit.start, edit.end)
            starts += array(_OFFSETS, (start,)) * len(edit.replacement)
            ends += array(_OFFSETS, (end,)) * len(edit.replacement)
            done = edit.end
    return CleanText("".join(pieces), starts, ends)

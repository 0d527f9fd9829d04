"""One story as it was read and cleaned, and spans of its text. Comes before ``made``."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class CleanText:
    """Cleaned text that knows the way back to the original.

    :param text: the cleaned text.
    :param starts: for each character of ``text`` where it begins in the original.
    :param ends: for each character of ``text`` where it ends in the original (exclusive).
    """

    text: str
    starts: array[int]
    ends: array[int]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original text that the non-empty clean span ``[start, end)`` came from."""
        return self.starts[start], self.ends[end - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One story as it was read.

    :param id: the input's own id, or one made from file name and line.
    :param text: the text as it came in, untouched.
    :param title: headline, or empty.
    :param date: as the input has it, or None.
    :param language: as the input has it, or None.
    :param fields: every further field of the input, untouched.
    :param source: where it was read, for messages: ``wire.jsonl:12`` or a file's path.
    :param cleaned: what ``clean`` made of the text; None before that.
    :param warnings: what the editor should know of reading and cleaning.
    """

    id: str
    text: str
    title: str = ""
    date: str | None = None
    language: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    cleaned: CleanText | None = None
    warnings: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """The text that the stages read: cleaned where ``clean`` ran, as it came in elsewhere."""
        return self.text if self.cleaned is None else self.cleaned.text

    def evidence(self, start: int, end: int) -> Evidence:
        """Return the evidence that the span ``[start, end)`` of ``body`` is, as a span of ``text``."""
        if self.cleaned is not None:
            start, end = self.cleaned.original_span(start, end)
        return Evidence(start, end, self.text[start:end])


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of ``Article.text``: ``article.text[start:end] == text``, always."""

    start: int
    end: int
    text: str

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"start": self.start, "end": self.end, "text": self.text}

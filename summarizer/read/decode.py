"""Decodes the lines of one file, each on its own. Comes after ``lines`` has cut the bytes, before the parsers."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass

from summarizer.read.encoding import Wide, detect, is_damaged_utf8, mark_of, wide_codec

MAX_BYTES = 64 << 20
"""Longest line, and longest file of a format with one article a file; more than any article, less than memory."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as text, its line end included.

    :param number: counts from 1.
    :param text: where ``fault`` is set only as many quotation marks as keep the lines around it apart.
    :param warnings: what the reader of the article should know: an encoding that was guessed.
    :param fault: why the line cannot be used; empty for a good line.
    :param mend: what to do about the fault.
    """

    number: int
    text: str
    warnings: tuple[str, ...] = ()
    fault: str = ""
    mend: str = ""


@dataclass(frozen=True, slots=True)
class RawLine:
    """One undecoded line.

    :param data: the bytes, line end included; not all of them where ``size`` is over ``MAX_BYTES``.
    :param size: length in bytes.
    :param odd_quotes: whether a line over the limit holds an odd number of quotation marks.
    :param broken: why reading stopped here; there is no data then.
    """

    data: bytes
    size: int
    odd_quotes: bool = False
    broken: str = ""


class Decoder:
    """Decodes the lines of one file.

    With ``auto`` each line is tried as UTF-8 first, so that a line in another encoding neither spoils its file nor is
    spoilt by it. What the others are in is detected once for a file and for each line on its own where nothing may be
    read ahead.

    :param encoding: ``auto`` or the name of a codec.
    :param head: how the file begins.
    :param ahead: returns the lines that follow, for a sample; None where nothing may be read ahead.
    :param declared: the encoding that the file itself names, as a web page does.
    """

    def __init__(
        self,
        encoding: str,
        head: bytes,
        *,
        ahead: Callable[[], list[bytes]] | None = None,
        declared: str | None = None,
    ) -> None:
        self._codec = "utf-8" if encoding == "auto" else encoding
        self._is_auto = encoding == "auto"
        self._ahead = ahead
        self._declared = declared
        self._learned: str | None = None
        self._wide = as_wide(encoding, head)
        self._mark = self._wide.mark if self._wide else _utf8_mark(self._codec, head)

    def line(self, raw: RawLine, number: int) -> Line:
        """Decode one line; one that cannot be decoded comes with its fault."""
        if raw.size > MAX_BYTES:
            what = f"a line of {megabytes(raw.size)}, the limit is {megabytes(MAX_BYTES)}"
            return Line(number, '"' * raw.odd_quotes, fault=what, mend="Split the article or leave it out.")
        data = raw.data[self._mark :] if number == 1 else raw.data
        if self._wide is not None:
            found_by = "detected" if self._wide.is_guess else "byte order mark"
            return self._decode(data, number, self._wide.codec, found_by if self._is_auto else "")
        if b"\0" in data:
            return Line(number, _quotes(data), fault="holds NUL bytes, so it is not text")
        line = self._decode(data, number, self._codec)
        if not line.fault or not self._is_auto or is_damaged_utf8(data):
            return line
        return self._guess(data, number) or line

    def _guess(self, data: bytes, number: int) -> Line | None:
        """Decode a line that is not UTF-8; None where no encoding fits."""
        ways: tuple[tuple[str, Callable[[bytes], str | None]], ...] = (
            ("declared", lambda _: self._declared),
            ("detected", self._learn),
            ("detected", detect),
        )
        for origin, find in ways:
            codec = find(data)
            if codec is not None and not (line := self._decode(data, number, codec, origin)).fault:
                return line
        return None

    def _learn(self, data: bytes) -> str | None:
        """Return what the file's lines are in that are not UTF-8, ``data`` being the first of them."""
        if self._learned is None and self._ahead is not None:
            others = [later for later in self._ahead() if not _is_utf8(later) and not is_damaged_utf8(later)]
            self._learned = detect(b"\n".join([data, *others]))
        return self._learned

    def _decode(self, data: bytes, number: int, codec: str, origin: str = "") -> Line:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError as error:
            offset = error.start + (self._mark if number == 1 else 0)
            what = f"not {codec} (byte 0x{data[error.start]:02x} at offset {offset})"
            mend = "Set input.encoding to what it is in." if self._is_auto else "Check input.encoding."
            return Line(number, _quotes(data), fault=what, mend=mend)
        return Line(number, text, (f"read as {codec} ({origin}), not UTF-8",) if origin else ())


def as_wide(encoding: str, head: bytes) -> Wide | None:
    """Return how a file is UTF-16 or UTF-32, by its own bytes or as the user says; None for all other encodings."""
    if encoding == "auto":
        return wide_codec(head)
    codec = codecs.lookup(encoding).name
    if not codec.startswith(("utf-16", "utf-32")):
        return None
    found = mark_of(head)
    if found is not None and found[0].startswith(codec):
        return Wide(*found, is_guess=False)
    return Wide(codec if codec.endswith("e") else f"{codec}-le", 0, is_guess=False)


def megabytes(size: int) -> str:
    """Return a number of bytes for a message."""
    return f"{size / (1 << 20):.1f} MB"


def _utf8_mark(codec: str, head: bytes) -> int:
    """Return how many bytes of mark to leave out of the first line."""
    found = mark_of(head)
    return found[1] if found is not None and found[0] == "utf-8" == codecs.lookup(codec).name else 0


def _quotes(data: bytes) -> str:
    """Return what stands in for a line among quoted lines: a quotation mark where it holds an odd number."""
    return '"' * (data.count(b'"') % 2)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True

"""Cuts a stream of bytes into lines in constant memory, or reads a small file whole. Comes after opening it.

A line that cannot be decoded, or is longer than ``MAX_BYTES``, is reported alone and reading goes on.
"""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Callable, Iterator
from typing import BinaryIO

from summarizer.errors import ArticleError
from summarizer.read import decode
from summarizer.read.decode import Decoder, Line, RawLine, as_wide, megabytes
from summarizer.read.encoding import SAMPLE_BYTES, binary_kind
from summarizer.read.source import Source

PIECE_BYTES = 1 << 20
AHEAD_LINES = 1000
"""How far a file is read ahead for the sample that its encoding is detected from, ``SAMPLE_BYTES`` at most."""
BREAKS = (OSError, EOFError, zlib.error)
"""What a disk, a network folder or a damaged gzip file raises in the middle of reading."""


def read_lines(source: Source, stream: BinaryIO, encoding: str) -> Iterator[Line]:
    """Yield the lines of a stream, blank ones too; standard input is never read beyond the line that is yielded.

    :param encoding: ``auto`` or the name of a codec.
    :raises ArticleError: the file is empty, binary, or breaks off (a truncated gzip); what came before was yielded.
    """
    raws = _raw_lines(stream, encoding)
    first = next(raws)
    if not first.broken:
        _refuse_binary(source, first.data[:PIECE_BYTES], encoding)
    waiting = deque([first])

    def ahead() -> list[bytes]:
        size = sum(raw.size for raw in waiting)
        while size < SAMPLE_BYTES and len(waiting) < AHEAD_LINES and (later := next(raws, None)) is not None:
            waiting.append(later)
            size += later.size
        return [raw.data[:SAMPLE_BYTES] for raw in waiting]

    decoder = Decoder(encoding, first.data, ahead=ahead if source.stream is None else None)
    number = 0
    while (raw := waiting.popleft() if waiting else next(raws, None)) is not None:
        number += 1
        if raw.broken:
            raise ArticleError(source.at(number), f"breaks off ({raw.broken})", "What came before it was read.")
        yield decoder.line(raw, number)


def read_whole(
    source: Source,
    stream: BinaryIO,
    encoding: str,
    declared: Callable[[bytes], str | None] | None = None,
) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file that holds one article, and what to warn of.

    :param encoding: ``auto`` or the name of a codec.
    :param declared: finds the encoding that the file itself names.
    :raises ArticleError: the file is empty, binary, longer than ``MAX_BYTES``, broken off or in another encoding.
    """
    limit = decode.MAX_BYTES
    try:
        data = stream.read(limit + 1)
    except BREAKS as error:
        raise ArticleError(source.at(), f"breaks off ({_reason(error)})", "Fetch the file again.") from error
    if len(data) > limit:
        raise ArticleError(source.at(), f"is longer than {megabytes(limit)}, the limit for one file", "Split it.")
    _refuse_binary(source, data, encoding)
    line = Decoder(encoding, data, declared=declared(data) if declared is not None else None).line(
        RawLine(data, len(data)), 1
    )
    if line.fault:
        raise ArticleError(source.at(), line.fault, line.mend)
    return line.text, line.warnings


def _refuse_binary(source: Source, head: bytes, encoding: str) -> None:
    if not head:
        raise ArticleError(source.at(), "is empty")
    kind = binary_kind(head)
    if kind is None and b"\0" in head and as_wide(encoding, head) is None:
        kind = "binary data (it holds NUL bytes)"
    if kind is not None:
        raise ArticleError(source.at(), f"is not text but looks like {kind}", "Name a file of a known format.")


def _raw_lines(stream: BinaryIO, encoding: str) -> Iterator[RawLine]:
    """Yield undecoded lines, at least one; a stream that breaks off ends in a line that says so."""
    newline = b""
    while True:
        try:
            begun = stream.readline(PIECE_BYTES)
            if not newline:  # the first line: its bytes say how wide a newline is
                wide = as_wide(encoding, begun)
                newline = "\n".encode(wide.codec) if wide else b"\n"
            elif not begun:
                return
            is_whole = newline == b"\n" and (begun.endswith(newline) or not begun)
            raw = RawLine(begun, len(begun)) if is_whole else _rest_of_line(stream, newline, begun)
        except BREAKS as error:
            raw = RawLine(b"", 0, broken=_reason(error))
        yield raw
        if raw.broken:
            return


def _rest_of_line(stream: BinaryIO, newline: bytes, begun: bytes) -> RawLine:
    """Read on to the end of a line, keeping no more than the limit of it; in UTF-16 not every newline byte ends one."""
    width = len(newline)
    kept, size, quotes, tail = bytearray(begun), len(begun), begun.count(b'"'), begun[-width:]
    while size % width or tail != newline:
        piece = stream.read(-size % width) or stream.readline(PIECE_BYTES)
        if not piece:
            break
        size += len(piece)
        quotes += piece.count(b'"')
        tail = (tail + piece)[-width:]
        if size <= decode.MAX_BYTES:
            kept += piece
    return RawLine(bytes(kept), size, quotes % 2 == 1)


def _reason(error: Exception) -> str:
    return str(error).rstrip(".").lower() or type(error).__name__

"""Writes records to standard output or a device, one by one; nothing is held back. ``file`` is its sister for files."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path
from typing import BinaryIO

from summarizer.records import Failure, Record
from summarizer.write.base import Encoder, output_error, write_all

STDOUT = "standard output"


class StreamOutput:
    """An output without a name: no partial file, and failures are only counted (the command line shows them).

    :param stream: a binary stream.
    :param where: what messages call it.
    :param owned: True where ``finish`` and ``abandon`` close the stream.
    """

    path: Path | None = None
    failures_path: Path | None = None

    def __init__(self, encoder: Encoder, stream: BinaryIO, *, where: str, owned: bool = False) -> None:
        self.records = 0
        self.failures = 0
        self._encoder = encoder
        self._stream = stream
        self._where = where
        self._owned = owned
        self._put(encoder.start())

    def write(self, record: Record) -> None:
        """Write a record at once."""
        self._put(self._encoder.encode([record]))
        self.records += 1

    def fail(self, failure: Failure) -> None:
        """Count a failure."""
        self.failures += 1

    def flush(self) -> None:
        """Do nothing: every record is out already."""

    def finish(self) -> None:
        """Write what ends the format."""
        self._put(self._encoder.end())
        self._close()

    def abandon(self) -> None:
        """Leave the output as it is."""
        self._close()

    def _put(self, data: bytes) -> None:
        if not data:
            return
        try:
            write_all(self._stream, data)
            self._stream.flush()
        except OSError as error:
            if error.errno == errno.EPIPE:
                self._drain()
            safe = f"{self.records} records were written before"
            raise output_error(error, self._where, safe) from error

    def _drain(self) -> None:
        """Point the broken pipe at nothing; else Python's own last flush at exit would complain about it."""
        with contextlib.suppress(OSError, ValueError, AttributeError):
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, self._stream.fileno())
            os.close(nothing)

    def _close(self) -> None:
        if self._owned:
            with contextlib.suppress(OSError):
                self._stream.close()


def open_device(encoder: Encoder, path: Path) -> StreamOutput:
    """Open what is neither file nor folder, such as ``/dev/null`` or a named pipe: it cannot be renamed into place.

    :raises OutputError: it cannot be opened.
    """
    try:
        # Unbuffered: a device that refuses a write must not be asked again when the stream is closed.
        stream = path.open("wb", buffering=0)
    except OSError as error:
        raise output_error(error, path) from error
    return StreamOutput(encoder, stream, where=str(path), owned=True)

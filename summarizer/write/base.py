"""What every output has in common: its contract, that of a format's encoder, and the system's errors in our words."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from summarizer.errors import OutputError
from summarizer.records import Failure, Record


class Encoder(Protocol):
    """Turns records into the bytes of one file format. Constructed without arguments, used for one file, in order."""

    whole_only: bool
    """True where a file that was cut short cannot be read, even after a ``flush``."""

    def start(self) -> bytes:
        """Return what stands before the first record; may be empty."""
        ...

    def encode(self, records: Sequence[Record]) -> bytes:
        """Return the bytes of a window of records, at least one."""
        ...

    def end(self) -> bytes:
        """Return what stands after the last record; may be empty."""
        ...


class Output(Protocol):
    """Takes records and failures in the articles' order. After an ``OutputError`` only ``abandon`` makes sense."""

    records: int
    """Records written."""
    failures: int
    """Failures told."""

    @property
    def path(self) -> Path | None:
        """Where the records are now: the partial file until ``finish``; None where there is no file."""
        ...

    @property
    def failures_path(self) -> Path | None:
        """The file of failures; None until there is one."""
        ...

    def write(self, record: Record) -> None:
        """Take a record.

        :raises OutputError: it cannot be written; the message says how many records are safe.
        """
        ...

    def fail(self, failure: Failure) -> None:
        """Count a failure, and keep it where there is a file to keep it in.

        :raises OutputError: it cannot be written.
        """
        ...

    def flush(self) -> None:
        """Hand everything to the operating system, so that a crash loses at most the records that come after.

        :raises OutputError: it cannot be written; the message says how many records are safe.
        """
        ...

    def finish(self) -> None:
        """Complete the output: from now on it stands under its own name.

        :raises OutputError: it cannot be completed; the message says how many records are safe.
        """
        ...

    def abandon(self) -> None:
        """Stop before the end and keep what was written as a partial file, at ``path``. Never raises."""
        ...


def write_all(stream: BinaryIO, data: bytes) -> None:
    """Write everything: an unbuffered file may take less than it is given, above all on a disk that is nearly full."""
    rest = memoryview(data)
    while rest:
        rest = rest[stream.write(rest) :]


FULL = {errno.ENOSPC, errno.EDQUOT}
MEANINGS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file is larger than this system or its limits allow",
    errno.EACCES: "no permission to write here",
    errno.EPERM: "no permission to write here",
    errno.EROFS: "the disk is read-only",
    errno.EPIPE: "whoever read it has gone away (broken pipe)",
    errno.ENOTDIR: "a file stands where a folder is needed",
    errno.EEXIST: "a file stands where a folder is needed",
    errno.EISDIR: "is a folder",
    errno.ENAMETOOLONG: "the name is too long",
}


def output_error(error: OSError, where: Path | str, safe: str = "", mend: str | None = None) -> OutputError:
    """Say an error of the operating system in our words.

    :param where: what was written.
    :param safe: which records are safe, ready to be added to the message; may be empty.
    :param mend: what to do about it; None says so by the error.
    """
    what = MEANINGS.get(error.errno or 0, error.strerror or str(error))
    mend = _mend(error) if mend is None else mend
    return OutputError(str(where), f"{what}; {safe}" if safe else what, mend)


def _mend(error: OSError) -> str:
    if error.errno in FULL:
        return "Free some space or point output.path at another disk, and start again."
    return "" if error.errno == errno.EPIPE else "Point output.path elsewhere, and start again."

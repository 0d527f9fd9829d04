"""Writes records to NAME.partial and renames it to NAME when complete; failures go to NAME.failures.jsonl beside it.

``stream`` is its sister for standard output.
"""

from __future__ import annotations

import contextlib
import gzip
import os
from pathlib import Path
from typing import BinaryIO

from summarizer.errors import OutputError, UsageError
from summarizer.records import Failure, Record
from summarizer.write.base import Encoder, output_error, write_all
from summarizer.write.jsonl import failure_lines

PARTIAL = ".partial"
FAILURES = ".failures.jsonl"


def open_file(encoder: Encoder, path: Path, *, gzipped: bool, overwrite: bool) -> FileOutput:
    """Make the partial file, and the folders above it.

    :param gzipped: compress; each window becomes a gzip member of its own, so that a file cut short can be read.
    :param overwrite: replace the file, the partial file and the failures of an earlier run.
    :raises UsageError: one of them exists and ``overwrite`` is False, or the path is a folder.
    :raises OutputError: the partial file cannot be made.
    """
    # A link is followed, so that the file that it points to is replaced and not the link.
    path = Path(os.path.realpath(path))
    if os.path.isdir(path):
        mend = f"Name a file in it ({path / 'briefs.jsonl'}), or end it in '/' for a run that can be killed."
        raise UsageError(str(path), "is a folder, not a file", mend)
    partial, failures = path.with_name(path.name + PARTIAL), failures_file(path)
    for there in (path, partial, failures):
        if os.path.lexists(there) and not overwrite:
            what = "an interrupted run left it" if there == partial else "exists already"
            mend = "Add --overwrite (output.overwrite: true) to replace it, or choose another output.path."
            raise UsageError(str(there), what, mend)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        failures.unlink(missing_ok=True)
        # Unbuffered: what a full disk refused must not be tried again when the file is closed.
        stream: BinaryIO = partial.open("wb", buffering=0)
    except OSError as error:
        raise output_error(error, path) from error
    return FileOutput(encoder, stream, path, gzipped=gzipped)


def failures_file(path: Path) -> Path:
    """Return where the failures of an output go: ``wire.jsonl.gz`` has ``wire.failures.jsonl``."""
    name = path.name.removesuffix(".gz")
    return path.with_name((Path(name).stem or name) + FAILURES)


class FileOutput:
    """An output that is one file.

    Records are held until ``flush``, then written in one piece; where that fails the file is cut back to the end of
    the last whole window.

    :param stream: the partial file, unbuffered.
    :param path: the file's name when complete.
    """

    def __init__(self, encoder: Encoder, stream: BinaryIO, path: Path, *, gzipped: bool = False) -> None:
        self.records = 0
        self.failures = 0
        self.failures_path: Path | None = None
        self._target = path
        self._partial = path.with_name(path.name + PARTIAL)
        self.path: Path | None = self._partial
        self._encoder = encoder
        self._stream = stream
        self._gzipped = gzipped
        self._window: list[Record] = []
        self._unsaved = b""
        self._broken = False
        self._saved_bytes = 0
        self._saved_records = 0
        self._failures_stream: BinaryIO | None = None
        self._encode(encoder.start())

    def write(self, record: Record) -> None:
        """Take a record; it is in the file after the next ``flush``."""
        self._window.append(record)
        self.records += 1

    def fail(self, failure: Failure) -> None:
        """Write a failure at once; the first one makes the file."""
        self.failures += 1
        path = failures_file(self._target)
        try:
            if self._failures_stream is None:
                self._failures_stream = path.open("wb", buffering=0)
                self.failures_path = path
            write_all(self._failures_stream, failure_lines([failure]))
        except OSError as error:
            raise output_error(error, path, self._safe()) from error

    def flush(self) -> None:
        """Write the window in hand to the partial file."""
        if self._window:
            self._encode(self._encoder.encode(self._window))
            self._window.clear()
        self._save()

    def finish(self) -> None:
        """Write the rest, see it on the disk, and rename the partial file into place."""
        self.flush()
        self._encode(self._encoder.end())
        self._save()
        try:
            os.fsync(self._stream.fileno())
            self._stream.close()
            self._partial.replace(self._target)
        except OSError as error:
            raise output_error(error, self._target, self._safe()) from error
        self._close()
        self.path = self._target

    def abandon(self) -> None:
        """Save the window in hand if that is still possible; a partial file without readable records is removed."""
        if self._stream.closed:
            return
        if not self._broken:
            with contextlib.suppress(OutputError):
                self.flush()
                if self._encoder.whole_only:
                    self._encode(self._encoder.end())
                    self._save()
        self._close()
        unreadable = self._broken and self._encoder.whole_only
        if self.path is not None and (unreadable or not self._saved_records):
            with contextlib.suppress(OSError):
                self.path.unlink(missing_ok=True)
            self.path = None

    def _encode(self, data: bytes) -> None:
        self._unsaved += gzip.compress(data, mtime=0) if self._gzipped else data

    def _save(self) -> None:
        """Write what is unsaved, from the end of what is saved: an interrupted attempt is written over."""
        try:
            self._stream.seek(self._saved_bytes)
            write_all(self._stream, self._unsaved)
        except OSError as error:
            self._broken = True
            with contextlib.suppress(OSError):
                self._stream.truncate(self._saved_bytes)
            raise output_error(error, self._partial, self._safe()) from error
        self._saved_bytes += len(self._unsaved)
        self._saved_records = self.records
        self._unsaved = b""

    def _safe(self) -> str:
        if self._broken and self._encoder.whole_only:
            return f"none of {self.records} records is safe, since this format cannot be read unless it is complete"
        return f"the first {self._saved_records} of {self.records} records are safe in {self._partial.name}"

    def _close(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.close()
        if self._failures_stream is not None:
            with contextlib.suppress(OSError):
                self._failures_stream.close()

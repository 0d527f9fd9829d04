"""What is made of one watched file: records and failures that grow on the disk until the file is at its end."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from summarizer.records import Failure, Record
from summarizer.write import Encoder
from summarizer.write.base import output_error, write_all
from summarizer.write.jsonl import failure_lines


class Answer:
    """One file's; nothing is there of records or failures where there are none.

    :param encoder: a fresh one.
    :param records_path: where the records grow; what is there is written over.
    :param failures_path: where the failures grow.
    """

    def __init__(self, encoder: Encoder, records_path: Path, failures_path: Path) -> None:
        self.records = 0
        self.failures = 0
        self._encoder = encoder
        self._paths = (records_path, failures_path)
        self._streams: dict[Path, BinaryIO] = {}
        for path in self._paths:
            path.unlink(missing_ok=True)

    def add(self, results: Sequence[Record | Failure]) -> None:
        """Write what became of the next articles.

        :raises OutputError: it cannot be written.
        """
        records = [result for result in results if isinstance(result, Record)]
        failures = [result for result in results if isinstance(result, Failure)]
        records_path, failures_path = self._paths
        if records:
            start = b"" if self.records else self._encoder.start()
            self._write(records_path, start + self._encoder.encode(records))
        if failures:
            self._write(failures_path, failure_lines(failures))
        self.records += len(records)
        self.failures += len(failures)

    def complete(self) -> None:
        """See all of it on the disk.

        :raises OutputError: it cannot be written.
        """
        if self.records:
            self._write(self._paths[0], self._encoder.end())
        for path, stream in self._streams.items():
            try:
                os.fsync(stream.fileno())
            except OSError as error:
                raise output_error(error, path) from error
        self.close()

    def close(self) -> None:
        """Close the files. Never raises."""
        for stream in self._streams.values():
            with contextlib.suppress(OSError):
                stream.close()

    def _write(self, path: Path, data: bytes) -> None:
        try:
            if path not in self._streams:
                self._streams[path] = path.open("wb", buffering=0)
            write_all(self._streams[path], data)
        except OSError as error:
            raise output_error(error, path) from error

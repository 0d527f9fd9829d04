"""A run folder: made, locked, and written so that a kill at any moment loses nothing that was said to be done.

Records and failures are appended in input order and seen on the disk before the journal says so. Comes after the
runner; ``kept`` reads what it writes.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from summarizer.config import RunConfig
from summarizer.errors import OutputError, UsageError
from summarizer.job.durable import FRESH, mend_for, sync_folder, write_whole
from summarizer.job.identity import Identity
from summarizer.job.inputs import to_lines
from summarizer.job.journal import BEGINNING, JOURNAL_FILE, Point, find_resumption
from summarizer.job.kept import (
    FAILURES_FILE,
    INPUT_FILE,
    LINKS_FILE,
    RECORDS_FILE,
    REPORT_FILE,
    RESTORE,
    RUN_FILE,
    called,
)
from summarizer.job.lock import LOCK_FILE, Lock
from summarizer.records import Failure, Record
from summarizer.report import Report
from summarizer.write.base import output_error, write_all
from summarizer.write.jsonl import JsonLines, failure_lines

ASIDE = "before-"
"""Where ``--restart`` moves the files of the run before: ``before-1``, ``before-2`` ..."""
LINK_FILES = (LINKS_FILE, f"{LINKS_FILE}-journal")
RUN_FILES = (JOURNAL_FILE, RECORDS_FILE, FAILURES_FILE, REPORT_FILE, *LINK_FILES, INPUT_FILE, RUN_FILE)
"""In the order in which ``--restart`` moves them: without its ``run.json`` a folder would not be known for a run's."""


class RunFolder:
    """A run folder that this process holds until ``close``.

    :raises UsageError: it is a file, or a folder that holds something else.
    :raises OutputError: it cannot be made, or another process is at work in it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.point = BEGINNING
        self._streams: dict[str, BinaryIO] = {}
        self._encoder = JsonLines()
        _make(path)
        self._lock = Lock(path)

    def move_aside(self) -> None:
        """Make room for a new run: the files of the one before go into a folder of their own.

        :raises OutputError: they cannot be moved.
        """
        if not (self.path / RUN_FILE).exists():
            return
        there = [self.path / name for name in RUN_FILES if (self.path / name).exists()]
        number = 1
        while (aside := self.path / f"{ASIDE}{number}").exists():
            number += 1
        try:
            aside.mkdir()
            for file in there:
                file.rename(aside / file.name)
            sync_folder(self.path)
        except OSError as error:
            raise output_error(error, aside, mend=mend_for(error)) from error

    def begin(self, config: RunConfig, identity: Identity) -> None:
        """Keep what the run is begun with, or what it is extended to.

        :raises OutputError: it cannot be written.
        """
        run = {
            "schema": 1,
            "summarizer": identity.version,
            "started": identity.started,
            "fingerprint": config.fingerprint(),
            "models": dict(identity.models),
            "input": {"files": len(identity.files), "bytes": sum(file.size or 0 for file in identity.files)},
            "working_folder": identity.working_folder,
            "config": dict(identity.config),
        }
        write_whole(self.path / INPUT_FILE, to_lines(identity.files))
        write_whole(self.path / RUN_FILE, json.dumps(run, indent=1, ensure_ascii=False).encode() + b"\n")

    def find_point(self) -> tuple[Point, int]:
        """Return where to go on, and the size of the journal up to there; changes nothing.

        :raises OutputError: records that were said to be done would be thrown away, because the journal or the failures
            are gone.
        """
        records, failures = self.path / RECORDS_FILE, self.path / FAILURES_FILE
        size = records.stat().st_size if records.exists() else 0
        if size and not (self.path / JOURNAL_FILE).exists():
            raise OutputError(
                str(self.path / JOURNAL_FILE), f"is gone, but there are {size:,} bytes of records", RESTORE
            )
        found = find_resumption(self.path, records, failures)
        if len(found.cut) > 1 and size >= found.cut[1].records:
            wanted = found.cut[-1].failures
            what = f"has lost failures (the journal counted {wanted:,} bytes), and its records were to be cut with it"
            raise OutputError(str(failures), what, RESTORE)
        return found.point, found.end

    def open(self, point: Point, journal_end: int) -> None:
        """Cut everything back to a point and be ready to go on from it.

        :raises OutputError: a file cannot be opened.
        """
        self.point = point
        sizes = {JOURNAL_FILE: journal_end, RECORDS_FILE: point.records, FAILURES_FILE: point.failures}
        try:
            for name, size in sizes.items():
                file = os.open(self.path / name, os.O_RDWR | os.O_CREAT, 0o666)
                # Unbuffered: what a full disk refused must not be tried again when the file is closed.
                self._streams[name] = os.fdopen(file, "r+b", buffering=0)
                self._streams[name].truncate(size)
                self._streams[name].seek(size)
                if name == JOURNAL_FILE:
                    sync_folder(self.path)  # records without a journal are taken for damage
            sync_folder(self.path)
        except OSError as error:
            raise output_error(error, self.path, mend=mend_for(error)) from error

    def commit(self, results: Sequence[Record | Failure], report: Report, *, finished: bool = False) -> None:
        """See results on the disk, then say in the journal that they are done.

        :raises OutputError: they cannot be written; all that was done before is safe, and nothing else is left.
        """
        failures = [result for result in results if isinstance(result, Failure)]
        records = [result for result in results if isinstance(result, Record)]
        done = self.point.done
        sizes = (self.point.records, self.point.failures, self._streams[JOURNAL_FILE].tell())
        try:
            self._append(RECORDS_FILE, self._encoder.encode(records))
            self._append(FAILURES_FILE, failure_lines(failures))
            point = Point(
                done=done + len(results),
                records=self._streams[RECORDS_FILE].tell(),
                failures=self._streams[FAILURES_FILE].tell(),
                last=called(results[-1]) if results else self.point.last,
                failed_at=tuple(done + i for i, result in enumerate(results) if isinstance(result, Failure)),
                report=report.to_state(),
                finished=finished,
            )
            self._append(JOURNAL_FILE, point.to_line())
        except OSError as error:
            self._cut_back(sizes)
            safe = f"what became of the first {done} articles is safe"
            raise output_error(error, self.path, safe, mend=mend_for(error)) from error
        self.point = point

    def write_report(self, report: Report) -> None:
        """Write ``report.json``."""
        content = json.dumps(report.to_dict(), indent=1, ensure_ascii=False)
        write_whole(self.path / REPORT_FILE, content.encode() + b"\n")

    def close(self) -> None:
        """Let go of the folder. Never raises."""
        for stream in self._streams.values():
            with contextlib.suppress(OSError):
                stream.close()
        self._lock.release()

    def _append(self, name: str, data: bytes) -> None:
        if data:
            write_all(self._streams[name], data)
            os.fsync(self._streams[name].fileno())

    def _cut_back(self, sizes: tuple[int, int, int]) -> None:
        for name, size in zip((RECORDS_FILE, FAILURES_FILE, JOURNAL_FILE), sizes, strict=True):
            with contextlib.suppress(OSError):
                self._streams[name].truncate(size)


def _make(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise UsageError(str(path), "is a file, not a folder", "Leave the '/' away, or name a folder.")
    try:
        path.mkdir(parents=True, exist_ok=True)
        names = sorted(os.listdir(path))
    except OSError as error:
        raise output_error(error, path) from error
    if RUN_FILE in names:
        return
    ours = {LOCK_FILE, INPUT_FILE, INPUT_FILE + FRESH, RUN_FILE + FRESH}
    others = [name for name in names if name not in ours and not name.startswith((".", ASIDE))]
    if others:
        what = f"is no run folder, and not empty ({others[0]})"
        raise UsageError(str(path), what, f"Name a new folder in it: {path / 'run'}/.")

"""How far a run folder has come: a line for each time that records and failures were seen on the disk.

A line is written after both of them, so that it never says more than is there. Comes before ``folder``, which cuts both
files back to what the last good line says; whatever a kill or a power cut left behind that is worked on again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

JOURNAL_FILE = "journal.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A moment of a run when everything done was on the disk.

    :param done: articles and failures of the input that were worked on.
    :param records: bytes of the file of records.
    :param failures: bytes of the file of failures.
    :param last: what the last article or failure is called; see ``folder.called``.
    :param failed_at: places in the input, from 0, of what failed since the point before.
    :param report: ``Report.to_state``.
    :param finished: the input was worked on to its end.
    """

    done: int = 0
    records: int = 0
    failures: int = 0
    last: str = ""
    failed_at: tuple[int, ...] = ()
    report: dict[str, Any] = field(default_factory=dict)
    finished: bool = False

    def to_line(self) -> bytes:
        """Return the journal's line."""
        return json.dumps(asdict(self), ensure_ascii=True).encode() + b"\n"


BEGINNING = Point()


def read_journal(path: Path) -> Iterator[tuple[Point, int]]:
    """Yield the points in their order, each with the offset at which its line ends; none where there is no file.

    It ends at the first line that is torn: what comes after such a line was never on the disk for certain.
    """
    if not path.exists():
        return
    end = 0
    with path.open("rb") as stream:
        for line in stream:
            point = _parse(line)
            if point is None:
                return
            end += len(line)
            yield point, end


def _parse(line: bytes) -> Point | None:
    if not line.endswith(b"\n"):
        return None
    try:
        values = json.loads(line)
        return Point(**values | {"failed_at": tuple(values["failed_at"])})
    except (ValueError, TypeError, KeyError):
        return None


@dataclass(frozen=True, slots=True)
class Resumption:
    """Where to go on.

    :param end: bytes of the journal up to the point's line.
    :param cut: later points that records and failures do not bear out.
    """

    point: Point
    end: int
    cut: tuple[Point, ...]


def find_resumption(folder: Path, records: Path, failures: Path) -> Resumption:
    """Find the last point that the files bear out: they are at least as long, and a line ends there."""
    point, end = BEGINNING, 0
    cut: list[Point] = []
    for later, later_end in read_journal(folder / JOURNAL_FILE):
        if _line_ends_at(records, later.records) and _line_ends_at(failures, later.failures):
            point, end = later, later_end
            cut.clear()
        else:
            cut.append(later)
    return Resumption(point, end, tuple(cut))


def _line_ends_at(path: Path, size: int) -> bool:
    if size == 0:
        return True
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return os.pread(file, 1, size - 1) == b"\n"
    finally:
        os.close(file)

"""Reads what a run folder keeps: what it was begun with, its records and failures. ``folder`` is what writes them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from summarizer.errors import OutputError
from summarizer.job.identity import Identity
from summarizer.job.inputs import from_lines
from summarizer.job.journal import Point
from summarizer.records import SCHEMA, Article, Failure, Record

RUN_FILE = "run.json"
INPUT_FILE = "input.jsonl"
RECORDS_FILE = "records.jsonl"
FAILURES_FILE = "failures.jsonl"
REPORT_FILE = "report.json"
LINKS_FILE = "links.sqlite"
"""What the run's links were made by, where it makes any."""
RESTORE = "Restore it from a copy, or add --restart to begin anew (the old files are kept aside)."
RECORD_START = f'{{"schema": {SCHEMA}, "id": '


def is_run_folder(path: str) -> bool:
    """Tell whether an ``output.path`` means a run folder: it ends in ``/``, or a run was begun in it."""
    return path.endswith(("/", os.sep)) or os.path.isfile(os.path.join(os.path.expanduser(path), RUN_FILE))


def read_run(folder: Path) -> Identity | None:
    """Read what a run was begun with; None where none was.

    :raises OutputError: it is damaged.
    """
    path = folder / RUN_FILE
    if not path.exists():
        return None
    try:
        run: dict[str, Any] = json.loads(path.read_bytes())
        files = tuple(from_lines((folder / INPUT_FILE).read_bytes()))
        return Identity(run["summarizer"], run["config"], files, run["models"], run["working_folder"], run["started"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        what = f"what the run was begun with cannot be read ({type(error).__name__}: {error})"
        raise OutputError(str(path), what, RESTORE) from error


def called(item: Article | Record | Failure) -> str:
    """Return what an article is called, whether it was read just now or became a record or failure."""
    if isinstance(item, Failure):
        return os.path.basename(item.where) if item.stage == "read" else item.id
    return item.id if isinstance(item, Article) else item.article.id


def used_ids(folder: Path, point: Point) -> Iterator[str]:
    """Yield the ids of all articles that were worked on, records and failures, those that could not be read left out.

    :raises OutputError: the records are not those that the journal counted.
    """
    count = 0
    for line in _lines(folder / RECORDS_FILE, point.records):
        yield _id(line, folder)
        count += 1
    if count != point.report.get("written", 0):
        what = f"holds {count} records where the journal counted {point.report.get('written', 0)}"
        raise OutputError(str(folder / RECORDS_FILE), what, RESTORE)
    for line in _lines(folder / FAILURES_FILE, point.failures):
        failure = json.loads(line)
        if failure["stage"] != "read" and "id" in failure:
            yield failure["id"]


def _lines(path: Path, size: int) -> Iterator[bytes]:
    """Yield the lines of a file's first ``size`` bytes."""
    if not size:
        return
    with path.open("rb") as stream:
        for line in stream:
            size -= len(line)
            if size < 0:
                return
            yield line


def _id(line: bytes, folder: Path) -> str:
    text = line.decode()
    try:
        if not text.startswith(RECORD_START):
            raise ValueError("no record")
        name, _ = json.JSONDecoder().raw_decode(text, len(RECORD_START))  # the id alone: a record is long
    except ValueError as error:
        raise OutputError(str(folder / RECORDS_FILE), f"holds a damaged record ({text[:40]!r}...)", RESTORE) from error
    return str(name)


def pick_lines(path: Path, numbers: set[int], size: int) -> dict[int, bytes]:
    """Return the lines with these numbers, from 0, of a file's first ``size`` bytes."""
    last = max(numbers, default=-1)
    lines = enumerate(islice(_lines(path, size), last + 1))
    return {number: line for number, line in lines if number in numbers}

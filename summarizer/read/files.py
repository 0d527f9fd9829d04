"""Finds the files that ``input.path`` names: one file, a folder, or a glob. Comes before everything is read.

In a folder or glob hidden files, and the companions of data (``README.md``), are passed over; every other file is read
or reported.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator, Mapping

from summarizer.errors import InputError
from summarizer.read.source import Source, ending, unreadable
from summarizer.records import Failure

COMPANIONS = re.compile(
    r"(readme|licen[cs]e|notice|copying|changelog|contributing|makefile|_success)(\.\w+)?", re.IGNORECASE
)
"""Names of files that lie beside articles and are none. Named alone, they are read."""


def find_files(path: str, format: str, endings: Mapping[str, str]) -> list[Source | Failure]:
    """Return the files to read, sorted by path, and a failure for each that is in no known format.

    :param format: ``auto`` or the format of every file.
    :param endings: which format each known ending, such as ``.jsonl``, stands for.
    :raises InputError: nothing is there, or the one file that is named has an unknown ending.
    """
    if os.path.isdir(path):
        found = sorted(_walk(path), key=_path)
    elif os.path.exists(path):
        return [_single(path, format, endings)]
    else:
        found = _glob(path)
    sources = [
        entry if isinstance(entry, Failure) else _in_folder(entry, format, endings)
        for entry in found
        if isinstance(entry, Failure) or not COMPANIONS.fullmatch(os.path.basename(entry))
    ]
    if not sources:
        raise InputError(path, "holds no files to read", f"Known: {', '.join(endings)}.")
    return sources


def _single(path: str, format: str, endings: Mapping[str, str]) -> Source:
    if format == "auto" and ending(path) not in endings:
        seen = ending(path)
        what = f"unknown format {seen}" if seen else "a file name without an ending, so its format is unknown"
        raise InputError(path, what, f"Set input.format, or use a known ending: {', '.join(endings)}.")
    return Source(path, endings[ending(path)] if format == "auto" else format)


def _in_folder(path: str, format: str, endings: Mapping[str, str]) -> Source | Failure:
    if format != "auto":
        return Source(path, format)
    if ending(path) in endings:
        return Source(path, endings[ending(path)])
    what = (
        f"unknown format {ending(path)}" if ending(path) else "a file name without an ending, so its format is unknown"
    )
    return Failure(path, "read", what, f"Known: {', '.join(endings)}.")


def _glob(pattern: str) -> list[str | Failure]:
    """Return the files that a glob matches, and those in the folders that it matches.

    :raises InputError: nothing does.
    """
    if not glob.has_magic(pattern):
        raise InputError(pattern, "no such file or folder", _nearest(pattern))
    matches = glob.glob(pattern, recursive=True)
    if not matches:
        raise InputError(pattern, "no file matches", "Check the pattern; '**' stands for any number of folders.")
    found = {_path(entry): entry for match in matches for entry in (_walk(match) if os.path.isdir(match) else [match])}
    return [found[path] for path in sorted(found)]


def _nearest(path: str) -> str:
    """Return the mend for a path that is not there: a name like it, or the part of it that is."""
    from difflib import get_close_matches

    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        return f"There is no folder '{folder}' either."
    close = get_close_matches(os.path.basename(path), os.listdir(folder), n=1)
    return f"Did you mean '{os.path.join(os.path.dirname(path), close[0])}'?" if close else "Check the path."


def _walk(folder: str) -> Iterator[str | Failure]:
    """Yield the files in a folder and the folders in it, hidden ones left out, in no order; a link is followed once."""
    failures: list[Failure] = []

    def fail(error: OSError) -> None:
        fault = unreadable(str(error.filename), error).fault
        failures.append(Failure(fault.where, "read", fault.what, fault.mend))

    seen = set()
    for here, folders, names in os.walk(folder, onerror=fail, followlinks=True):
        real = os.path.realpath(here)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (os.path.join(here, name) for name in names if not name.startswith("."))
    yield from failures


def _path(entry: str | Failure) -> str:
    return entry.where if isinstance(entry, Failure) else entry

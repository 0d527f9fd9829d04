"""Puts small files and folder entries on the disk for good, whole or not at all. The job's other modules use it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from summarizer.write.base import FULL, output_error, write_all

FRESH = ".new"
GO_ON = "Mend that and give the same command again: it goes on from there."
FREE_AND_GO_ON = "Free some space and give the same command again: it goes on from there."


def write_whole(path: Path, data: bytes) -> None:
    """Write a file under another name, see it on the disk, and rename it into place.

    :raises OutputError: it cannot be written; what was there before is unchanged.
    """
    fresh = path.with_name(path.name + FRESH)
    try:
        with fresh.open("wb", buffering=0) as stream:
            write_all(stream, data)
            os.fsync(stream.fileno())
        fresh.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise output_error(error, path, mend=mend_for(error)) from error


def sync_folder(path: Path) -> None:
    """See the names in a folder on the disk: a file's own ``fsync`` does not cover them."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def mend_for(error: OSError) -> str:
    """Return what to do where a run folder cannot be written."""
    return FREE_AND_GO_ON if error.errno in FULL else GO_ON

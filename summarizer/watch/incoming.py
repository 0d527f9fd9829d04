"""Finds the files in a folder that are complete: whose size and time of change have stayed the same for a while."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from summarizer.read.source import unreadable

UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".swp", "~")
"""How the names of files end that some program is not done with; they wait for their own name."""


class Incoming:
    """The files that lie in a folder itself; hidden ones and folders in it are passed over.

    :param settle_seconds: for so long a file must not have changed.
    :param clock: tells the time in seconds.
    """

    def __init__(self, folder: Path, settle_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._settle_seconds = settle_seconds
        self._clock = clock
        self._seen: dict[str, tuple[int, int, float]] = {}

    def complete(self) -> list[str]:
        """Look at the folder; return the names of the files that are complete, oldest change first.

        :raises InputError: the folder cannot be read.
        """
        now = self._clock()
        seen: dict[str, tuple[int, int, float]] = {}
        for name, size, changed in self._look():
            before = self._seen.get(name)
            since = before[2] if before is not None and before[:2] == (size, changed) else now
            seen[name] = (size, changed, since)
        self._seen = seen
        settled = [name for name, (*_, since) in seen.items() if now - since >= self._settle_seconds]
        return sorted(settled, key=lambda name: (seen[name][1], name))

    @property
    def is_empty(self) -> bool:
        """Whether no file lay there when it was last looked at."""
        return not self._seen

    def _look(self) -> list[tuple[str, int, int]]:
        found = []
        try:
            with os.scandir(self._folder) as entries:
                for entry in entries:
                    if entry.name.startswith(".") or entry.name.lower().endswith(UNFINISHED):
                        continue
                    try:
                        state = entry.stat()
                    except FileNotFoundError:  # taken away meanwhile
                        continue
                    if entry.is_file():
                        found.append((entry.name, state.st_size, state.st_mtime_ns))
        except OSError as error:
            raise unreadable(str(self._folder), error) from error
        return found

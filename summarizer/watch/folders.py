"""Where a watched file is at each step, by which folder it lies in; every step is one rename.

    FOLDER/story.txt                     has come in
    FOLDER/.watch/claimed/story.txt      is worked on; its answer grows in OUT/.watch/
    FOLDER/.watch/done/story.txt         its answer is complete and on the disk (or failed/ in the stead of done/)
    OUT/story.txt.jsonl                  its answer is out
    FOLDER/done/story.txt                it is put away

A file that a killed process left in ``claimed`` is worked on again, since nobody has seen its answer; of one that was
further on only the renames that are left are done. A second file of a name gets another when it is claimed, so that no
rename ever meets a file of the same name.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from summarizer.errors import UsageError
from summarizer.job.durable import sync_folder
from summarizer.job.lock import Lock
from summarizer.write.base import output_error

HIDDEN = ".watch"
FAILURES = ".failures.jsonl"
MEND = "Mend that and start again: what was claimed is taken up."

End = Literal["done", "failed"]
ENDS: tuple[End, End] = ("done", "failed")


class Folders:
    """The folders of one watch, held by this process until ``close``.

    :param ending: of answers, ``.jsonl`` or the like.
    :raises UsageError: both folders are the same.
    :raises OutputError: one cannot be made, or another process is at work in it.
    """

    def __init__(self, folder: Path, out: Path, ending: str) -> None:
        self.folder, self.out, self._ending = folder.resolve(), out.resolve(), ending
        if self.folder == self.out:
            mend = "Name another one with --out; it may lie in the first."
            raise UsageError("--out", "is the watched folder itself, where answers would come in again", mend)
        self.claimed = self.folder / HIDDEN / "claimed"
        self.growing = self.out / HIDDEN
        self._ended = {end: self.folder / HIDDEN / end for end in ENDS}
        self._away = {end: self.folder / end for end in ENDS}
        try:
            for needed in (self.claimed, self.growing, *self._ended.values(), *self._away.values()):
                needed.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise output_error(error, error.filename or self.folder, mend=MEND) from error
        self._locks = [Lock(self.folder / HIDDEN), Lock(self.growing)]

    def close(self) -> None:
        """Let go of the folders."""
        for lock in self._locks:
            lock.release()

    def answer_of(self, name: str) -> Path:
        """Return where the records of a claimed file grow."""
        return self.growing / (name + self._ending)

    def failures_of(self, name: str) -> Path:
        """Return where the failures of a claimed file grow."""
        return self.growing / (name + FAILURES)

    def left_over(self) -> list[str]:
        """Finish what is left of the steps of files that were answered; return the names of those that were not.

        :return: in the order in which they came in.
        """
        for end in ENDS:
            names = sorted(os.listdir(self._ended[end]))
            self._publish(names)
            self._put_away(names, end)
        return sorted(os.listdir(self.claimed), key=lambda name: ((self.claimed / name).stat().st_mtime_ns, name))

    def claim(self, name: str) -> str | None:
        """Take a file that has come in.

        :return: what it is called from now on; None where it was taken away meanwhile.
        :raises OutputError: it cannot be moved.
        """
        free = self._free_name(name)
        try:
            (self.folder / name).rename(self.claimed / free)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise output_error(error, self.folder / name, mend=MEND) from error
        return free

    def give_back(self, name: str) -> None:
        """Let a claimed file that was not worked on come in again."""
        place = self.folder / name
        if not place.exists():
            with contextlib.suppress(OSError):
                (self.claimed / name).rename(place)

    def finish(self, ends: Sequence[tuple[str, End]]) -> None:
        """Bring out the answers of claimed files, which are on the disk, and put the files away.

        :raises OutputError: a file cannot be moved.
        """
        try:
            sync_folder(self.growing)
            for name, end in ends:
                (self.claimed / name).rename(self._ended[end] / name)
            for folder in (self.claimed, *self._ended.values()):
                sync_folder(folder)
            self._publish([name for name, _ in ends])
            for end in ENDS:
                self._put_away([name for name, its_end in ends if its_end == end], end)
        except OSError as error:
            raise output_error(error, error.filename or self.folder, mend=MEND) from error

    def _publish(self, names: Sequence[str]) -> None:
        for name in names:
            for growing in (self.failures_of(name), self.answer_of(name)):
                with contextlib.suppress(FileNotFoundError):  # there is none, or it is out already
                    growing.rename(self.out / growing.name)
        if names:
            sync_folder(self.out)

    def _put_away(self, names: Sequence[str], end: End) -> None:
        for name in names:
            (self._ended[end] / name).rename(self._away[end] / name)
        if names:
            sync_folder(self._away[end])

    def _free_name(self, name: str) -> str:
        """Return a name of which no traces are left: ``wire-2.jsonl.gz`` for a second ``wire.jsonl.gz``."""
        stem, dot, endings = name.partition(".")
        number, free = 1, name
        while any(map(os.path.lexists, self._traces(free))):
            number += 1
            free = f"{stem}-{number}{dot}{endings}"
        return free

    def _traces(self, name: str) -> list[Path]:
        inputs = [folder / name for folder in (self.claimed, *self._ended.values(), *self._away.values())]
        return [*inputs, self.out / (name + self._ending), self.out / (name + FAILURES)]

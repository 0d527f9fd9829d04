"""The index that runs share and that outlives them: who has added what. Comes after ``index``, before ``linker``."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager

from summarizer.updates.index import StoryIndex


class KeptIndex(StoryIndex):
    """Stories in a file to which several runs add theirs, each once."""

    _MORE_TABLES = """
CREATE TABLE IF NOT EXISTS published (run TEXT PRIMARY KEY, upto INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS awaited (
    owner TEXT, name TEXT, first INTEGER, last INTEGER, PRIMARY KEY (owner, name)) WITHOUT ROWID;
"""

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes from writing; at the end everything is on the disk, or nothing after an error."""
        with self._told():
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._base.execute("COMMIT")
            finally:
                if self._base.in_transaction:
                    self._base.execute("ROLLBACK")

    def published(self, run: str, upto: int | None = None) -> int:
        """Return up to which of its places a run's stories were taken over; set it where ``upto`` is given."""
        if upto is not None:
            self._base.execute("INSERT OR REPLACE INTO published VALUES (?, ?)", (run, upto))
        found = self._base.execute("SELECT upto FROM published WHERE run = ?", (run,)).fetchone()
        return found[0] if found else 0

    def await_files(self, owner: str, files: Iterable[tuple[str, int, int]]) -> None:
        """Remember which stories came with files that their owner is about to put away, in the stead of those before.

        :param files: name, and the places after which and up to which its stories stand.
        """
        self._base.execute("DELETE FROM awaited WHERE owner = ?", (owner,))
        self._base.executemany("INSERT INTO awaited VALUES (?, ?, ?, ?)", [(owner, *file) for file in files])

    def take_back(self, owner: str, unfinished: Container[str]) -> None:
        """Take out the stories of files that were not put away after all."""
        ask = "SELECT name, first, last FROM awaited WHERE owner = ?"
        for name, first, last in self._base.execute(ask, (owner,)).fetchall():
            if name in unfinished:
                self.drop(after=first, upto=last)
        self.await_files(owner, ())

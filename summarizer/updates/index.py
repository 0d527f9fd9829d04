"""The stories that were seen, in one SQLite file: found again by id, or by a band of their MinHash signature.

Comes after ``sketch``, before ``linker``. Every story has a place, which grows; a question is always asked as of a
place, so that the answer is the same whatever was added after it. Nothing is on the disk before ``save``.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.errors import OutputError
from summarizer.updates.sketch import BANDS, ROWS, RUN_WORDS, number_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from summarizer.records import Decision

MOST_ALIKE = 50
"""Of the stories that share a band with one, so many are looked at, those that share most."""
WAIT_SECONDS = 60
"""For another process that is writing."""
CACHE_KILOBYTES = 64 * 1024
"""Of a file's pages in memory: some 50,000 stories' bands."""
LAST_PLACE = 2**63 - 1
SIDE_FILES = ("", "-journal", "-wal", "-shm")
"""Endings of the files that SQLite makes of one."""

_APPLICATION = 0x73756D75
_SCHEME = f"2 {RUN_WORDS} {BANDS} {ROWS} affine32"
"""What a file's numbers were made by; one that was made by anything else knows none of our stories."""
_TABLES = f"""
PRAGMA application_id = {_APPLICATION};
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stories (
    place INTEGER PRIMARY KEY, key INTEGER NOT NULL, facts TEXT NOT NULL, runs BLOB, form BLOB, names BLOB,
    sentences BLOB,
    bands BLOB);
CREATE INDEX IF NOT EXISTS stories_by_key ON stories (key, place);
CREATE TABLE IF NOT EXISTS bands (band INTEGER, place INTEGER, PRIMARY KEY (band, place)) WITHOUT ROWID;
"""
_COLUMNS = "place, facts, runs, form, names, sentences"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What is kept of an article.

    :param place: after all those that were seen before it.
    :param day: counted from the year 1; None where the article has no date that could be read.
    :param runs: see ``Sketch``, as are ``form``, ``names`` and ``sentences``.
    :param decisions: by topic id; None where it was not tagged.
    """

    place: int
    id: str
    version: str
    title: str
    day: int | None
    runs: NDArray[np.uint32]
    form: NDArray[np.uint32]
    names: NDArray[np.uint32]
    sentences: tuple[int, ...]
    decisions: Mapping[str, Decision] | None


class StoryIndex:
    """Stories in a file, or in a temporary one that goes with the process.

    :param path: made where there is none; None for a temporary file, of which only what is in use lies in memory.
    :param read_only: nothing is added, and the file must be there.
    :raises OutputError: the file cannot be opened, or is no index of this version.
    """

    _MORE_TABLES = ""

    def __init__(self, path: Path | None = None, *, read_only: bool = False) -> None:
        self.path = path
        with self._told():
            name = "" if path is None else f"{path.absolute().as_uri()}?mode={'rw' if read_only else 'rwc'}"
            # Questions may come from several threads, one at a time.
            self._base = sqlite3.connect(
                name, uri=True, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False
            )
            weakref.finalize(self, self._base.close)
            self._base.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
            if path is None:
                self._base.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
            else:
                self._base.execute("PRAGMA synchronous = FULL")
            self._refuse_strangers()
            if not read_only:
                self._base.executescript(_TABLES + self._MORE_TABLES)
        if self.fact("scheme") is None and not read_only:
            self.set_facts(scheme=_SCHEME, run=uuid.uuid4().hex, base=0, top=0)
        if self.fact("scheme") != _SCHEME:
            what = "was made by another version, which knows stories by other numbers"
            raise OutputError(str(path), what, "Name another file as updates.index, or delete this one.")

    def _refuse_strangers(self) -> None:
        found = self._base.execute("PRAGMA application_id").fetchone()[0]
        is_empty = not self._base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if found != _APPLICATION and not is_empty:
            raise OutputError(str(self.path), "is no index of stories", "Name another file as updates.index.")

    def fact(self, name: str) -> Any:
        """Return what ``set_facts`` said last; None where it said nothing."""
        with self._told():
            found = self._base.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return found and found[0]

    def set_facts(self, **facts: str | int) -> None:
        """Keep facts about the index itself."""
        with self._told():
            self._base.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", facts.items())

    def add(self, story: Story, bands: Iterable[int]) -> None:
        """Add a story.

        :param bands: see ``Sketch.bands``.
        """
        import numpy as np

        facts = {"id": story.id, "version": story.version, "title": story.title, "day": story.day}
        row = (
            story.place,
            number_of(story.id),
            json.dumps({**facts, "decisions": story.decisions and dict(story.decisions)}),
            *(numbers.astype("<u4").tobytes() for numbers in (story.runs, story.form, story.names)),
            np.array(story.sentences, dtype="<i8").tobytes(),
            np.array([*bands], dtype="<i8").tobytes(),
        )
        with self._told():
            self._begin()
            self.add_row(row)

    def add_row(self, row: tuple[Any, ...]) -> None:
        """Add a story as ``rows`` gives it; in the place of one whose adding broke off."""
        place, bands = row[0], _numbers(row[-1])
        self._base.execute("INSERT OR REPLACE INTO stories VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        self._base.executemany("INSERT OR REPLACE INTO bands VALUES (?, ?)", [(band, place) for band in bands])

    def rows(self, after: int, upto: int) -> Iterator[tuple[Any, ...]]:
        """Yield the stories after a place up to another, in order, for another index's ``add_row``."""
        ask = "SELECT * FROM stories WHERE place > ? AND place <= ? ORDER BY place"
        with self._told():
            yield from self._base.execute(ask, (after, upto))

    def called(self, id: str, *, after: int, before: int) -> Iterator[Story]:
        """Yield the stories of an id between two places, both not included, the latest first."""
        ask = f"SELECT {_COLUMNS} FROM stories WHERE key = ? AND place > ? AND place < ? ORDER BY place DESC"
        with self._told():
            found = map(_story, self._base.execute(ask, (number_of(id), after, before)).fetchall())
            yield from (story for story in found if story.id == id)

    def alike(self, bands: Iterable[int], *, after: int, before: int) -> Iterator[Story]:
        """Yield the stories between two places that share bands, those that share most and then the earliest first."""
        wanted = [*bands]
        marks = ", ".join("?" * len(wanted))
        ask = f"""SELECT place FROM bands WHERE band IN ({marks}) AND place > ? AND place < ?
                  GROUP BY place ORDER BY count(*) DESC, place LIMIT {MOST_ALIKE}"""
        with self._told():
            for (place,) in self._base.execute(ask, (*wanted, after, before)).fetchall():
                yield _story(self._base.execute(f"SELECT {_COLUMNS} FROM stories WHERE place = ?", (place,)).fetchone())

    def drop(self, *, after: int = 0, upto: int = LAST_PLACE) -> None:
        """Take out the stories after a place and up to another."""
        where, places = "place > ? AND place <= ?", (after, upto)
        with self._told():
            self._begin()
            for number, bands in self._base.execute(f"SELECT place, bands FROM stories WHERE {where}", places):
                pairs = [(band, number) for band in _numbers(bands)]
                self._base.executemany("DELETE FROM bands WHERE band = ? AND place = ?", pairs)
            self._base.execute(f"DELETE FROM stories WHERE {where}", places)

    def save(self) -> None:
        """See everything on the disk, all or nothing."""
        with self._told():
            if self._base.in_transaction:
                self._base.execute("COMMIT")

    def copy_to(self, other: StoryIndex) -> None:
        """Make another index the same as this one, all its facts included."""
        with self._told():
            self._base.backup(other._base)

    def close(self) -> None:
        """Let go of the file; what was not saved is lost."""
        with suppress(sqlite3.Error):
            self._base.close()

    def _begin(self) -> None:
        if not self._base.in_transaction:
            self._base.execute("BEGIN")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what SQLite says into an error of ours."""
        try:
            yield
        except sqlite3.Error as error:
            what = f"the index of stories cannot be used ({error})"
            mend = "Free some space, or name another file as updates.index."
            raise OutputError(str(self.path or "temporary file"), what, mend) from error


def _story(row: tuple[Any, ...]) -> Story:
    import numpy as np

    place, facts, runs, form, names, sentences = row
    return Story(
        place=place,
        runs=np.frombuffer(runs, dtype="<u4"),
        form=np.frombuffer(form, dtype="<u4"),
        names=np.frombuffer(names, dtype="<u4"),
        sentences=tuple(_numbers(sentences)),
        **json.loads(facts),
    )


def _numbers(packed: bytes) -> list[int]:
    import numpy as np

    numbers: list[int] = np.frombuffer(packed, dtype="<i8").tolist()
    return numbers

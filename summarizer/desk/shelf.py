"""The records of a run, to be picked from: an index on the disk, the records where they are, the articles as needed.

Comes after a run; ``articles`` finds what the records were made of. Memory does not grow with the run.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from summarizer.desk.entry import Entry, kept_entry
from summarizer.errors import InputError
from summarizer.read.source import Source, unreadable
from summarizer.records import Article

Only = Literal["all", "review", "open"]
"""Which records to list: all, those that ask for a person, those that nobody signed."""
FindArticle = Callable[[str], Article | None]
TITLE_CHARACTERS = 200
"""Of a headline in the list; where a record has none, its brief stands for it."""
MEND = "Name a run folder, or the JSON lines that 'summarizer run' wrote."


@dataclass(frozen=True, slots=True)
class Row:
    """One record in the list.

    :param number: its place among the records, from 0.
    """

    number: int
    id: str
    title: str
    is_review: bool


class Shelf:
    """The records of one file.

    :param path: JSON lines, plain or ``.gz``.
    :param find_article: returns the article of an id, None where it is not at hand.
    :param names: of topics, by id.
    :raises InputError: it cannot be read, or holds no record.
    """

    def __init__(self, path: Path, find_article: FindArticle, names: Mapping[str, str] | None = None) -> None:
        self.path = path
        self.bad_lines = 0
        self._source = Source(str(path), "jsonl")
        self._find = find_article
        self._names = dict(names or {})
        self._lock = Lock()
        self._index = sqlite3.connect("", check_same_thread=False)  # a file of SQLite's own that goes with the process
        self._index.execute("CREATE TABLE row (number INTEGER PRIMARY KEY, start, id TEXT, title TEXT, review INTEGER)")
        self._index.executemany("INSERT INTO row VALUES (?, ?, ?, ?, ?)", self._scan())
        (self.count,) = self._index.execute("SELECT count(*) FROM row").fetchone()
        if not self.count:
            raise InputError(str(path), "holds no records", MEND)

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()

    def rows(
        self, start: int, count: int, *, find: str = "", only: Only = "all", signed: Collection[str] = ()
    ) -> tuple[int, list[Row]]:
        """List records.

        :param start: how many of those that fit to pass over.
        :param find: part of the title or id; empty for all.
        :param signed: ids of the articles that somebody signed.
        :return: how many fit, and at most ``count`` of them, in the order of the run.
        """
        tests, values = ["1"], []
        if find:
            tests.append("(title LIKE ? ESCAPE '\\' OR id LIKE ? ESCAPE '\\')")
            values += [f"%{_escaped(find)}%"] * 2
        if only == "review":
            tests.append("review")
        if only == "open":
            tests.append("id NOT IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(list(signed)))
        where = " AND ".join(tests)
        with self._lock:
            (fitting,) = self._index.execute(f"SELECT count(*) FROM row WHERE {where}", values).fetchone()
            query = f"SELECT number, id, title, review FROM row WHERE {where} ORDER BY number LIMIT ? OFFSET ?"
            rows = self._index.execute(query, [*values, count, start]).fetchall()
        return fitting, [Row(number, name, title, bool(review)) for number, name, title, review in rows]

    def entry(self, number: int) -> Entry | None:
        """Return one record with its article; None where there is no such record.

        :raises InputError: the file changed since it was opened.
        """
        with self._lock:
            found = self._index.execute("SELECT start FROM row WHERE number = ?", (number,)).fetchone()
            if found is None:
                return None
            with self._source.open() as stream:
                stream.seek(found[0])
                record = _record(stream.readline())
            if record is None:
                raise InputError(f"{self.path}:{number + 1}", "is not what it was", "Start the desk again.")
            return kept_entry(record, self._find(str(record["id"])), self._names)

    def _scan(self) -> Iterator[tuple[int, int, str, str, bool]]:
        number = start = 0
        with self._source.open() as stream:
            try:
                for line in stream:
                    record = _record(line)
                    if record is not None:
                        title = str(record.get("title") or (record.get("brief") or {}).get("text") or "")[
                            :TITLE_CHARACTERS
                        ]
                        yield number, start, _plain(str(record["id"])), _plain(title), bool(record.get("needs_review"))
                        number += 1
                    elif line.strip():
                        self.bad_lines += 1
                    start += len(line)
            except (EOFError, OSError) as error:  # a gzip file that is cut off, a disk that fails
                raise unreadable(str(self.path), OSError(str(error))) from error


def _record(line: bytes) -> dict[str, Any] | None:
    """Return the record of a line; None where it holds none."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) and "id" in record and _is_shown(record) else None


def _is_shown(record: Mapping[str, Any]) -> bool:
    """Tell whether what the desk shows of a record has the form that it must have."""
    brief, tags = record.get("brief"), record.get("tags")
    has_brief = brief is None or (isinstance(brief, dict) and isinstance(brief.get("sentences"), list))
    has_tags = tags is None or (
        isinstance(tags, list) and all(isinstance(tag, dict) and "topic" in tag for tag in tags)
    )
    return has_brief and has_tags and (brief is not None or tags is not None)


def _escaped(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "%_\\" else letter for letter in text)


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")

"""Keeps what the desk opened and what people signed, in one SQLite file; comes after ``signoff``, before ``export``.

A sign-off is one transaction, on the disk before it is acknowledged, and is never changed or deleted: who signs again
adds another. Several processes may use the file at once.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from threading import Lock
from typing import Any

from summarizer.desk.entry import Entry
from summarizer.desk.signoff import SignOff, TagChange, sentences_of
from summarizer.errors import OutputError

SCHEMA_VERSION = 1
APPLICATION_ID = 0x6465736B  # "desk": tells our file from any other SQLite database
BUSY_SECONDS = 10.0
TABLES = """
CREATE TABLE entry (
    key TEXT PRIMARY KEY, article_key TEXT NOT NULL, article_id TEXT NOT NULL,
    article TEXT NOT NULL, record TEXT NOT NULL, names TEXT NOT NULL, opened TEXT NOT NULL);
CREATE INDEX entry_article ON entry (article_key);
CREATE TABLE signoff (
    id INTEGER PRIMARY KEY AUTOINCREMENT, ticket TEXT NOT NULL UNIQUE, entry TEXT NOT NULL REFERENCES entry (key),
    editor TEXT NOT NULL, at TEXT NOT NULL, brief_before TEXT NOT NULL, brief_after TEXT NOT NULL, note TEXT NOT NULL);
CREATE INDEX signoff_entry ON signoff (entry);
CREATE TABLE tag (
    signoff INTEGER NOT NULL REFERENCES signoff (id), place INTEGER NOT NULL, topic TEXT NOT NULL, code TEXT NOT NULL,
    probability REAL, before TEXT, after TEXT NOT NULL, PRIMARY KEY (signoff, place));
"""
VERBS = ("UPDATE", "DELETE")
NEVER = """
CREATE TRIGGER {table}_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'what was signed is never changed'); END;
"""
SIGNED = """
SELECT s.id, s.ticket, s.entry, s.editor, s.at, s.brief_before, s.brief_after, s.note, e.article_key
FROM signoff s JOIN entry e ON e.key = s.entry
"""


@dataclass(frozen=True, slots=True)
class Signed:
    """One sign-off as it is kept.

    :param id: counts up; of two sign-offs the later has the higher one.
    :param entry: the key of what was signed.
    :param at: UTC.
    :param brief_before: the sentences of the record's brief; None where it had none.
    :param brief_after: as ``sentences_of`` makes it; None where there is none.
    """

    id: int
    ticket: str
    entry: str
    editor: str
    at: str
    brief_before: list[str] | None
    brief_after: list[dict[str, Any]] | None
    note: str
    article_key: str
    tags: tuple[TagChange, ...]


class SignOffStore:
    """One file of sign-offs; safe to use from several threads.

    :raises OutputError: it cannot be made or opened, is something else, or was made by a later version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        with self._told():
            self._connection = self._connect()
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def keep(self, entry: Entry) -> str:
        """Keep what is opened, so that it can be signed and is there after a crash; return its key."""
        key, article = entry.key, dict(entry.article)
        kept = [json.dumps(part) for part in (article, dict(entry.record), dict(entry.names))]  # ASCII: any text fits
        row = (key, entry.article_key, _plain(article["id"]), *kept, _now())
        with self._writing() as connection:
            connection.execute("INSERT OR IGNORE INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return key

    def find(self, key: str) -> Entry | None:
        """Return what was kept under a key."""
        with self._told(), self._lock:
            row = self._connection.execute("SELECT article, record, names FROM entry WHERE key = ?", (key,)).fetchone()
        return _entry(row) if row else None

    def sign(
        self, key: str, signed: SignOff, tags: Sequence[TagChange], checks: Sequence[Mapping[str, Any] | None] = ()
    ) -> Signed:
        """Keep a sign-off; one whose ticket is there already is returned as it was kept.

        :param key: of an entry that was kept.
        :param tags: every topic, as ``settle_tags`` returns them.
        :param checks: for each sentence what the check said of it; None or nothing where it was not asked.
        """
        entry = self.find(key)
        assert entry is not None, "an entry is kept before it is signed"
        before = [sentence["text"] for sentence in entry.brief["sentences"]] if entry.brief else None
        after = sentences_of(signed, checks)
        row = (signed.ticket, key, signed.editor, _now(), json.dumps(before), json.dumps(after), signed.note)
        with self._writing() as connection:
            cursor = connection.execute(
                "INSERT OR IGNORE INTO signoff (ticket, entry, editor, at, brief_before, brief_after, note)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            if cursor.rowcount:
                number = cursor.lastrowid
                rows = [
                    (number, place, tag.topic, tag.code, tag.probability, tag.before, tag.after)
                    for place, tag in enumerate(tags)
                ]
                connection.executemany("INSERT INTO tag VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        with self._told(), self._lock:
            return next(_signed(self._connection, "WHERE s.ticket = ?", (signed.ticket,)))

    def of_article(self, article_key: str) -> list[Signed]:
        """Return the sign-offs of an article, the latest last."""
        with self._told(), self._lock:
            return list(_signed(self._connection, "WHERE e.article_key = ? ORDER BY s.id", (article_key,)))

    def latest(self, count: int) -> list[tuple[Signed, Entry]]:
        """Return the last sign-offs and what was signed, the latest first."""
        with self._told(), self._lock:
            found = list(_signed(self._connection, "ORDER BY s.id DESC LIMIT ?", (count,)))
        return [(signed, entry) for signed in found if (entry := self.find(signed.entry)) is not None]

    def signed_ids(self) -> dict[str, str]:
        """Return who signed last, by the ids of the articles that anyone signed."""
        query = "SELECT e.article_id, s.editor FROM signoff s JOIN entry e ON e.key = s.entry ORDER BY s.id"
        with self._told(), self._lock:
            return dict(self._connection.execute(query).fetchall())

    def recent(self, count: int) -> list[tuple[str, Entry]]:
        """Return key and entry of what was opened last and signed by nobody, the latest first."""
        query = """SELECT key, article, record, names FROM entry
            WHERE article_key NOT IN (SELECT e.article_key FROM signoff s JOIN entry e ON e.key = s.entry)
            ORDER BY opened DESC, rowid DESC LIMIT ?"""
        with self._told(), self._lock:
            rows = self._connection.execute(query, (count,)).fetchall()
        return [(key, _entry(parts)) for key, *parts in rows]

    def all(self) -> Iterator[tuple[Signed, Entry, bool]]:
        """Yield each sign-off in order, what was signed, and whether it is its article's latest.

        Reads a state of its own: what is signed meanwhile is not among them.
        """
        with self._told(), closing(self._connect()) as connection:
            connection.execute("BEGIN")
            latest = "SELECT max(s.id) FROM signoff s JOIN entry e ON e.key = s.entry GROUP BY e.article_key"
            last = {number for (number,) in connection.execute(latest)}
            for signed in _signed(connection, "ORDER BY s.id", ()):
                query = "SELECT article, record, names FROM entry WHERE key = ?"
                yield signed, _entry(connection.execute(query, (signed.entry,)).fetchone()), signed.id in last

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=32
        )
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")  # in WAL mode NORMAL may lose the last commits with the power
        return connection

    def _prepare(self) -> None:
        run = self._connection.execute
        (version,), (owner,) = run("PRAGMA user_version").fetchone(), run("PRAGMA application_id").fetchone()
        (tables,) = run("SELECT count(*) FROM sqlite_master").fetchone()
        if tables and owner != APPLICATION_ID:
            raise OutputError(str(self.path), "is a database of something else", "Name another file.")
        if version > SCHEMA_VERSION:
            what = f"was made by a later version of summarizer (schema {version}; this one knows {SCHEMA_VERSION})"
            raise OutputError(str(self.path), what, "Update summarizer, or name another file.")
        run("PRAGMA journal_mode = WAL")
        with self._writing() as connection:
            if connection.execute("PRAGMA user_version").fetchone()[0]:
                return
            triggers = [NEVER.format(table=table, verb=verb) for table in ("signoff", "tag") for verb in VERBS]
            for statement in [*TABLES.split(";\n"), *triggers]:
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the file for one transaction; whatever goes wrong, nothing of it stays."""
        with self._told(), self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say SQLite's errors in our words."""
        try:
            yield
        except sqlite3.Error as error:
            mend = "Check that the disk has room and that you may write there; what was signed before is safe."
            raise OutputError(str(self.path), f"cannot be used ({error})", mend) from error


def _signed(connection: sqlite3.Connection, rest: str, values: Collection[Any]) -> Iterator[Signed]:
    for number, ticket, entry, editor, at, before, after, note, article in connection.execute(
        SIGNED + rest, tuple(values)
    ).fetchall():
        query = "SELECT topic, code, probability, before, after FROM tag WHERE signoff = ? ORDER BY place"
        tags = tuple(TagChange(*row) for row in connection.execute(query, (number,)))
        yield Signed(number, ticket, entry, editor, at, json.loads(before), json.loads(after), note, article, tags)


def _entry(row: Sequence[str]) -> Entry:
    article, record, names = map(json.loads, row)
    return Entry(article=article, record=record, names=names)


def _plain(text: str) -> str:
    """Return text that SQLite can hold: half of a surrogate pair gives way to a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")

"""Finds the article that a record was made of, by its id, in the input of its run; comes before ``shelf``.

The input is read no further than to the article that is asked for; what was passed on the way is kept in a file of
SQLite's own, which goes with the process.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from summarizer.errors import InputError
from summarizer.read import InputOptions, read
from summarizer.records import Article, Failure

PIECE = 256


class Articles:
    """Articles by id; of several with the same id the first counts.

    :param options: how the run read its input.
    :param working_folder: where its relative paths start; empty for here.
    """

    def __init__(self, options: InputOptions, working_folder: str = "") -> None:
        path = os.path.expanduser(options.path)
        if working_folder and options.format != "dataset" and not os.path.isabs(path):
            path = str(Path(working_folder, path))
        self.path = path
        self.fault = "the run read standard input, which is gone" if options.path == "-" else ""
        self._items = iter(()) if self.fault else _articles(options.model_copy(update={"path": path, "limit": None}))
        self._lock = Lock()
        self._passed = sqlite3.connect("", check_same_thread=False)
        self._passed.execute("CREATE TABLE article (id TEXT PRIMARY KEY, article TEXT) WITHOUT ROWID")

    def find(self, name: str) -> Article | None:
        """Return the article with this id; None where the input has none, or cannot be read any more."""
        key = json.dumps(name)
        with self._lock:
            while (found := self._known(key)) is None:
                if not self._go_on():
                    return None
        return found

    def _known(self, key: str) -> Article | None:
        row = self._passed.execute("SELECT article FROM article WHERE id = ?", (key,)).fetchone()
        return Article(**json.loads(row[0])) if row else None

    def _go_on(self) -> bool:
        """Pass the next articles; return whether there were any."""
        passed = []
        try:
            for article in self._items:
                source = article.fields.get("source")
                fields = {"source": source} if isinstance(source, str) else {}
                names = ("id", "text", "title", "date", "language")
                kept = {name: getattr(article, name) for name in names} | {"fields": fields}
                passed.append((json.dumps(article.id), json.dumps(kept)))
                if len(passed) == PIECE:
                    break
        except InputError as error:
            self.fault, self._items = str(error), iter(())
        self._passed.executemany("INSERT OR IGNORE INTO article VALUES (?, ?)", passed)
        return bool(passed)


def _articles(options: InputOptions) -> Iterator[Article]:
    for item in read(options):
        if not isinstance(item, Failure):
            yield item

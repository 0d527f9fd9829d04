"""One input file, or standard input: how to open it, and what its articles are called. The readers are given it."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

from summarizer.errors import InputError
from summarizer.records import Failure

GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Source:
    """Where articles come from.

    :param name: a path as the user wrote it, or ``stdin``; opens every message.
    :param format: the name of its format.
    :param stream: standard input, which is read line by line and never ahead; None for a file.
    """

    name: str
    format: str
    stream: BinaryIO | None = None

    @property
    def stem(self) -> str:
        """The file's name without endings, ``wire`` for ``in/wire.jsonl.gz``; ids are made from it."""
        name = os.path.basename(self.name.rstrip("/"))
        name = name[:-3] if name.lower().endswith(".gz") else name
        return os.path.splitext(name)[0]

    @property
    def ending(self) -> str:
        """The file's ending in small letters, ``.jsonl`` for ``in/wire.JSONL.gz``; empty where it has none."""
        return ending(self.name)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open for reading bytes; gzip is unpacked, whatever the file is called. Standard input is not closed.

        :raises InputError: the file cannot be opened.
        """
        if self.stream is not None:
            yield self.stream
            return
        try:
            file = open(self.name, "rb")  # noqa: SIM115 - closed below; the try holds the opening alone
        except OSError as error:
            raise unreadable(self.name, error) from error
        with file:
            if file.peek(2).startswith(GZIP):
                with gzip.open(file) as unpacked:
                    yield cast(BinaryIO, unpacked)
            else:
                yield file

    def failure(self, what: str, mend: str = "", *, number: int | None = None, article: str = "") -> Failure:
        """Make the failure of one line or row, or of the whole file where ``number`` is None."""
        return Failure(self.at(number), "read", what, mend, article)

    def at(self, number: int | None = None) -> str:
        """Return ``wire.jsonl:12``, or the bare name where ``number`` is None; lines and rows count from 1."""
        return self.name if number is None else f"{self.name}:{number}"


def ending(name: str) -> str:
    """Return a file name's ending in small letters, without ``.gz``: ``.jsonl`` for ``wire.JSONL.gz``."""
    name = name.lower()
    name = name[:-3] if name.endswith(".gz") else name
    return os.path.splitext(name)[1]


def unreadable(name: str, error: OSError) -> InputError:
    """Say that the system refuses to open or read a file or folder."""
    reason = (error.strerror or str(error)).lower()
    return InputError(name, f"cannot be read ({reason})", "Check that it is there and that you may read it.")

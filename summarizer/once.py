"""Remembers what was made of the latest texts, so that a story that comes in twice is worked on once."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

from summarizer.records import Article

Made = TypeVar("Made")

LATEST = 4096
"""Texts that are remembered: repeats of a wire's story come within hours, and a job's memory must not grow with it."""


def text_key(article: Article) -> bytes:
    """Return a digest of all that the stages read of an article; its id and further fields are not among it."""
    read = "\0".join((article.text, article.title, article.date or "", article.language or ""))
    return hashlib.blake2b(read.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class Latest(OrderedDict[Hashable, Made], Generic[Made]):
    """A mapping that forgets what was not asked for the longest time."""

    def __init__(self, capacity: int = LATEST) -> None:
        """Keep at most ``capacity`` entries, which must be more than go in between asking for one and using it."""
        super().__init__()
        self.capacity = capacity

    def __getitem__(self, key: Hashable) -> Made:
        self.move_to_end(key)
        return super().__getitem__(key)

    def __setitem__(self, key: Hashable, made: Made) -> None:
        super().__setitem__(key, made)
        while len(self) > self.capacity:
            del self[next(iter(self))]

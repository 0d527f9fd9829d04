"""Which sentences of an article may stand for it: what the check falls back on where a brief fails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from summarizer.evidence.source import Source


class Extract(Protocol):
    """An article's own sentences as a brief."""

    def ranking(self) -> Sequence[int]:
        """Return the sentences that may stand alone in a brief, the most salient first; empty where nobody knows."""

    def brief(self, max_words: int) -> list[int]:
        """Return the sentences of an extractive brief, in source order; never empty for an article with words."""

    def share(self, text: str, max_words: int) -> float:
        """Return how much of what matters a text tells, 1 being what ``brief`` tells; 1 where nobody knows."""


class Opening:
    """The article's first sentences; knows no ranking."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def ranking(self) -> Sequence[int]:
        """Return nothing."""
        return ()

    def brief(self, max_words: int) -> list[int]:
        """Return the first sentences that fit; the shortest of all where none does."""
        lengths = [len(text.split()) for text in self._source.sentences]
        chosen: list[int] = []
        room = max_words
        for index, words in enumerate(lengths):
            if words <= room:
                chosen.append(index)
                room -= words
            elif chosen:
                break
        return chosen or ([lengths.index(min(lengths))] if lengths else [])

    def share(self, _text: str, _max_words: int) -> float:
        """Return 1."""
        return 1.0

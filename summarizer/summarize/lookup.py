"""Guesses from its article how a brief goes on, since briefs copy. Used by ``decode``, which checks each guess.

Source: prompt lookup decoding, A. Saxena 2023; as in transformers' ``prompt_lookup_num_tokens``.
"""

from __future__ import annotations

from collections.abc import Sequence

SIZES = (3, 2, 1)
"""Tokens at the end of a brief that are looked up, the longest match first."""


class Lookup:
    """The token runs of one prompt."""

    def __init__(self, prompt: Sequence[int]) -> None:
        self._prompt = list(prompt)
        self._after: dict[tuple[int, ...], int] = {}
        for size in SIZES:
            for end in range(size, len(self._prompt)):
                # the first place: news tells the most important first, and a brief follows it
                self._after.setdefault(tuple(self._prompt[end - size : end]), end)

    def guess(self, written: Sequence[int], count: int) -> list[int]:
        """Return up to ``count`` tokens that may come after ``written``."""
        for size in SIZES:
            place = self._after.get(tuple(written[-size:])) if len(written) >= size else None
            if place is not None:
                return self._prompt[place : place + count]
        return []

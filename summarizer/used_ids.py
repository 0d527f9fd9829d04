"""Remembers which ids a run has used, eight bytes each, so that ten million of them stay small. The ledger asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

RECENT = 1 << 14
"""Ids that are kept in a set, some eighty bytes each, before they are sorted in among the others."""


class UsedIds:
    """A set of ids by their hash, of 64 bits: among ten million ids the odds of a mistake are one to 400,000."""

    def __init__(self) -> None:
        self._recent: set[int] = set()
        self._sorted: np.ndarray | None = None  # (ids,) int64, in order

    def add(self, id: str) -> bool:
        """Add an id; return whether it was new."""
        number = hash(id)
        if number in self._recent or self._is_sorted_in(number):
            return False
        self._recent.add(number)
        if len(self._recent) == RECENT:
            self._sort_in()
        return True

    def _is_sorted_in(self, number: int) -> bool:
        if self._sorted is None:
            return False
        place = int(self._sorted.searchsorted(number))
        return place < len(self._sorted) and int(self._sorted[place]) == number

    def _sort_in(self) -> None:
        import numpy as np

        fresh = np.fromiter(self._recent, dtype=np.int64)
        self._recent.clear()
        together = fresh if self._sorted is None else np.concatenate([self._sorted, fresh])
        together.sort(kind="stable")  # which merges what is in order already
        self._sorted = together

"""The quantities of an article, to look others up in; comes after ``quantities``."""

from __future__ import annotations

from collections.abc import Iterable

from summarizer.evidence.quantities import Quantity
from summarizer.evidence.units import SHARE


class QuantityIndex:
    """Which quantities an article has, and how often.

    :param quantities: those of the article in order.
    """

    def __init__(self, quantities: Iterable[Quantity]) -> None:
        self.distinct: dict[tuple[tuple[float, ...], str, bool], Quantity] = {}
        self._counts: dict[tuple[tuple[float, ...], str, bool], int] = {}
        for quantity in quantities:
            key = (quantity.values, quantity.unit, quantity.is_shared)
            self.distinct.setdefault(key, quantity)
            self._counts[key] = self._counts.get(key, 0) + 1
        self._keys: dict[str, list[tuple[tuple[float, ...], str, bool]]] = {}
        for key, quantity in self.distinct.items():
            for value in _lookups(quantity):
                self._keys.setdefault(value, []).append(key)

    def like(self, quantity: Quantity) -> list[Quantity]:
        """Return the different quantities that agree with ``quantity``."""
        return [self.distinct[key] for key in self._candidates(quantity)]

    def count(self, quantity: Quantity) -> int:
        """Return how often the article has it."""
        return sum(self._counts[key] for key in self._candidates(quantity))

    def has_between(self, least: float, below: float) -> bool:
        """Return whether there is a number from ``least`` on and below ``below`` that is no year."""
        counts = (quantity for quantity in self.distinct.values() if not quantity.is_year)
        return any(least <= value < below for quantity in counts for value in quantity.values)

    def _candidates(self, quantity: Quantity) -> list[tuple[tuple[float, ...], str, bool]]:
        keys = dict.fromkeys(key for value in _lookups(quantity) for key in self._keys.get(value, ()))
        return [key for key in keys if quantity.agrees(self.distinct[key])]


def _lookups(quantity: Quantity) -> list[str]:
    """Return what a quantity is found under: its values, and a share also as the part that it is."""
    values = [*quantity.values, quantity.values[0] / 100] if quantity.unit == SHARE else quantity.values
    return [f"{value:.9g}" for value in values]

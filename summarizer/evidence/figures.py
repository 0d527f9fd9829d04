"""Says which numbers and dates of a sentence its article does not bear out; after ``quantities`` and ``dates``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from summarizer.evidence.dates import find_dates
from summarizer.evidence.quantities import Quantity, nearest
from summarizer.evidence.source import Source
from summarizer.evidence.units import MONEY, SHARE

_UNCLAIMED_BELOW = 2  # "one of them", "the first" are said without counting.
_STRICT_UNITS = MONEY | {SHARE}
# "the two" without a noun points at two that are named.
_THE_TWO = re.compile(
    r"(?<=\bthe )two(?=\s?(?:[.,;:?!]|$)|\s(?:\w+ed|met|are|were|had|have|will|would|also|both|who|and|to|in|at|on)\b)",
    re.IGNORECASE,
)
_LOST_SIGN = re.compile(r"[\"?“”]\Z")  # Stands where a currency sign was lost.
_COUNTED = re.compile(r"[\s-]?[^\W\d_]")
# What a vague number may stand for, at the least and below what; the word itself in any form bears it out too.
_VAGUE = {
    "dozen": (24.0, 200.0),
    "hundred": (200.0, 3000.0),
    "thousand": (1500.0, 1e5),
    "million": (1.5e6, 1e9),
    "billion": (1.5e9, 1e12),
}
_VAGUE_WORD = re.compile(rf"\b({'|'.join(_VAGUE)})s\b", re.IGNORECASE)


def find_unborne_figures(sentence: str, quantities: Sequence[Quantity], source: Source) -> Iterator[str]:
    """Yield, in words, each number and date of ``sentence`` that the article does not bear out.

    :param quantities: of the sentence.
    """
    dates = find_dates(sentence)
    taken = {index for date in dates if date.kind == "day" for index in range(date.start, date.end)}
    taken |= {match.start() for match in _THE_TWO.finditer(sentence)}
    for quantity in quantities:
        is_counted = any(value >= _UNCLAIMED_BELOW or 0 < value < 1 for value in quantity.values)
        if quantity.start in taken or not is_counted:
            continue
        same = source.quantities.like(quantity)
        if any(_fits(sentence, quantity, other) for other in same):
            continue
        if quantity.is_year:
            if int(quantity.text) in source.years:
                continue
            yield f"date {quantity.text} not in the article"
            continue
        near = same[0] if same else nearest(quantity, source.quantities.distinct.values())
        hint = f"; the article has {near.text}" if near else ""
        yield f"number {quantity.text} not in the article{hint}"
    yield from _vague(sentence, source)
    for date in dates:
        if date.key not in source.dates:
            yield f"date {date.text} not in the article"


def find_repeated_figures(quantities: Sequence[Quantity], source: Source) -> Iterator[str]:
    """Yield each figure that a sentence gives to more things than the article: it was invented for one of them."""
    figures = [figure for figure in quantities if any(map(str.isdigit, figure.text))]
    for figure in figures:
        uses = sum(figure.agrees(other) for other in figures)
        known = source.quantities.count(figure)
        if not figure.is_year and figure.values[0] >= _UNCLAIMED_BELOW and uses > known > 0:
            yield f"number {figure.text} stands {uses} times in this sentence, {known} times in the article"


def _fits(sentence: str, claimed: Quantity, other: Quantity) -> bool:
    """Return whether an equal number has the same unit; a share or a sum of money is nothing else."""
    one, two = claimed.unit, other.unit
    if one == two or claimed.is_shared or other.is_shared or (one and two) or not {one, two} & _STRICT_UNITS:
        return True
    if 0 < min(claimed.values[0], other.values[0]) < 1:
        return True  # Half, 50 per cent.
    if one:
        return False
    # A bare number may leave its unit to be understood, unless it counts something else.
    is_understood = not _COUNTED.match(sentence, claimed.end) or _LOST_SIGN.search(sentence, 0, claimed.start)
    return bool(is_understood)


def _vague(sentence: str, source: Source) -> Iterator[str]:
    for match in _VAGUE_WORD.finditer(sentence):
        word = match[1].lower()
        least, below = _VAGUE[word]
        if word not in source.names.stems and not source.quantities.has_between(least, below):
            yield f"number {match.group()} not in the article"

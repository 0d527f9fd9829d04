"""Reads the quantities that a text names: digits, number words, money, shares, Indian and Western magnitudes.

What their units mean stands in ``units``; which of them bear each other out is settled here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isclose

from summarizer.evidence.units import SHARE, UNIT_PATTERN, is_same_unit, unit_of
from summarizer.evidence.words import Token

_MAGNITUDES = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "lakh": 1e5, "lakhs": 1e5, "million": 1e6, "m": 1e6, "mn": 1e6,
    "crore": 1e7, "crores": 1e7, "billion": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12, "tn": 1e12, "trn": 1e12,
}  # fmt: skip
_CARDINALS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5, "tenth": 10,
    "tenths": 10,
}  # fmt: skip
_FILLERS = ("a", "and")
_TEN, _TWENTY, _DOZEN = 10.0, 20.0, 12.0
_IMPLIED = {
    "both": 2.0, "couple": 2.0, "pair": 2.0, "twin": 2.0, "twins": 2.0, "twice": 2.0, "double": 2.0, "doubled": 2.0,
    "duo": 2.0, "either": 2.0, "trio": 3.0, "triple": 3.0, "tripled": 3.0, "thrice": 3.0, "hat-trick": 3.0,
    "quartet": 4.0, "decade": 10.0, "century": 100.0, "fortnight": 2.0, "half-century": 50.0,
}  # fmt: skip
_DIGIT = re.compile(r"\d")
_DIGITS = re.compile(
    r"""
    (?:(?P<currency>US\$|A\$|C\$|[$£€₹¥]|\b(?:Rs\.?|INR|USD|GBP|EUR))\s?|(?<![\w.]))
    (?P<number>\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?)
    (?:(?:st|nd|rd|th|s)\b)?
    (?:[\s-]?(?P<magnitude>hundred|thousand|million|billion|trillion|lakhs?|crores?|mn|bn|trn|tn)\b|\s?(?P<letter>[mkb])\b)?
    (?:[\s-]?(?P<unit>"""
    + UNIT_PATTERN
    + r"""))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LEADING = [*_CARDINALS, "hundred", "thousand", "million", "billion", "lakh", "lakhs", "crore", "crores", "dozen"]
_LAST = [*_LEADING, *_ORDINALS, *_PARTS]
_NUMBER_WORDS = frozenset(_LAST)
# Matched where a number word stands; which of its forms comes first does not matter, as each must end at a word's end.
_WORDS = re.compile(
    rf"(?:(?:half\sa|{'|'.join(_LEADING)})(?:[\s-]|(?<=hundred)\sand\s|(?<=thousand)\sand\s)(?=(?:{'|'.join(_LAST)})\b))*"
    rf"(?:{'|'.join(_LAST)})\b(?:[\s-]?(?P<unit>{UNIT_PATTERN}))?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s?[-–—]\s?|\s(?:to|or|and|from|against|versus|vs)\s|,\s(?:and\s)?")
_PLAIN_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_PAIR = 2
_NUMBER_WORD = re.compile(r"[A-Za-z]+")
# A cardinal and what may not follow it in one number; a part may ("two thirds").
_SMALL = {word: value for word, value in (_CARDINALS | _ORDINALS).items() if word not in _PARTS}
_FIRST_YEAR, _LAST_YEAR = 1500, 2100


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text.

    :param text: as it stands, trimmed.
    :param values: what it may mean, likeliest first: magnitudes multiplied out, ``0.5`` for "half"; two where the text
        leaves it open ("5m", "a third").
    :param unit: its name in ``units``, such as ``%``, or empty where none is named.
    :param start: where it begins.
    :param end: where it ends (exclusive).
    :param is_shared: unit and magnitude are those of the number beside it ("40 to 45 per cent"), and may be none.
    """

    text: str
    values: tuple[float, ...]
    unit: str
    start: int
    end: int
    is_shared: bool = False

    @property
    def is_year(self) -> bool:
        """Whether it reads like a year."""
        return (
            not self.unit and self.text.isdigit() and len(self.text) == 4 and _FIRST_YEAR <= self.values[0] < _LAST_YEAR
        )

    def agrees(self, other: Quantity) -> bool:
        """Return whether both say the same: the same value, and the same unit where both have one."""
        if self.unit != other.unit:
            if SHARE in (self.unit, other.unit) and "" in (self.unit, other.unit) and self._is_part_of(other):
                return True
            if (
                self.unit
                and other.unit
                and not (self.is_shared or other.is_shared or is_same_unit(self.unit, other.unit))
            ):
                return False
        return any(isclose(mine, theirs) for mine in self.values for theirs in other.values)

    def _is_part_of(self, other: Quantity) -> bool:
        """Return whether one is a part and the other the same in percent: a quarter, 25 per cent."""
        share, part = (self, other) if self.unit == SHARE else (other, self)
        return any(0 < value < 1 and isclose(100 * value, share.values[0]) for value in part.values)


def find_quantities(text: str, tokens: Sequence[Token]) -> list[Quantity]:
    """Return the quantities of ``text`` in order.

    :param tokens: the words of ``text``.
    """
    found = [_from_digits(match) for match in _DIGITS.finditer(text)] if _DIGIT.search(text) else []
    done = -1
    for token in tokens:
        word = token.word
        is_number = word.key in _NUMBER_WORDS or (word.parts and not _NUMBER_WORDS.isdisjoint(word.parts))
        if not is_number or token.start < done or any(one.start <= token.start < one.end for one in found):
            continue
        if match := _match_words(text, token.start):
            found.append(
                Quantity(match.group(), _word_values(match.group().lower()), unit_of(match["unit"]), *match.span())
            )
            done = match.end()
    return _share_units(text, found)


def _share_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """Give a number the unit and magnitude of its neighbour: "40 to 45 per cent", "£5 or 6 million"."""
    if len(found) < _PAIR:
        return found
    found.sort(key=lambda quantity: quantity.start)
    shared = list(found)
    for index, (first, second) in enumerate(pairwise(found)):
        if not _BETWEEN.fullmatch(text, first.end, second.start) or first.is_year or second.is_year:
            continue
        factor, own = _magnitude(second), _magnitude(first)
        values = (*first.values, first.values[0] * factor) if factor > own == 1 else first.values
        if second.unit and not first.unit:
            shared[index] = replace(first, unit=second.unit, values=values, is_shared=True)
        else:
            shared[index] = replace(first, values=values)
        if first.unit and not second.unit:
            shared[index + 1] = replace(second, unit=first.unit, is_shared=True)
    return shared


def _magnitude(quantity: Quantity) -> float:
    """Return by what a quantity's digits are multiplied; 1 where it is in words."""
    match = _PLAIN_NUMBER.search(quantity.text)
    digits = float(match.group().replace(",", "")) if match else 0.0
    return quantity.values[0] / digits if digits else 1.0


def find_implied(tokens: Sequence[Token]) -> list[Quantity]:
    """Return the numbers that words such as "both" or "trio" imply: they bear a number out but claim none."""
    return [
        Quantity(token.text, (_IMPLIED[token.word.key],), "", token.start, token.end)
        for token in tokens
        if token.word.key in _IMPLIED
    ]


def nearest(quantity: Quantity, others: Iterable[Quantity]) -> Quantity | None:
    """Return the quantity nearest in unit, then in value, within half to double; None where none is."""
    value = quantity.values[0]
    fitting = [
        other
        for other in others
        if other.is_year == quantity.is_year
        and (not quantity.unit or not other.unit or is_same_unit(quantity.unit, other.unit))
        and value / 2 <= other.values[0] <= 2 * value
    ]
    return min(fitting, key=lambda other: (other.unit != quantity.unit, abs(other.values[0] - value)), default=None)


def _match_words(text: str, start: int) -> re.Match[str] | None:
    """Match one number in words: "two second" and "two Six" are two of them."""
    match = _WORDS.match(text, start)
    if not match or not (words := _NUMBER_WORD.findall(match.group())):
        return match
    before, end = "", match.start()
    for word in words:
        key = word.lower()
        place = text.index(word, end)
        if before in _SMALL and key in _SMALL and not (_SMALL[before] >= _TWENTY and _SMALL[key] < _TEN):
            return _WORDS.match(text, start, place - 1)
        before, end = key, place + len(word)
    return match


def _from_digits(match: re.Match[str]) -> Quantity:
    value = float(match["number"].replace(",", ""))
    values: tuple[float, ...] = (value,)
    if match["magnitude"]:
        values = (value * _MAGNITUDES[match["magnitude"].lower()],)
    elif match["letter"]:
        large = value * _MAGNITUDES[match["letter"].lower()]
        # Without a currency it may be metres.
        values = (large,) if match["currency"] else (large, value)
    unit = unit_of(match["currency"]) or unit_of(match["unit"])
    return Quantity(match.group().strip(), values, unit, *match.span())


def _word_values(words: str) -> tuple[float, ...]:
    """Return what number words say: ``two hundred and five``, ``half a million``, ``two-thirds``, ``twenty-first``."""
    total, current = 0.0, 0.0
    parts = [word for word in re.split(r"[\s-]+", words) if word not in _FILLERS]
    for index, word in enumerate(parts):
        if index and word in _PARTS:
            # "one third" is a part; "twenty-third" is a place in a row.
            whole = total + current
            return (whole + _PARTS[word],) if whole >= _TWENTY and word in _ORDINALS else (whole / _PARTS[word],)
        if word in _CARDINALS or word in _ORDINALS:
            current += _CARDINALS.get(word, _ORDINALS.get(word, 0))
        elif word in ("half", "quarter", "quarters"):
            current += 1 / _PARTS[word]
        elif word == "dozen":
            current = (current or 1.0) * _DOZEN
        elif word == "hundred":
            current = (current or 1.0) * _MAGNITUDES[word]
        elif word in _MAGNITUDES:
            total, current = total + (current or 1.0) * _MAGNITUDES[word], 0.0
        else:
            break  # The unit ends the number.
    value = total + current
    return (value, 1 / _PARTS[parts[0]]) if len(parts) == 1 and parts[0] in ("third", "fifth", "tenth") else (value,)

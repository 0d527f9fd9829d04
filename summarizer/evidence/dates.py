"""Reads the dates that a text names: weekdays, months, days of a month. Years are quantities."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
_MONTH = rf"(?:(?P<month>{'|'.join(_MONTHS)})\b|(?P<short>{_SHORT})\b\.?)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"

_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)}|Mon|Tues?|Wed|Thur?s?|Fri|Sat|Sun)(?:s|'s|’s)?\b")
_ANY_MONTH = re.compile(rf"\b{_MONTH}")
_MONTH_DAY = re.compile(rf"\b{_MONTH}\s{_DAY}\b(?!,?\d)")
_DAY_MONTH = re.compile(rf"(?<![\w.,]){_DAY}\s(?:of\s)?{_MONTH}")
_ISO = re.compile(r"\b\d{4}-(?P<month>\d{2})-(?P<day>\d{2})\b")
_FULL_LENGTH = 6  # Shorter forms of weekdays ("Sun", "Sat") are words as well.


@dataclass(frozen=True, slots=True)
class Date:
    """A date in a text.

    :param text: as it stands.
    :param kind: ``weekday``, ``month``, or ``day`` for a day of a month.
    :param key: the same for every way of writing it: ``mon``, ``apr``, ``apr 27``.
    :param start: where it begins.
    :param end: where it ends (exclusive).
    """

    text: str
    kind: Literal["weekday", "month", "day"]
    key: str
    start: int
    end: int


def find_dates(text: str) -> list[Date]:
    """Return the dates of ``text``: days of a month, then other months, then weekdays written in full."""
    found = [_day(match) for pattern in (_MONTH_DAY, _DAY_MONTH) for match in pattern.finditer(text)]
    taken = {index for date in found for index in range(date.start, date.end)}
    for match in _ANY_MONTH.finditer(text):
        if match["month"] and match.start() not in taken:
            found.append(Date(match.group(), "month", _month_key(match), *match.span()))
    for match in _WEEKDAY.finditer(text):
        if len(match[1]) >= _FULL_LENGTH:
            found.append(Date(match[1], "weekday", match[1][:3].lower(), *match.span(1)))
    return found


def date_keys(text: str) -> set[str]:
    """Return the keys of everything that ``text`` may name as a date, short forms included.

    A month and a number below 32 in one text count as a day of that month, so that "April 26 and 27" holds both.
    """
    months = {_month_key(match) for match in _ANY_MONTH.finditer(text)}
    keys = months | {match[1][:3].lower() for match in _WEEKDAY.finditer(text)}
    if months:
        days = {int(day) for day in re.findall(r"\d{1,2}", text)}
        keys |= {f"{month} {day}" for month in months for day in days}
    for match in _ISO.finditer(text):
        month = _MONTHS[(int(match["month"]) - 1) % 12][:3].lower()
        keys |= {month, f"{month} {int(match['day'])}"}
    return keys


def _day(match: re.Match[str]) -> Date:
    return Date(match.group(), "day", f"{_month_key(match)} {int(match['day'])}", *match.span())


def _month_key(match: re.Match[str]) -> str:
    return str(match["month"] or match["short"])[:3].lower()

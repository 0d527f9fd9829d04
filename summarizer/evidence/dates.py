"""Reads the dates that a text names: weekdays, months, days of a month, relative days. Years are quantities.

Where the article's own date is known, "yesterday" and "last year" in it name a day and a year too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
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
# Stories that lost a line break have "successJuly 26".
_GLUED_MONTH = re.compile(rf"(?:\b|(?<=[a-z])){_MONTH}")
_RELATIVE = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_RELATIVE_DAY = re.compile(rf"\b(?:{'|'.join(_RELATIVE)})\b", re.IGNORECASE)
_CLAIMED_RELATIVE = re.compile(r"\b(?:yesterday|tomorrow|tonight)\b", re.IGNORECASE)  # "Today" also means nowadays.
_SEASONS = ("year", "spring", "summer", "autumn", "winter")
_RELATIVE_YEAR = re.compile(rf"\b(last|this|next)\s(?:{'|'.join((*_SEASONS, *_MONTHS))})\b", re.IGNORECASE)
_YEARS_ON = {"last": -1, "this": 0, "next": 1}
_WEEK = 7
_ISO = re.compile(r"\b\d{4}-(?P<month>\d{2})-(?P<day>\d{2})\b")
_FULL_LENGTH = 6  # Shorter forms of weekdays ("Sun", "Sat") are words as well.


@dataclass(frozen=True, slots=True)
class Date:
    """A date in a text.

    :param text: as it stands.
    :param kind: ``weekday``, ``month``, ``day`` for a day of a month, or ``relative``.
    :param key: the same for every way of writing it: ``mon``, ``apr``, ``apr 27``, ``yesterday``.
    :param start: where it begins.
    :param end: where it ends (exclusive).
    """

    text: str
    kind: Literal["weekday", "month", "day", "relative"]
    key: str
    start: int
    end: int


def find_dates(text: str) -> list[Date]:
    """Return the dates of ``text``: days of a month, other months, weekdays written in full, relative days."""
    found = [_day(match) for pattern in (_MONTH_DAY, _DAY_MONTH) for match in pattern.finditer(text)]
    taken = {index for date in found for index in range(date.start, date.end)}
    for match in _ANY_MONTH.finditer(text):
        if match["month"] and match.start() not in taken:
            found.append(Date(match.group(), "month", _month_key(match), *match.span()))
    for match in _WEEKDAY.finditer(text):
        if len(match[1]) >= _FULL_LENGTH:
            found.append(Date(match[1], "weekday", match[1][:3].lower(), *match.span(1)))
    found += [
        Date(match.group(), "relative", match.group().lower(), *match.span())
        for match in _CLAIMED_RELATIVE.finditer(text)
    ]
    return found


def date_keys(text: str) -> set[str]:
    """Return the keys of everything that ``text`` may name as a date, short forms included.

    A month and a number below 32 in one text count as a day of that month, so that "April 26 and 27" holds both.
    """
    months = {_month_key(match) for match in _GLUED_MONTH.finditer(text)}
    keys = months | {match[1][:3].lower() for match in _WEEKDAY.finditer(text)}
    keys |= {match.group().lower() for match in _RELATIVE_DAY.finditer(text)}
    if months:
        days = {int(day) for day in re.findall(r"\d{1,2}", text)}
        keys |= {f"{month} {day}" for month in months for day in days}
    for match in _ISO.finditer(text):
        month = _MONTHS[(int(match["month"]) - 1) % 12][:3].lower()
        keys |= {month, f"{month} {int(match['day'])}"}
    return keys


def published_on(text: str | None) -> date | None:
    """Return the day that an article's date names; None where it is not written ``2022-04-28`` at the start."""
    try:
        return date.fromisoformat((text or "").strip()[:10])
    except ValueError:
        return None


def resolved_keys(keys: set[str], day: date) -> set[str]:
    """Return what the relative days and the weekdays among ``keys`` come to in an article of ``day``, and the reverse.

    A weekday is taken for the one in the week up to ``day`` and for the one in the week after it.
    """
    found: set[str] = set()
    for distance in range(-_WEEK + 1, _WEEK):
        other = day + timedelta(days=distance)
        weekday = _WEEKDAYS[other.weekday()][:3].lower()
        of_month = f"{_MONTHS[other.month - 1][:3].lower()} {other.day}"
        words = {word for word, days in _RELATIVE.items() if days == distance}
        if keys & {weekday, of_month, *words}:
            found |= {of_month, of_month[:3], *words}
            # Another day of the name may be meant by a weekday; a day that is named has one only.
            found |= {weekday} if keys & {of_month, *words} else set()
    return found


def resolved_years(text: str, day: date) -> set[int]:
    """Return the years that "last year" and the like name in an article of ``day``."""
    return {day.year + _YEARS_ON[match[1].lower()] for match in _RELATIVE_YEAR.finditer(text)}


def _day(match: re.Match[str]) -> Date:
    return Date(match.group(), "day", f"{_month_key(match)} {int(match['day'])}", *match.span())


def _month_key(match: re.Match[str]) -> str:
    return str(match["month"] or match["short"])[:3].lower()

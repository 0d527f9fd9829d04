"""Numbers of a text by value, however they are written; part of ``unsupported_counts.py``, and as independent."""

from __future__ import annotations

import re
from decimal import Decimal

SMALL_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
UNITS = {word: value for value, word in enumerate(SMALL_UNITS)} | TENS
IRREGULAR = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12, "twentieth": 20}
REGULAR = ("four", "six", "seven", "ten", "eleven", *SMALL_UNITS[13:20])
ORDINALS = IRREGULAR | {word + "th": UNITS[word] for word in REGULAR}
SCALES = {
    "hundred": 100,
    "thousand": 10**3,
    "lakh": 10**5,
    "lac": 10**5,
    "million": 10**6,
    "mn": 10**6,
    "mln": 10**6,
    "crore": 10**7,
    "cr": 10**7,
    "billion": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
    "tn": 10**12,
}
LETTERS = {"k": 10**3, "m": 10**6, "b": 10**9}
"""Scales that are written onto the digits and may also be units: both readings count."""
NO_CLAIM = {"one", "first"}

_DIGITS = re.compile(r"\d+(?:,\d{2,3})+(?:\.\d+)?|\d+(?:[.:]\d+)*")
_AFTER_DIGITS = re.compile(r"(?:st|nd|rd|th)\b|[ \u00a0-]?(?P<scale>[a-z]+)\b", re.I)
_WORD_NUMBER = re.compile(rf"\b(?:{'|'.join([*UNITS, *ORDINALS, *SCALES])})s?\b", re.I)
_JOINT = re.compile(r"(?: and |[ -])(?=\w)", re.I)


def missing_numbers(brief: str, article: str) -> list[str]:
    """Return the numbers of the brief whose value the article does not have."""
    known = {value for _, values in numbers(article) for value in values}
    return [text for text, values in numbers(brief) if text.lower() not in NO_CLAIM and not values & known]


def numbers(text: str) -> list[tuple[str, set[Decimal]]]:
    """Return each number of a text as it is written, and the values that it may have."""
    found = []
    taken = 0
    for match in re.finditer(f"{_DIGITS.pattern}|{_WORD_NUMBER.pattern}", text, re.I):
        if match.start() < taken:
            continue
        if match.group()[0].isdigit():
            taken, values = _from_digits(text, match)
        else:
            taken, values = _from_words(text, match)
        if values:
            found.append((text[match.start() : taken], values))
    return found


def _from_digits(text: str, match: re.Match[str]) -> tuple[int, set[Decimal]]:
    """Return where a number that begins with digits ends, and its readings."""
    written = match.group().replace(",", "").replace(":", ".")
    end = match.end()
    if written.count(".") > 1:  # 1.8.2017, 10.30.15
        return end, {Decimal(part) for part in written.split(".")}
    value = Decimal(written)
    after = _AFTER_DIGITS.match(text, end)
    scale = (after["scale"] or "").lower() if after else ""
    if after is None or not scale:
        return (after.end() if after else end), {value}
    if scale in LETTERS and after.start("scale") == end:
        return after.end(), {value, value * LETTERS[scale]}
    if scale.rstrip("s") in SCALES or scale in SCALES:
        value *= SCALES.get(scale) or SCALES[scale.rstrip("s")]
        further = _AFTER_DIGITS.match(text, after.end())  # 2 hundred thousand, 1 lakh crore
        word = (further["scale"] or "").lower().rstrip("s") if further else ""
        if further and word in SCALES:
            return further.end(), {value * SCALES[word]}
        return after.end(), {value}
    return end, {value}


def _from_words(text: str, match: re.Match[str]) -> tuple[int, set[Decimal]]:
    """Return where a number that begins with a word ends, and its value: "two hundred and fifty thousand"."""
    total, current, end = 0, 0, match.end()
    word: re.Match[str] | None = match
    is_first = True
    while word is not None:
        name = word.group().lower()
        name = name if name in UNITS or name in ORDINALS or name in SCALES else name.rstrip("s")
        if name in SCALES:
            if is_first and not re.search(r"\ban?\s$", text[: word.start()], re.I):
                return word.end(), set()  # "hundreds of", "the million"
            if SCALES[name] == 100:
                current = max(current, 1) * 100
            else:
                total, current = total + max(current, 1) * SCALES[name], 0
        else:
            value = UNITS.get(name, ORDINALS.get(name, 0))
            if current % 100 and not (current % 10 == 0 and current % 100 >= 20 and 0 < value < 10):
                break  # "two three": another number begins
            current += value
        is_first, end = False, word.end()
        if name in ORDINALS:
            break
        joint = _JOINT.match(text, end)
        word = _WORD_NUMBER.match(text, joint.end()) if joint else None
        if word is not None and joint is not None and joint.group() == " and " and not (total or current >= 100):
            word = None  # "two and three"
    return end, {Decimal(total + current)}

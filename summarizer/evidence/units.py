"""Units of quantities: shares, currencies and measures, each under one name however it is written."""

from __future__ import annotations

import re

_SHARES = {"%": ("%", "percent", "per cent", "pc", "percentage"), "points": ("percentage point", "percentage points")}
_CURRENCIES = {
    "$": ("$", "us$", "a$", "c$", "usd", "dollar", "dollars"),
    "£": ("£", "gbp"),
    "€": ("€", "eur", "euro", "euros"),
    "₹": ("₹", "rs", "rs.", "inr", "rupee", "rupees"),
    "¥": ("¥", "yen"),
    "yuan": ("yuan", "renminbi"),
    "rouble": ("rouble", "roubles", "ruble", "rubles"),
    "pound": ("pound", "pounds"),
}
_MEASURES = {
    "km": ("km", "kms", "kilometre", "kilometres", "kilometer", "kilometers"),
    "metre": ("metre", "metres", "meter", "meters"),
    "cm": ("cm", "centimetre", "centimetres", "centimeter", "centimeters"),
    "mile": ("mile", "miles"),
    "foot": ("foot", "feet", "ft"),
    "inch": ("inch", "inches"),
    "kg": ("kg", "kgs", "kilo", "kilos", "kilogram", "kilograms"),
    "tonne": ("tonne", "tonnes", "ton", "tons"),
    "acre": ("acre", "acres"),
    "hectare": ("hectare", "hectares"),
    "mph": ("mph",),
    "kmph": ("kmph", "km/h", "kph"),
    "second": ("seconds",),  # "second" is a place in a row.
    "minute": ("minute", "minutes", "min", "mins"),
    "hour": ("hour", "hours"),
    "day": ("day", "days"),
    "week": ("week", "weeks"),
    "month": ("month", "months"),
    "year": ("year", "years", "yr", "yrs"),
}
_UNITS = {form: unit for table in (_SHARES, _CURRENCIES, _MEASURES) for unit, forms in table.items() for form in forms}
_AFTER = sorted((form for form in _UNITS if form[0].isalpha() and not form.endswith(("$", "."))), key=len, reverse=True)

UNIT_PATTERN = rf"(?:%|(?:{'|'.join(_AFTER)})(?![^\W\d_]))".replace(" ", r"\s?")
"""What may follow a number, for a pattern that does not mind case; nothing is captured."""
# A pound is money or weight.
_SAME = frozenset({frozenset({"£", "pound"}), frozenset({"kg", "pound"})})
MONEY = frozenset(_CURRENCIES) - {"pound"}
"""The currencies that cannot be anything else."""
SHARE = "%"


def unit_of(form: str | None) -> str:
    """Return the one name of a unit, and nothing for nothing."""
    if not form:
        return ""
    form = re.sub(r"\s+", " ", form.lower())
    return _UNITS.get(form) or _UNITS.get(form.replace("percentagep", "percentage p"), "")


def is_same_unit(one: str, other: str) -> bool:
    """Return whether two named units may be the same."""
    return one == other or frozenset({one, other}) in _SAME

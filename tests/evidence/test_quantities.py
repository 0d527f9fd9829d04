"""Quantities: what a number in a text means, and which numbers say the same."""

from __future__ import annotations

import pytest

from summarizer.evidence.quantities import Quantity, find_quantities, nearest
from summarizer.evidence.words import tokenize


def quantities(text: str) -> list[Quantity]:
    return find_quantities(text, tokenize(text))


@pytest.mark.parametrize(
    ("text", "values", "unit"),
    [
        ("1,234.5", (1234.5,), ""),
        ("45 per cent", (45.0,), "%"),
        ("45%", (45.0,), "%"),
        ("$1.2 billion", (1.2e9,), "$"),
        ("US$1.2bn", (1.2e9,), "$"),
        ("£ 5 m", (5e6,), "£"),
        ("5m", (5e6, 5.0), ""),
        ("Rs 15 lakh", (1.5e6,), "₹"),
        ("Rs1.5 crore", (1.5e7,), "₹"),
        ("Rs. 1,50,000", (150000.0,), "₹"),
        ("forty-four", (44.0,), ""),
        ("sixty", (60.0,), ""),
        ("two hundred and fifty", (250.0,), ""),
        ("thirty-two thousand dollars", (32000.0,), "$"),
        ("half a million", (5e5,), ""),
        ("two-thirds", (2 / 3,), ""),
        ("three quarters", (0.75,), ""),
        ("third", (3.0, 1 / 3), ""),
        ("twenty-third", (23.0,), ""),
        ("two dozen", (24.0,), ""),
        ("3rd", (3.0,), ""),
        ("1980s", (1980.0,), ""),
        ("3 percentage points", (3.0,), "points"),
        ("20-year-old", (20.0,), "year"),
        ("12 kms", (12.0,), "km"),
        ("5 pounds", (5.0,), "pound"),
        ("¥500", (500.0,), "¥"),
    ],
)
def test_quantities_reads_one_number(text: str, values: tuple[float, ...], unit: str) -> None:
    (found,) = quantities(f"about {text} of it")
    assert found.values == pytest.approx(values)
    assert found.unit == unit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two and three", [2, 3]),
        ("the first three", [1, 3]),
        ("3-2", [3, 2]),
        ("flight A320", []),
        ("one in five", [1, 5]),
        ("two Six Harbours games", [2, 6]),
        ("two second-half goals", [2, 2]),
    ],
)
def test_quantities_keeps_numbers_apart(text: str, expected: list[int]) -> None:
    assert [found.values[0] for found in quantities(text)] == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("$1.2 billion", "1,200 million", True),
        ("$1.2bn", "$1,200,000,000", True),
        ("45 per cent", "45%", True),
        ("forty-four", "44", True),
        ("a dozen", "12", True),
        ("a quarter", "25 per cent", True),
        ("£5", "5 pounds", True),
        ("$45", "45 per cent", False),
        ("3 percentage points", "3%", False),
        ("45 km", "45 miles", False),
        ("three days", "three months", False),
        ("$45", "£45", False),
        ("45", "44", False),
    ],
)
def test_quantities_agree_in_value_and_unit(one: str, other: str, expected: bool) -> None:
    assert quantities(one)[0].agrees(quantities(other)[0]) is expected


@pytest.mark.parametrize(
    ("seen", "expected"), [("45 boats", "44"), ("2021", "2022"), ("$90", None), ("1,000 boats", None)]
)
def test_quantities_nearest_is_of_the_same_kind_and_size(seen: str, expected: str | None) -> None:
    found = nearest(quantities(seen)[0], quantities("In 2022, 44 boats and 30 ferries, 80% of them old, cost £90."))
    assert (found.text if found else None) == expected


@pytest.mark.parametrize(
    ("text", "units", "values"),
    [
        ("from 40 to 45%", ["%", "%"], [{40.0}, {45.0}]),
        ("£5 or 6 million", ["£", "£"], [{5.0, 5e6}, {6e6}]),
        ("in 2010 and 45%", ["", "%"], [{2010.0}, {45.0}]),
    ],
)
def test_quantities_of_a_range_share_their_unit(text: str, units: list[str], values: list[set[float]]) -> None:
    found = quantities(text)
    assert [one.unit for one in found] == units
    assert [set(one.values) for one in found] == values


def test_quantities_a_shared_unit_may_be_none() -> None:
    [forty, _] = quantities("from 40 to 45%")
    assert forty.agrees(quantities("40 boats")[0])

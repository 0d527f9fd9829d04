"""What publishers say of versions, and the dates that are understood."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from summarizer.records import Article
from summarizer.updates.chains import day_of, named_before, version_of


def article(date: str | None = None, **fields: Any) -> Article:
    return Article(id="a", text="x", date=date, fields=fields)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, []),
        ({"evolvedfrom": "b"}, [("b", False)]),
        ({"version": 2}, [("a", True)]),
        ({"evolvedfrom": " b ", "version": "3"}, [("b", False), ("a", True)]),
        ({"evolvedfrom": None, "version": True}, []),
        ({"evolvedfrom": ["b"], "version": {}}, []),
        ({"evolvedfrom": "", "version": " "}, []),
    ],
)
def test_chains_name_earlier_versions(fields: dict[str, Any], named: list[tuple[str, bool]]):
    assert list(named_before(article(**fields))) == named


def test_chains_version_is_text():
    assert version_of(article(version=2)) == "2"
    assert version_of(article()) == ""


@pytest.mark.parametrize(
    "text", ["2026-03-09", "2026-03-09T23:59:00+01:00", " 2026-03-09 10:00", "Mon, 09 Mar 2026 10:00:00 GMT"]
)
def test_chains_days_are_read_from_dates(text: str):
    assert day_of(article(text)) == date(2026, 3, 9).toordinal()


@pytest.mark.parametrize(
    "text", [None, "", "yesterday", "09/03/2026", "2026-13-40", "20260309 or so", "Mon, 99 Mar 2026"]
)
def test_chains_other_dates_are_no_day(text: str | None):
    assert day_of(article(text)) is None

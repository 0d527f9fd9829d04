"""Dates: how they are read, and what relative ones come to."""

from __future__ import annotations

from datetime import date

import pytest

from summarizer.evidence.claims import find_unsupported
from summarizer.evidence.dates import date_keys, published_on
from summarizer.evidence.source import Source
from summarizer.records import Article

TEXT = "The board met yesterday. It had met on Monday and last year, and will meet next May."


@pytest.mark.parametrize(
    "sentence",
    [
        "The board met on Wednesday.",
        "The board met on April 27.",
        "The board met on 25 April.",
        "The board met in 2021.",
        "The board will meet in May 2023.",
        "The board met in April 2022.",
        "The board met yesterday.",
    ],
)
def test_dates_relative_days_and_years_count_from_the_date(sentence: str) -> None:
    source = Source(Article(id="a", text=TEXT, date="2022-04-28T09:00:00Z"))
    assert find_unsupported(sentence, source) == ()


@pytest.mark.parametrize(
    "sentence", ["It met on Thursday.", "It met on 26 April.", "It met in 2020.", "It will meet tomorrow."]
)
def test_dates_others_are_not_borne_out_by_the_date(sentence: str) -> None:
    source = Source(Article(id="a", text=TEXT, date="2022-04-28"))
    [reason] = find_unsupported(sentence, source)
    assert reason.startswith("date ")


def test_dates_without_a_date_nothing_is_worked_out() -> None:
    source = Source(Article(id="a", text=TEXT))
    assert find_unsupported("It met on Wednesday.", source) == ("date Wednesday not in the article",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2022-04-28", date(2022, 4, 28)), ("2022-04-28T09:00", date(2022, 4, 28)), ("28 April", None), (None, None)],
)
def test_dates_a_day_of_publication_is_read_where_it_is_iso(text: str | None, expected: date | None) -> None:
    assert published_on(text) == expected


def test_dates_a_month_is_found_after_a_lost_line_break() -> None:
    assert "jul 26" in date_keys("declares successJuly 26: war ends")

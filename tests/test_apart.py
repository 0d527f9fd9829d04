"""An error that nobody foresaw costs one article, whoever works on it."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from summarizer.apart import Apart
from summarizer.errors import InputError, ModelError
from summarizer.records import Article, Failure


def article(name: str) -> Article:
    return Article(id=name, text="The ministers met.", source=f"body:{name}")


def work(items):
    for item in items:
        if item.id == "bad":
            raise ZeroDivisionError("no such number")
        if item.id == "large":
            raise ModelError("summarize", "out of memory with one article", "Lower runtime.batch_tokens.")
    return [Failure("made", "clean", "stands for a record", id=item.id) for item in items]


def test_apart_each_article_is_tried_alone_where_a_window_breaks_off(caplog: pytest.LogCaptureFixture):
    results = Apart().work(work, [article(name) for name in ("a", "bad", "b", "large")])
    assert [(result.id, result.stage) for result in results if isinstance(result, Failure)] == [
        ("a", "clean"),
        ("bad", "worker"),
        ("b", "clean"),
        ("large", "worker"),
    ]
    assert str(results[1]).startswith("body:bad: the work on it broke off (ZeroDivisionError: no such number)")
    assert "Lower runtime.batch_tokens." in str(results[3])
    assert [record.levelno for record in caplog.records] == [logging.WARNING, logging.ERROR, logging.ERROR]


def test_apart_a_failure_of_reading_stays_itself():
    failure = Failure("body:1", "read", "not JSON")

    def breaks(_items):
        raise ZeroDivisionError

    assert Apart().work(breaks, [failure]) == [failure]


def test_apart_a_reader_that_breaks_off_ends_in_a_failure():
    def reader() -> Iterator[Article | Failure]:
        yield article("a")
        raise ZeroDivisionError("no such number")

    first, second = Apart().read(reader(), "story.txt")
    assert isinstance(first, Article)
    assert isinstance(second, Failure)
    assert (second.where, second.stage) == ("story.txt", "read")


def test_apart_an_error_that_is_meant_for_the_user_goes_through():
    def reader() -> Iterator[Article | Failure]:
        raise InputError("story.txt", "cannot be read")
        yield article("a")

    with pytest.raises(InputError):
        list(Apart().read(reader(), "story.txt"))

"""What the service needs of the runner: a stage alone, a window closed early, and no memory of half-made texts."""

from __future__ import annotations

from pathlib import Path

import pytest
from services import both, story

from summarizer.records import Article, Record
from summarizer.runner import Runner


def articles(*numbers: int) -> list[Article]:
    return [Article(id=f"w{number}", text=story(number)["text"]) for number in numbers]


def test_runner_only_one_stage_with_the_same_models(linear_folder: Path):
    runner = Runner(both(linear_folder))
    brief, tags = runner.only("summarize"), runner.only("classify")
    [one], [other], [whole] = (each.work(articles(1)) for each in (brief, tags, runner))
    assert isinstance(one, Record)
    assert isinstance(other, Record)
    assert isinstance(whole, Record)
    assert (one.brief, one.tags) == (whole.brief, None)
    assert (other.brief, other.tags) == (None, whole.tags)
    assert tags.classifier is runner.classifier
    assert one.made_by == Runner(both(linear_folder, "classify=null")).made_by
    assert other.made_by == Runner(both(linear_folder, "summarize=null")).made_by


def test_runner_closes_a_window_early_where_nothing_more_is_at_hand(linear_folder: Path):
    at_hand = iter([True, True, False, True, False, True])
    windows = Runner(both(linear_folder)).windows(articles(*range(6)), lambda: next(at_hand))
    assert [len(window) for window in windows] == [3, 2, 1]


def test_runner_a_text_whose_work_broke_off_is_worked_on_again(linear_folder: Path, monkeypatch: pytest.MonkeyPatch):
    runner = Runner(both(linear_folder))
    with monkeypatch.context() as patch:
        patch.setattr(runner.classifier, "score", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            runner.work(articles(1))
    [result] = runner.work(articles(1))
    assert isinstance(result, Record)
    assert result.brief is not None
    assert result.tags is not None

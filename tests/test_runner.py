"""The chain as a whole: order, length, and that one article never takes its neighbours with it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from summarizer.config import RunConfig, parse_config
from summarizer.once import Latest
from summarizer.records import Article, Brief, Failure, Record
from summarizer.runner import Runner

TEXT = (
    "ORMA, March 3 (Newswire) - Norvia and Tessland signed a defence accord on Tuesday. It runs for five years. "
    "The ministers met in Orma. Both sides will hold exercises in May."
)


def article(name: str, text: str | None = None) -> Article:
    """An article whose text no other has, unless ``text`` is given."""
    return Article(id=name, text=text or f"{TEXT} A note on item {name} follows.", source=f"wire.jsonl:{name}")


def lead_config(*overrides: str) -> RunConfig:
    text = "summarize:\n  backend: lead\n  max_words: 20\n  min_source_words: 10\n"
    return parse_config(text, RunConfig, overrides=overrides)


class OneFails:
    """A summarizer that fails on the article named ``bad``."""

    def __init__(self, inner) -> None:
        self.inner = inner
        self.models = {"inner": "sha256:1"}
        self.seen: list[str] = []

    def summarize(self, articles: Sequence[Article]) -> list[Brief | Failure]:
        self.seen += [article.id for article in articles]
        briefs = self.inner.summarize(articles)
        bad = Failure("wire.jsonl:bad", "summarize", "cannot be read", id="bad")
        return [bad if article.id == "bad" else brief for article, brief in zip(articles, briefs, strict=True)]


class ConstantTopics:
    """A classifier that remembers what it was given."""

    def __init__(self, inner) -> None:
        self.inner = inner
        self.seen: list[str] = []

    def __getattr__(self, name: str):
        return getattr(self.inner, name)

    def score(self, articles: Sequence[Article]):
        self.seen += [article.id for article in articles]
        return self.inner.score(articles)


def test_runner_gives_one_result_an_item_in_order():
    items = [article("1"), Failure("wire.jsonl:2", "read", "not JSON"), article("3"), article("4", "Too short.")]
    results = list(Runner(lead_config("runtime.window_articles=2")).run(items))
    assert [getattr(r, "article", None) and r.article.id for r in results] == ["1", None, "3", "4"]
    assert isinstance(results[1], Failure)


def test_runner_failed_article_leaves_the_list_and_its_neighbours_stay():
    runner = Runner(lead_config())
    runner.summarizer = OneFails(runner.summarizer)
    results = list(runner.run([article("1"), article("bad"), article("3")]))
    assert [type(result) for result in results] == [Record, Failure, Record]
    assert (runner.report.read, runner.report.written, runner.report.failed) == (3, 2, 1)


def test_runner_later_stages_do_not_see_a_failed_article(bert_folder: Path):
    text = f"summarize:\n  backend: lead\nclassify:\n  backend: encoder\n  model: {bert_folder}\n"
    runner = Runner(parse_config(text, RunConfig))
    runner.summarizer = OneFails(runner.summarizer)
    runner.classifier = ConstantTopics(runner.classifier)
    list(runner.run([article("1"), article("bad")]))
    assert runner.classifier.seen == ["1"]


def test_runner_brief_only_has_no_tags():
    [result] = Runner(lead_config()).run([article("1")])
    assert isinstance(result, Record)
    assert result.tags is None
    assert "tags" not in result.to_dict()


def test_runner_tags_only_has_no_brief(bert_folder: Path):
    config = parse_config(f"classify:\n  backend: encoder\n  model: {bert_folder}\n", RunConfig)
    [result] = Runner(config).run([article("1")])
    assert isinstance(result, Record)
    assert (result.brief, result.tags is not None) == (None, True)
    assert list(result.made_by.models) == [str(bert_folder)]


def test_runner_evidence_is_the_original_text_behind_the_dateline():
    [result] = Runner(lead_config()).run([article("1")])
    assert isinstance(result, Record)
    assert result.brief is not None
    assert result.brief.text.startswith("Norvia and Tessland")
    for sentence in result.brief.sentences:
        for span in sentence.evidence:
            assert result.article.text[span.start : span.end] == span.text


def test_runner_duplicate_id_is_worked_on_and_said():
    runner = Runner(lead_config())
    first, second = runner.run([article("1"), article("1")])
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert not any("earlier article" in warning for warning in first.warnings)
    assert "id '1' was used by an earlier article of this run" in second.warnings
    assert runner.report.duplicate_ids == 1


def test_runner_never_holds_more_than_a_window():
    taken = 0

    def endless():
        nonlocal taken
        while True:
            taken += 1
            yield article(str(taken))

    results = Runner(lead_config("runtime.window_articles=4")).run(endless())
    next(results)
    assert taken == 4


@pytest.mark.parametrize("text", ["", " \n"])
def test_runner_nothing_in_nothing_out(text: str):
    assert list(Runner(lead_config()).run([])) == []


def test_runner_the_same_text_is_worked_on_once():
    runner = Runner(lead_config("runtime.window_articles=2"))
    runner.summarizer = OneFails(runner.summarizer)
    again = ["1", "2", "3", "4", "5"]
    results = list(runner.run([*(article(name, TEXT) for name in again), article("6")]))
    assert [result.article.id for result in results if isinstance(result, Record)] == [*again, "6"]
    assert runner.summarizer.seen == ["1", "6"]
    assert [result.brief for result in results[1:5]] == [results[0].brief] * 4
    assert runner.report.repeated_texts == 4


def test_runner_a_failure_of_the_same_text_names_each_article():
    runner = Runner(lead_config())
    runner.summarizer = OneFails(runner.summarizer)
    failures = list(runner.run([article("bad", TEXT), article("again", TEXT)]))
    assert [(f.id, f.where) for f in failures if isinstance(f, Failure)] == [
        ("bad", "wire.jsonl:bad"),
        ("again", "wire.jsonl:again"),
    ]


@pytest.mark.parametrize("change", [{"title": "T"}, {"date": "2026-01-01"}, {"language": "de"}])
def test_runner_the_same_text_under_another_title_date_or_language_is_another_story(change: dict[str, str]):
    runner = Runner(lead_config())
    list(runner.run([article("1", TEXT), Article(id="2", text=TEXT, **change)]))
    assert runner.report.repeated_texts == 0


def test_runner_remembers_only_the_latest_texts():
    latest: Latest[int] = Latest(2)
    latest["a"], latest["b"] = 1, 2
    assert latest["a"] == 1
    latest["c"] = 3
    assert list(latest) == ["a", "c"]

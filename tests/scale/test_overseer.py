"""How the article that kills its worker is found, without a cluster."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("ray", reason="the extra 'ray' is not installed")

from summarizer.config import RunConfig
from summarizer.errors import ModelError
from summarizer.records import Article, Brief, Failure, MadeBy, Record, SourceTokens
from summarizer.scale import overseer
from summarizer.scale.cluster import Workers
from summarizer.scale.overseer import Overseer
from summarizer.scale.worker import Made, Refusal

BRIEF = Brief(sentences=(), backend="lead", source_tokens=SourceTokens(0, 0))
MADE_BY = MadeBy("0", "sha256:0", {})


class Wire:
    """Stands for Ray: references are what they refer to, and a worker dies of the articles that it is told to.

    :param accidents: how many of the first calls end in a death, whatever their articles.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, deadly: set[str], accidents: int = 0) -> None:
        self.deaths = self.starts = 0
        self.deadly, self.accidents = deadly, accidents
        self.loaded: MadeBy | Refusal = MADE_BY
        monkeypatch.setattr("ray.get", lambda call: call() if callable(call) else call)
        monkeypatch.setattr("ray.put", lambda items: items)
        monkeypatch.setattr(overseer, "start_worker", self.start)

    def start(self, *_: object) -> tuple[Any, MadeBy | Refusal]:
        self.starts += 1
        return self, self.loaded

    @property
    def work(self) -> Wire:
        return self

    def remote(self, items: list[Article]) -> Any:
        def call() -> Made:
            from ray.exceptions import RayActorError

            if self.accidents or self.deadly & {article.id for article in items}:
                self.accidents -= bool(self.accidents)
                self.deaths += 1
                raise RayActorError
            return Made([record(article) for article in items], {"clean": 1.0})

        return call


def record(article: Article) -> Record:
    return Record(article=article, brief=BRIEF, tags=None, needs_review=False, made_by=MADE_BY)


def articles(count: int) -> list[Article]:
    return [Article(id=f"a{n}", text="The gauge was read.", source=f"wire.jsonl:{n + 1}") for n in range(count)]


def made(window: list[Article]) -> Made:
    return Overseer(None, RunConfig(), Workers(1, 1, 0), ".")._made(window, overseer.TRIES)


@pytest.mark.parametrize("place", [0, 37, 63])
def test_overseer_halves_a_window_down_to_the_article_that_kills(monkeypatch: pytest.MonkeyPatch, place: int):
    wire = Wire(monkeypatch, {f"a{place}"})
    window = articles(64)
    results = made(window).results
    assert [result.id if isinstance(result, Failure) else result.article.id for result in results] == [
        article.id for article in window
    ]
    assert [n for n, result in enumerate(results) if isinstance(result, Failure)] == [place]
    failure = results[place]
    assert isinstance(failure, Failure)
    assert (failure.stage, failure.where) == ("worker", f"wire.jsonl:{place + 1}")
    assert wire.deaths == 2 + 5 + 2, "64 twice; 32, 16, 8, 4 and 2 once; the article alone twice"


def test_overseer_takes_one_death_for_an_accident(monkeypatch: pytest.MonkeyPatch):
    wire = Wire(monkeypatch, set(), accidents=1)
    assert made(articles(8)).results == [record(article) for article in articles(8)]
    assert (wire.deaths, wire.starts) == (1, 2)


def test_overseer_finds_two_that_kill_in_one_window(monkeypatch: pytest.MonkeyPatch):
    Wire(monkeypatch, {"a2", "a3"})
    results = made(articles(5)).results
    assert [isinstance(result, Failure) for result in results] == [False, False, True, True, False]


def test_overseer_adds_up_the_seconds_of_the_parts(monkeypatch: pytest.MonkeyPatch):
    Wire(monkeypatch, {"a0"})
    assert made(articles(4)).seconds == {"clean": 2.0}


def test_overseer_hands_on_why_no_worker_can_be_had(monkeypatch: pytest.MonkeyPatch):
    wire = Wire(monkeypatch, set())
    wire.loaded = Refusal(ModelError, ModelError("model 'x'", "is missing", "Fetch it.").fault)
    refusal = made(articles(2)).refusal
    assert refusal is not None
    with pytest.raises(ModelError, match=r"model 'x': is missing. Fetch it."):
        raise refusal.error()

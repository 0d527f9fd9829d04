"""The cost of briefs: systems take turns, the plain loop writes with the model's weights, and the page says it all."""

import argparse
import json
import sys
from pathlib import Path

import pytest
from benchmark_scripts import load
from wire_stories import TAUGHT_BRIEF

from summarizer.records import Article
from summarizer.runtime import RuntimeOptions

brief_cost, timing = load("brief_cost"), load("timing")
STORY = "Mayor Ilse Tamm stopped the ferry to Lunde after 12 complaints. It was old. The council meets in May. " * 4
ARTICLES = [Article(id="1", text=STORY), Article(id="2", text=STORY.replace("12", "14"))]


def test_timing_systems_are_warmed_up_and_then_take_turns():
    calls: list[tuple[str, int]] = []

    def system(name: str):
        return timing.System(lambda given: calls.append((name, len(given))) or [name], ARTICLES)

    seconds, returned = timing.measure({"a": system("a"), "b": system("b")}, rounds=2, warm_up_articles=1)
    assert calls == [("a", 1), ("b", 1), ("a", 2), ("b", 2), ("a", 2), ("b", 2)]
    assert {name: len(rounds) for name, rounds in seconds.items()} == {"a": 2, "b": 2}
    assert returned == {"a": ["a"], "b": ["b"]}


def test_timing_rates_are_those_of_the_rounds():
    assert timing.rates([0.5, 0.1, 0.25]) == {"articles_per_second": 4.0, "slowest": 2.0, "fastest": 10.0}


def test_brief_cost_plain_loop_writes_with_the_weights_of_the_model(taught_llama_folder: Path, runtime: RuntimeOptions):
    from tiny_models import WIRE

    article = Article(id="1", text=WIRE[:90])
    [system] = brief_cost.plain_loop([article], str(taught_llama_folder), runtime).values()
    assert system.run([article]) == [TAUGHT_BRIEF]


def test_brief_cost_without_sumy_says_so_and_goes_on(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture):
    monkeypatch.setitem(sys.modules, "sumy.models.dom", None)
    assert brief_cost.sumy(ARTICLES) == {}
    assert "pip install sumy" in capsys.readouterr().err


def test_brief_cost_sumy_picks_whole_sentences_of_the_article():
    pytest.importorskip("sumy", reason="sumy is installed for the benchmark only")
    systems = brief_cost.sumy(ARTICLES)
    assert len(systems) == 2
    for system in systems.values():
        [brief, _] = system.run(ARTICLES)
        assert len(brief_cost.OurTokenizer().to_sentences(brief)) == brief_cost.SUMY_SENTENCES
        assert set(brief_cost.OurTokenizer().to_sentences(brief)) <= set(brief_cost.OurTokenizer().to_sentences(STORY))


def test_brief_cost_a_way_that_is_not_there_is_told(
    taught_llama_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    monkeypatch.setattr(brief_cost, "OURS", {"hybrid": "causal", "psychic": "psychic", "lead": "lead"})
    arguments = argparse.Namespace(threads=1, model=str(taught_llama_folder))
    systems = brief_cost.ours(ARTICLES, arguments)
    assert list(systems) == ["summarizer, hybrid", "summarizer, lead"]
    assert "left out: psychic" in capsys.readouterr().err
    assert systems["summarizer, lead"].run(ARTICLES)[0].startswith("Mayor Ilse Tamm stopped the ferry")


def test_brief_cost_counts_inventions_and_puts_them_on_the_page():
    briefs = ["Tamm stopped the ferry after 13 complaints.", ""]
    measured = brief_cost.quality(briefs, ["Tamm stopped the ferry after 13 complaints.", "It was old."], ARTICLES)
    assert measured["rouge"] == {"1": 50.0, "2": 50.0, "Lsum": 50.0}
    assert (measured["mean_words"], measured["empty"]) == (3.5, 1)
    assert measured["unsupported"] == {"number": 1, "quotation": 0, "name": 0}
    result = {
        "machine": {"cpu": "a CPU", "threads": 2, "python": "3.12", "dtype": "torch.float32"},
        "packages": {"torch": "2.9"},
        "articles": {"count": 2, "mean_words": 84.0},
        "rounds": 1,
        "systems": {"lead": timing.rates([0.5]) | measured | {"note": "a note"}},
    }
    page = brief_cost.table(result)
    assert "| lead | 2.00 | 2.00 to 2.00 | 50.0 / 50.0 / 50.0 | 4 | 1 | 0 | 0 | a note |" in page
    assert "2 articles of 84 words on average; a CPU, 2 threads, models in float32" in page
    assert json.loads(json.dumps(result)) == result

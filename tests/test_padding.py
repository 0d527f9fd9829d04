"""How much padding models read: counted where rows are filled up, told in the report, small for news of all lengths."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from itertools import chain, zip_longest
from pathlib import Path

import pytest
from wire_stories import story

from summarizer.config import RunConfig, parse_config
from summarizer.padding import Padding
from summarizer.read import InputOptions, read
from summarizer.records import Article
from summarizer.runner import Runner

SHARED = Path(os.environ.get("SUMMARIZER_SHARED") or Path(__file__).parents[2] / "shared")
BRIEFS = SHARED / "data" / "briefs"


def run(folder: Path, articles: list[Article], *, max_new_tokens: int = 40, **runtime: object) -> Runner:
    generation = {"max_new_tokens": max_new_tokens}
    config = {
        "input": {"path": "-"},
        "summarize": {
            "backend": "seq2seq",
            "model": str(folder),
            "min_source_words": 0,
            "max_source_tokens": 2000,
            "generation": generation,
        },
        "evidence": {"support": None, "salience": None},
        "runtime": {"device": "cpu", "threads": 1, **runtime},
    }
    runner = Runner(parse_config(json.dumps(config), RunConfig))
    assert all(runner.run(articles))
    return runner


def test_padding_counts_what_rows_are_filled_up_with():
    padding = Padding()
    padding.add([3, 5, 5])
    padding.add([2])
    padding.add([])
    assert (padding.tokens, padding.padding) == (17, 2)


def test_padding_is_in_the_report(t5_folder: Path):
    articles = [story("long", sentences=30), story("short", sentences=29)]
    together = run(t5_folder, articles, batch_tokens=100_000).report
    alone = run(t5_folder, articles, batch_tokens=16).report
    assert 0 < together.row_padding < together.row_tokens / 2
    assert (alone.row_padding, alone.row_tokens) == (0, together.row_tokens - together.row_padding)
    assert together.to_dict()["batches"] == {"tokens": together.row_tokens, "padding": together.row_padding}
    assert any(line.startswith("padding ") for line in together.lines())
    assert not any(line.startswith("padding ") for line in run(t5_folder, []).report.lines())


@pytest.mark.shared
@pytest.mark.skipif(not BRIEFS.is_dir(), reason="the measurement data is not at hand")
def test_padding_is_under_a_twentieth_on_news_of_mixed_lengths(t5_folder: Path):
    sets = [read(InputOptions(path=str(BRIEFS / f"{name}.test.jsonl"))) for name in ("inshorts", "cnndm")]
    mixed = [item for item in chain.from_iterable(zip_longest(*sets)) if isinstance(item, Article)]
    # the tiny model has a token a letter: so many letters as there are words make an article as long as for a real one
    articles = [replace(article, text=article.text[: len(article.text.split())]) for article in mixed]
    report = run(t5_folder, articles, max_new_tokens=2).report
    assert report.row_tokens > 200_000
    assert report.row_padding / report.row_tokens < 0.05

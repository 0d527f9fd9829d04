"""An article's record is the same, byte for byte, whatever shares its batch and its window."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from tiny_topics import tiny_linear
from wire_stories import PLACES, story

from summarizer.config import RunConfig, parse_config
from summarizer.records import Article, Record
from summarizer.runner import Runner
from summarizer.write.jsonl import JsonLines

BUDGETS = [(1_000, 64), (4_000, 7), (16_000, 23)]
"""``batch_tokens`` and ``window_articles``; each with the articles in another order."""


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    """Sixty, of one sentence to thirty."""
    lengths = random.Random(5)
    return [story(f"wire-{i}", lengths.randint(1, 30), f"{PLACES[i % 8]} {i}") for i in range(60)]


def lines(stages: dict[str, Any], articles: list[Article], batch_tokens: int, window_articles: int) -> dict[str, bytes]:
    """Return each record as it is written, by its article's id."""
    runtime = {"device": "cpu", "dtype": "float32", "threads": 1}
    runtime |= {"batch_tokens": batch_tokens, "window_articles": window_articles}
    evidence = {"support": None, "salience": None}
    config = parse_config(
        json.dumps({"input": {"path": "-"}, "evidence": evidence, "runtime": runtime, **stages}), RunConfig
    )
    records = [result for result in Runner(config).run(articles) if isinstance(result, Record)]
    return {record.article.id: JsonLines().encode([record]) for record in records}


@pytest.mark.parametrize("kind", ["lead, linear", "salience, encoder", "causal, encoder"])
def test_same_answer_at_three_budgets_in_any_order(
    kind: str,
    articles: list[Article],
    tmp_path: Path,
    salience_folder: Path,
    taught_llama_folder: Path,
    bert_folder: Path,
):
    encoder = {"backend": "encoder", "model": str(bert_folder)}
    stages = {
        "lead, linear": lambda: {
            "summarize": {"backend": "lead"},
            "classify": {"backend": "linear", "model": str(tiny_linear(tmp_path / "linear")[0])},
        },
        "salience, encoder": lambda: {
            "summarize": {"backend": "salience", "model": str(salience_folder)},
            "classify": encoder,
        },
        "causal, encoder": lambda: {
            "summarize": {"backend": "causal", "model": str(taught_llama_folder), "max_words": 20},
            "classify": encoder,
        },
    }[kind]()
    first, *others = [
        lines(stages, random.Random(window).sample(articles, len(articles)), budget, window)
        for budget, window in BUDGETS
    ]
    assert len(first) == len(articles)
    assert [{id for id in first if first[id] != other[id]} for other in others] == [set(), set()]

"""The chain on real news, where the measurement data is at hand (``SUMMARIZER_SHARED``, or ``../shared``)."""

import os
from pathlib import Path

import pytest

from summarizer.config import RunConfig, parse_config
from summarizer.read import read
from summarizer.records import Article, Record
from summarizer.runner import Runner

SHARED = Path(os.environ.get("SUMMARIZER_SHARED") or Path(__file__).parents[2] / "shared")
WIRE = SHARED / "data" / "briefs" / "inshorts.test.jsonl"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not WIRE.is_file(), reason=f"the measurement data is not at hand ({WIRE.name})"),
]


@pytest.fixture(scope="module")
def records() -> list[Record]:
    config = parse_config(f"input:\n  path: {WIRE}\nsummarize:\n  backend: lead\n  max_words: 70\n", RunConfig)
    return [result for result in Runner(config).run(read(config.input)) if isinstance(result, Record)]


def test_real_news_every_article_gets_a_record_in_order(records: list[Record]):
    config = parse_config(f"input:\n  path: {WIRE}\n", RunConfig)
    ids = [item.id for item in read(config.input) if isinstance(item, Article)]
    assert len(ids) == 381
    assert [record.article.id for record in records] == ids


def test_real_news_every_brief_fits_and_is_not_empty(records: list[Record]):
    assert all(record.brief is not None and 0 < record.brief.words <= 70 for record in records)


def test_real_news_evidence_is_where_it_says(records: list[Record]):
    spans = [
        (record.article.text, span)
        for record in records
        if record.brief is not None
        for sentence in record.brief.sentences
        for span in sentence.evidence
    ]
    assert len(spans) > 381
    assert all(text[span.start : span.end] == span.text for text, span in spans)

"""Writes CSV for spreadsheets: one row an article, UTF-8, comma, quoted where needed, a header line.

Flat, so it leaves out the evidence, the probabilities and the input's further fields; JSON lines and Parquet have them.

    id, title, date, language   as in the record
    brief                       the paragraph
    words                       its blank-separated words
    topics                      ids of the accepted topics, best first, joined by ';'
    review_topics               ids of the topics that a person should look at, likewise
    needs_review                true or false
    warnings                    joined by ' | '
    verbatim, generated, replaced
                                how many sentences of the brief have this origin
    dropped                     how many generated sentences the check took out

A stage that the config leaves out leaves its columns empty.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, get_args

from summarizer.records import Brief, Decision, Origin, Record, Tag
from summarizer.write.plain import utf8

ORIGINS: tuple[Origin, ...] = get_args(Origin)
COLUMNS = (
    *("id", "title", "date", "language"),
    *("brief", "words", "topics", "review_topics", "needs_review", "warnings"),
    *ORIGINS,
    "dropped",
)


class Csv:
    """Encoder of CSV."""

    whole_only = False

    def start(self) -> bytes:
        """Return the header line."""
        return _lines([COLUMNS])

    def encode(self, records: Sequence[Record]) -> bytes:
        """Return a row for each record."""
        return _lines(_row(record) for record in records)

    def end(self) -> bytes:
        """Return nothing."""
        return b""


def _lines(rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return utf8([text.getvalue()])


def _row(record: Record) -> list[Any]:
    article = record.article
    brief = ["", ""] if record.brief is None else [record.brief.text, record.brief.words]
    tags: list[str] = ["", "", ""]
    if record.tags is not None:
        tags = [_topics(record.tags, "accepted"), _topics(record.tags, "review"), str(record.needs_review).lower()]
    named = [article.id, article.title, article.date, article.language]
    return [*named, *brief, *tags, " | ".join(record.warnings), *_origins(record.brief)]


def _topics(tags: Sequence[Tag], decision: Decision) -> str:
    return ";".join(tag.topic.id for tag in tags if tag.decision == decision)


def _origins(brief: Brief | None) -> list[Any]:
    if brief is None:
        return [""] * (len(ORIGINS) + 1)
    count = Counter(sentence.origin for sentence in brief.sentences)
    return [*(count[origin] for origin in ORIGINS), len(brief.dropped)]

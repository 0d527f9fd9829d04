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
    same_as, updates            id of the earlier story that it repeats or updates
    similarity                  0 to 1, how far the two texts are the same
    new_sentences               those that do not stand in the earlier text, joined by ' | '
    gone                        how many sentences of the earlier text do not stand in this one
    title_was, version_was      where they were others
    own_decisions               what this text alone would have got for topics whose earlier decision was kept, such as
                                'diplomacy:review', joined by ';'

A stage that the config leaves out leaves its columns empty, and so does a story without a link.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, get_args

from summarizer.records import Brief, Decision, LinkKind, Origin, Record, Tag
from summarizer.write.plain import utf8

ORIGINS: tuple[Origin, ...] = get_args(Origin)
COLUMNS = (
    *("id", "title", "date", "language"),
    *("brief", "words", "topics", "review_topics", "needs_review", "warnings"),
    *ORIGINS,
    "dropped",
    *("same_as", "updates", "similarity", "new_sentences", "gone", "title_was", "version_was"),
    "own_decisions",
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
    return [*named, *brief, *tags, " | ".join(record.warnings), *_origins(record.brief), *_link(record)]


def _topics(tags: Sequence[Tag], decision: Decision) -> str:
    return ";".join(tag.topic.id for tag in tags if tag.decision == decision)


def _link(record: Record) -> list[Any]:
    """Return the cells on the earlier story, and the decisions that were kept of it."""
    link = record.link
    kept = ";".join(f"{tag.topic.id}:{tag.own_decision}" for tag in record.tags or () if tag.own_decision)
    if link is None:
        return [*[""] * 7, kept]
    ids = [link.id if link.kind == kind else "" for kind in get_args(LinkKind)]
    new = " | ".join(" ".join(sentence.text.split()) for sentence in link.sentences)
    return [*ids, round(link.similarity, 4), new, link.gone, link.title_was, link.version_was, kept]


def _origins(brief: Brief | None) -> list[Any]:
    if brief is None:
        return [""] * (len(ORIGINS) + 1)
    count = Counter(sentence.origin for sentence in brief.sentences)
    return [*(count[origin] for origin in ORIGINS), len(brief.dropped)]

"""Invented records for the tests of the write stage."""

from __future__ import annotations

from typing import Any

from summarizer.records import (
    Article,
    Brief,
    Dropped,
    Evidence,
    Failure,
    MadeBy,
    Record,
    Sentence,
    SourceTokens,
    Tag,
    Topic,
)

TEXT = "The defence ministers of Norland and Vestria signed an accord in Halvik on Tuesday. It covers joint patrols."
MADE_BY = MadeBy("0.1.0", "sha256:0", {"brief-gemma": "sha256:1", "topics-minilm": "sha256:2"})
FAILURE = Failure(where="wire.jsonl:7", stage="read", what="not JSON (line is cut off)", mend="Mend the line.")


def evidence(start: int, end: int) -> Evidence:
    return Evidence(start, end, TEXT[start:end])


def full_brief() -> Brief:
    return Brief(
        sentences=(
            Sentence(
                text="Norland and Vestria signed an accord.",
                origin="generated",
                support=0.931,
                evidence=(evidence(0, 83),),
            ),
            Sentence(
                text="It covers joint patrols.",
                origin="replaced",
                support=1.0,
                evidence=(evidence(84, 108), evidence(4, 21)),
                unsupported=("12 ships: no such number in the article",),
                replaces="It covers 12 ships.",
            ),
        ),
        backend="causal",
        model="brief-gemma",
        source_tokens=SourceTokens(22, 40),
        dropped=(Dropped("Oslo cheered.", ("Oslo: no such name in the article",)),),
        warnings=("read 22 of 40 tokens",),
    )


TAGS = (
    Tag(Topic("defence-cooperation", "Defence cooperation", "medtop:20000598"), 0.97, "accepted"),
    Tag(Topic("diplomacy", "Diplomacy"), 0.614, "accepted"),
    Tag(Topic("energy", "Energy"), 0.4, "review"),
    Tag(Topic("sport", "Sport"), 0.12, "rejected"),
)


def record(number: int = 1, *, bare: bool = False, title: str = "Ministers sign accord", **article: Any) -> Record:
    """Return a record that says everything, or, ``bare``, as little as a record can."""
    if bare:
        return Record(
            article=Article(id=f"wire-{number}", text=TEXT, **article),
            brief=None,
            tags=None,
            needs_review=False,
            made_by=MADE_BY,
        )
    article = {"fields": {"desk": "defence"}, "date": "2026-03-10", "language": "en"} | article
    return Record(
        article=Article(id=f"wire-{number}", text=TEXT, title=title, warnings=("one line was garbled",), **article),
        brief=full_brief(),
        tags=TAGS,
        needs_review=True,
        made_by=MADE_BY,
    )

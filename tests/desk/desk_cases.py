"""An invented story with its record: every kind of sentence, and topics of all three decisions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from summarizer.desk import SignOffStore, add_desk
from summarizer.evidence import EvidenceOptions
from summarizer.evidence.checker import Checker
from summarizer.records import (
    Article,
    Brief,
    Dropped,
    Failure,
    MadeBy,
    Record,
    Sentence,
    SourceTokens,
    Tag,
    Topic,
)
from summarizer.runtime import RuntimeOptions

TITLE = "Estonia and Portugal sign five-year defence cooperation accord"
QUOTED = (
    "The accord takes effect on 1 July and replaces a memorandum of 2014 that covered staff visits only.",
    "The first, named Amber Wave, is planned for September with four ships and some 600 sailors and marines.",
)
OPENING = "The defence ministries of Estonia and Portugal signed a five-year cooperation accord on Tuesday"
COST = "The cost of the programme is put at 9.4 million euros over five years"
TEXT = (
    f"TALLINN, March 10 (Meridian) — {OPENING} that provides for joint naval exercises, shared training of cyber"
    " defence units and the exchange of up to 120 soldiers a year.\n\n"
    f"Estonian Defence Minister Maarika Tõnissoo put her name to the document in Tallinn 🛳 after two days of talks."
    f" {QUOTED[0]}\n\n"
    f"Under the accord the two armed forces will hold one exercise at sea each year. {QUOTED[1]}\n\n"
    f"{COST}, of which Portugal will carry 5.2 million and Estonia the rest. Both parliaments have to be informed."
)
TOPICS = [
    Topic("defence-cooperation", "defence cooperation", "medtop:20000598"),
    Topic("diplomacy", "diplomacy", "medtop:20000639"),
    Topic("armed-forces", "armed forces", "medtop:20000601"),
    Topic("sport", "sport", "medtop:15000000"),
    Topic("space", "space", "medtop:20000742"),
]
MADE_BY = MadeBy("0.0.0", "sha256:c0", {"brief-invented": "sha256:b1", "topics-invented": "sha256:a2"})
DECISIONS = {0: (0.97, "accepted"), 1: (0.81, "accepted"), 2: (0.46, "review"), 3: (0.12, "rejected")}


def accord() -> Article:
    """Return the story as a reader would."""
    return Article(id="accord", title=TITLE, text=TEXT, date="2026-03-10", language="en", fields={"source": "Meridian"})


def record_of(article: Article) -> Record:
    """Return a record with every kind of sentence; its evidence is there where the article has the passages."""

    def span(passage: str) -> tuple:
        start = article.text.find(passage)
        return (article.evidence(start, start + len(passage)),) if start >= 0 else ()

    sentences = (
        Sentence(
            text="Estonia and Portugal have signed a five-year defence accord.",
            origin="generated",
            support=0.94,
            evidence=span(OPENING),
        ),
        Sentence(text=QUOTED[0], origin="verbatim", support=1.0, evidence=span(QUOTED[0])),
        Sentence(
            text=QUOTED[1],
            origin="replaced",
            support=1.0,
            evidence=span(QUOTED[1]),
            unsupported=("number '900' is not in the article",),
            replaces="The first exercise will bring 900 marines to the Algarve.",
        ),
        Sentence(
            text="The programme costs 9.4 million euros a year.",
            origin="generated",
            support=0.41,
            evidence=span(COST),
            unsupported=("'a year' is not what the article says of 9.4 million euros",),
        ),
    )
    out = Dropped("Spain may join next year.", ("name 'Spain' is not in the article",))
    brief = Brief(
        sentences=sentences,
        backend="causal",
        model="brief-invented",
        source_tokens=SourceTokens(200, 200),
        dropped=(out,),
    )
    tags = tuple(
        Tag(TOPICS[place], probability, decision, span(OPENING) if place == 0 else ())
        for place, (probability, decision) in DECISIONS.items()
    )
    return Record(article=article, brief=brief, tags=tags, needs_review=False, made_by=MADE_BY)


def fake_work(items: Sequence[Article | Failure]) -> list[Record | Failure]:
    """Work as a runner would, without models; an article of one word fails."""
    return [
        item
        if isinstance(item, Failure)
        else Failure(item.source or item.id, "summarize", "no sentences to shorten", "Add some.", item.id)
        if len(item.text.split()) == 1
        else record_of(item)
        for item in items
    ]


def rules_check(texts: Sequence[str], article: Article) -> list[Sentence]:
    """Check sentences as a run's check does, by its rules alone."""
    return Checker(EvidenceOptions(support=None, salience=None), RuntimeOptions()).examine(texts, article)


def make_app(folder: Path, **options):
    """Return an app with the desk at '/', and its store."""
    from fastapi import FastAPI

    store = SignOffStore(folder / "signoffs.sqlite")
    app = FastAPI(openapi_url=None)
    add_desk(
        app, options.pop("work", fake_work), store, topics=TOPICS, check=options.pop("check", rules_check), **options
    )
    return app, store

"""Names that a brief gives to another country than the article does."""

from __future__ import annotations

import pytest

from summarizer.evidence.claims import find_unsupported
from summarizer.evidence.source import Source
from summarizer.records import Article

TEXT = """Jon Varga of Kenya won the harbour race in two hours. Norway's Ida Holm was second.
The Dutchman Kai Brandt was third. The Norwegian Bo Lind of Peru Ferries fell.
England's Tess Moor, who is also Scotland's Tess Moor to some, was fourth.
Peru and Kenya will race again in May, and the Peruvian Air Guard flew over the bay."""


@pytest.fixture(scope="module")
def source() -> Source:
    return Source(Article(id="a", text=TEXT))


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        (
            "Ida Holm of Kenya was second.",
            "origin 'Ida Holm of Kenya' not in the article, which has 'Norway's Ida Holm'",
        ),
        (
            "Norway's Jon Varga won the race.",
            "origin 'Norway's Jon Varga' not in the article, which has 'Jon Varga of Kenya'",
        ),
        (
            "The Norwegian Kai Brandt was third.",
            "origin 'Norwegian Kai Brandt' not in the article, which has 'Dutchman Kai Brandt'",
        ),
    ],
)
def test_origins_of_others_are_named(sentence: str, reason: str, source: Source) -> None:
    assert find_unsupported(sentence, source) == (reason,)


@pytest.mark.parametrize(
    "sentence",
    [
        "Kenya's Jon Varga won the race.",
        "The Kenyan Jon Varga won the race.",
        "Ida Holm of Norway was second.",
        "Kai Brandt of the Netherlands was third.",
        "Bo Lind of Peru Ferries fell.",
        "Scotland's Tess Moor was fourth.",
        "Peru will race again in May.",
        "Jon Varga will race in Peru again.",
    ],
)
def test_origins_are_not_seen_where_the_article_has_them(sentence: str, source: Source) -> None:
    assert find_unsupported(sentence, source) == ()

"""Search: which article sentences bear a sentence out, and how far."""

from __future__ import annotations

import pytest

from summarizer.evidence.search import find_support
from summarizer.evidence.source import Source
from summarizer.records import Article

TEXT = (
    "The ferry Gull sank off Port Vale on Monday. Rescuers saved forty people from the cold sea. "
    "The harbour office opened an inquiry. The weather was fair. Owners of the ferry declined to speak."
)


@pytest.fixture(scope="module")
def source() -> Source:
    return Source(Article(id="a", text=TEXT))


@pytest.mark.parametrize(
    ("sentence", "chosen"),
    [
        ("The Gull sank on Monday.", (0,)),
        ("An inquiry was opened by the harbour office.", (2,)),
        ("Rescuers saved forty people after the ferry Gull sank off Port Vale.", (0, 1)),
        ("Owners declined to speak after the Gull sank.", (0, 4)),
    ],
)
def test_search_chooses_the_sentences_that_hold_the_content(
    sentence: str, chosen: tuple[int, ...], source: Source
) -> None:
    support = find_support(sentence, source, 2)
    assert support.chosen == chosen
    assert support.score == pytest.approx(1.0)


def test_search_chooses_no_more_than_asked_for(source: Source) -> None:
    sentence = "The Gull sank, rescuers saved forty people and an inquiry opened."
    assert [len(find_support(sentence, source, limit).chosen) for limit in (1, 2, 3, 5)] == [1, 2, 3, 3]


def test_search_scores_less_the_more_is_missing(source: Source) -> None:
    scores = [
        find_support(sentence, source, 2).score
        for sentence in (
            "The Gull sank.",
            "The Gull sank twice.",
            "The Gull sank twice, experts claimed.",
            "Bakers bake.",
        )
    ]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == pytest.approx(1.0)
    assert scores[-1] == 0.0


@pytest.mark.parametrize("sentence", ["", "It was so.", "Bakers bake."])
def test_search_finds_nothing_where_nothing_is_shared(sentence: str, source: Source) -> None:
    assert find_support(sentence, source, 2).chosen == ()


def test_search_of_an_empty_article_finds_nothing() -> None:
    assert find_support("The Gull sank.", Source(Article(id="a", text=" ")), 2).chosen == ()

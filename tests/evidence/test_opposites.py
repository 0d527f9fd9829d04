"""Words that a sentence turns into their opposite."""

from __future__ import annotations

import pytest

from summarizer.evidence.claims import find_unsupported
from summarizer.evidence.source import Source
from summarizer.records import Article

TEXT = (
    "The exercise will be held in the Baltic in even years and off the coast of Norland in May. "
    "Exports fell by a tenth. The lowest bid came from the south, and the winter was mild."
)


def reasons(sentence: str, text: str = TEXT) -> tuple[str, ...]:
    return find_unsupported(sentence, Source(Article(id="a", text=text)))


@pytest.mark.parametrize(
    ("sentence", "said", "meant"),
    [
        ("The exercise will be held in the Baltic in odd years.", "odd", "even"),
        ("Exports rose by a tenth.", "rose", "fell"),
        ("The highest bid came from the south.", "highest", "lowest"),
    ],
)
def test_opposites_are_found(sentence: str, said: str, meant: str) -> None:
    assert reasons(sentence) == (f"negation: '{said}' not in the article, which has the opposite: '{meant}'",)


@pytest.mark.parametrize(
    "sentence",
    [
        "The exercise will be held in the Baltic in even years.",
        "Exports fell.",
        "The exercise will be held in the summer.",  # no sentence that bears it out speaks of a winter
    ],
)
def test_opposites_are_not_seen_where_nothing_is_turned(sentence: str) -> None:
    assert not reasons(sentence)


def test_opposites_of_an_article_that_has_both_sides_are_left_alone() -> None:
    assert not reasons("Imports rose by a tenth.", "Exports fell by a tenth. Imports rose by a tenth.")

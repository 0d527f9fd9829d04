"""Negations, deeds and speakers: what turns the article round, and what does not."""

from __future__ import annotations

import pytest

from summarizer.evidence.claims import find_unsupported
from summarizer.evidence.source import Source
from summarizer.records import Article

TEXT = """Ana Reyes did not sign the harbour treaty on Tuesday. The Norland board approved the new ferry line.
Jon Varga sued Ida Holm over the boat. Kai Brandt was defeated by Bo Lind in the spring race.
The keepers waited. The lamps were lit. The tide was high.
Tess Moor said the old lighthouse would be painted white before winter. Nobody laughed. The gulls slept."""


@pytest.fixture(scope="module")
def source() -> Source:
    return Source(Article(id="a", text=TEXT))


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Ana Reyes signed the harbour treaty on Tuesday.", "negation: the article denies it: 'did not sign'"),
        (
            "The Norland board did not approve the new ferry line.",
            "negation: 'did not approve' not in the article, which affirms it",
        ),
        (
            "Ida Holm sued Jon Varga.",
            "relation 'Ida Holm sued Jon Varga' not in the article, which has it the other way round: "
            "'Jon Varga sued Ida Holm'",
        ),
        (
            "Varga was sued by Holm.",
            "relation 'Varga was sued by Holm' not in the article, which has it the other way round: "
            "'Jon Varga sued Ida Holm'",
        ),
        (
            "Kai Brandt defeated Bo Lind.",
            "relation 'Kai Brandt defeated Bo Lind' not in the article, which has it the other way round: "
            "'Kai Brandt was defeated by Bo Lind'",
        ),
        (
            "Ana Reyes said the old lighthouse would be painted white.",
            "speaker 'Ana Reyes' not in the article; there 'Tess Moor' says so",
        ),
        (
            "The old lighthouse will be painted white, according to Bo Lind.",
            "speaker 'Bo Lind' not in the article; there 'Tess Moor' says so",
        ),
    ],
)
def test_relations_turned_round_are_named(sentence: str, reason: str, source: Source) -> None:
    assert find_unsupported(sentence, source) == (reason,)


@pytest.mark.parametrize(
    "sentence",
    [
        "Ana Reyes refused to sign the harbour treaty on Tuesday.",
        "Ana Reyes never signed the harbour treaty.",
        "The Norland board approved the ferry line.",
        "Ida Holm was sued by Jon Varga.",
        "Bo Lind defeated Kai Brandt.",
        "Lind's defeat of Brandt came in spring.",
        "Holm met Varga.",
        "Moor said the old lighthouse would be painted white.",
        "The old lighthouse will be painted white, Tess said.",
        "Reyes said it was late.",
        "He told Reyes the old lighthouse would be painted white.",
    ],
)
def test_relations_said_in_other_words_are_not_named(sentence: str, source: Source) -> None:
    assert find_unsupported(sentence, source) == ()


def test_relations_that_the_article_has_both_ways_are_not_named() -> None:
    source = Source(Article(id="a", text="Jon Varga sued Ida Holm. Later Ida Holm sued Jon Varga."))
    assert find_unsupported("Ida Holm sued Jon Varga.", source) == ()


def test_relations_are_asked_only_where_words_are_borne_out(source: Source) -> None:
    [reason] = find_unsupported("Ana Reyes signed 9 harbour treaties on Tuesday.", source)
    assert reason == "number 9 not in the article"

from __future__ import annotations

import pytest
from invented_briefs import ARTICLE

from summarizer.evidence.source import Source
from summarizer.evidence.support_text import MAX_SENTENCES, MAX_WORDS, evidence_text, plain_marks
from summarizer.records import Article


def source_of(text: str, title: str = "") -> Source:
    return Source(Article(id="a", text=text, title=title))


def test_support_text_holds_title_and_best_sentences_in_source_order() -> None:
    text = evidence_text("Repairs of the old bridge cost 3 million crowns.", source_of(ARTICLE, "Bridge to close"))
    bridge, repairs = text.find("the old bridge"), text.find("Repairs cost")
    assert text.startswith("Bridge to close ")
    assert 0 < bridge < repairs


def test_support_text_is_bounded() -> None:
    lines = [f"Ferry number {i} sails from Orma to the northern islands with cars and mail." for i in range(40)]
    text = evidence_text("A ferry sails from Orma to the northern islands with mail.", source_of(" ".join(lines)))
    assert 0 < text.count(".") <= MAX_SENTENCES
    assert len(text.split()) <= MAX_WORDS


def test_support_text_keeps_the_best_sentence_however_long() -> None:
    long = "Korvat said " + "that the ferry sails on and on and " * 20 + "that it will sail to Orma."
    assert "sail to Orma" in evidence_text("The ferry will sail to Orma.", source_of(f"Rain fell. {long} Snow fell."))


def test_support_text_without_common_words_is_the_beginning() -> None:
    assert evidence_text("Prices rose.", source_of(ARTICLE)).startswith("Harbour council members")


def test_support_text_of_an_empty_article_is_empty() -> None:
    assert evidence_text("Prices rose.", source_of("")) == ""


@pytest.mark.parametrize(
    ("tokenised", "plain"),
    [
        ("-lrb- cnn -rrb- the mayor did n't say", "( cnn ) the mayor didn't say"),
        ("`` we will '' , he said", '" we will " , he said'),
        ("korvat\\'s bridge", "korvat's bridge"),
        ("Korvat's “bridge”", "Korvat's “bridge”"),
    ],
)
def test_support_text_plain_marks(tokenised: str, plain: str) -> None:
    assert plain_marks(tokenised) == plain

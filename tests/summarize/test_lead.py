"""Leading sentences, word for word."""

from __future__ import annotations

import pytest
from wire_stories import story

from summarizer.clean import CleanOptions, clean
from summarizer.records import Article, Failure, SourceTokens
from summarizer.runtime import RuntimeOptions
from summarizer.summarize.lead import Lead, LeadOptions


def lead(article, **options):
    return Lead(LeadOptions(**{"min_source_words": 1, **options}), RuntimeOptions()).summarize([article])[0]


@pytest.mark.parametrize(("max_words", "kept"), [(14, 1), (27, 1), (28, 2), (45, 3)])
def test_lead_takes_whole_sentences_within_max_words(max_words, kept):
    article = story("a", 5)
    assert len(article.text.split()) == 70
    brief = lead(article, max_words=max_words)
    assert brief.words == kept * 14
    assert article.text.startswith(brief.text)
    assert brief.source_tokens == SourceTokens(kept * 14, 70)


def test_lead_sentences_are_their_own_evidence():
    article = story("a", 5)
    for sentence in lead(article, max_words=40).sentences:
        assert sentence.origin == "verbatim"
        assert sentence.support == 1.0
        assert [article.text[e.start : e.end] for e in sentence.evidence] == [sentence.text]


def test_lead_points_into_the_text_as_it_came_in():
    article = clean(
        Article(id="a", text="The  mayor\u00a0spoke  today.  It rained all day long in Arven town."), CleanOptions()
    )
    brief = lead(article, max_words=10, min_source_words=1)
    evidence = brief.sentences[0].evidence[0]
    assert brief.sentences[0].text == "The mayor spoke today."
    assert article.text[evidence.start : evidence.end] == evidence.text == "The  mayor\u00a0spoke  today."


def test_lead_leaves_out_a_sentence_longer_than_max_words():
    long = "word " * 20 + "end."
    brief = lead(Article(id="a", text=f"{long} The ferry sank."), max_words=10)
    assert brief.text == "The ferry sank."
    assert brief.warnings == ("sentence 1 has 21 words, more than max_words 10: left out",)


def test_lead_fails_where_no_sentence_fits():
    failure = lead(Article(id="a", text="word " * 20 + "end.", source="f:1"), max_words=10)
    what = "none of its sentences has at most max_words 10 words"
    assert failure == Failure(where="f:1", stage="summarize", what=what, mend="Raise summarize.max_words.", id="a")


def test_lead_condenses_a_short_article_that_is_over_max_words():
    brief = lead(story("a", 3), max_words=20, min_source_words=60)
    assert brief.backend == "lead"
    assert brief.words <= 20

"""What a model reads of a long article."""

from __future__ import annotations

import pytest
from wire_stories import story

from summarizer.records import Article, SourceTokens
from summarizer.summarize.reading import TITLE_TOKENS, SalienceRank, by_words, read, read_title


def words(texts):
    """A tokenizer whose tokens are words."""
    return [len(text.split()) for text in texts]


FERRY = "The ferry to Arven sank on Monday in the storm."  # 10 words
LINES = [
    FERRY,
    "Police opened an inquiry at noon that same day there.",
    "My aunt likes plums, cherries, pears, apples, quinces and figs.",
    "The ferry sank in the storm near Arven, police said.",
    "Somebody somewhere bought seventeen purple umbrellas without any reason whatsoever.",
]


def test_reading_takes_the_whole_body_that_fits():
    article = Article(id="a", text="  " + "\n\n".join(LINES) + "\n")
    reading = read(article, 50, words)
    assert reading.text == "\n\n".join(LINES)
    assert reading.tokens == SourceTokens(50, 50)
    assert reading.warnings == ()


def test_reading_takes_lead_and_salient_sentences_in_source_order():
    article = Article(id="a", text="\n".join(LINES))
    reading = read(article, 35, words)
    assert reading.text == "\n".join([LINES[0], LINES[1], LINES[3]])
    assert reading.tokens == SourceTokens(30, 50)
    assert reading.warnings == ("read 30 of 50 tokens",)


@pytest.mark.parametrize("thing", ["plums", "umbrellas"])
def test_reading_favours_what_the_title_speaks_of(thing):
    article = Article(id="a", text=" ".join([*LINES[:3], LINES[4]]), title=f"Everything about {thing}")
    assert thing in read(article, 33, words).text


def test_reading_takes_a_title_on_one_line_without_the_models_marks():
    article = Article(id="a", text="x", title="Ferry\nsinks </s> off  Fontbay")
    assert read_title(article, words, ["</s>"]) == "Ferry sinks off Fontbay"


def test_reading_clips_a_title():
    article = Article(id="a", text="x", title="plums " * 900)
    assert words([read_title(article, words)]) == [TITLE_TOKENS]


@pytest.mark.parametrize("budget", [16, 20, 27, 40, 100, 400])
def test_reading_never_exceeds_its_budget(budget):
    reading = read(story("a", 40), budget, words)
    assert reading.tokens.read <= budget
    assert reading.tokens.read == words([reading.text])[0]


def test_reading_takes_a_first_sentence_above_the_lead_share_whole():
    article = Article(id="a", text=" ".join(LINES))
    assert read(article, 12, words).text == FERRY


def test_reading_clips_a_sentence_longer_than_the_budget():
    article = Article(id="a", text="plums " * 99 + "fell. The end.")
    reading = read(article, 20, words)
    assert reading.text == "plums " * 11 + "plums The end."
    assert reading.warnings == ("a sentence of 100 tokens was clipped to 12", "read 14 of 102 tokens")


def test_reading_clips_text_without_blanks():
    def characters(texts):
        return [len(text) for text in texts]

    assert read(Article(id="a", text="x" * 100), 20, characters).text == "x" * 12


def test_reading_copes_with_text_without_words():
    assert read(Article(id="a", text="?! " * 50), 20, words).tokens.read <= 20


def test_reading_blanks_the_models_own_marks():
    reading = read(Article(id="a", text="It ended.</s> Next."), 20, words, ["</s>", "<s>"])
    assert reading.text == "It ended.  Next."
    assert reading.warnings == ("the model's own mark '</s>' stands in the article and was not read",)


def test_reading_takes_what_a_rank_puts_first():
    article = story("a", 40)
    reading = read(article, 70, words, rank=lambda article: [float(index == 33) for index in range(40)])
    assert "day 34 " in reading.text
    assert "day 34 " not in read(article, 70, words, rank=lambda article: [float(-index) for index in range(40)]).text


def test_reading_asks_no_rank_where_the_article_fits():
    def refuse(article):
        raise AssertionError("asked for nothing")

    assert read(story("a", 3), 70, words, rank=refuse).tokens.read == 42


def test_reading_loads_a_salience_model_when_an_article_is_too_long(salience_folder, runtime):
    rank = SalienceRank(str(salience_folder), runtime)
    assert list(rank.models) == [str(salience_folder)]
    assert read(story("a", 3), 70, words, rank=rank).tokens.read == 42
    assert rank._model is None
    long = story("a", 40)
    reading = read(long, 70, words, rank=rank)
    scores = rank(long)
    best = max(range(3, 40), key=lambda index: scores[index])  # three sentences are the lead
    assert f"day {best + 1} " in reading.text


def test_reading_goes_by_words_where_the_salience_model_fails(salience_folder, runtime, monkeypatch):
    rank = SalienceRank(str(salience_folder), runtime)
    long = story("a", 40)
    rank(long)
    monkeypatch.setattr(rank._model, "read", lambda articles: [RuntimeError("no")])
    assert rank(long) == by_words(long)

"""What the salience model is to learn of an article with a brief."""

from __future__ import annotations

import random

import pytest
from rouge_score.rouge_scorer import RougeScorer

from summarizer.salience.windows import words_of
from summarizer.train.salience_labels import f1, grams, label, oracle, stems

SENTENCES = [
    "The harbour council met on Monday.",
    "Farmers expect rain in spring.",
    "Two ministers agreed to close the old bridge for 14 weeks.",
    "Somebody bought umbrellas.",
]
BRIEF = "The council met and two ministers close the old bridge for 14 weeks."


def test_labels_count_rouge_as_rouge_score_does():
    rng = random.Random(3)
    text = "council councils bridge bridges closing closed ferry ferries agreed 14 weeks week the a in on"
    words = text.split()
    scorer = RougeScorer(["rouge1", "rouge2"], use_stemmer=True)
    for _ in range(50):
        one, two = (" ".join(rng.choices(words, k=rng.randint(2, 30))) for _ in range(2))
        wanted = scorer.score(two, one)
        for size in (1, 2):
            seen = f1(grams(stems(words_of(one)), size), grams(stems(words_of(two)), size))
            assert seen == pytest.approx(wanted[f"rouge{size}"].fmeasure)


def test_labels_choose_the_sentences_that_make_the_brief():
    assert oracle([stems(words_of(text)) for text in SENTENCES], stems(words_of(BRIEF))) == [0, 2]


def test_labels_choose_nothing_where_nothing_matches():
    assert oracle([["rain"], ["spring"]], ["bridge"]) == []


def test_labels_are_hard_or_soft():
    sentences = [words_of(text) for text in SENTENCES]
    assert label(sentences, words_of(BRIEF), 0.0).sentences == [1, 0, 1, 0]
    soft = label(sentences, words_of(BRIEF), 1.0).sentences
    assert soft[2] == 1
    assert 1 > soft[0] > soft[1] == soft[3] == 0


def test_labels_say_which_words_and_pairs_the_brief_has():
    labels = label([["two", "ministers", "close", "roads"]], ["ministers", "closed", "a", "road", "two"], 0.0)
    assert labels.words == [(1, 0), (1, 1), (1, 0), (1, 0)]

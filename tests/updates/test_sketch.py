"""What a story is known by: which texts count as the same, and how surely an alike one shares a band."""

from __future__ import annotations

import random

import pytest
from invented_wire import invent

from summarizer.records import Article
from summarizer.updates.sketch import number_of, runs, shared_runs, sketch


def numbers(text: str) -> tuple[int, ...]:
    return sketch(Article(id="a", text=text)).sentences


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The envoy  left.", "The envoy left."),
        ("THE ENVOY LEFT.", "The envoy left."),
        ("“It’s over,” he said.", '"It\'s over," he said.'),
    ],
)
def test_sketch_sentences_that_say_the_same_are_equal(one: str, other: str):
    assert numbers(one) == numbers(other) != ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It cost 1.5 million.", "It cost 15 million."),
        ("It cost $12.", "It cost €12."),
        ("It fell by -3 degrees.", "It fell by 3 degrees."),
        ("Is it over?", "It is over."),
    ],
)
def test_sketch_sentences_that_say_something_else_are_not(one: str, other: str):
    assert numbers(one) != numbers(other)


def test_sketch_keeps_the_spans_of_sentences_with_words():
    text = "One came.\n***\nTwo went."
    own = sketch(Article(id="a", text=text))
    assert [text[start:end] for start, end in own.spans] == ["One came.", "Two went."]
    assert len(own.spans) == len(own.sentences)


def test_sketch_of_no_words_has_no_bands():
    own = sketch(Article(id="a", text="*** 。 —"))
    assert (own.bands(), own.sentences, len(own.runs)) == ([], (), 0)


def test_sketch_of_fewer_words_than_a_run_is_known_by_all_of_them():
    assert len(runs("Talks off")) == 1
    assert runs("Talks off").tolist() == runs("TALKS: off!").tolist() != runs("Talks on").tolist()


def test_sketch_survives_half_a_character():
    assert len(runs("The \ud800 envoy left")) == 1
    assert number_of("\ud800") != number_of("?")


def test_sketch_numbers_are_the_same_on_every_machine():
    assert number_of("wire-0007") == -9093642248808500463
    assert runs("the envoy left").tolist() == [1115988485]
    bands = sketch(Article(id="a", text="The envoy left town.")).bands()
    assert bands[:2] == [-122933244905894490, 7660123429501008818]


def test_sketch_alike_texts_share_a_band_nearly_always_and_others_hardly_ever():
    chance = random.Random(5)
    alike = unlike = 0
    for number in range(200):
        words = invent(number).text.split()
        begin = chance.randrange(len(words) // 2)
        new = invent(number + 1000).text.split()
        other = " ".join([*new[:begin], *words[begin : begin + len(words) // 2], *new[begin + len(words) // 2 :]])
        own, changed = (sketch(Article(id="a", text=text)) for text in (" ".join(words), other))
        shared = shared_runs(own.runs, changed.runs)
        assert 0.28 < shared / (len(own.runs) + len(changed.runs) - shared) < 0.4
        alike += not set(own.bands()).isdisjoint(changed.bands())
        unlike += not set(own.bands()).isdisjoint(sketch(Article(id="b", text=" ".join(new))).bands())
    assert alike >= 195
    assert unlike <= 4


def test_sketch_of_texts_on_one_form_has_the_same_form():
    one = sketch(Article(id="a", text="Shares in Arven fell 12.5 points on Monday. The Arven Gazette said so."))
    other = sketch(Article(id="b", text="Shares in New Kell fell 9 points on 3 May. The Post said so."))
    apart = sketch(Article(id="c", text="Shares in Arven rose 12.5 points on Monday. The Arven Gazette said so."))
    assert one.form.tolist() == other.form.tolist() != apart.form.tolist()
    assert one.runs.tolist() != other.runs.tolist()
    assert (len(one.names), len(other.names)) == (3, 4)  # the first word of a sentence is no name

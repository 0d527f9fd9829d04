"""Which sentences can stand in a brief by themselves."""

from __future__ import annotations

import pytest

from summarizer.salience.standing import is_half_quoted, is_story, leans_on, points_back


@pytest.mark.parametrize(
    "text",
    [
        "He also said the bridge would close.",
        "But the group refused to sign.",
        "However, Tamm denied it.",
        "The move comes a day after the vote in Arven.",
        "The 34-year-old was taken to hospital.",
        '"We will build it together," he said.',
        '"We will build it together," said she.',
        "Tamm also said the terminal would open in 2031.",
        "It was closed on Monday.",
        "This was the third strike.",
        "According to her, nobody was hurt.",
        "Last week he told reporters that nothing was decided.",
        "These boats were sold to Veska.",
        '"We will build it together."',
        "I am sure we can do it.",
        "When asked about the rate, Tamm laughed.",
    ],
)
def test_standing_sees_what_points_back(text):
    assert points_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "Mayor Ilse Tamm said the terminal would open in 2031.",
        "The harbour council of Arven approved a new ferry terminal on Monday.",
        "The minister's house in Arven burnt down on Monday.",
        "This year Arven will open four terminals.",
        "It is not known whether the bridge was closed, police in Arven said.",
        "It emerged on Monday that the bank of Veska had lost 48 million marks.",
        "The Arven Post reported that two ministers had met.",
        '"We will build it together," Mayor Ilse Tamm told reporters in Arven.',
        "Tamm said she would open the terminal in 2031.",
        "Thousands marched through Arven on Monday.",
    ],
)
def test_standing_lets_whole_sentences_be(text):
    assert not points_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "By Ilse Tamm",
        "Image copyright Arven Post",
        "Read more: Ten ferries to see.",
        "Click here to subscribe to the Arven Post.",
        "Mayor Ilse Tamm (left) with the minister.",
        "STORY HIGHLIGHTS",
        "ALSO READ: Ten ferries to see.",
        "Ilse Tamm contributed to this report.",
        "--- 48 ---",
    ],
)
def test_standing_knows_what_is_no_story(text):
    assert not is_story(text)


@pytest.mark.parametrize(
    "text",
    [
        "Reading was never so popular in Arven, the survey says.",
        "By Monday, the council of Arven had met twice.",
        "Sources close to Tamm said the terminal would open.",
        "Mayor Ilse Tamm, who opened the terminal on Monday with two ministers, said that she would go on as before",
    ],
)
def test_standing_takes_stories_for_stories(text):
    assert is_story(text)


def test_standing_leans_on_the_sentence_before():
    texts = ["He opened it.", "She left.", "Tamm met envoys in Arven.", "The move was a surprise."]
    assert leans_on(texts, True) == [(), (0,), (), (2,)]
    assert leans_on(texts, False) == [()] * 4


@pytest.mark.parametrize("marks", ['""', "“”"], ids=["straight", "curly"])
def test_standing_keeps_the_sentences_of_a_quotation_together(marks):
    first, last = marks
    texts = ["Tamm spoke.", f"{first}We built it.", f"Now we use it,{last} she said.", f"{first}Yes,{last} he said."]
    assert leans_on(texts, False) == [(), (2,), (1,), ()]


def test_standing_leaves_marks_without_a_partner_alone():
    texts = [
        "“We built it.",
        "It rained.",
        "It rained again.",
        "It rained on.",
        "Now we use it,” she said.",
        "So it is.",
    ]
    assert leans_on(texts, False) == [()] * 6
    assert [is_half_quoted(text) for text in texts] == [True, False, False, False, True, False]

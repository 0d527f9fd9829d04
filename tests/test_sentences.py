"""Sentence spans: what ends a sentence, what does not, and that the time taken stays linear."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.sentences import MAX_QUOTED_CHARS, split_sentences


def sentences(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


@pytest.mark.parametrize(
    "pieces",
    [
        ["The port opened on Monday.", "Ships came at once."],
        ["Mr. Hale met Gen. Ortiz in the U.S. on Monday.", "They talked."],
        ["The pact was sent to minister Ms. Arvola for signature.", "She signed it."],
        ["J. K. Marlow wrote to R. Dean.", "He answered."],
        ["The rocket rose 3.5 km.", "It cost $1.2 million."],
        ["It starts at 2 p.m. ET on Friday.", "Doors open at 1 p.m.", "Seats are free."],
        ["Police cleared the anti-U.S. rally.", "Nobody was hurt."],
        ["“We won.”", "He left the room."],
        ['"We won."', "He left the room."],
        ['"We won. We are glad," he said.', "He left."],
        ['"Will you go?" she asked.', "He nodded."],
        ["(The bridge is old. It is also narrow.)", "A new one is planned."],
        ["Talks stalled...", "They went on at noon."],
        ["Talks stalled…", "They went on at noon."],
        ["The talks, he said… went on."],
        ["Nobody came!", "Why?", "It rained."],
        ["He was No. 1 in 2019.", "She was No. 2."],
        ["1. Open the valve.", "2. Close the gate."],
        ["A workplace,? said the official."],
        ["He came (late).", '"Never again," he said.'],
    ],
)
def test_sentences_ends_where_a_sentence_ends(pieces: list[str]) -> None:
    assert sentences(" ".join(pieces)) == pieces


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mayor said.The town voted.", ["The mayor said.", "The town voted."]),
        ("Is it a workplace.?It has desks.", ["Is it a workplace.?", "It has desks."]),
        ('He said "no."Then he left.', ['He said "no."', "Then he left."]),
        ("He said “no.”Then he left.", ["He said “no.”", "Then he left."]),
        ("It failed.“We try again,” he said.", ["It failed.", "“We try again,” he said."]),
    ],
)
def test_sentences_does_not_need_a_blank_after_the_stop(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\n\n", "\u2028", "\n \n"])
def test_sentences_ends_at_a_line_break(line_break: str) -> None:
    assert sentences(f"Harbour opens{line_break}ships came") == ["Harbour opens", "ships came"]


def test_sentences_a_stray_mark_does_not_glue_the_rest_together() -> None:
    assert len(sentences('He said "the bridge is safe. It was not. The town closed it. Nobody was hurt.')) == 4


def test_sentences_a_long_quotation_is_split_at_its_stops() -> None:
    quotation = "“" + " ".join(["The bridge held all night."] * (MAX_QUOTED_CHARS // 20)) + "”"
    assert len(sentences(quotation)) == MAX_QUOTED_CHARS // 20


def test_sentences_leaves_bullets_out() -> None:
    assert sentences("• Ships came. They left.\n• Trains came.") == ["Ships came.", "They left.", "Trains came."]


def test_sentences_splits_text_without_capitals() -> None:
    assert sentences("the port opened. ships came.") == ["the port opened.", "ships came."]


@pytest.mark.parametrize("language", ["EN", "en-GB", "en_US", "xx", ""])
def test_sentences_reads_unknown_languages_like_english(language: str) -> None:
    assert sentences("Mr. Hale left. He drove.", language) == ["Mr. Hale left.", "He drove."]


@pytest.mark.parametrize("text", ["", "   ", "\n\n\t"])
def test_sentences_of_blanks_are_none(text: str) -> None:
    assert split_sentences(text) == []


@given(st.text(alphabet=st.one_of(st.sampled_from(" \n.!?\"“”'()[]•aA1…é"), st.characters(codec="utf-8"))))
def test_sentences_spans_are_in_order_and_cover_every_word(text: str) -> None:
    spans = split_sentences(text)
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    covered = {index for start, end in spans for index in range(start, end)}
    assert all(index in covered for index, char in enumerate(text) if char.isalnum())


@pytest.mark.parametrize(
    "unit",
    ["word ", "a", "Hello there, Mr. man. ", 'He said "go. ', "(", '"', ".", "? ", ".'", "\n", "A.", 'a."B', "1.)("],
)
def test_sentences_takes_linear_time(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()
    split_sentences(text)
    assert time.process_time() - started < 10  # quadratic time would be minutes

"""Raw model text becomes one paragraph of whole sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.summarize.tidy import balance_quotes, tidy

FERRY = "The ferry sank off Port Arven."
SAFE = "All 40 people on board were saved."

CASES = {
    "plain": (f"{FERRY} {SAFE}", [FERRY, SAFE]),
    "blanks": (f"  {FERRY}\n {SAFE}  ", [FERRY, SAFE]),
    "unfinished end": (f"{FERRY} All 40 people on", [FERRY]),
    "cut after an abbreviation": (f"{FERRY} It was bound for St.", [FERRY]),
    "cut after an initial": (f"{FERRY} It belongs to J.", [FERRY]),
    "ellipsis is no end": (f"{FERRY} All 40 people...", [FERRY]),
    "nothing whole": ("The ferry sank off", []),
    "empty": ("", []),
    "marks only": ("... !!! ?", []),
    "pegasus breaks": (f"{FERRY}<n>{SAFE}", [FERRY, SAFE]),
    "blank before the stop": ("The ferry sank off Port Arven .", [FERRY]),
    "lower-case start": ("the ferry sank off Port Arven.", [FERRY]),
    "mixed-case start": ("eFerry sank.", ["eFerry sank."]),
    "opener": (f"Here is a one-paragraph summary of the article:\n\n{FERRY}", [FERRY]),
    "opener with an apostrophe": (f"Here’s a brief: {FERRY}", [FERRY]),
    "two openers": (f"Sure! Here is the summary:\n{FERRY}", [FERRY]),
    "certainly": (f"Certainly. {FERRY}", [FERRY]),
    "label": (f"Brief: {FERRY}", [FERRY]),
    "bold label": (f"**Summary:** {FERRY}", [FERRY]),
    "article says": ("The article says that the ferry sank off Port Arven.", [FERRY]),
    "article reports": ("This report states that the ferry sank off Port Arven.", [FERRY]),
    "here without an opener": ("Here the ferry sank.", ["Here the ferry sank."]),
    "sure without an opener": ("Sure footing is rare here.", ["Sure footing is rare here."]),
    "in short": (f"In short, {FERRY}", [FERRY]),
    "heading": (f"# Ferry sinks\n\n{FERRY}", [FERRY]),
    "bold heading": (f"**Ferry sinks**\n\n{FERRY}", [FERRY]),
    "plain headline": (f"Ferry sinks off Port Arven\n\n{FERRY}", [FERRY]),
    "rule": (f"---\n{FERRY}\n***", [FERRY]),
    "bold": ("The **ferry** sank off *Port Arven*.", [FERRY]),
    "code": ("The `ferry` sank off __Port Arven__.", [FERRY]),
    "link": ("The [ferry](https://example.org/f) sank off Port Arven.", [FERRY]),
    "quote signs": (f"> {FERRY}\n> {SAFE}", [FERRY, SAFE]),
    "multiplication stays": ("It is 3 * 4 * 5 metres wide.", ["It is 3 * 4 * 5 metres wide."]),
    "bullets": ("- The ferry sank off Port Arven\n- All 40 people on board were saved.", [FERRY, SAFE]),
    "bullets with semicolons": (
        "• The ferry sank off Port Arven;\n• All 40 people on board were saved.",
        [FERRY, SAFE],
    ),
    "numbers": ("1. The ferry sank off Port Arven.\n2) All 40 people on board were saved.", [FERRY, SAFE]),
    "unfinished last bullet": ("- The ferry sank off Port Arven\n- All 40 people", [FERRY]),
    "lead-in": ("The day at sea:\n- The ferry sank off Port Arven.", ["The day at sea.", FERRY]),
    "next article": (f"{FERRY}\n\nArticle: The harbour reopened.", [FERRY]),
    "note": (f"{FERRY}\n\nNote: I left out the names.", [FERRY]),
    "thoughts": (f"<think>\nWhat matters? The ferry.\n</think>\n{FERRY}", [FERRY]),
    "unfinished thoughts": (f"{FERRY} <think>Is that all? Perhaps.", [FERRY]),
    "duplicate": (f"{FERRY} {SAFE} {FERRY}", [FERRY, SAFE]),
    "near-duplicate": (f"{FERRY} The ferry sank off the Port Arven.", [FERRY]),
    "another number": (f"{SAFE} All 41 people on board were saved.", [SAFE, "All 41 people on board were saved."]),
    "another name": (f"{FERRY} The ferry sank off Port Ilsen.", [FERRY, "The ferry sank off Port Ilsen."]),
    "another word": (
        "The ferry was saved. The ferry was lost.",
        ["The ferry was saved.", "The ferry was lost."],
    ),
    "unprintable": ("The fer\u200bry sank\x00 off Port\ufffd Arven.", [FERRY]),
    "quotation end": ('She said "we are safe."', ['She said "we are safe."']),
    "unbalanced opening": ('She said "we are safe.', ["She said we are safe."]),
    "unbalanced closing": ("She said we are safe.”", ["She said we are safe."]),
    "question": ("Was it the wind? Nobody knows.", ["Was it the wind?", "Nobody knows."]),
}


@pytest.mark.parametrize(("text", "sentences"), CASES.values(), ids=CASES.keys())
def test_tidy_makes_whole_sentences(text, sentences):
    assert tidy(text, 80) == sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("The ferry sank off Port Arven", [FERRY]),
        ("- The ferry sank off Port Arven,\n- All 40 people on board were saved", [FERRY, SAFE]),
        (f"{FERRY} It belongs to J.", [FERRY, "It belongs to J."]),
        ("", []),
    ],
)
def test_tidy_adds_the_last_stop_of_a_finished_text(text, sentences):
    assert tidy(text, 80, is_finished=True) == sentences


@pytest.mark.parametrize(("max_words", "kept"), [(12, 1), (13, 2), (80, 2), (6, 1), (5, 0)])
def test_tidy_keeps_whole_sentences_within_max_words(max_words, kept):
    assert tidy(f"{FERRY} {SAFE}", max_words) == [FERRY, SAFE][:kept]


def test_tidy_stops_at_the_first_sentence_over_the_limit():
    long = "The ferry, which had been built in 1999 and repaired twice since then, sank."
    assert tidy(f"{FERRY} {long} {SAFE}", 15) == [FERRY]


@pytest.mark.parametrize(
    ("sentences", "balanced"),
    [
        ([], []),
        (['"We go."', "He left."], ['"We go."', "He left."]),
        (['"We go.', 'We win," he said.'], ['"We go.', 'We win," he said.']),
        (["“We go.", "He left."], ["We go.", "He left."]),
        (['He "said "we go".'], ['He said "we go".']),
        (['A 5" pipe broke.'], ['A 5" pipe broke.']),
    ],
)
def test_tidy_removes_quotation_marks_without_partner(sentences, balanced):
    assert balance_quotes(sentences) == balanced


@given(st.text(alphabet=st.sampled_from(list('ab AB.!?,:;"“”*-_#>\n1(){}…<n>')), max_size=200), st.integers(1, 30))
def test_tidy_of_junk_is_one_paragraph_within_the_limit(text, max_words):
    sentences = tidy(text, max_words)
    paragraph = " ".join(sentences)
    assert "\n" not in paragraph
    assert len(paragraph.split()) <= max_words
    assert all(sentence.rstrip('"”)')[-1] in ".!?" for sentence in sentences)

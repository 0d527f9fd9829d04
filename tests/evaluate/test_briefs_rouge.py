from __future__ import annotations

import pytest
from rouge_score.rouge_scorer import RougeScorer

from summarizer.evaluate.briefs_rouge import lead_sentences, lead_whole, lead_words, on_lines, score_rouge

SENTENCES = ["One two three.", "Four five.", "Six seven eight nine."]


def test_briefs_rouge_by_hand() -> None:
    # five of six words, three of five pairs, and five words in order are the same
    (scores,) = score_rouge(["The cat lay on the mat"], ["The cat sat on the mat"]).tolist()
    assert scores == pytest.approx([5 / 6, 3 / 5, 5 / 6])


def test_briefs_rouge_stems_words() -> None:
    assert score_rouge(["Ministers agreed"], ["Minister agrees"])[0, 0] == 1


def test_briefs_rouge_counts_sentences_on_lines() -> None:
    brief, reference = "Cars wait. The bridge is shut.", "The bridge is shut. Cars wait."
    kinds = ["rouge1", "rouge2", "rougeLsum"]
    scores = RougeScorer(kinds, use_stemmer=True).score(
        "The bridge is shut.\nCars wait.", "Cars wait.\nThe bridge is shut."
    )
    assert score_rouge([brief], [reference])[0].tolist() == pytest.approx([scores[kind].fmeasure for kind in kinds])
    assert scores["rougeLsum"].fmeasure == 1
    assert on_lines(brief) == "Cars wait.\nThe bridge is shut."


def test_briefs_rouge_of_an_empty_brief_is_zero() -> None:
    assert score_rouge(["", "Cars wait."], ["Cars wait.", "Cars wait."]).tolist() == [[0, 0, 0], [1, 1, 1]]


@pytest.mark.parametrize(
    ("most", "kept"), [(2, 1), (3, 1), (4, 1), (5, 2), (8, 2), (9, 3), (100, 3)], ids=lambda value: str(value)
)
def test_briefs_rouge_lead_keeps_whole_sentences(most: int, kept: int) -> None:
    assert lead_whole(SENTENCES, most) == " ".join(SENTENCES[:kept])


def test_briefs_rouge_leads_by_sentences_and_words() -> None:
    assert lead_sentences([*SENTENCES, "Ten."]) == " ".join(SENTENCES)
    assert lead_words("One  two\nthree four", 3) == "One two three"

"""Scores briefs against human ones with ROUGE, and makes the leads that every score stands beside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from summarizer.evaluate.briefs_data import sentences_of

if TYPE_CHECKING:
    import numpy as np

KINDS = ("rouge1", "rouge2", "rougeLsum")
LEAD_SENTENCES = 3


def score_rouge(briefs: Sequence[str], references: Sequence[str]) -> np.ndarray:
    """Score each brief against its reference: F1, words stemmed, sentences on lines.

    :return: 0 to 1, a row a brief, a column for each of ``KINDS``. *Shape:* (briefs, 3).

    Source: Lin 2004, by the package rouge-score.
    """
    import numpy as np
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(list(KINDS), use_stemmer=True)
    rows = []
    for brief, reference in zip(briefs, references, strict=True):
        scores = scorer.score(on_lines(reference), on_lines(brief))
        rows.append([scores[kind].fmeasure for kind in KINDS])
    return np.array(rows, dtype=float).reshape(len(briefs), len(KINDS))


def on_lines(text: str) -> str:
    """Return the text with each sentence on a line, which ROUGE-Lsum counts by."""
    return "\n".join(sentences_of(text))


def lead_sentences(sentences: Sequence[str], count: int = LEAD_SENTENCES) -> str:
    """Return the first sentences."""
    return " ".join(sentences[:count])


def lead_whole(sentences: Sequence[str], max_words: int) -> str:
    """Return the first sentences that together have at most ``max_words`` words, but never none."""
    kept: list[str] = []
    words = 0
    for sentence in sentences:
        words += len(sentence.split())
        if kept and words > max_words:
            break
        kept.append(sentence)
    return " ".join(kept)


def lead_words(text: str, count: int) -> str:
    """Return the first words, cut where they end."""
    return " ".join(text.split()[:count])

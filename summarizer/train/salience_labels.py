"""What the salience model is to learn of an article with a brief: which sentences and which words are in the brief.

Comes after ``salience.windows``, before training. Sentences are chosen greedily so that ROUGE-1 and ROUGE-2 of all
together rise (Nallapati et al. 2017, arXiv:1611.04230); n-grams are counted here, since rouge-score takes seconds an
article for that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

MAX_CHOSEN = 6
LONG_WORD = 3
"""rouge-score stems words of more letters than this."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Of one article.

    :param sentences: 0 to 1 for each sentence.
    :param words: 0 or 1 for each word, in order: whether the brief has it, whether it has it and the next together.
    """

    sentences: list[float]
    words: list[tuple[float, float]]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the stem that ROUGE compares."""
    return str(_stemmer().stem(word)) if len(word) > LONG_WORD else word


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    from nltk.stem.porter import PorterStemmer

    return PorterStemmer()


def stems(words: Sequence[str]) -> list[str]:
    """Return each word's stem."""
    return [stem(word) for word in words]


def grams(stemmed: Sequence[str], size: int) -> Counter[tuple[str, ...]]:
    """Count the runs of ``size`` stems."""
    return Counter(zip(*(stemmed[i:] for i in range(size)), strict=False))


def f1(found: Counter[tuple[str, ...]], wanted: Counter[tuple[str, ...]]) -> float:
    """Return ROUGE's F1 of two counts."""
    total = found.total() + wanted.total()
    return 2 * (found & wanted).total() / total if total else 0.0


def oracle(sentences: Sequence[Sequence[str]], brief: Sequence[str]) -> list[int]:
    """Return the indices of the sentences whose stems, taken greedily, come nearest to the brief's."""
    wanted = [grams(brief, size) for size in (1, 2)]
    counted = [[grams(sentence, size) for size in (1, 2)] for sentence in sentences]
    chosen: list[int] = []
    have: list[Counter[tuple[str, ...]]] = [Counter(), Counter()]
    best = 0.0
    while len(chosen) < MAX_CHOSEN:
        scored = [
            (sum(f1(have[i] + counts[i], wanted[i]) for i in (0, 1)), -index)
            for index, counts in enumerate(counted)
            if index not in chosen
        ]
        value, negative = max(scored, default=(0.0, 0))
        if value <= best:
            break
        best = value
        chosen.append(-negative)
        have = [have[i] + counted[-negative][i] for i in (0, 1)]
    return sorted(chosen)


def label(sentences: Sequence[Sequence[str]], brief: Sequence[str], softness: float) -> Labels:
    """Say what of an article its brief has.

    :param sentences: the words of each sentence.
    :param brief: its words.
    :param softness: 0 takes the greedy choice as it is; 1 takes how well each sentence alone matches the brief, against
        the best one; between them is between.
    """
    stemmed = [stems(sentence) for sentence in sentences]
    wanted = stems(brief)
    chosen = set(oracle(stemmed, wanted))
    brief_grams = [grams(wanted, size) for size in (1, 2)]
    alone = [sum(f1(grams(sentence, size), brief_grams[size - 1]) for size in (1, 2)) for sentence in stemmed]
    best = max(alone, default=0.0) or 1.0
    rows = [softness * value / best + (1 - softness) * (i in chosen) for i, value in enumerate(alone)]
    words: list[tuple[float, float]] = []
    for sentence in stemmed:
        for word, following in zip(sentence, [*sentence[1:], ""], strict=True):
            words.append((float((word,) in brief_grams[0]), float((word, following) in brief_grams[1])))
    return Labels(rows, words)

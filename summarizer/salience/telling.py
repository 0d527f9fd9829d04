"""Says how much of what matters a written brief tells, by what the model says of the article; comes after ``model``.

The measure is that of ``choose``, so that a brief that was written and one that was chosen compare.
"""

from __future__ import annotations

import itertools

from summarizer.salience.choose import AIM, Aim, Salience
from summarizer.salience.windows import words_of

Words = dict[str, float]


class Telling:
    """What a brief of an article is likely to say: its words and pairs of words, each with its probability."""

    def __init__(self, salience: Salience, max_words: int, aim: Aim = AIM) -> None:
        """Take what the model says of the article.

        :param max_words: of a brief.
        """
        self._brief_words = round(aim.fill * max_words)
        self._pair_weight = aim.pair_weight
        self._singles: Words = {}
        self._pairs: Words = {}
        for words, singles, pairs in zip(salience.words, salience.singles, salience.pairs, strict=True):
            _keep_highest(self._singles, words, singles)
            _keep_highest(self._pairs, [f"{a} {b}" for a, b in itertools.pairwise(words)], pairs)

    def overlap(self, text: str) -> float:
        """Return the expected F1 of a text's words, and that of its pairs; what the article lacks counts as missed.

        Two texts on one article compare; the number by itself says little.
        """
        words = words_of(text)
        length = len(words) + self._brief_words
        singles = sum(self._singles.get(word, 0.0) for word in set(words))
        pairs = sum(self._pairs.get(f"{a} {b}", 0.0) for a, b in set(itertools.pairwise(words)))
        return 2 * (singles + self._pair_weight * pairs) / length


def _keep_highest(known: Words, keys: list[str], values: list[float]) -> None:
    for key, value in zip(keys, values, strict=False):  # the last word of a sentence begins no pair
        if value > known.get(key, 0.0):
            known[key] = value

"""Chooses the sentences of an extractive brief from what the model says of sentences and words; comes after ``model``.

The choice is the one whose expected overlap with a brief is the highest: a word, or a pair of words, counts once, with
the probability that the brief has it, so that a second sentence on the same thing adds little. Expected ROUGE as the
aim of a concept-based choice: Gillick and Favre 2009; with learned weights: Li, Qian and Liu 2013.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.records import Article
from summarizer.salience.standing import is_story, leans_on
from summarizer.sentences import Span

Words = dict[str, float]


@dataclass(frozen=True, slots=True)
class Salience:
    """What the model says of an article.

    :param spans: its sentences, in order, as spans of its body.
    :param sentences: the probability, from 0 to 1, that a brief takes each sentence.
    :param words: of each sentence, in small letters.
    :param singles: the probability that a brief has each word.
    :param pairs: the probability that a brief has each word together with the next of its sentence.
    """

    spans: list[Span]
    sentences: list[float]
    words: list[list[str]]
    singles: list[list[float]]
    pairs: list[list[float]]


@dataclass(frozen=True, slots=True)
class Aim:
    """What a choice is to reach; the defaults were found on held-out articles.

    :param fill: length that is aimed at, as a share of ``max_words``.
    :param pair_weight: of pairs of words against single ones.
    :param sentence_weight: of the sentences' own probabilities.
    :param candidates: so many sentences, the best by themselves, are tried in all combinations.
    :param max_sentences: of a choice.
    """

    fill: float = 0.85
    pair_weight: float = 1.0
    sentence_weight: float = 0.3
    candidates: int = 10
    max_sentences: int = 5


AIM = Aim()


def choose(article: Article, salience: Salience, max_words: int, aim: Aim = AIM) -> list[Span]:
    """Return the sentences of an extractive brief, as spans of the article's body in source order.

    What is not the story's own (a byline, a caption, an advert) is left out, unless there is nothing else; a sentence
    that points at the one before it comes only with that one, and a part of a quotation only with its other parts.

    :param max_words: blank-separated words of all together, at the most.
    :return: none where every sentence is longer than that.
    """
    texts = [article.body[start:end] for start, end in salience.spans]
    is_english = (article.language or "en").lower().startswith("en")
    own = [index for index, text in enumerate(texts) if is_story(text)] if is_english else []
    lengths = [len(text.split()) for text in texts]
    leaning = leans_on(texts, is_english)
    chooser = Chooser(salience, lengths, max_words, aim)
    everything = range(len(texts))
    tries = ((own, leaning), (everything, leaning), (everything, [()] * len(texts)))
    for allowed, needed in tries:
        if chosen := chooser.best(allowed, needed):
            return [salience.spans[index] for index in chosen]
    return []


class Chooser:
    """Weighs combinations of one article's sentences."""

    def __init__(self, salience: Salience, lengths: Sequence[int], max_words: int, aim: Aim = AIM) -> None:
        """Take the article.

        :param lengths: of each sentence in blank-separated words, which ``max_words`` limits.
        """
        self._aim = aim
        self._lengths = lengths
        self._max_words = max_words
        self._brief_words = round(aim.fill * max_words)
        self._sentences = salience.sentences
        self._counts = [len(words) for words in salience.words]
        self._singles = [_best(words, values) for words, values in zip(salience.words, salience.singles, strict=True)]
        joined = [[f"{a} {b}" for a, b in itertools.pairwise(words)] for words in salience.words]
        self._pairs = [_best(pairs, values[: len(pairs)]) for pairs, values in zip(joined, salience.pairs, strict=True)]

    def best(self, allowed: Sequence[int], needed: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
        """Return the best combination of the allowed sentences that fits ``max_words``; () where none does.

        :param needed: for each sentence of the article those that must be chosen with it.
        """
        short = [index for index in allowed if 0 < self._lengths[index] <= self._max_words and self._counts[index]]
        ranked = sorted(short, key=lambda index: -self._value([index]))
        tried = set(ranked[: self._aim.candidates])
        tried |= {other for index in tried for other in needed[index] if other in short}
        found: list[tuple[float, tuple[int, ...]]] = []
        self._extend((), sorted(tried), 0, {}, {}, found)
        fit = [item for item in found if all(other in item[1] for i in item[1] for other in needed[i])]
        return max(fit, key=lambda item: (item[0], [-i for i in item[1]]), default=(0.0, ()))[1]

    def _extend(
        self,
        chosen: tuple[int, ...],
        candidates: Sequence[int],
        words: int,
        singles: Words,
        pairs: Words,
        found: list[tuple[float, tuple[int, ...]]],
    ) -> None:
        """Note every combination that begins with ``chosen``."""
        for place, index in enumerate(candidates):
            longer = words + self._lengths[index]
            if longer > self._max_words:
                continue
            more = (*chosen, index)
            one, two = _joined(singles, self._singles[index]), _joined(pairs, self._pairs[index])
            found.append((self._weigh(more, one, two), more))
            if len(more) < self._aim.max_sentences:
                self._extend(more, candidates[place + 1 :], longer, one, two, found)

    def _value(self, chosen: Sequence[int]) -> float:
        singles: Words = {}
        pairs: Words = {}
        for index in chosen:
            singles, pairs = _joined(singles, self._singles[index]), _joined(pairs, self._pairs[index])
        return self._weigh(chosen, singles, pairs)

    def _weigh(self, chosen: Sequence[int], singles: Words, pairs: Words) -> float:
        """Return the expected F1 of words and of pairs, and what the sentences' own probabilities add."""
        length = sum(self._counts[index] for index in chosen) + self._brief_words
        one, two = 2 * sum(singles.values()) / length, 2 * sum(pairs.values()) / length
        own = sum(self._sentences[index] * self._counts[index] for index in chosen)
        return one + self._aim.pair_weight * two + self._aim.sentence_weight * 2 * own / length


def _best(keys: Sequence[str], values: Sequence[float]) -> Words:
    """Return each key's highest value."""
    best: Words = {}
    for key, value in zip(keys, values, strict=True):
        if value > best.get(key, 0.0):
            best[key] = value
    return best


def _joined(have: Words, more: Words) -> Words:
    """Return the higher value of each key."""
    joined = dict(have)
    for key, value in more.items():
        if value > joined.get(key, 0.0):
            joined[key] = value
    return joined

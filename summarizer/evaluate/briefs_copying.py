"""Measures how far a brief copies its article and itself: fragments, new word sequences, repetitions.

Comes beside ROUGE. Words are compared folded (case, accents, punctuation), without stemming.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from summarizer.evidence.source import content_stems
from summarizer.evidence.words import plain_words

SAME = 0.75
"""Two sentences say the same where the one with fewer content words has at least this share of them in the other."""
LEAST_STEMS = 4
"""A sentence with fewer content words says too little to be said twice."""
NOVEL = (1, 2, 3)
"""Lengths of the word sequences that are sought in the article."""
REPEATED = 3
"""Length of the word sequences that are sought in the brief itself."""


@dataclass(frozen=True, slots=True)
class Copying:
    """What one brief has of its article and of itself.

    :param words: how many words the other counts are of.
    :param coverage: share of the words that are part of a copied fragment.
    :param density: mean over the words of the length of the fragment that each belongs to, in words.
    :param novel: for each of ``NOVEL``, the distinct sequences that the article lacks, and how many there are.
    :param repeated: occurrences of word triples after their first, and all occurrences.
    """

    words: int
    coverage: float
    density: float
    novel: tuple[tuple[int, int], ...]
    repeated: tuple[int, int]


def measure_copying(article: str, brief: str) -> Copying:
    """Measure one brief; one without words has zeros.

    Source: coverage and density from Grusky et al. 2018, Newsroom, section 4; novel n-grams as in See et al. 2017.
    """
    source, words = plain_words(article).split(), plain_words(brief).split()
    lengths = [length for _, length in copied_fragments(source, words)]
    triples = Counter(_sequences(words, REPEATED))
    return Copying(
        words=len(words),
        coverage=sum(lengths) / len(words) if words else 0.0,
        density=sum(length**2 for length in lengths) / len(words) if words else 0.0,
        novel=tuple(_novel(source, words, length) for length in NOVEL),
        repeated=(triples.total() - len(triples), triples.total()),
    )


def copied_fragments(source: Sequence[str], brief: Sequence[str]) -> list[tuple[int, int]]:
    """Return the fragments of the brief that the source has: place in the brief and length, in order, disjoint.

    From left to right the longest sequence that stands in the source is taken, as in figure 3 of the Newsroom paper.
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(source):
        places[word].append(place)
    fragments: list[tuple[int, int]] = []
    start = 0
    while start < len(brief):
        length = max((_common(source, place, brief, start) for place in places.get(brief[start], ())), default=0)
        if length:
            fragments.append((start, length))
        start += max(1, length)
    return fragments


def _common(source: Sequence[str], place: int, brief: Sequence[str], start: int) -> int:
    """Return how many words are the same from these places on."""
    limit = min(len(source) - place, len(brief) - start)
    length = 0
    while length < limit and source[place + length] == brief[start + length]:
        length += 1
    return length


def _sequences(words: Sequence[str], length: int) -> list[tuple[str, ...]]:
    return [tuple(words[start : start + length]) for start in range(len(words) - length + 1)]


def _novel(source: Sequence[str], brief: Sequence[str], length: int) -> tuple[int, int]:
    own = set(_sequences(brief, length))
    return len(own - set(_sequences(source, length))), len(own)


def count_same(sentences: Sequence[str]) -> int:
    """Return how many pairs of sentences say the same."""
    stems = [own for sentence in sentences if len(own := content_stems(sentence)) >= LEAST_STEMS]
    return sum(len(one & other) >= SAME * min(len(one), len(other)) for one, other in combinations(stems, 2))

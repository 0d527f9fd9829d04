"""Finds the sentences of an article that best bear a sentence of its brief out, and how far they do."""

from __future__ import annotations

from dataclasses import dataclass

from summarizer.evidence.source import Source, content_stems

MIN_GAIN = 0.08
"""A further evidence sentence must add at least this share of the sentence's content."""


@dataclass(frozen=True, slots=True)
class Support:
    """What bears a sentence out.

    :param score: 0 to 1, the share of its content that the chosen sentences hold, rare words weighing more.
    :param chosen: indices of article sentences, in source order.
    :param overlaps: for each article sentence that shares content with it, the share of its content, best first.
    """

    score: float
    chosen: tuple[int, ...]
    overlaps: dict[int, float]


def find_support(sentence: str, source: Source, max_spans: int) -> Support:
    """Return the article's sentences that together hold most of ``sentence``.

    :param max_spans: how many are chosen at the most; a further one only where it adds content.
    """
    weights = _weights(sentence, source)
    total = sum(weights.values())
    overlaps = find_overlaps(sentence, source)
    chosen: list[int] = []
    missing = dict(weights)
    while len(chosen) < max_spans and overlaps:
        gains = {index: _held(missing, source.stems[index]) for index in overlaps}
        best = max(gains, key=lambda index: gains[index])
        # One word in common may be all there is: still the best that the article has to say.
        if chosen and gains[best] < MIN_GAIN * total:
            break
        chosen.append(best)
        missing = {key: weight for key, weight in missing.items() if key not in source.stems[best]}
    score = 1 - sum(missing.values()) / total if total else 0.0
    return Support(score, tuple(sorted(chosen)), overlaps)


def find_overlaps(sentence: str, source: Source) -> dict[int, float]:
    """Return, for each article sentence that shares content with ``sentence``, the share of its content, best first.

    Several checks ask for the same sentence; ``source`` keeps the answer.
    """
    known = source.overlaps.get(sentence)
    if known is None:
        weights = _weights(sentence, source)
        total = sum(weights.values())
        shares = {
            index: _held(weights, stems) / total for index, stems in enumerate(source.stems) if weights.keys() & stems
        }
        known = source.overlaps[sentence] = dict(sorted(shares.items(), key=lambda item: -item[1]))
    return known


def _weights(sentence: str, source: Source) -> dict[str, float]:
    return {key: source.weights.get(key, source.top_weight) for key in content_stems(sentence)}


def _held(weights: dict[str, float], stems: frozenset[str]) -> float:
    return sum(weights[key] for key in weights.keys() & stems)

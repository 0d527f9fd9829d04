"""Settles what stands in a brief: each sentence as it is, or what takes its place.

Comes after ``examine`` and the learned support, which say what is unsupported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from summarizer.evidence.examine import verbatim_sentence
from summarizer.evidence.extract import Extract
from summarizer.evidence.search import find_support
from summarizer.evidence.source import Source, content_stems
from summarizer.records import Brief, Dropped, Sentence

OnUnsupported = Literal["replace", "drop", "flag"]

MIN_OVERLAP = 0.15
"""A source sentence may stand in for a generated one with at least this share of its content in common."""
MIN_STAND_IN = 0.5
"""And with at least this share of what the best one has in common with it."""
MAX_REPEATED = 0.6
"""A salient sentence stands in for one that nothing resembles where less than this share of its content is said."""


@dataclass(slots=True)
class _Settled:
    kept: list[Sentence] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def settle(
    brief: Brief,
    examined: Sequence[Sentence],
    source: Source,
    extract: Extract,
    *,
    on_unsupported: OnUnsupported,
    min_passed: float,
    min_telling: float,
    max_words: int,
) -> Brief:
    """Return the brief without what the article does not bear out.

    A brief that has a sentence keeps at least one. Whatever is replaced, dropped or flagged is told in ``warnings``
    and, with its reasons, in ``Sentence.unsupported`` or ``Brief.dropped``.

    :param examined: the brief's sentences, as ``examine`` and the support model left them.
    :param extract: knows the article's salient sentences.
    :param min_passed: with ``replace``, an extractive brief takes the place of one of whose written sentences a smaller
        share passed.
    :param min_telling: with ``replace``, so does one for a brief that tells less of what matters, measured by its own.
    :param max_words: limit that what takes a sentence's place must not break.
    """
    failed = [sentence for sentence in examined if _is_failed(sentence)]
    if on_unsupported == "replace" and len(examined) - len(failed) < min_passed * len(examined):
        why = f"{len(failed)} of {len(examined)} did not pass"
        return _extractive(brief, examined, source, extract, max_words, why)
    settled = _settled(examined, source, extract, on_unsupported, max_words)
    if settled.dropped and not settled.kept:
        return _extractive(brief, examined, source, extract, max_words, "nothing of it was left")
    if on_unsupported == "replace" and any(sentence.origin == "generated" for sentence in settled.kept):
        share = extract.share(" ".join(sentence.text for sentence in settled.kept), max_words)
        if share < min_telling:
            why = f"it tells less of what matters ({share:.2f} of what they tell)"
            return _extractive(brief, examined, source, extract, max_words, why)
    return replace(
        brief,
        sentences=tuple(settled.kept),
        dropped=(*brief.dropped, *settled.dropped),
        warnings=(*brief.warnings, *settled.warnings),
    )


def _settled(
    examined: Sequence[Sentence], source: Source, extract: Extract, on_unsupported: OnUnsupported, max_words: int
) -> _Settled:
    """Settle each sentence by itself."""
    settled = _Settled()
    for index, sentence in enumerate(examined):
        if not _is_failed(sentence):
            settled.kept.append(sentence)
            continue
        reasons = "; ".join(sentence.unsupported)
        if on_unsupported == "flag":
            settled.kept.append(sentence)
            settled.warnings.append(f"sentence flagged: {reasons}")
            continue
        others = [*settled.kept, *(other for other in examined[index + 1 :] if not _is_failed(other))]
        stand_in = _stand_in(sentence, others, source, extract, max_words) if on_unsupported == "replace" else None
        if stand_in is not None:
            settled.kept.append(stand_in)
            settled.warnings.append(f"sentence replaced: {reasons}")
        else:
            settled.dropped.append(Dropped(sentence.text, sentence.unsupported))
            settled.warnings.append(f"sentence dropped: {reasons}")
    return settled


def _is_failed(sentence: Sentence) -> bool:
    return bool(sentence.unsupported) and sentence.origin == "generated"


def _stand_in(
    sentence: Sentence, others: Sequence[Sentence], source: Source, extract: Extract, max_words: int
) -> Sentence | None:
    """Return the sentence of the article that takes the place of ``sentence``; it fits and is not in the brief yet.

    That is the one that says most of the same; where none resembles it, the most salient that says something new.
    """
    room = max_words - sum(len(other.text.split()) for other in others)
    present = {other.text for other in others}
    fitting = {
        index: text for index, text in enumerate(source.sentences) if text not in present and len(text.split()) <= room
    }
    overlaps = find_support(sentence.text, source, 1).overlaps
    floor = max(MIN_OVERLAP, MIN_STAND_IN * max(overlaps.values(), default=0.0))
    alike = (index for index, overlap in overlaps.items() if overlap >= floor and index in fitting)
    said = frozenset().union(*(content_stems(other.text) for other in others))
    index = next(alike, None)
    if index is None:
        index = next((i for i in extract.ranking() if i in fitting and _is_new(source.stems[i], said)), None)
    return None if index is None else _replaced(source, index, sentence.unsupported, sentence.text)


def _is_new(stems: frozenset[str], said: frozenset[str]) -> bool:
    return bool(stems) and len(stems & said) < MAX_REPEATED * len(stems)


def _replaced(source: Source, index: int, unsupported: tuple[str, ...], replaces: str) -> Sentence:
    sentence = verbatim_sentence(source, index)
    return replace(sentence, origin="replaced", unsupported=unsupported, replaces=replaces)


def _extractive(
    brief: Brief, examined: Sequence[Sentence], source: Source, extract: Extract, max_words: int, why: str
) -> Brief:
    """Return the article's own sentences in place of a brief; each says what the whole brief was, and why it went."""
    chosen = extract.brief(max_words)
    if not chosen:
        return brief
    failed = [sentence for sentence in examined if _is_failed(sentence)]
    reasons = tuple(dict.fromkeys(reason for sentence in failed for reason in sentence.unsupported)) or (why,)
    replaces = " ".join(sentence.text for sentence in examined)
    told = [f"sentence dropped: {'; '.join(sentence.unsupported)}" for sentence in failed]
    return replace(
        brief,
        sentences=tuple(_replaced(source, index, reasons, replaces) for index in chosen),
        dropped=(*brief.dropped, *(Dropped(sentence.text, sentence.unsupported) for sentence in failed)),
        warnings=(*brief.warnings, *told, f"brief replaced by sentences of the article: {why}"),
    )

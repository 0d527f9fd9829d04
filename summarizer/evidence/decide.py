"""Settles what stands in a brief: each sentence with its evidence, or what takes its place."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from summarizer.evidence.claims import capitalized_words, find_unsupported
from summarizer.evidence.search import find_support
from summarizer.evidence.source import Source
from summarizer.evidence.words import same_characters
from summarizer.records import Article, Brief, Dropped, Evidence, Sentence

MIN_OVERLAP = 0.15
"""A source sentence may stand in for a generated one with at least this share of its content in common."""
MIN_STAND_IN = 0.5
"""And with at least this share of what the best one has in common with it."""


class Checker:
    """Checks the sentences of one brief against its article.

    :param on_unsupported: ``replace``, ``drop`` or ``flag``.
    :param max_spans: evidence spans of a sentence at the most.
    """

    def __init__(self, article: Article, on_unsupported: str, max_spans: int) -> None:
        self.article = article
        self.source = Source(article)
        self.on_unsupported = on_unsupported
        self.max_spans = max_spans

    def check(self, brief: Brief, max_words: int) -> Brief:
        """Return the checked brief; see ``summarizer.evidence.check``."""
        context = capitalized_words(brief.text)
        checked = [self._with_evidence(sentence, context) for sentence in brief.sentences]
        kept: list[Sentence] = []
        dropped: list[Dropped] = []
        warnings: list[str] = []
        for index, sentence in enumerate(checked):
            if not sentence.unsupported or sentence.origin != "generated":
                kept.append(sentence)
                continue
            reasons = "; ".join(sentence.unsupported)
            if self.on_unsupported == "flag":
                kept.append(sentence)
                warnings.append(f"sentence flagged: {reasons}")
                continue
            others = [*kept, *checked[index + 1 :]]
            stand_in = self._stand_in(sentence, others, max_words) if self.on_unsupported == "replace" else None
            if stand_in is not None:
                kept.append(stand_in)
                warnings.append(f"sentence replaced: {reasons}")
            else:
                dropped.append(Dropped(sentence.text, sentence.unsupported))
                warnings.append(f"sentence dropped: {reasons}")
        if dropped and not kept:
            kept = self._opening(dropped, max_words)
            warnings += ["brief replaced by the article's opening: every sentence was dropped"] if kept else []
        return replace(
            brief,
            sentences=tuple(kept),
            dropped=(*brief.dropped, *dropped),
            warnings=(*brief.warnings, *warnings),
        )

    @cached_property
    def _by_characters(self) -> dict[str, int]:
        """Which article sentence has these characters, the first of several."""
        indices: dict[str, int] = {}
        for index, sentence in enumerate(self.source.sentences):
            indices.setdefault(same_characters(sentence), index)
        return indices

    def _with_evidence(self, sentence: Sentence, context: frozenset[str]) -> Sentence:
        """Return the sentence with origin, support, evidence and what is unsupported."""
        if sentence.origin != "generated" and sentence.evidence:
            return replace(sentence, support=1.0)
        index = self._by_characters.get(same_characters(sentence.text))
        if index is not None:
            return self._verbatim(index)
        support = find_support(sentence.text, self.source, self.max_spans)
        return replace(
            sentence,
            origin="generated",
            support=support.score,
            evidence=tuple(map(self._evidence, support.chosen)),
            unsupported=find_unsupported(sentence.text, self.source, context),
        )

    def _evidence(self, index: int) -> Evidence:
        return self.article.evidence(*self.source.spans[index])

    def _verbatim(self, index: int) -> Sentence:
        text = self.source.sentences[index]
        return Sentence(text=text, origin="verbatim", support=1.0, evidence=(self._evidence(index),))

    def _stand_in(self, sentence: Sentence, others: list[Sentence], max_words: int) -> Sentence | None:
        """Return the best evidence sentence that is not in the brief yet and fits, in place of ``sentence``."""
        support = find_support(sentence.text, self.source, self.max_spans)
        room = max_words - sum(len(other.text.split()) for other in others)
        present = {other.text for other in others}
        floor = max(MIN_OVERLAP, MIN_STAND_IN * max(support.overlaps.values(), default=0.0))
        for index, overlap in support.overlaps.items():
            text = self.source.sentences[index]
            if overlap >= floor and text not in present and len(text.split()) <= room:
                return self._replaced(index, sentence.unsupported, sentence.text)
        return None

    def _replaced(self, index: int, unsupported: tuple[str, ...], replaces: str) -> Sentence:
        return replace(self._verbatim(index), origin="replaced", unsupported=unsupported, replaces=replaces)

    def _opening(self, dropped: list[Dropped], max_words: int) -> list[Sentence]:
        """Return the article's first sentences that fit, in place of a brief of which nothing is left.

        Where none fits, the shortest sentence stands: a brief is never empty.
        """
        sentences = self.source.sentences
        if not sentences:
            return []
        chosen: list[int] = []
        room = max_words
        for index, text in enumerate(sentences):
            words = len(text.split())
            if words <= room:
                chosen.append(index)
                room -= words
            elif chosen:
                break
        chosen = chosen or [min(range(len(sentences)), key=lambda index: len(sentences[index].split()))]
        reasons = tuple(reason for sentence in dropped for reason in sentence.unsupported)
        replaces = " ".join(sentence.text for sentence in dropped)
        return [self._replaced(index, reasons, replaces) for index in chosen]

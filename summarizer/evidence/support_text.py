"""What the support model reads of an article for a sentence: the sentences that have most in common with it.

Comes after ``source`` and before ``support``; training reads the same.
"""

from __future__ import annotations

import re

from summarizer.evidence.search import find_support
from summarizer.evidence.source import Source, content_stems

MAX_SENTENCES = 3
MAX_WORDS = 75
"""So much is read for a sentence: the best sentences that fit, the best of all in any case."""

_TREEBANK = (
    (re.compile(r"\s*``\s*|\s*''\s*|` `\s?|' '(?=\s|$)"), ' " '),
    (re.compile(r"-\s?[lL][rR][bB]\s?-"), "("),
    (re.compile(r"-\s?[rR][rR][bB]\s?-"), ")"),
    (re.compile(r"\\'"), "'"),
    (re.compile(r"(?<=\w) n't\b"), "n't"),
)  # fmt: skip
_BLANKS = re.compile(r"[^\S\n]+")


def evidence_text(sentence: str, source: Source) -> str:
    """Return the article's best sentences for ``sentence``, in source order, after its title.

    The best are those that together hold most of the sentence's content, and then those that hold most of it each; an
    article that has nothing in common with it gives its beginning.

    :return: of about ``MAX_WORDS`` words; empty where the article has neither title nor text.
    """
    support = find_support(sentence, source, MAX_SENTENCES - 1)
    ranked = dict.fromkeys([*_by_overlap(support.chosen, support.overlaps), *support.overlaps, 0])
    chosen: list[int] = []
    words = 0
    for index in ranked:
        if index >= len(source.sentences) or len(chosen) == MAX_SENTENCES:
            break
        length = len(source.sentences[index].split())
        if chosen and words + length > MAX_WORDS:
            continue
        chosen.append(index)
        words += length
    parts = [source.article.title, *(source.sentences[index] for index in sorted(chosen))]
    return plain_marks(" ".join(part for part in parts if part.strip()))


def _by_overlap(chosen: tuple[int, ...], overlaps: dict[int, float]) -> list[int]:
    return sorted(chosen, key=lambda index: -overlaps.get(index, 0.0))


def coverage(evidence: str, sentence: str) -> float:
    """Return the share of the sentence's content words that the evidence has too; 0 for a sentence without any."""
    wanted = content_stems(sentence)
    return len(wanted & content_stems(evidence)) / len(wanted) if wanted else 0.0


def plain_marks(text: str) -> str:
    """Return ``text`` with plain quotation marks and brackets in place of what tokenised corpora write (-LRB-)."""
    for pattern, mark in _TREEBANK:
        text = pattern.sub(mark, text)
    return _BLANKS.sub(" ", text).strip()

"""Lays out what is measured beside each other: briefs, their drafts, the human ones and the leads.

Comes after the pairs are read, before the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from summarizer.evaluate.briefs_data import Pair, draft_of, sentences_of
from summarizer.evaluate.briefs_rouge import lead_sentences, lead_whole, lead_words

BRIEF, DRAFT, HUMAN = "brief", "draft", "human"
LEAD_3, LEAD_WHOLE, LEAD_SAME, LEAD_FIXED = "lead_3_sentences", "lead_whole_sentences", "lead_same_words", "lead_words"
LEADS = (LEAD_3, LEAD_WHOLE, LEAD_SAME, LEAD_FIXED)


@dataclass(frozen=True, slots=True)
class System:
    """What one way to make briefs made of each article.

    :param title: for people.
    :param texts: the briefs, in the order of the articles.
    :param sentences: of each brief.
    """

    title: str
    texts: list[str]
    sentences: list[list[str]]

    @classmethod
    def of(cls, title: str, texts: Iterable[str]) -> System:
        """Split the texts into sentences."""
        listed = list(texts)
        return cls(title, listed, list(map(sentences_of, listed)))

    @property
    def words(self) -> list[int]:
        """Length of each brief in words."""
        return [len(text.split()) for text in self.texts]


def lay_out(pairs: Sequence[Pair], lead_length: int) -> tuple[dict[str, System], int]:
    """Make every system's briefs; the leads are of the cleaned text, which is what the models read.

    :param lead_length: words of the lead of fixed length.
    :return: the systems by key, ``BRIEF`` first, and the mean length of its briefs in words, which two leads have.
        ``DRAFT`` is there where a sentence was replaced or dropped, ``LEAD_FIXED`` where it is not ``LEAD_SAME``.
    """
    written = [[sentence.text for sentence in pair.brief.sentences] for pair in pairs]
    systems = {BRIEF: System("brief", [pair.brief.text for pair in pairs], written)}
    mean = max(1, round(sum(systems[BRIEF].words) / len(pairs)))
    drafts = [draft_of(pair.brief) for pair in pairs]
    if drafts != systems[BRIEF].texts:
        systems[DRAFT] = System.of("brief as the model wrote it", drafts)
    systems[HUMAN] = System.of("human brief", (pair.reference for pair in pairs))
    bodies = [pair.article.body for pair in pairs]
    split = list(map(sentences_of, bodies))
    systems[LEAD_3] = System.of("lead, 3 sentences", map(lead_sentences, split))
    whole = f"lead, whole sentences up to {mean} words"
    systems[LEAD_WHOLE] = System.of(whole, (lead_whole(sentences, mean) for sentences in split))
    systems[LEAD_SAME] = System.of(f"lead, {mean} words", (lead_words(body, mean) for body in bodies))
    if lead_length != mean:
        systems[LEAD_FIXED] = System.of(f"lead, {lead_length} words", (lead_words(b, lead_length) for b in bodies))
    return systems, mean

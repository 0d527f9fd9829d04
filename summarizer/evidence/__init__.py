"""Says where an article bears its brief out, and what happens to a sentence that it does not bear out.

Comes after summarize and before write. ``claims`` finds what a sentence claims and the article lacks, ``search`` finds
the evidence, ``decide`` settles what stands in the brief; ``source`` is what all three know of the article.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from summarizer.evidence.decide import settle
from summarizer.evidence.examine import examine
from summarizer.evidence.extract import Opening
from summarizer.evidence.source import Source
from summarizer.options import Options
from summarizer.records import Article, Brief

__all__ = ["EvidenceOptions", "check"]


class EvidenceOptions(Options):
    """The ``evidence`` section."""

    on_unsupported: Literal["replace", "drop", "flag"] = "replace"
    """What happens to a sentence with a name, number, date or quotation that the article lacks: it is replaced by
    its evidence sentence, dropped, or kept and flagged."""
    max_spans: int = Field(2, ge=1, le=5)
    """How many supporting spans a sentence gets at the most."""
    min_passed: float = Field(0.5, ge=0, le=1)
    """With ``replace``: where a smaller share of a brief's sentences passes, sentences of the article take the place
    of the whole brief."""
    min_telling: float = Field(0.8, ge=0, le=1)
    """With ``replace`` and ``salience``: a brief that tells less of what matters, measured by what the article's own
    most salient sentences tell, gives way to them. 0 keeps every brief that passed."""
    support: str | None = "support-minilm"
    """A model, by name or folder, that tells how likely the article bears a sentence out: it also sees who did what to
    whom. Null goes by names, numbers, dates and quotations alone."""
    support_threshold: float | None = Field(None, ge=0, le=1)
    """A sentence that is borne out with less probability is unsupported; null takes the model's own threshold. Lower
    spares more true sentences, higher finds more false ones."""
    salience: str | None = "salience-minilm"
    """A model, by name or folder, that knows which sentences of an article matter: they stand in where no sentence
    resembles the one that failed, and for a whole brief. Null takes the article's opening."""


def check(brief: Brief, article: Article, options: EvidenceOptions, *, max_words: int | None = None) -> Brief:
    """Return the brief with the evidence of every sentence, and without what rules show the article not to bear out.

    No model is needed; a run's ``Checker`` also has learned support and salience. A brief that has a sentence keeps at
    least one. Whatever is replaced, dropped or flagged is told in ``warnings`` and, with its reasons, in
    ``Sentence.unsupported`` or ``Brief.dropped``.

    :param brief: as a backend wrote it.
    :param article: what it was written from, cleaned as it was then.
    :param max_words: limit that a replacement must not break; None takes the brief's own number of words.
    :return: the checked brief.
    """
    source = Source(article)
    return settle(
        brief,
        examine(brief, source, options.max_spans),
        source,
        Opening(source),
        on_unsupported=options.on_unsupported,
        min_passed=options.min_passed,
        min_telling=options.min_telling,
        max_words=max_words or brief.words,
    )

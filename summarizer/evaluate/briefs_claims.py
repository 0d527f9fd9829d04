"""Counts what the check finds in briefs as they are, and whether records point where they say; comes beside ROUGE."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.evidence import EvidenceOptions, check
from summarizer.records import Article, Brief, Sentence, SourceTokens

KINDS = ("name", "number", "date", "quotation", "role", "speaker", "relation", "negation", "meaning")
"""The first word of a reason says what kind of claim the article does not bear out."""
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Claims:
    """How many sentences a brief has, how many of them have each kind of unsupported claim, and how many have any."""

    sentences: int
    kinds: dict[str, int]
    unsupported: int


def count_unsupported(sentences: Sequence[str], article: Article, options: EvidenceOptions) -> Claims:
    """Check the sentences against the article as if a model had just written them.

    :param article: cleaned.
    """
    reasons = find_reasons(sentences, article, options)
    kinds = [{kind_of(reason) for reason in own} for own in reasons]
    return Claims(
        sentences=len(reasons),
        kinds={kind: sum(kind in own for own in kinds) for kind in (*KINDS, OTHER)},
        unsupported=sum(map(bool, reasons)),
    )


def find_reasons(sentences: Sequence[str], article: Article, options: EvidenceOptions) -> list[tuple[str, ...]]:
    """Return, for each sentence, what the article does not bear out, in words."""
    return [sentence.unsupported for sentence in check_as_written(sentences, article, options)]


def check_as_written(sentences: Sequence[str], article: Article, options: EvidenceOptions) -> tuple[Sentence, ...]:
    """Return the checked sentences, as many and in the same order; nothing is replaced or dropped."""
    written = tuple(Sentence(text=text, origin="generated") for text in sentences)
    brief = Brief(sentences=written, backend="", source_tokens=SourceTokens(0, 0))
    return check(brief, article, options.model_copy(update={"on_unsupported": "flag"})).sentences


def kind_of(reason: str) -> str:
    """Return one of ``KINDS``, or ``OTHER``."""
    first = reason.split(" ", 1)[0].rstrip(":")
    return first if first in KINDS else OTHER


def wrong_spans(brief: Brief, text: str) -> tuple[int, int]:
    """Count the evidence spans that do not hold what they say, and all spans.

    A ``verbatim`` or ``replaced`` sentence must also be its evidence, blanks aside.

    :param text: of the article, as it came in.
    """
    wrong = total = 0
    for sentence in brief.sentences:
        is_copy = sentence.origin != "generated"
        total += len(sentence.evidence)
        for span in sentence.evidence:
            is_right = text[span.start : span.end] == span.text
            if is_copy:
                is_right = is_right and span.text.split() == sentence.text.split()
            wrong += not is_right
    return wrong, total

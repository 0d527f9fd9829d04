"""Gives each sentence of a brief its evidence, and what of it the article does not bear out; nothing is changed yet.

Comes before ``decide``, which settles what stands in the brief.
"""

from __future__ import annotations

from dataclasses import replace

from summarizer.evidence.claims import capitalized_words, find_unsupported
from summarizer.evidence.quoting import unquote
from summarizer.evidence.search import find_support
from summarizer.evidence.source import Source
from summarizer.evidence.words import same_characters
from summarizer.records import Brief, Sentence


def examine(brief: Brief, source: Source, max_spans: int) -> list[Sentence]:
    """Return the brief's sentences with origin, support, evidence and what is unsupported, in their order.

    :param max_spans: evidence spans of a sentence at the most.
    """
    if all(map(_has_its_own, brief.sentences)):
        return [replace(sentence, support=1.0) for sentence in brief.sentences]
    context = capitalized_words(brief.text)
    return [_examined(sentence, source, context, max_spans) for sentence in brief.sentences]


def _has_its_own(sentence: Sentence) -> bool:
    """Return whether it is a copy that came with its evidence."""
    return sentence.origin != "generated" and bool(sentence.evidence)


def _examined(sentence: Sentence, source: Source, context: frozenset[str], max_spans: int) -> Sentence:
    if _has_its_own(sentence):
        return replace(sentence, support=1.0)
    index = source.by_characters.get(same_characters(sentence.text))
    if index is not None:
        return verbatim_sentence(source, index)
    text = unquote(sentence.text, source)
    support = find_support(text, source, max_spans)
    return replace(
        sentence,
        text=text,
        origin="generated",
        support=support.score,
        evidence=tuple(source.article.evidence(*source.spans[index]) for index in support.chosen),
        unsupported=find_unsupported(text, source, context),
    )


def verbatim_sentence(source: Source, index: int) -> Sentence:
    """Return an article's sentence as one of its brief."""
    evidence = (source.article.evidence(*source.spans[index]),)
    return Sentence(text=source.sentences[index], origin="verbatim", support=1.0, evidence=evidence)

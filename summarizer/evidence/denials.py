"""Finds sentences that say what the article denies, or deny what it says; comes after ``polarity``.

A verb is held against the same verb with the same object, in a sentence of the article that shares most of the content;
any doubt speaks for the sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from summarizer.evidence.polarity import AUXILIARIES, has_negative, negated_verbs, verb_stem
from summarizer.evidence.search import find_overlaps
from summarizer.evidence.source import Source
from summarizer.evidence.words import FUNCTION_WORDS, Token

MIN_SHARE = 0.6
"""A sentence of the article is about the same where it holds this share of the other's content."""
_OBJECT_WORDS = 4


def find_denied(sentence: str, tokens: Sequence[Token], source: Source) -> Iterator[str]:
    """Yield, in words, each verb that the article negates where ``sentence`` affirms it, and the reverse.

    :param tokens: of ``sentence``.
    """
    if has_negative(tokens):
        yield from _denied_wrongly(sentence, tokens, source)
    else:
        yield from _affirmed_wrongly(sentence, tokens, source)


def _affirmed_wrongly(sentence: str, tokens: Sequence[Token], source: Source) -> Iterator[str]:
    negated = source.negated
    for place, token in enumerate(tokens):
        verb = verb_stem(token)
        if verb not in negated or token.word.has_capital:
            continue
        for other, span in negated[verb]:
            theirs = source.tokens[other]
            if _same_object(tokens, place, theirs, span[1]) and _is_alike(sentence, source, other):
                yield f"negation: the article denies it: '{_words(source.sentences[other], theirs, span)}'"
                break


def _denied_wrongly(sentence: str, tokens: Sequence[Token], source: Source) -> Iterator[str]:
    for verb, span in negated_verbs(tokens).items():
        if verb in source.negated:
            continue
        for other, stems in enumerate(source.stems):
            if verb not in stems or not _is_alike(sentence, source, other) or has_negative(source.tokens[other]):
                continue
            theirs = source.tokens[other]
            there = next((place for place, token in enumerate(theirs) if verb_stem(token) == verb), None)
            if there is not None and _same_object(tokens, span[1], theirs, there):
                yield f"negation: '{_words(sentence, tokens, span)}' not in the article, which affirms it"
                break


def _is_alike(sentence: str, source: Source, index: int) -> bool:
    return find_overlaps(sentence, source).get(index, 0.0) >= MIN_SHARE


def _same_object(one: Sequence[Token], verb: int, other: Sequence[Token], there: int) -> bool:
    """Return whether the first word of content after a verb stands after the other one too."""
    following = _content(one, verb)
    return bool(following) and following[0] in _content(other, there)


def _content(tokens: Sequence[Token], verb: int) -> list[str]:
    after = tokens[verb + 1 : verb + 1 + _OBJECT_WORDS]
    return [token.word.stem for token in after if token.word.key not in FUNCTION_WORDS]


def _words(text: str, tokens: Sequence[Token], span: tuple[int, int]) -> str:
    first, last = span
    first -= 1 if first and tokens[first - 1].word.key in AUXILIARIES else 0
    return text[tokens[first].start : tokens[last].end]

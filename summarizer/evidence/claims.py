"""Finds what a sentence claims that its article does not bear out: names, numbers, dates and quotations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from summarizer.evidence.dates import find_dates
from summarizer.evidence.names import Name, find_names
from summarizer.evidence.places import TITLE_WORDS
from summarizer.evidence.quantities import Quantity, find_quantities, nearest
from summarizer.evidence.source import Source
from summarizer.evidence.words import Token, plain_words, tokenize

_QUOTATION = re.compile(
    r"“([^“”]+)”|(?<![\w\"])\"([^\"]+)\"|(?<!\w)[‘'](?=\w)([^‘’'\n]*(?:['’]\w[^‘’'\n]*)*)(?<=\S)[’'](?!\w)"
)
_GAP_IN_QUOTATION = re.compile(r"\[[^\]]*\]|\(…\)|\.\.\.|…")
# What a sentence that opens with a role and a name begins with: "Striker", "Former", "Two-time", "Fellow".
_ORDINARY = re.compile(r"-|(?:er|or|ist|man|woman|ing|ed|ian|ant|ive|s)$|^(?:fellow|rival|rapper|mum|dad)$")
_UNCLAIMED_BELOW = 2  # "one of them", "the first" are said without counting.


def find_unsupported(sentence: str, source: Source, context: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return, in words, each claim of ``sentence`` that the article does not bear out.

    :param context: folded words that the rest of the brief writes with a capital in mid-sentence, which tells a name
        from an ordinary word at this sentence's start.
    :return: names first, then numbers, dates and quotations; empty where all is borne out.
    """
    tokens = tokenize(sentence)
    quantities = find_quantities(sentence, tokens)
    found = [
        *_names(sentence, tokens, source, context),
        *_numbers_and_dates(sentence, quantities, source),
        *_repeated_numbers(quantities, source),
        *_quotations(sentence, source),
    ]
    return tuple(dict.fromkeys(found))


def capitalized_words(text: str) -> frozenset[str]:
    """Return the folded words that ``text`` writes with a capital in mid-sentence."""
    names = find_names(text, tokenize(text))
    return frozenset(token.word.key for name in names for token in name.tokens[1 if name.opens else 0 :])


def _names(sentence: str, words: list[Token], source: Source, context: frozenset[str]) -> Iterator[str]:
    index = source.names
    for name in find_names(sentence, words):
        tokens = _claimed(name, source, context)
        if not tokens or index.abbreviates(tokens):
            continue
        text = sentence[tokens[0].start : tokens[-1].end].removesuffix("'s").removesuffix("’s")
        if not all(index.bears_out(token) for token in tokens if len(token.word.key) > 1):
            yield f"name '{text}' not in the article"
        elif any(index.splits(first.word.key, second.word.key) for first, second in pairwise(tokens)):
            yield f"name '{text}' not in the article, which has its parts in different names"


def _claimed(name: Name, source: Source, context: frozenset[str]) -> tuple[Token, ...]:
    """Return the words of a run that are surely a name; at a sentence's start the first may be an ordinary word."""
    first = name.tokens[0].word
    if not name.opens or first.key in context or first.is_acronym or source.names.bears_out(name.tokens[0]):
        return name.tokens
    if len(name.tokens) == 1 or first.key in TITLE_WORDS or _ORDINARY.search(first.key):
        return name.tokens[1:]
    return name.tokens


def _numbers_and_dates(sentence: str, quantities: list[Quantity], source: Source) -> Iterator[str]:
    dates = find_dates(sentence)
    taken = {index for date in dates if date.kind == "day" for index in range(date.start, date.end)}
    for quantity in quantities:
        is_counted = any(value >= _UNCLAIMED_BELOW or 0 < value < 1 for value in quantity.values)
        if quantity.start in taken or not is_counted or any(map(quantity.agrees, source.quantities)):
            continue
        if quantity.is_year:
            yield f"date {quantity.text} not in the article"
            continue
        near = nearest(quantity, source.quantities)
        hint = f"; the article has {near.text}" if near else ""
        yield f"number {quantity.text} not in the article{hint}"
    for date in dates:
        if date.key not in source.dates:
            yield f"date {date.text} not in the article"


def _repeated_numbers(quantities: list[Quantity], source: Source) -> Iterator[str]:
    """A figure that a sentence gives to two things and the article to one was invented for the second."""
    figures = [figure for figure in quantities if any(map(str.isdigit, figure.text))]
    for figure in figures:
        uses = sum(figure.agrees(other) for other in figures)
        known = sum(figure.agrees(other) for other in source.quantities)
        if not figure.is_year and figure.values[0] >= _UNCLAIMED_BELOW and uses > known > 0:
            yield f"number {figure.text} stands {uses} times in this sentence, {known} times in the article"


def _quotations(sentence: str, source: Source) -> Iterator[str]:
    for match in _QUOTATION.finditer(sentence):
        text = next(group for group in match.groups() if group)
        if any(plain_words(part) not in source.plain for part in _GAP_IN_QUOTATION.split(text) if part.strip()):
            yield f"quotation “{text.strip()}” not word for word in the article"

"""Finds what a sentence claims that its article does not bear out: names, numbers, dates, quotations, relations.

Each kind of claim has its module; this one asks them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from summarizer.evidence.denials import find_denied
from summarizer.evidence.figures import find_repeated_figures, find_unborne_figures
from summarizer.evidence.names import Name, find_names
from summarizer.evidence.openers import is_ordinary as is_ordinary_opening
from summarizer.evidence.opposites import find_opposites
from summarizer.evidence.origins import find_wrong_origins
from summarizer.evidence.places import TITLE_WORDS
from summarizer.evidence.polarity import has_negative
from summarizer.evidence.quantities import find_quantities
from summarizer.evidence.quoting import find_unborne_quotations
from summarizer.evidence.relations import find_deeds, find_turned_round
from summarizer.evidence.role_index import find_wrong_roles
from summarizer.evidence.source import Source
from summarizer.evidence.speakers import find_wrong_speakers
from summarizer.evidence.words import Token, tokenize


def find_unsupported(sentence: str, source: Source, context: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return, in words, each claim of ``sentence`` that the article does not bear out.

    :param context: folded words that the rest of the brief writes with a capital in mid-sentence, which tells a name
        from an ordinary word at this sentence's start.
    :return: names first, then numbers, dates and quotations; where all those are borne out, roles, relations, negations
        and speakers; empty where those are too.
    """
    tokens = tokenize(sentence)
    quantities = find_quantities(sentence, tokens)
    found = [
        *_names(sentence, tokens, source, context),
        *find_unborne_figures(sentence, quantities, source),
        *find_repeated_figures(quantities, source),
        *find_unborne_quotations(sentence, source),
    ]
    if not found:
        # What is wrong in its words needs no closer look.
        found = [*find_wrong_roles(sentence, tokens, source), *_relations(sentence, tokens, source)]
    return tuple(dict.fromkeys(found))


def _relations(sentence: str, tokens: list[Token], source: Source) -> Iterator[str]:
    deeds = list(find_deeds(sentence, tokens))
    if deeds and not has_negative(tokens):
        yield from find_turned_round(deeds, source.deeds)
    yield from find_wrong_origins(sentence, tokens, source.origins)
    yield from find_denied(sentence, tokens, source)
    yield from find_opposites(sentence, tokens, source)
    yield from find_wrong_speakers(sentence, tokens, source)


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
    first = name.tokens[0]
    if not name.opens or first.word.is_acronym or source.names.bears_out(first):
        return name.tokens
    is_ordinary = is_ordinary_opening(first) or first.word.key in TITLE_WORDS
    return name.tokens[1:] if is_ordinary and first.word.key not in context else name.tokens

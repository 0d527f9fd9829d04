"""Where somebody is from: finds sentences that give a name another country ("Bo Lind of Kenya" for "Norway's Bo Lind").

Reads only the plain cases, a country and a name beside each other; comes beside ``relations``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from summarizer.evidence.names import Name, find_names
from summarizer.evidence.places import COUNTRIES
from summarizer.evidence.words import Token

_BRITISH = frozenset({"england", "scotland", "wales", "ireland"})
"""Of somebody from one of these another may be said too, and rightly."""


class Origin(NamedTuple):
    """A name and its country, by the name's last word, and the words of the text that say so."""

    name: str
    country: str
    text: str


def find_origins(text: str, tokens: Sequence[Token]) -> Iterator[Origin]:
    """Yield "Kiprugut of Kenya", "Ethiopia's Dawit Alemseged" and "the Dutchman Ruben Terpstra" of a text."""
    if COUNTRIES.keys().isdisjoint(token.word.key for token in tokens):
        return
    starts = {token.start: place for place, token in enumerate(tokens)}
    for name in find_names(text, tokens):
        first, last = starts[name.tokens[0].start], starts[name.tokens[-1].start]
        yield from _before(text, tokens[first - 1] if first else None, name)
        following = tokens[last + 1 : last + 4]
        if [token.word.key for token in following[:1]] == ["of"] and not _country(name.tokens[-1]):
            yield from _after(text, name, following[1:])


def _before(text: str, word: Token | None, name: Name) -> Iterator[Origin]:
    """Read "Ethiopia's Dawit Alemseged", and "Dutchman Ruben Terpstra", where all are one run of capitals."""
    own = name.tokens
    country = word if word and _country(word) and _is_possessive(word) else None
    if country is None and len(own) > 1 and _country(own[0]):
        country, own = own[0], own[1:]
    # a name of one word may be that of a team or a month, one of many that of a house or a law
    is_person = len(own) in (2, 3) and not any(_country(token) for token in own)
    if country and is_person and text[country.end : own[0].start] == " ":
        yield Origin(own[-1].word.key, COUNTRIES[country.word.key], text[country.start : own[-1].end])


def _after(text: str, name: Name, following: Sequence[Token]) -> Iterator[Origin]:
    """Read "Josphat Kiprugut of Kenya"; of "Ana Reyes of Kenya Airways" or "of Kenya's navy" nothing."""
    if not following or not _country(following[0]) or _is_possessive(following[0]):
        return
    if len(following) > 1 and following[1].word.has_capital and text[following[0].end : following[1].start] == " ":
        return
    told = text[name.tokens[0].start : following[0].end]
    yield Origin(name.tokens[-1].word.key, COUNTRIES[following[0].word.key], told)


def _country(token: Token) -> bool:
    return token.word.key in COUNTRIES and token.word.has_capital


def _is_possessive(token: Token) -> bool:
    return token.text.endswith(("'s", "’s"))


def find_wrong_origins(sentence: str, tokens: Sequence[Token], known: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Yield, in words, each name that the article gives to another country and never to this one.

    :param known: by the last word of a name, its countries in the article and the words that say so.
    """
    for origin in find_origins(sentence, tokens):
        others = known.get(origin.name, {})
        if not others or origin.country in others or not _BRITISH.isdisjoint({origin.country, *others}):
            continue
        yield f"origin '{origin.text}' not in the article, which has '{next(iter(others.values()))}'"


def origins_of(sentences: Sequence[tuple[str, Sequence[Token]]]) -> dict[str, dict[str, str]]:
    """Return what an article's sentences say of where its names are from; see ``find_wrong_origins``."""
    found: dict[str, dict[str, str]] = {}
    for text, tokens in sentences:
        for origin in find_origins(text, tokens):
            found.setdefault(origin.name, {}).setdefault(origin.country, origin.text)
    return found

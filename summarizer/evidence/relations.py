"""Who did what to whom: finds sentences that turn a deed of the article round ("B sued A" for "A sued B").

Reads only the plain case, two names with a verb of a known list between them; comes beside ``polarity``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from summarizer.evidence.names import Name, find_names
from summarizer.evidence.places import PLACE_FORMS
from summarizer.evidence.polarity import has_negative
from summarizer.evidence.words import Token, stem

_DEEDS = """
    accused acquired appointed arrested assaulted attacked backed beaten beat blamed bombed bought challenged chased
    condemned convicted crushed criticised criticized defeated denounced dismissed edged eliminated endorsed fired
    hailed hammered hired injured invaded invited killed knocked mocked murdered nominated outbid outscored overtook
    overtaken ousted persuaded praised punched raped rebuked rejected replaced rescued robbed sacked saved shot
    slammed slapped stabbed struck succeeded sued supported suspended thanked threatened thrashed toppled trounced
    unseated urged warned
"""
_STEMS = {word: stem({"beaten": "beat", "overtaken": "overtook"}.get(word, word)) for word in _DEEDS.split()}
_BREAK = re.compile(r"[,;:.\"“”\n(—–]")
_BE = frozenset({"was", "were", "been", "being", "is", "are", "be", "got"})
_BEFORE_VERB = _BE | {"has", "have", "had", "also", "then", "later"}
"""A verb follows the name of its subject with no others than these between."""
_ELSEWHERE_TEXT = """
    in at on with to for of over after before against from during about and or that than as when while who who's whose
    into until since without through near his her their its
"""
_ELSEWHERE = frozenset(_ELSEWHERE_TEXT.split())
"""What may not stand between verb and second name: then that name is not the one that it was done to."""
_MAX_GAP_TOKENS = 5


class Deed(NamedTuple):
    """One that did something to another, by the last words of their names, and the words of the text that say so."""

    agent: str
    verb: str
    patient: str
    text: str


def find_deeds(text: str, tokens: Sequence[Token]) -> Iterator[Deed]:
    """Yield the deeds of a text that are plainly told, in the active or the passive voice."""
    places = [place for place, token in enumerate(tokens) if token.word.key in _STEMS]
    if not places:
        return
    starts = {token.start: place for place, token in enumerate(tokens)}
    names = find_names(text, tokens)
    for place in places:
        before = next((name for name in reversed(names) if name.tokens[-1].end < tokens[place].start), None)
        after = next((name for name in names if name.tokens[0].start > tokens[place].end), None)
        if before is None or after is None:
            continue
        first, last = starts[before.tokens[-1].start], starts[after.tokens[0].start]
        between, following = _keys(tokens[first + 1 : place]), _keys(tokens[place + 1 : last])
        gap = text[before.tokens[-1].end : after.tokens[0].start]
        is_plain = _BEFORE_VERB.issuperset(between) and _ELSEWHERE.isdisjoint(following)
        if len(following) > _MAX_GAP_TOKENS or not is_plain or _BREAK.search(gap):
            continue
        if after.tokens[-1].text.endswith(("'s", "’s")):
            continue  # "beat Lind's record" is not done to Lind.
        is_passive = not _BE.isdisjoint(between)
        if is_passive != ("by" in following):
            continue
        agent, patient = (after, before) if is_passive else (before, after)
        told = text[before.tokens[0].start : after.tokens[-1].end]
        yield Deed(_key(agent), _STEMS[tokens[place].word.key], _key(patient), told)


def _keys(tokens: Sequence[Token]) -> list[str]:
    return [token.word.key for token in tokens]


def _key(name: Name) -> str:
    key = name.tokens[-1].word.key
    return min(PLACE_FORMS.get(key, {key}))


def find_turned_round(deeds: Sequence[Deed], known: dict[tuple[str, str, str], str]) -> Iterator[str]:
    """Yield, in words, each deed that the article has the other way round only.

    :param known: agent, verb and patient of each deed of the article, and its words.
    """
    for deed in deeds:
        other = known.get((deed.patient, deed.verb, deed.agent))
        if other and deed.agent != deed.patient and (deed.agent, deed.verb, deed.patient) not in known:
            yield f"relation '{deed.text}' not in the article, which has it the other way round: '{other}'"


def deeds_of(sentences: Sequence[tuple[str, Sequence[Token]]]) -> dict[tuple[str, str, str], str]:
    """Return the deeds of an article's sentences; negated ones are left out."""
    return {
        (deed.agent, deed.verb, deed.patient): deed.text
        for text, tokens in sentences
        for deed in find_deeds(text, tokens)
        if not has_negative(tokens)
    }

"""Finds the roles in a text and the names that it gives them to; ``role_index`` compares. Data and patterns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from summarizer.evidence.names import is_name_word
from summarizer.evidence.places import PLACE_FORMS
from summarizer.evidence.words import Token

_OFFICE, _TEAM, _POSITION, _FIRM, _CALLING = "office", "team", "position", "firm", "calling"
# Each line: roles of one meaning; any of them bears out the others.
_ROLES = {
    _OFFICE: """
        president
        vice president, vice-president
        prime minister, pm, premier
        chief minister, cm
        minister, secretary
        chancellor
        governor
        lieutenant governor
        mayor, mayoress
        senator, sen, lawmaker
        congressman, congresswoman, representative, rep, lawmaker
        mp, mla, mps, lawmaker, parliamentarian, backbencher
        ambassador, envoy
        councillor, councilman
        king
        queen
        judge, justice
        attorney general
        """,
    _TEAM: """
        captain, skipper
        manager, boss, coach, head coach, interim manager, caretaker manager
        chairman, chairwoman, chair, chairperson
        owner, co-owner
        """,
    _POSITION: """
        striker, forward, attacker, frontman
        midfielder, playmaker
        defender, full-back, centre-back, left-back, right-back, centre-half
        goalkeeper, keeper, shot-stopper
        winger, wing
        fly-half
        scrum-half
        prop
        hooker
        lock
        flanker, back-rower
        batsman, batswoman, opener
        bowler, pacer, spinner, seamer
        wicketkeeper, wicket-keeper
        """,
    _FIRM: """
        ceo, chief executive, chief executive officer, boss
        chairman, chairwoman, chair, chairperson
        founder, co-founder
        cfo, chief financial officer, finance director
        managing director
        spokesman, spokeswoman, spokesperson
        editor
        """,
    _CALLING: """
        actor, actress, star
        singer, musician, vocalist, star
        author, writer, novelist, poet
        director, filmmaker, film-maker
        comedian, comic
        journalist, reporter, correspondent
        """,
}
_PORTFOLIOS_TEXT = """
    finance foreign home defence interior health education justice culture transport environment energy agriculture
    railway trade labour economy affairs general
"""
_PORTFOLIOS = frozenset(_PORTFOLIOS_TEXT.split())
_QUALIFIED = ("minister", "secretary")
# What may stand between a name's comma and its role.
_BETWEEN_TEXT = """
    the a an its his her their our former ex acting deputy current outgoing new long-time longtime veteran interim who
    is was as and
"""
_BETWEEN = frozenset(_BETWEEN_TEXT.split())
_MAX_BETWEEN = 5
_MAX_NAME_WORDS = 4


class Role(NamedTuple):
    """A role in a text: its words, folded, the kinds that it is of, and the half-open range of its tokens."""

    words: tuple[str, ...]
    kinds: frozenset[str]
    start: int
    end: int


class Held(NamedTuple):
    """A role given to a name, whose last word is ``surname``, folded."""

    role: Role
    name: str
    surname: str


def _table() -> tuple[dict[tuple[str, ...], frozenset[str]], dict[tuple[str, ...], frozenset[tuple[str, ...]]]]:
    kinds: dict[tuple[str, ...], frozenset[str]] = {}
    same: dict[tuple[str, ...], frozenset[tuple[str, ...]]] = {}
    for kind, lines in _ROLES.items():
        for line in lines.strip().splitlines():
            forms = frozenset(tuple(form.split()) for form in line.strip().split(", "))
            for form in forms:
                kinds[form] = kinds.get(form, frozenset()) | {kind}
                same[form] = same.get(form, frozenset()) | forms
    return kinds, same


_KINDS, SAME_ROLES = _table()
"""Roles, by their words: of which kinds they are, and which others say the same."""
_FIRST_WORDS: dict[str, list[tuple[str, ...]]] = {}
for _form in sorted(_KINDS, key=len, reverse=True):
    _FIRST_WORDS.setdefault(_form[0], []).append(_form)


def find_roles(tokens: Sequence[Token]) -> list[Role]:
    """Return the roles of a text in order, the longest where several begin at a word."""
    if _FIRST_WORDS.keys().isdisjoint(token.word.key for token in tokens):
        return []
    roles: list[Role] = []
    done = 0
    for index, token in enumerate(tokens):
        key = token.word.key
        if index < done or key not in _FIRST_WORDS:
            continue
        for form in _FIRST_WORDS[key]:
            if tuple(other.word.key for other in tokens[index : index + len(form)]) == form:
                before = tokens[index - 1].word.key if index else ""
                is_qualified = form[0] in _QUALIFIED and before in _PORTFOLIOS
                words, start = ((before, *form), index - 1) if is_qualified else (form, index)
                done = index + len(form)
                roles.append(Role(words, _KINDS[form], start, done))
                break
    return roles


def find_held(text: str, tokens: Sequence[Token], roles: Sequence[Role]) -> Iterator[Held]:
    """Yield each role that stands right before a name, or right after it between commas."""
    for role in roles:
        after = _name_from(text, tokens, role.end) if _is_next(text, tokens, role.end) else []
        if after:
            yield _held(role, text, after)
        before = _name_before(text, tokens, role.start)
        if before:
            yield _held(role, text, before)


def _held(role: Role, text: str, name: Sequence[Token]) -> Held:
    return Held(role, text[name[0].start : name[-1].end].removesuffix("'s").removesuffix("’s"), name[-1].word.key)


def _is_next(text: str, tokens: Sequence[Token], index: int) -> bool:
    return 0 < index < len(tokens) and text[tokens[index - 1].end : tokens[index].start] == " "


def _is_name(token: Token) -> bool:
    key = token.word.key
    return is_name_word(token) and key not in PLACE_FORMS and key not in _FIRST_WORDS and not token.word.is_acronym


def _name_from(text: str, tokens: Sequence[Token], index: int) -> list[Token]:
    name: list[Token] = []
    for place in range(index, min(index + _MAX_NAME_WORDS, len(tokens))):
        if not _is_name(tokens[place]) or (name and not _is_next(text, tokens, place)):
            break
        name.append(tokens[place])
        if tokens[place].text.endswith(("'s", "’s")):
            break
    return name


def _name_before(text: str, tokens: Sequence[Token], start: int) -> list[Token]:
    """Return the name of "Ana Reyes, the country's former president"."""
    place = start - 1
    while place >= 0 and start - place <= _MAX_BETWEEN:
        gap = text[tokens[place].end : tokens[place + 1].start]
        if gap == ", ":
            name: list[Token] = []
            while place >= 0 and _is_name(tokens[place]) and len(name) < _MAX_NAME_WORDS:
                if name and not _is_next(text, tokens, place + 1):
                    break
                name.insert(0, tokens[place])
                place -= 1
            return name
        word = tokens[place].word
        is_filler = word.key in _BETWEEN or word.key in PLACE_FORMS or tokens[place].text.endswith(("'s", "’s"))
        if gap != " " or not is_filler:
            break
        place -= 1
    return []

"""Finds roles that a sentence gives to a name and its article gives it otherwise: "President" for a minister.

Comes after ``roles``. A role counts as wrong only where the article never puts it in reach of the name and plainly
gives the name another of the same kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from summarizer.evidence.roles import SAME_ROLES, Held, find_held, find_roles
from summarizer.evidence.source import Source
from summarizer.evidence.words import Token


def find_wrong_roles(sentence: str, tokens: Sequence[Token], source: Source) -> Iterator[str]:
    """Yield, in words, each role that ``sentence`` gives to a name and the article gives it otherwise.

    :param tokens: of ``sentence``.
    """
    roles = find_roles(tokens)
    for claimed in find_held(sentence, tokens, roles) if roles else ():
        other = _contradicting(claimed, source)
        if other is not None:
            role, known = " ".join(claimed.role.words), " ".join(other.role.words)
            yield f"role '{role}' of {claimed.name} not in the article; the article has '{known}'"


def _contradicting(claimed: Held, source: Source) -> Held | None:
    """Return the other role of the same kind that the article gives the name; None where it may have both."""
    role = claimed.role
    others = [
        held
        for held in source.roles.get(claimed.surname, ())
        # "Minister" leaves open whether it is the minister of finance.
        if held.role.kinds & role.kinds and not set(held.role.words) <= set(role.words)
    ]
    return others[0] if others and not _is_in_reach(claimed, source) else None


def _is_in_reach(claimed: Held, source: Source) -> bool:
    """Return whether a sentence with the name, or one beside it, has the role in any form."""
    whole = claimed.role.words
    *before, last = whole
    forms = SAME_ROLES.get(whole) or frozenset((*before, *form) for form in SAME_ROLES.get((last,), {(last,)}))
    words = [{token.word.key for token in tokens} for tokens in source.tokens]
    for index, own in enumerate(words):
        if claimed.surname in own:
            reach = own.union(*words[max(0, index - 1) : index + 2])
            if any(map(reach.issuperset, forms)):
                return True
    return False

"""Finds words that a sentence turns into their opposite: 'odd years' where the article has 'even years'.

Only words that the article has nowhere are looked at, and only where a sentence that bears the rest out has the
opposite: any doubt speaks for the sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from summarizer.evidence.search import find_support
from summarizer.evidence.source import Source
from summarizer.evidence.words import Token

_PAIRS = """
odd | even
rise rises rose rising risen | fall falls fell falling fallen drop drops dropped dropping
increase increases increased increasing | decrease decreases decreased decreasing decline declines declined declining
higher | lower
highest | lowest
more | fewer less
maximum | minimum
majority | minority
surplus | deficit
north northern | south southern
east eastern | west western
left | right
morning | evening
daily | weekly monthly
summer | winter
spring | autumn
legal lawful | illegal unlawful
urban | rural
domestic | foreign
strengthen strengthens strengthened | weaken weakens weakened
youngest | oldest eldest
smallest | largest biggest
worst | best
"""
"""Pairs that a true sentence does not swap. Those of which one thing may have both sides are not among them: who loses
what another wins, what begins when something else ends."""


def _opposites() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return for each word its own side and the other, all forms together."""
    table: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    for line in _PAIRS.strip().splitlines():
        left, right = (frozenset(side.split()) for side in line.split("|"))
        for own, other in ((left, right), (right, left)):
            for word in own:
                known = table.get(word, (frozenset(), frozenset()))
                table[word] = (known[0] | own, known[1] | other)
    return table


OPPOSITES = _opposites()


def find_opposites(sentence: str, tokens: Sequence[Token], source: Source) -> Iterator[str]:
    """Yield, in words, each word of ``sentence`` that the article lacks and whose opposite its evidence has.

    :param tokens: of ``sentence``.
    """
    for token in tokens:
        own, other = OPPOSITES.get(token.word.key, (frozenset(), frozenset()))
        if not own or token.word.has_capital or any(f" {word} " in source.plain for word in own):
            continue
        chosen = find_support(sentence, source, 1).chosen
        theirs = {there.word.key for index in chosen for there in source.tokens[index]} & other
        if theirs:
            yield f"negation: '{token.text}' not in the article, which has the opposite: '{min(theirs)}'"

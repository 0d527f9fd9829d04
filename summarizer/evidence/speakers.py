"""Who said it: finds what a sentence gives to one speaker and the article to another; comes beside ``relations``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from summarizer.evidence.names import Name, find_names
from summarizer.evidence.openers import is_ordinary
from summarizer.evidence.search import find_overlaps
from summarizer.evidence.source import Source
from summarizer.evidence.words import Token

_SAYING = frozenset(["said", "says", "told", "added", "wrote", "tweeted", "argued", "insisted", "claimed", "explained"])
_NEIGHBOURS = 2
_ROOT_CHARS = 4
MIN_SHARE = 0.4
"""A sentence of the article may be where something is said that holds this share of the sentence's content."""


def find_speakers(text: str, tokens: Sequence[Token]) -> list[Name]:
    """Return the names that plainly say something: "Reyes said", "said Reyes,", "according to Reyes"."""
    places = {place for place, token in enumerate(tokens) if token.word.key in _SAYING}
    after_to = {place + 2 for place, token in enumerate(tokens) if token.word.key == "according"}
    if not places and not after_to:
        return []
    starts = {token.start: place for place, token in enumerate(tokens)}
    found: list[Name] = []
    for name in find_names(text, tokens):
        first = starts[name.tokens[0].start]
        after = first + len(name.tokens)
        is_word = name.opens and len(name.tokens) == 1 and is_ordinary(name.tokens[0])
        if is_word or name.tokens[-1].text.endswith(("'s", "’s")):
            continue
        is_subject = after in places and text[name.tokens[-1].end : tokens[after].start] == " "
        # "he told Reyes" is not said by Reyes, and "she said Reyes was late" neither.
        is_inverted = (
            first - 1 in places
            and tokens[first - 1].word.key != "told"
            and text[tokens[first - 1].end : tokens[first].start] == " "
            and text[name.tokens[-1].end :].startswith((",", ".", ";", " of ", " on "))
        )
        if is_subject or is_inverted or first in after_to:
            found.append(name)
    return found


def find_wrong_speakers(sentence: str, tokens: Sequence[Token], source: Source) -> Iterator[str]:
    """Yield, in words, the speaker who is nowhere near what the sentence says, where the article names another.

    A sentence with several speakers is let pass.

    :param tokens: of ``sentence``.
    """
    said_by = find_speakers(sentence, tokens)
    if len(said_by) != 1:
        return
    speaker = said_by[0]
    keys = {token.word.key for token in speaker.tokens}
    present = {token.word.key for token in tokens}
    others: list[str] = []
    for index, share in find_overlaps(sentence, source).items():
        if share < MIN_SHARE:
            break
        near = source.pairs[max(0, index - _NEIGHBOURS) : index + _NEIGHBOURS + 1]
        if any(token.word.key in keys for _, words in near for token in words):
            return
        text, words = source.pairs[index]
        for other in find_speakers(text, words):
            other_keys = {token.word.key for token in other.tokens}
            # Part of the same full name, a short form of it, or one that the sentence speaks of too.
            if other_keys & present or any(_may_be_one(one, two, source) for one in other_keys for two in keys):
                return
            others.append(text[other.tokens[0].start : other.tokens[-1].end])
    if others:
        name = sentence[speaker.tokens[0].start : speaker.tokens[-1].end]
        yield f"speaker '{name}' not in the article; there '{others[0]}' says so"


def _may_be_one(one: str, other: str, source: Source) -> bool:
    return source.names.joins(one, other) or one[:_ROOT_CHARS] == other[:_ROOT_CHARS]

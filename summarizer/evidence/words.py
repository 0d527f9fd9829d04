"""Cuts text into words and folds them, so that the same word compares equal however it is written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:[.,]\d+)*(?:['’&-][^\W_]+)*")
_JOINTS = re.compile(r"[-'’&]")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "\u2011": "-"})

_FUNCTION_WORDS = """
    a about above after again against all also although am among an and any are aren as at be because been before
    being below between both but by can could did do does doing don down during each either else even ever every few for
    from further had has have having he her here hers herself him himself his how however i if in into is it its itself
    just like may me might more most much must my myself neither no nor not now of off on once only onto or other our
    ours out over own per rather same she should since so some such than that the their theirs them themselves then
    there these they this those though through thus to too under until up upon us very was we were what when where
    whether which while who whom whose why will with within without would yet you your yours
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Words that carry no claim and that no evidence is searched by."""


@dataclass(frozen=True, slots=True)
class Word:
    """What is known of a word wherever it stands.

    :param key: its folded form.
    :param stem: the same without its commonest ending.
    :param parts: the folded parts of a word with a hyphen, apostrophe or ampersand; empty for others.
    :param capital_parts: those of them that have a capital.
    :param has_capital: it has a capital somewhere (``al-Amin``, ``iPort``).
    :param is_acronym: it is written in capitals only (``US``, ``U.N.``).
    """

    key: str
    stem: str
    parts: tuple[str, ...]
    capital_parts: tuple[str, ...]
    has_capital: bool
    is_acronym: bool


class Token(NamedTuple):
    """A word at its place: as it stands, its half-open span, and what is known of it."""

    text: str
    start: int
    end: int
    word: Word


def tokenize(text: str) -> list[Token]:
    """Return the words of ``text`` in order; numbers and acronyms stay whole, an apostrophe or hyphen joins."""
    return [Token(word := match.group(), *match.span(), _word(word)) for match in _TOKEN.finditer(text)]


@lru_cache(maxsize=1 << 16)
def _word(text: str) -> Word:
    key = fold(text)
    bare = text.removesuffix("'s").removesuffix("’s")
    pieces = [piece for piece in _JOINTS.split(bare) if piece]
    letters = bare.replace(".", "")
    return Word(
        key=key,
        stem=stem(key),
        parts=tuple(map(fold, pieces)) if len(pieces) > 1 else (),
        capital_parts=tuple(fold(piece) for piece in pieces if not piece.islower()) if len(pieces) > 1 else (),
        has_capital=any(map(str.isupper, text)),
        is_acronym=len(letters) > 1 and letters.isupper(),
    )


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """Return ``word`` in small letters, without accents, stops and possessive ending."""
    folded = word.translate(_QUOTES)
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded)
        folded = "".join(char for char in decomposed if not unicodedata.combining(char))
    folded = folded.lower().removesuffix("'s").rstrip("'")
    return folded if folded[:1].isdigit() else folded.replace(".", "")


_ENDINGS = ("ings", "ing", "edly", "ied", "ed", "ies", "es", "ly", "s")
_KEPT_CHARS = 3


@lru_cache(maxsize=1 << 16)
def stem(key: str) -> str:
    """Return a folded word without its commonest endings; crude, and the same on both sides of a comparison."""
    for ending in _ENDINGS:
        if key.endswith(ending) and len(key) - len(ending) >= _KEPT_CHARS and not key.endswith("ss"):
            base = key[: -len(ending)] + ("y" if ending in ("ied", "ies") else "")
            return base.removesuffix("e") if len(base) > _KEPT_CHARS else base
    return key.removesuffix("e") if len(key) > _KEPT_CHARS + 1 else key


def plain_words(text: str) -> str:
    """Return the folded words of ``text`` between single blanks, with one at either end, for a search word for word."""
    words = re.findall(r"[^\W_]+", fold(text.replace("'", "").replace("’", "")))
    return f" {' '.join(words)} "


def same_characters(text: str) -> str:
    """Return ``text`` with single blanks and straight quotation marks, to tell whether two sentences are the same."""
    return " ".join(text.translate(_QUOTES).split())

"""Finds the names of a text and says whether an article's names bear them out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from summarizer.evidence.places import DEMONYM_ENDINGS, HONORIFICS, PLACE_FORMS, SHORT_ROLES, TITLE_WORDS
from summarizer.evidence.words import FUNCTION_WORDS, Token, stem

_DATE_WORDS = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march",
    "april", "may", "june", "july", "august", "september", "october", "november", "december",
}  # fmt: skip
_NUMBER_WORDS = {
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "rs",
}
_NO_NAMES = frozenset(_DATE_WORDS | _NUMBER_WORDS | HONORIFICS)
_OPENS = re.compile(r"(?:\A|[.!?:;…\"“”‘'(\[—–•]\s?|\n)\Z")
_INITIALS_OF_TWO = ("Ch", "Jr", "Sr", "Th", "Yu")
_MAX_WORDS = 12  # A longer run is a headline or a list, and its pairs would be many.
_NEAR_CHARS = 3
_ACRONYM_LETTERS = range(2, 7)
_MIN_ROOT_CHARS = 3
_ACRONYM_PART = re.compile(r"(?<![A-Za-z])[A-Z]{2,}(?![A-Za-z])")
_GLUED = re.compile(r"(?<=[a-z])(?=[A-Z])")
# What differs between British and American spelling, either way.
_SPELLINGS = (
    ("isation", "ization"),
    ("ise", "ize"),
    ("our", "or"),
    ("tre", "ter"),
    ("ence", "ense"),
    ("gramme", "gram"),
)


@dataclass(frozen=True, slots=True)
class Name:
    """A run of capitalised words.

    :param tokens: its words.
    :param opens: it stands at a sentence's start, so that its first word may be an ordinary one.
    """

    tokens: tuple[Token, ...]
    opens: bool


def find_names(text: str, tokens: Sequence[Token]) -> list[Name]:
    """Return the runs of capitalised words in order; dates and forms of address end a run and are left out.

    :param tokens: the words of ``text``.
    """
    names: list[Name] = []
    run: list[Token] = []
    for token in tokens:
        is_part = is_name_word(token)
        if run and not (is_part and len(run) < _MAX_WORDS and _adjoin(text, run[-1], token)):
            names.append(Name(tuple(run), _opens(text, run[0].start)))
            run = []
        if is_part:
            run.append(token)
    if run:
        names.append(Name(tuple(run), _opens(text, run[0].start)))
    return names


def is_name_word(token: Token) -> bool:
    """Return whether a word is written like a part of a name."""
    word = token.word
    if not word.has_capital or token.text[0].isdigit():
        return False
    if word.key in FUNCTION_WORDS or (word.parts and word.parts[0] in FUNCTION_WORDS):
        return word.is_acronym
    return word.key not in _NO_NAMES


def _adjoin(text: str, before: Token, after: Token) -> bool:
    """Return whether two words may be parts of one name; a stop between them is that of an initial (J. K. Marlow)."""
    between = text[before.end : after.start]
    if before.text.endswith(("'s", "’s")):
        return False
    if between == " ":
        return True
    return between == ". " and before.text.isalpha() and (len(before.text) == 1 or before.text in _INITIALS_OF_TWO)


@lru_cache(maxsize=1 << 12)
def _spellings(key: str) -> tuple[str, ...]:
    """Return the other spellings that a folded word may have."""
    pairs = [pair for british, american in _SPELLINGS for pair in ((british, american), (american, british))]
    return tuple(key.replace(one, other) for one, other in pairs if one in key and len(key) > len(one) + 1)


def _opens(text: str, start: int) -> bool:
    return bool(_OPENS.search(text, max(0, start - _NEAR_CHARS), start))


@dataclass(slots=True)
class NameIndex:
    """The names of an article, to look others up in.

    :param words: every word of it, folded; a hyphenated word also in its parts.
    :param stems: the same, stemmed.
    :param acronyms: its words written in capitals only, folded.
    :param initials: first letters of its runs of capitalised words and of their parts, connectors left out and in;
        worked out when they are asked for.
    :param pairs: words that stand next to or near each other within one run.
    :param firsts: for each word that begins a longer run, the words that follow it.
    :param lasts: for each word that ends a longer run, the words before it.
    :param alone: words that are a run by themselves, not at a sentence's start.
    """

    words: set[str] = field(default_factory=set)
    stems: set[str] = field(default_factory=set)
    acronyms: set[str] = field(default_factory=set)
    initials: set[str] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    firsts: dict[str, set[str]] = field(default_factory=dict)
    lasts: dict[str, set[str]] = field(default_factory=dict)
    alone: set[str] = field(default_factory=set)
    _seen: set[str] = field(default_factory=set)
    _texts: list[Sequence[Token]] = field(default_factory=list)

    def add(self, text: str, tokens: Sequence[Token]) -> None:
        """Take in a text and its words."""
        for token in tokens:
            if token.text in self._seen:
                continue
            self._seen.add(token.text)
            word = token.word
            self.words.add(word.key)
            self.stems.add(word.stem)
            if word.parts:
                self.words.update(word.parts)
                self.stems.update(map(stem, word.parts))
                self.acronyms.update(part.lower() for part in _ACRONYM_PART.findall(token.text))
            if word.is_acronym:
                self.acronyms.add(word.key)
            elif word.has_capital and not token.text[1:].islower():
                # "successJuly": a lost blank.
                self.words.update(part.lower() for part in _GLUED.split(token.text))
        for name in find_names(text, tokens):
            self._add_name([token.word.key for token in name.tokens], opens=name.opens)
        self._texts.append(tokens)

    def _add_name(self, keys: list[str], *, opens: bool) -> None:
        if len(keys) == 1:
            if not opens:
                self.alone.add(keys[0])
            return
        self.firsts.setdefault(keys[0], set()).update(keys[1:])
        self.lasts.setdefault(keys[-1], set()).update(keys[:-1])
        self.pairs.update((first, second) for i, first in enumerate(keys) for second in keys[i + 1 :])

    def _has_initials(self, letters: str) -> bool:
        """Return whether capitalised words in a row make an acronym: "Board of Fish Trade" makes BOFT and BFT."""
        while self._texts:  # Few articles are asked.
            _add_initials(self.initials, self._texts.pop())
        return letters in self.initials

    def bears_out(self, token: Token) -> bool:
        """Return whether the article has this word of a name, or another form of it."""
        word = token.word
        if word.is_acronym and word.key in FUNCTION_WORDS:
            # "US" is not borne out by "us".
            is_there = word.key in self.acronyms
        else:
            is_there = word.key in self.words or word.stem in self.stems
        if is_there or (word.is_acronym and self._has_initials(word.key)):
            return True
        if word.key in SHORT_ROLES and SHORT_ROLES[word.key] <= self.words:
            return True
        if any(map(self._has_form, PLACE_FORMS.get(word.key, ()))) or not self.words.isdisjoint(_spellings(word.key)):
            return True
        if word.capital_parts and all(map(self._has_part, word.capital_parts)):
            return True
        return self._has_relative(word.key)

    def _has_part(self, part: str) -> bool:
        return part in self.words or stem(part) in self.stems or any(map(self._has_form, PLACE_FORMS.get(part, ())))

    def _has_form(self, form: str) -> bool:
        """Return whether a form of a place's name is there; "us" is one in capitals only."""
        first, *rest = form.split()
        if rest:
            return (first, rest[-1]) in self.pairs or (len(rest) > 1 and {first, rest[-1]} <= self.words)
        return form in (self.acronyms if form in FUNCTION_WORDS else self.words)

    def _has_relative(self, key: str) -> bool:
        """Return whether place and inhabitant differ by their ending alone: Norland, Norlander."""
        shorter = {key.removesuffix(ending) for ending in DEMONYM_ENDINGS if key.endswith(ending)}
        return any(
            # Of two names that differ by a vowel alone neither is a place and the other its inhabitant.
            f"{root}{vowel}{ending}" in self.words
            for roots, endings in ((shorter, ("", *DEMONYM_ENDINGS)), ({key}, DEMONYM_ENDINGS))
            for root in roots | {root.rstrip("aeiouy") for root in roots}
            if len(root) > _MIN_ROOT_CHARS
            for vowel in ("", "a", "e", "i", "o", "y")
            for ending in endings
        )

    def abbreviates(self, tokens: Sequence[Token]) -> bool:
        """Return whether the article has the acronym of a name of several words, or another form of a known one."""
        if any(map(self._has_form, PLACE_FORMS.get(" ".join(token.word.key for token in tokens), ()))):
            return True
        letters = "".join(token.word.key[:1] for token in tokens)
        return len(letters) in _ACRONYM_LETTERS and letters in self.acronyms

    def joins(self, one: str, other: str) -> bool:
        """Return whether the article has both words in one name."""
        return (one, other) in self.pairs or (other, one) in self.pairs

    def splits(self, first: str, second: str) -> bool:
        """Return whether the article has both words as parts of different people's names only.

        "John Brown" and "Mary Smith" do not make a John Smith. A surname by itself is the short form of a name.
        """
        if (first, second) in self.pairs or first not in self.firsts or second not in self.lasts:
            return False
        if first in self.alone or first in self.lasts or second in self.firsts:
            return False
        return TITLE_WORDS.isdisjoint({first, second} | self.firsts[first] | self.lasts[second])


def _add_initials(initials: set[str], tokens: Sequence[Token]) -> None:
    for start, token in enumerate(tokens):
        if not token.text[0].isupper():
            continue
        short, full = "", ""
        for following in tokens[start : start + _ACRONYM_LETTERS.stop + 2]:
            is_capital = following.text[0].isupper()
            if not is_capital and following.word.key not in FUNCTION_WORDS:
                break
            full += following.word.key[:1]
            if is_capital:
                short += "".join(part[0] for part in following.word.parts or (following.word.key,))
                initials |= {short, full}

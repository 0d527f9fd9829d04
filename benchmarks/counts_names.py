"""Names of a brief that its article lacks; part of ``unsupported_counts.py``, and as independent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
DAYS = {*WEEKDAYS, *MONTHS}
DEMONYMS = re.compile(r"(?:n|an|ian|ean|ese|ish|i|ic|er)s?")
PREFIX_LETTERS = 4
SMALL = {"of", "and", "the", "for", "in", "on", "de", "to"}


_WORD = re.compile(r"[^\W\d_]+(?:['’.-]?[^\W_]+)*")
_START = re.compile(r"(?:^|[.!?…:;]['\")\]]*\s+|\n|(?<!\w)[\"'(\[])[\"'(\[\s]*$")


def small_words(texts: Iterable[str]) -> frozenset[str]:
    """Return the words that stand in small letters somewhere: at the start of a sentence these are no names."""
    return frozenset(word for text in texts for word in _WORD.findall(text) if word.islower())


def missing_names(brief: str, article: str, ordinary: frozenset[str]) -> tuple[list[str], list[str]]:
    """Return the names, and the days and months, of the brief that the article does not have."""
    known = {form for word in _WORD.findall(article) for form in forms(word)}
    short = abbreviations(article)
    capitals = {bare(word) for word in _WORD.findall(article) if word[0].isupper()}
    names, days = [], []
    for run in name_runs(brief, known, ordinary):
        lacking = [word for word in run if not is_known(word, known, short, capitals)]
        days += [word for word in lacking if bare(word) in DAYS]
        if any(bare(word) not in DAYS for word in lacking):
            names.append(" ".join(run))
    return names, days


def name_runs(text: str, known: set[str], ordinary: frozenset[str]) -> Iterator[list[str]]:
    """Yield the runs of words with a capital; at the start of a sentence only words that can be no ordinary ones."""
    run: list[str] = []
    end = 0
    for match in _WORD.finditer(text):
        word = match.group()
        is_name = word[0].isupper() and word.split("'")[0] != "I"
        if is_name and _START.search(text[: match.start()]):
            is_name = not (forms(word) & known) and word.lower() not in ordinary and bare(word) not in ordinary
        if run and (not is_name or text[end : match.start()] != " "):
            yield run
            run = []
        if is_name:
            run.append(word)
        end = match.end()
    if run:
        yield run


def is_known(word: str, known: set[str], short: set[str], capitals: set[str]) -> bool:
    """Return whether the article has a name's word, or every part of a hyphened one.

    :param known: every form of every word of the article.
    :param short: abbreviations of its names.
    :param capitals: its words with a capital, which alone may be countries.
    """
    if forms(word) & known or bare(word) in short:
        return True
    parts = word.split("-")
    if len(parts) > 1:
        return all(is_known(part, known, short, capitals) for part in parts if part)
    return any(is_same_country(bare(word), other) for other in capitals)


def is_same_country(word: str, other: str) -> bool:
    """Return whether two words may be a country and what belongs to it: they begin alike, and one ends as such do."""
    alike = 0
    for a, b in zip(word, other, strict=False):
        if a != b:
            break
        alike += 1
    if alike < PREFIX_LETTERS:
        return False
    rests = (word[alike:], other[alike:])
    return any(DEMONYMS.fullmatch(rest) for rest in rests) and all(len(rest) <= PREFIX_LETTERS for rest in rests)


def forms(word: str) -> set[str]:
    """Return the forms under which a word is known: whole, bare, without plural, and its hyphened parts."""
    whole = bare(word)
    out = {whole}
    for part in (whole, *whole.split("-")):
        out |= {part, part.removesuffix("s"), part.removesuffix("es")}
        if part.endswith("ies"):
            out.add(part[:-3] + "y")
    return out - {""}


def bare(word: str) -> str:
    """Return a word in small letters, without accents, possessive and stops: "O'Neill's" is "oneill"."""
    letters = unicodedata.normalize("NFD", word.lower())
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"'s?$", "", letters).replace("'", "").replace(".", "")


def abbreviations(article: str) -> set[str]:
    """Return the initials of the article's runs of words with a capital, small words between them left out or not."""
    out: set[str] = set()
    for run in re.findall(r"[^\W\d_a-z][\w'-]*(?:[ -](?:of |and |the |for |in |& )*[^\W\d_a-z][\w'-]*)+", article):
        words = re.split(r"[ -]", run)
        for kept in (words, [word for word in words if word.lower() not in SMALL]):
            out |= {"".join(initials(kept[i:j])) for i in range(len(kept)) for j in range(i + 2, len(kept) + 1)}
    return out


def initials(words: Sequence[str]) -> Iterator[str]:
    """Yield the first letter of each word."""
    return (word[0].lower() for word in words if word)

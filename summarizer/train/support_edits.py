"""Ways to make a true sentence false by changing a few words of it: names, numbers, dates, negation, meaning.

Comes after the briefs are read; ``support_claims`` makes claims of the edits, on either side of the comparison.
Source: FactCC (Kryscinski et al. 2020, arXiv:1910.12840), sentence transformations.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from summarizer.evidence.names import find_names
from summarizer.evidence.quantities import find_quantities
from summarizer.evidence.words import fold, tokenize

_PLACE_BEFORE = re.compile(r"\b(?:in|at|from|near|to|across|outside|around)\s(?:the\s)?\Z", re.I)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DATES = re.compile(rf"\b(?:{'|'.join((*_DAYS, *_MONTHS))})\b")
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|should|did|does|do|must|may)\b(?! not\b)(?!n['’]t)"
)
_NEGATED = re.compile(r"\b(?:not |never )|(?<=\w)n['’]t\b")
_NUMBER_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_OPPOSITES = """
    more/less most/least higher/lower increase/decrease increased/decreased increasing/decreasing rise/fall rose/fell
    rising/falling risen/fallen up/down before/after won/lost win/lose winning/losing accept/reject accepted/rejected
    approved/rejected approve/reject support/oppose supported/opposed supporting/opposing allow/ban allowed/banned
    open/close opened/closed opening/closing start/end started/ended began/ended first/last largest/smallest
    biggest/smallest best/worst better/worse early/late earlier/later old/young older/younger men/women man/woman
    male/female father/mother son/daughter brother/sister husband/wife boy/girl his/her he/she him/her north/south
    northern/southern east/west eastern/western above/below over/under inside/outside arrived/left joined/left
    bought/sold buy/sell buying/selling confirmed/denied confirm/deny admitted/denied guilty/innocent
    arrested/released acquitted/convicted dead/alive killed/injured died/survived success/failure successful/failed
    succeeded/failed agreed/refused agree/refuse praised/criticised welcomed/condemned condemned/praised
    for/against with/without all/some many/few always/never everyone/nobody gained/lost strong/weak strengthen/weaken
    raise/cut raised/cut add/remove added/removed hired/fired appointed/sacked former/current previous/next
    future/past public/private international/domestic home/away teenager/pensioner doctors/patients teachers/pupils
    legal/illegal safe/dangerous rich/poor included/excluded win/defeat beat/lost-to led/trailed launched/cancelled
    possible/impossible likely/unlikely able/unable positive/negative major/minor short/long day/month week/year
    months/years days/weeks hours/minutes minutes/seconds million/billion
"""
# What a report must not make surer, or less sure, than it is.
_SURER = """
    may/will could/will might/did alleged/proven allegedly/certainly suspected/convicted accused-of/convicted-of
    plans-to/has-begun-to hopes-to/will expected-to/certain-to considering/announcing called-for/secured
    charged-with/cleared-of proposed/introduced threatened-to/decided-to wants-to/refuses-to urged/forced
    denied/admitted said-it-would/said-it-would-not
"""
_SPEAKERS = (
    "police", "officials", "prosecutors", "doctors", "analysts", "residents", "witnesses", "lawyers", "ministers",
    "researchers", "campaigners", "investigators", "organisers", "scientists", "experts", "unions", "ambulance crews",
)  # fmt: skip
_SPEAKER = re.compile(
    rf"\b(?:{'|'.join(_SPEAKERS)})\b(?=\s(?:said|say|told|believe|added|warned|claim|confirmed))", re.I
)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a sentence: its characters ``start`` to ``end`` (exclusive) become ``new``."""

    start: int
    end: int
    new: str

    def apply(self, sentence: str) -> str:
        """Return the changed sentence."""
        return sentence[: self.start] + self.new + sentence[self.end :]


@dataclass(frozen=True, slots=True)
class Setting:
    """What an edit may draw on.

    :param article: sentences around the one that is changed: where other names and numbers come from.
    :param capitals: folded words that the article writes with a capital in mid-sentence.
    """

    article: str
    capitals: frozenset[str]


Maker = Callable[[str, Setting, random.Random], Edit | None]


def other_name(sentence: str, setting: Setting, rng: random.Random) -> Edit | None:
    """Put another name of the article in the place of one: a place for a place, anyone else for anyone else."""
    own = named(sentence, setting.capitals)
    mine = {word for start, end in own for word in fold(sentence[start:end]).split()}
    others = [
        (setting.article[start:end], _is_place(setting.article, start))
        for start, end in named(setting.article, setting.capitals)
        if mine.isdisjoint(fold(setting.article[start:end]).split())
    ]
    return _replaced(sentence, own, others, rng)


def foreign_name(names: Sequence[tuple[str, bool]]) -> Maker:
    """Return what puts a name of other articles in the place of one; ``names`` with whether each is a place."""

    def make(sentence: str, setting: Setting, rng: random.Random) -> Edit | None:
        own = named(sentence, setting.capitals)
        around = fold(setting.article + " " + sentence)
        drawn = [rng.choice(names) for _ in range(6)] if names else []
        return _replaced(sentence, own, [name for name in drawn if fold(name[0]) not in around], rng)

    return make


def exchanged_names(sentence: str, setting: Setting, rng: random.Random) -> Edit | None:
    """Let two names of the sentence change places: who did what to whom."""
    spans = named(sentence, setting.capitals)
    pairs = [
        (one, other)
        for one, other in pairwise(spans)
        if not re.fullmatch(r"[\s,]*(?:and|or|&|,|with|met|v|vs)?[\s,]*", sentence[one[1] : other[0]])
        and not set(fold(sentence[slice(*one)]).split()) & set(fold(sentence[slice(*other)]).split())
    ]
    if not pairs:
        return None
    (start, middle), (then, end) = rng.choice(pairs)
    return Edit(start, end, sentence[then:end] + sentence[middle:then] + sentence[start:middle])


def other_number(sentence: str, setting: Setting, rng: random.Random) -> Edit | None:
    """Change a number: to another of the article of the same kind, or to one near it."""
    found = [each for each in find_quantities(sentence, tokenize(sentence)) if each.text.strip()]
    if not found:
        return None
    chosen = rng.choice(found)
    others = [
        each.text
        for each in find_quantities(setting.article, tokenize(setting.article))
        if (each.unit, each.is_year) == (chosen.unit, chosen.is_year) and not each.agrees(chosen)
    ]
    if others and rng.random() < 0.6:
        return Edit(chosen.start, chosen.start + len(chosen.text), rng.choice(others))
    return _near(chosen.text, chosen.start, rng)


def other_date(sentence: str, _setting: Setting, rng: random.Random) -> Edit | None:
    """Change a weekday or a month."""
    found = list(_DATES.finditer(sentence))
    if not found:
        return None
    match = rng.choice(found)
    row = _DAYS if match.group() in _DAYS else _MONTHS
    return Edit(*match.span(), rng.choice([name for name in row if name != match.group()]))


def negation(sentence: str, _setting: Setting, rng: random.Random) -> Edit | None:
    """Take a negation out, or put one in."""
    if found := list(_NEGATED.finditer(sentence)):
        return Edit(*rng.choice(found).span(), "")
    found = list(_AUXILIARY.finditer(sentence))
    if not found:
        return None
    match = rng.choice(found)
    return Edit(*match.span(), f"{match.group()} not")


def opposite(sentence: str, _setting: Setting, rng: random.Random) -> Edit | None:
    """Turn the meaning of a word round, or make it surer than it was."""
    found = [match for match in _MEANING.finditer(sentence) if not sentence[match.end() :].startswith("-")]
    if not found:
        return None
    match = rng.choice(found)
    new = rng.choice(_MEANINGS[match.group().lower()])
    return Edit(*match.span(), new.capitalize() if match.group()[0].isupper() else new)


def other_speaker(sentence: str, _setting: Setting, rng: random.Random) -> Edit | None:
    """Let others have said it."""
    found = list(_SPEAKER.finditer(sentence))
    if not found:
        return None
    match = rng.choice(found)
    new = rng.choice([name for name in _SPEAKERS if name != match.group().lower()])
    return Edit(*match.span(), new.capitalize() if match.group()[0].isupper() else new)


def named(text: str, capitals: frozenset[str]) -> list[tuple[int, int]]:
    """Return the spans of the names of ``text``, without an ordinary first word and possessive endings."""
    spans: list[tuple[int, int]] = []
    for name in find_names(text, tokenize(text)):
        tokens = name.tokens[1:] if name.opens and name.tokens[0].word.key not in capitals else name.tokens
        if tokens:
            end = tokens[-1].end
            spans.append((tokens[0].start, end - 2 if text[tokens[0].start : end].endswith(("'s", "’s")) else end))
    return spans


def names_with_kind(text: str, capitals: frozenset[str]) -> list[tuple[str, bool]]:
    """Return the names of ``text``, each with whether it stands where places do."""
    return [(text[start:end], _is_place(text, start)) for start, end in named(text, capitals)]


def _is_place(text: str, start: int) -> bool:
    return bool(_PLACE_BEFORE.search(text, max(0, start - 14), start))


def _replaced(
    sentence: str, own: Sequence[tuple[int, int]], others: Sequence[tuple[str, bool]], rng: random.Random
) -> Edit | None:
    if not own or not others:
        return None
    start, end = rng.choice(own)
    like = [name for name, is_place in others if is_place == _is_place(sentence, start)]
    if not like and rng.random() < 0.6:
        return None
    return Edit(start, end, rng.choice(like or [name for name, _ in others]))


def _near(text: str, start: int, rng: random.Random) -> Edit | None:
    """Change the digits of a number in place, or a number word."""
    if digits := re.search(r"\d[\d,]*", text):
        value = int(digits.group().replace(",", ""))
        by = max(1, round(value * rng.choice([0.01, 0.05, 0.1, 0.3, 0.5, 1.0])))
        new = value + by if value - by <= 0 or rng.random() < 0.5 else value - by
        shown = f"{new:,}" if "," in digits.group() else str(new)
        return Edit(start + digits.start(), start + digits.end(), shown)
    words = [match for match in re.finditer(r"[a-z]+", text.lower()) if match.group() in _NUMBER_WORDS]
    if not words:
        return None
    match = rng.choice(words)
    new_word = rng.choice([word for word in _NUMBER_WORDS if word != match.group()])
    return Edit(start + match.start(), start + match.end(), new_word)


def _meanings() -> dict[str, list[str]]:
    """Return what each word may be turned into; opposites both ways, surer words one way."""
    table: dict[str, list[str]] = {}
    for pairs, is_both in ((_OPPOSITES, True), (_SURER, False)):
        for pair in pairs.split():
            one, other = (word.replace("-", " ") for word in pair.split("/"))
            table.setdefault(one, []).append(other)
            if is_both:
                table.setdefault(other, []).append(one)
    return table


_MEANINGS = _meanings()
_MEANING = re.compile(
    rf"(?<![\w-])(?:{'|'.join(sorted(map(re.escape, _MEANINGS), key=len, reverse=True))})(?!\w)", re.I
)

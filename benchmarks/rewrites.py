"""Makes of articles what happens to stories on a wire: repeats, updates, corrections, and look-alikes that are neither.

``duplicates`` measures on them. Everything is drawn with a seed, so that the same articles give the same rewrites.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from forms import FORMS

from summarizer.records import Article
from summarizer.sentences import sentence_spans

LOOK_ALIKES = ("footer", *FORMS)
"""Kinds that are stories of their own: nothing may be linked to them."""
FOOTERS = (
    "The Arven Gazette is published every day but Sunday by the Society of Friends of the Press. Its reporters are "
    "bound by a code that can be read at any library of the town. Readers who find a mistake may write to the editor, "
    "who answers within a week. Nothing of this page may be copied, sold or sent on without the society's consent.",
    "Norvia and Tessland have been at odds over the Kell delta since the treaty of Port Arven lapsed. Both claim the "
    "fishing grounds off the delta, where gas was found in the spring. Talks have been held four times and broken off "
    "each time. The two countries withdrew their envoys last year, and traffic over the delta bridge has stood still "
    "since. An observer mission of twelve countries has watched the line between them from a camp at Sundby.",
)
FIGURE = re.compile(r"\d+|\b(?:two|three|four|five|six|seven|eight|nine|ten)\b")
WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True)
class Case:
    """An article on the wire.

    :param kind: what it is; empty for one that nothing was made of.
    :param story: articles with the same number tell the same story.
    """

    article: Article
    kind: str
    story: int


def make_wire(
    articles: Sequence[Article], donors: Sequence[Article], seed: int, forms: Sequence[str] = tuple(FORMS)
) -> list[Case]:
    """Make a wire of articles: one in two is followed by a rewrite, one in eight has a footer that others have too.

    Among them are reports on forms, one for every sixteen articles.

    :param articles: stories of their own, of some 100 words and more each.
    :param donors: others, which give the rewrites new sentences and words.
    :param forms: of ``FORMS``, taken in turns.
    :return: every article and rewrite; a rewrite comes after what it was made of, others in between.
    """
    chance = random.Random(seed)
    kinds = list(REWRITES)
    placed: list[tuple[float, Case]] = []
    for number, article in enumerate(articles):
        when = chance.random()
        if number % 2 == 0:
            kind = kinds[number // 2 % len(kinds)]
            before, after = REWRITES[kind](article, donors[number % len(donors)], chance)
            placed.append((when, Case(before, "", number)))
            after = replace(after, id=f"{article.id}-{kind}")
            placed.append((when + chance.random() * 0.2, Case(after, kind, number)))
        elif number % 8 == 1:
            text = f"{article.text}\n\n{chance.choice(FOOTERS)}"
            placed.append((when, Case(replace(article, text=text), "footer", number)))
        else:
            placed.append((when, Case(article, "", number)))
    for number in range(len(articles) // 16):
        kind = forms[number % len(forms)]
        form = Article(id=f"{kind}-{number}", title="Daily report", text=FORMS[kind](chance))
        placed.append((chance.random(), Case(form, kind, len(articles) + number)))
    return [case for _, case in sorted(placed, key=lambda pair: pair[0])]


def dated(wire: Sequence[Case], days: int, *, corrected_at_once: bool) -> list[Case]:
    """Spread a wire over days.

    :param corrected_at_once: corrections of figures come on the day of the story; all else comes when it comes.
    """
    told: dict[int, date] = {}
    out = []
    for place, case in enumerate(wire):
        day = date(2026, 3, 1) + timedelta(days=place * days // len(wire))
        day = told.setdefault(case.story, day) if corrected_at_once and case.kind == figures.__name__ else day
        told.setdefault(case.story, day)
        out.append(replace(case, article=replace(case.article, date=day.isoformat())))
    return out


def sentences(text: str) -> list[str]:
    """Return a text's sentences."""
    article = Article(id="", text=text)
    return [text[start:end] for start, end in sentence_spans(article)]


Pair = tuple[Article, Article]


def same(article: Article, other: Article, chance: random.Random) -> Pair:
    """Send it once more."""
    return article, article


def headline(article: Article, other: Article, chance: random.Random) -> Pair:
    """Give it another headline."""
    return article, replace(article, title=other.title or "Another headline")


def cut(article: Article, other: Article, chance: random.Random) -> Pair:
    """Leave out the last two fifths."""
    kept = sentences(article.text)
    return article, replace(article, text=" ".join(kept[: max(2, len(kept) * 3 // 5)]))


def paragraph(article: Article, other: Article, chance: random.Random) -> Pair:
    """Add a paragraph of three sentences, somewhere after the first."""
    own, added = sentences(article.text), " ".join(sentences(other.text)[1:4])
    at = chance.randrange(1, len(own) + 1)
    return article, replace(article, text="\n\n".join(filter(None, [" ".join(own[:at]), added, " ".join(own[at:])])))


def figures(article: Article, other: Article, chance: random.Random) -> Pair:
    """Correct every figure."""

    def corrected(found: re.Match[str]) -> str:
        return str(int(found[0]) + chance.randrange(1, 9)) if found[0].isdigit() else chance.choice(WORDS)

    return article, replace(article, text=FIGURE.sub(corrected, article.text))


def grown(article: Article, other: Article, chance: random.Random) -> Pair:
    """Begin with the first two fifths, and write them through to the whole story."""
    whole = sentences(article.text)
    return replace(article, text=" ".join(whole[: max(2, len(whole) * 2 // 5)])), article


def half_new(article: Article, other: Article, chance: random.Random) -> Pair:
    """Put new sentences in the place of half the old ones, scattered."""
    own, new = sentences(article.text), sentences(other.text)
    chosen = set(chance.sample(range(len(own)), len(own) // 2))
    return article, replace(
        article, text=" ".join(new[i % len(new)] if i in chosen else text for i, text in enumerate(own))
    )


def half_reworded(article: Article, other: Article, chance: random.Random) -> Pair:
    """Say half the sentences in other words: every third word is another."""
    own, words = sentences(article.text), other.text.split()
    chosen = set(chance.sample(range(len(own)), len(own) // 2))

    def reworded(text: str) -> str:
        return " ".join(chance.choice(words) if i % 3 == 2 else word for i, word in enumerate(text.split()))

    return article, replace(article, text=" ".join(reworded(t) if i in chosen else t for i, t in enumerate(own)))


def all_reworded(article: Article, other: Article, chance: random.Random) -> Pair:
    """Say every sentence in other words: every fourth word is another."""
    words = other.text.split()
    text = " ".join(chance.choice(words) if i % 4 == 3 else word for i, word in enumerate(article.text.split()))
    return article, replace(article, text=text)


REWRITES: dict[str, Callable[[Article, Article, random.Random], Pair]] = {
    kind.__name__: kind
    for kind in (same, headline, cut, paragraph, figures, grown, half_new, half_reworded, all_reworded)
}
NOTHING_NEW = ("same", "headline", "cut")
"""Kinds that should come out as ``same_as``; all the others say something new."""


def stories_of(cases: Sequence[Case]) -> Iterator[tuple[Case, Case | None]]:
    """Yield each article with the earlier one of its story; None where it is the first."""
    first: dict[int, Case] = {}
    for case in cases:
        yield case, first.get(case.story)
        first.setdefault(case.story, case)

"""Invented stories that share no more words than any two do, and what links them."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from summarizer.clean import CleanOptions, clean
from summarizer.records import Article, MadeBy, Record, Tag
from summarizer.updates import Linker, UpdatesOptions

SYLLABLES = ["ar", "ven", "kel", "sund", "tor", "mi", "ros", "ta", "nor", "li", "ost", "ra", "vek", "du", "pal", "hem"]
SMALL = ["the", "of", "and", "to", "in", "a", "for", "on", "with", "was", "has", "by"]


def invent(number: int, sentences: int = 12, seed: int = 0) -> Article:
    """A story of its own, of some 14 words a sentence and one figure a paragraph."""
    chance = random.Random(1000 * seed + number)
    words = ["".join(chance.choices(SYLLABLES, k=chance.choice([2, 3]))) for _ in range(80)]

    def sentence(place: int) -> str:
        said = [chance.choice(SMALL) if i % 3 == 1 else chance.choice(words) for i in range(chance.randrange(11, 16))]
        end = f"about {chance.randrange(11, 999)}." if place == 0 else "again."
        return " ".join([said[0].capitalize(), *said[1:], end])

    text = "\n\n".join(" ".join(map(sentence, range(3))) for _ in range(sentences // 3))
    return Article(id=f"w{number}", title=f"{words[0].capitalize()} {words[1]} {words[2]}", text=text)


class Wire:
    """Links one article after the other."""

    def __init__(self, linker: Linker | None = None, place: int = 0, **options: Any) -> None:
        self.linker = linker or Linker(UpdatesOptions(**options))
        self.place = place

    def send(self, article: Article, tags: tuple[Tag, ...] | None = None, **record: Any) -> Record:
        article = clean(article, CleanOptions())
        needs_review = not any(tag.decision == "accepted" for tag in tags or ())
        record = {"brief": None, "tags": tags, "needs_review": needs_review, "made_by": MadeBy("", "", {}), **record}
        linked = self.linker.link(self.place, article, Record(article=article, **record))
        self.place += 1
        return linked


def again(article: Article, id: str = "again", **changes: Any) -> Article:
    return replace(article, id=id, **changes)

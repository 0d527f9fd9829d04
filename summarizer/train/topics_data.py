"""Articles with their topics, read, checked and split; comes after ``read``, before either trainer.

Rows that cannot be used are counted and reported, never dropped in silence; topics that cannot be learned stop the
training before it costs time.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from summarizer.classify.base import no_text, reading_text
from summarizer.classify.topics import make_topic
from summarizer.errors import InputError, did_you_mean
from summarizer.read import read
from summarizer.read.options import FieldNames, InputOptions
from summarizer.records import Article, Failure, Topic

if TYPE_CHECKING:
    import numpy as np

BETWEEN_TOPICS = re.compile(r"[;|]")
LEAST_ARTICLES = 2
"""A topic with fewer cannot be both learned and measured."""
PROMISED_ARTICLES = 10


@dataclass(frozen=True, slots=True)
class TopicArticle:
    """One article to learn from or to measure on: what a classifier reads of it and its topic ids, each once.

    :param id: as the data have it, or made from file and line.
    :param source: who published it, where the data say so.
    """

    text: str
    topics: tuple[str, ...]
    id: str = ""
    source: str = ""


class LabelledFields(Protocol):
    """Where the data keep what is read; options of training and of evaluation have these keys."""

    @property
    def topics_field(self) -> str:
        """The field of an article's topics."""

    @property
    def fields(self) -> FieldNames:
        """What the data call the other fields."""


def read_articles(
    path: str,
    options: LabelledFields,
    say: Callable[[str], None],
    *,
    source_field: str = "source",
    keep_untagged: bool = False,
) -> list[TopicArticle]:
    """Read labelled articles; those that cannot be read, or have no topics or no text, are reported and left out.

    :param keep_untagged: also return articles whose topics are an empty list: none of the topics fits them. Where the
        field is absent or null, nothing is known of them, and they are left out all the same.
    :return: in input order, one or more.
    :raises InputError: the input cannot be read, or nothing in it can be used.
    """
    usable: list[TopicArticle] = []
    faults: dict[str, list[str]] = {}
    for article in read_texts(path, options.fields, faults):
        value = article.fields.get(options.topics_field)
        if (topics := topics_of(value)) or (keep_untagged and isinstance(value, list | str)):
            source = str(article.fields.get(source_field) or "")
            usable.append(TopicArticle(reading_text(article), topics, article.id, source))
        else:
            faults.setdefault(f"no topics in '{options.topics_field}'", []).append(article.source)
    total = say_faults(path, faults, len(usable), say)
    if not usable:
        seen = next(iter(faults), "it is empty")
        mend = f"Each article needs '{options.fields.text}' and '{options.topics_field}'."
        purpose = "measure on" if keep_untagged else "learn from"
        raise InputError(path, f"no article to {purpose} (0 of {total} usable: {seen})", mend)
    return usable


def read_texts(path: str, fields: FieldNames, faults: dict[str, list[str]]) -> Iterator[Article]:
    """Yield the articles that have a text, in order; add the places of all else to ``faults``, by what is wrong."""
    for article in read(InputOptions(path=path, fields=fields)):
        if isinstance(article, Failure):
            faults.setdefault(article.what, []).append(article.where)
        elif no_text(article):
            faults.setdefault("no text", []).append(article.source)
        else:
            yield article


def say_faults(path: str, faults: Mapping[str, Sequence[str]], usable: int, say: Callable[[str], None]) -> int:
    """Say how many were left out, a line for each reason; return how many there were, the usable ones among them."""
    total = usable + sum(map(len, faults.values()))
    for what, places in faults.items():
        say(f"{path}: {len(places)} of {total} left out: {what} (first: {places[0]})")
    return total


def topics_of(value: Any) -> tuple[str, ...]:
    """Read a list, or text with ``;`` or ``|`` between the topics; each topic once, in order."""
    parts = BETWEEN_TOPICS.split(value) if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(dict.fromkeys(name for part in parts if (name := str(part).strip())))


def settle_topics(
    articles: Sequence[TopicArticle], given: Sequence[Topic] | None, known: Sequence[Topic], where: str
) -> list[Topic]:
    """Return the topics to learn, in the order of the scores.

    :param given: from ``topics_file``; the articles may have no others.
    :param known: those of the base model: they lend names and codes, and their order where the sets are equal.
    :raises InputError: a topic is unknown, or has too few articles.
    """
    if given is None:
        seen = {name for article in articles for name in article.topics}
        by_id = {topic.id: topic for topic in known}
        names = list(by_id) if seen == set(by_id) else sorted(seen)
        topics = [by_id.get(name) or make_topic(name) for name in names]
    else:
        topics = list(given)
    check_topics(articles, [topic.id for topic in topics], where)
    counts = Counter(name for article in articles for name in article.topics)
    if few := [f"{topic.id}: {counts[topic.id]}" for topic in topics if counts[topic.id] < LEAST_ARTICLES]:
        mend = "Add articles of these topics, or leave the topics out."
        raise InputError(where, f"topics with fewer than {LEAST_ARTICLES} articles ({', '.join(few)})", mend)
    return topics


def check_topics(articles: Sequence[TopicArticle], known: Collection[str], where: str) -> None:
    """Raise ``InputError`` with every topic that is not among ``known``."""
    counts = Counter(name for article in articles for name in article.topics if name not in known)
    if counts:
        seen = ", ".join(f"'{name}' on {count}" for name, count in counts.most_common())
        mends = dict.fromkeys(did_you_mean(name, known) for name, _ in counts.most_common(5))
        raise InputError(where, f"unknown topics (number of articles: {seen})", " ".join(mends))


def targets_of(articles: Sequence[TopicArticle], topics: Sequence[str]) -> np.ndarray:
    """Return 0 and 1, *Shape:* (articles, topics); an article's further topics are left alone."""
    import numpy as np

    column = {name: i for i, name in enumerate(topics)}
    targets = np.zeros((len(articles), len(column)), dtype="float32")
    for row, article in enumerate(articles):
        targets[row, [column[name] for name in article.topics if name in column]] = 1
    return targets


def split(
    articles: Sequence[TopicArticle], dev_fraction: float, seed: int
) -> tuple[list[TopicArticle], list[TopicArticle]]:
    """Hold articles back: of every topic about ``dev_fraction``, at least one, and at least one stays.

    Of a small topic more is held back, up to a third, until there are ``PROMISED_ARTICLES``: with fewer, no threshold
    could promise that nine of ten accepted tags are right, and the topic would never be accepted.

    Each article is judged by its rarest topic, and rare topics choose first.

    :return: the articles to learn from and those held back, both in input order.
    """
    counts = Counter(name for article in articles for name in article.topics)
    order = random.Random(seed).sample(range(len(articles)), len(articles))
    order.sort(key=lambda i: min(counts[name] for name in articles[i].topics))
    held: Counter[str] = Counter()
    dev: set[int] = set()
    for i in order:
        topics = articles[i].topics
        rarest = min(topics, key=lambda name: counts[name])
        count = counts[rarest]
        wanted = max(1, round(count * dev_fraction), min(PROMISED_ARTICLES, count // 3))
        if held[rarest] < wanted and all(counts[name] - held[name] > 1 for name in topics):
            held.update(topics)
            dev.add(i)
    return [a for i, a in enumerate(articles) if i not in dev], [articles[i] for i in sorted(dev)]

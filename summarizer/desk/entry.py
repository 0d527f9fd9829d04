"""What the desk shows and keeps of one article: the article, its record, and what people call the topics.

Comes after the runner or a run's records; before ``store``, ``page_data`` and ``export``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from summarizer.classify.topics import last_part
from summarizer.records import Article, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One record and its article, as JSON.

    :param article: ``id``, ``title``, ``text`` (None where the article is not at hand), ``date``, ``language`` and
        ``source``, the publisher, where the input names one.
    :param record: as ``Record.to_dict`` makes it.
    :param names: of the record's topics, by id.
    """

    article: Mapping[str, Any]
    record: Mapping[str, Any]
    names: Mapping[str, str]

    @property
    def key(self) -> str:
        """The same for the same article and record, different for any other."""
        return _digest([dict(self.article), dict(self.record)])

    @property
    def article_key(self) -> str:
        """The same for the same article, whatever was made of it; the id stands for a text that is not at hand."""
        text = self.article["text"]
        return _digest(["id", self.article["id"]] if text is None else ["text", self.article["title"], text])

    @property
    def brief(self) -> Mapping[str, Any] | None:
        """The record's brief, if it has one."""
        brief: Mapping[str, Any] | None = self.record.get("brief")
        return brief


def entry_of(record: Record) -> Entry:
    """Return what the desk keeps of a record that was made just now."""
    names = {tag.topic.id: tag.topic.name for tag in record.tags or ()}
    return Entry(article=article_data(record.article), record=record.to_dict(), names=names)


def kept_entry(record: Mapping[str, Any], article: Article | None, known: Mapping[str, str]) -> Entry:
    """Return what the desk keeps of a record that a run wrote.

    :param article: what it was made of; None where that is not at hand.
    :param known: names of topics, by id.
    """
    ids = [str(tag["topic"]) for tag in record.get("tags", ())]
    data = article_data(article) if article else _article_of(record)
    return Entry(article=data, record=record, names={name: known.get(name) or spoken(name) for name in ids})


def article_data(article: Article) -> dict[str, Any]:
    """Return the JSON form of an article: what is shown, and what a training needs."""
    source = article.fields.get("source")
    return {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "date": article.date,
        "language": article.language,
        "source": source if isinstance(source, str) else None,
    }


def spoken(topic: str) -> str:
    """Return what to call a topic of which only the id is known."""
    return last_part(topic).replace("-", " ").replace("_", " ")


def _article_of(record: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: record.get(name) for name in ("date", "language")}
    return {"id": str(record["id"]), "title": record.get("title", ""), "text": None, **known, "source": None}


def _digest(value: Any) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode("ascii")).hexdigest()

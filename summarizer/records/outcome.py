"""What goes out for an article: a record, or a failure. Comes after ``made``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.records.article import Article
from summarizer.records.made import Brief, Link, Tag

SCHEMA = 1
"""Version of the record's keys; none is renamed once released."""


@dataclass(frozen=True, slots=True)
class MadeBy:
    """What made a record: the package's version, the config's hash and each model's hash or Hub commit."""

    summarizer: str
    config: str
    models: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"summarizer": self.summarizer, "config": self.config, "models": dict(self.models)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What goes out for one article. ``brief`` or ``tags`` is None where the config leaves that stage out.

    :param tag_warnings: what the editor should know of the tagging.
    :param link: the earlier story that it repeats or updates; None where there is none, or nobody looked.
    """

    article: Article
    brief: Brief | None
    tags: Sequence[Tag] | None
    needs_review: bool
    made_by: MadeBy
    tag_warnings: tuple[str, ...] = ()
    link: Link | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """Everything that the editor should know, in the order of the stages."""
        return self.article.warnings + (self.brief.warnings if self.brief else ()) + self.tag_warnings

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form of the record, schema version first."""
        article = self.article
        out: dict[str, Any] = {"schema": SCHEMA, "id": article.id}
        named = {"title": article.title, "date": article.date, "language": article.language}
        out |= {key: value for key, value in named.items() if value}
        if self.link is not None:
            out |= self.link.to_dict()
        if self.brief is not None:
            out["brief"] = self.brief.to_dict()
        if self.tags is not None:
            out["tags"] = [tag.to_dict() for tag in self.tags]
            out["needs_review"] = self.needs_review
        if self.warnings:
            out["warnings"] = list(self.warnings)
        if article.fields:
            out["fields"] = dict(article.fields)
        return out | {"made_by": self.made_by.to_dict()}


@dataclass(frozen=True, slots=True)
class Failure:
    """An article or input line that got no record, and why.

    :param where: ``wire.jsonl:1042`` or a path.
    :param stage: ``read``, ``clean``, ``summarize``, ``check``, ``classify``, ``write`` or ``worker``.
    :param id: the article's id, where one was read.
    """

    where: str
    stage: str
    what: str
    mend: str = ""
    id: str = ""

    def __str__(self) -> str:
        name = f" ({self.id})" if self.id and self.id not in self.where else ""
        return f"{self.where}{name}: {self.what}" + (f". {self.mend}" if self.mend else "")

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form; keys that have nothing to say are left out."""
        named = {"id": self.id, "where": self.where, "stage": self.stage, "what": self.what, "mend": self.mend}
        return {"schema": SCHEMA} | {key: value for key, value in named.items() if value}

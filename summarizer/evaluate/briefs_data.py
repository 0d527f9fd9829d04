"""Reads briefs and the articles that they were made of, and brings them together by id; comes before all measuring.

What cannot be read, or has no partner, is counted and named, never dropped in silence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from summarizer.clean import clean
from summarizer.errors import ArticleError, InputError
from summarizer.evaluate.briefs_options import BriefEvaluation
from summarizer.read import read
from summarizer.read.lines import read_lines
from summarizer.read.options import InputOptions
from summarizer.read.source import Source
from summarizer.records import Article, Brief, Failure, Sentence, SourceTokens
from summarizer.sentences import split_sentences

RUN_RECORDS = "records.jsonl"
"""What the records are called in a run folder."""
NAMED = 100
"""How many of those left out for one reason are named."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An article, what a person wrote of it, and what the program wrote.

    :param article: cleaned as for the run.
    :param reference: the human brief.
    :param brief: from the record, its sentences as they went out.
    :param identity: hash or commit of the model that wrote it; empty where the record does not say.
    """

    article: Article
    reference: str
    brief: Brief
    identity: str = ""


@dataclass(slots=True)
class LeftOut:
    """What could not be used: for each reason, how many, and the first of them by name."""

    counts: dict[str, int] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)

    def add(self, reason: str, name: str) -> None:
        """Count one."""
        self.counts[reason] = self.counts.get(reason, 0) + 1
        names = self.names.setdefault(reason, [])
        if len(names) < NAMED:
            names.append(name)

    def say_all(self, say: Callable[[str], None], where: str = "") -> None:
        """Say a line for each reason.

        :param where: what it was left out of.
        """
        for reason, count in self.counts.items():
            say(f"{where}{': ' if where else ''}{count} left out: {reason} (first: {self.names[reason][0]})")

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {reason: {"count": count, "first": self.names[reason]} for reason, count in self.counts.items()}


def read_pairs(options: BriefEvaluation, say: Callable[[str], None]) -> tuple[list[Pair], LeftOut]:
    """Bring records and references together.

    :param say: is told, a line for each reason, what was left out.
    :return: the pairs in the order of the references, one or more, and what was left out.
    :raises InputError: a file cannot be read, or no id is in both.
    """
    left_out = LeftOut()
    briefs = _read_briefs(options.records, left_out)
    pairs: list[Pair] = []
    seen: set[str] = set()
    for article, reference in _read_references(options, left_out):
        if article.id in seen:
            left_out.add("second reference of an id", article.id)
            continue
        seen.add(article.id)
        if article.id in briefs:
            pairs.append(Pair(clean(article, options.clean), reference, *briefs[article.id]))
        else:
            left_out.add("reference without a brief", article.id)
    for name in briefs:
        if name not in seen:
            left_out.add("record without a reference", name)
    left_out.say_all(say)
    if not pairs:
        what = f"no id of its {len(briefs)} briefs is among the {len(seen)} of {options.references}"
        raise InputError(options.records, what, "Name the field of the references' ids with --set fields.id=NAME.")
    return pairs, left_out


def _read_references(options: BriefEvaluation, left_out: LeftOut) -> Iterator[tuple[Article, str]]:
    for article in read(InputOptions(path=options.references, fields=options.fields)):
        if isinstance(article, Failure):
            left_out.add(f"reference that cannot be read: {article.what}", article.where)
            continue
        reference = article.fields.get(options.brief_field)
        if not isinstance(reference, str) or not reference.strip():
            left_out.add(f"reference without '{options.brief_field}'", article.id)
        else:
            yield article, reference


def _read_briefs(path: str, left_out: LeftOut) -> dict[str, tuple[Brief, str]]:
    """Return the brief of each id and its model's hash, the first where an id stands twice.

    :raises InputError: the file cannot be read.
    """
    briefs: dict[str, tuple[Brief, str]] = {}
    for where, line in _lines(path):
        record = _record(line)
        if isinstance(record, str):
            left_out.add(record, where)
            continue
        name, brief = str(record["id"]), _brief(record.get("brief"))
        if isinstance(brief, str):
            left_out.add(brief, name)
        elif name in briefs:
            left_out.add("second record of an id", name)
        else:
            briefs[name] = (brief, _identity(record, brief.model))
    return briefs


def _lines(path: str) -> Iterator[tuple[str, str]]:
    """Yield place and text of each line that is not blank."""
    source = Source(str(Path(path, RUN_RECORDS)) if Path(path).is_dir() else path, "jsonl")
    with source.open() as stream:
        try:
            for line in read_lines(source, stream, "utf-8"):
                if line.text.strip() or line.fault:
                    yield source.at(line.number), line.text
        except ArticleError as error:
            raise InputError(error.fault.where, error.fault.what, "Name the records that a run wrote.") from error


def _record(line: str) -> dict[str, Any] | str:
    """Return the object of a line, or what is wrong with it."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return "line that is not JSON"
    return record if isinstance(record, dict) and "id" in record else "line that is no record"


def _brief(value: Any) -> Brief | str:
    """Return a record's brief, or why there is none."""
    if value is None:
        return "record without a brief"
    text = value.get("text") if isinstance(value, dict) and "sentences" not in value else value
    if isinstance(text, str):
        return _foreign(text)
    try:
        return _brief_type().validate_python(value)
    except ValidationError as error:
        place = ".".join(["brief", *map(str, error.errors()[0]["loc"])])
        return f"record that is damaged at {place}"


def _identity(record: dict[str, Any], model: str) -> str:
    made_by = record.get("made_by")
    models = made_by.get("models") if isinstance(made_by, dict) else None
    return str(models.get(model, "")) if isinstance(models, dict) else ""


@cache
def _brief_type() -> TypeAdapter[Brief]:
    return TypeAdapter(Brief)


def _foreign(text: str) -> Brief:
    """Return a brief of which only the text is known."""
    sentences = tuple(Sentence(text=sentence, origin="generated") for sentence in sentences_of(text))
    return Brief(sentences=sentences, backend="", source_tokens=SourceTokens(0, 0))


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [text[start:end] for start, end in split_sentences(text)]


def draft_of(brief: Brief) -> str:
    """Return the brief as its model wrote it: without stand-ins, with what was taken out.

    Where a sentence that was taken out had stood is not known; it comes last.
    """
    parts: list[str] = []
    for sentence in brief.sentences:
        text = sentence.replaces or sentence.text
        if not (sentence.replaces and text in parts):  # several stand-ins may have one draft
            parts.append(text)
    known = " ".join(parts)
    return " ".join([known, *(dropped.text for dropped in brief.dropped if dropped.text not in known)]).strip()

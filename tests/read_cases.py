"""What the tests of the read stage share."""

from __future__ import annotations

import json
from pathlib import Path

from summarizer.read import InputOptions, read
from summarizer.records import Article, Failure

STORY = "The harbour council opened the new bridge on Tuesday."


def read_all(path: Path | str, **options: object) -> list[Article | Failure]:
    return list(read(InputOptions(path=str(path), **options)))


def articles(entries: list[Article | Failure]) -> list[Article]:
    return [entry for entry in entries if isinstance(entry, Article)]


def failures(entries: list[Article | Failure]) -> list[Failure]:
    return [entry for entry in entries if isinstance(entry, Failure)]


def line(**fields: object) -> str:
    return json.dumps({"text": STORY} | fields, ensure_ascii=False) + "\n"

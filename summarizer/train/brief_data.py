"""Reads articles with their briefs and leaves out what is no good to learn from; ``brief_examples`` comes next.

What is left out is counted, said by reason, and kept by name.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from summarizer.clean import clean
from summarizer.errors import InputError
from summarizer.read import InputOptions, read
from summarizer.records import Article, Failure
from summarizer.train.brief_cleaning import find_fault
from summarizer.train.brief_options import BriefTraining


@dataclass(frozen=True, slots=True)
class Pair:
    """An article, cleaned as for a run, and the brief that a person wrote of it."""

    article: Article
    brief: str


@dataclass(slots=True)
class LeftOut:
    """What could not be used: name and reason of each, in order."""

    entries: list[tuple[str, str]] = field(default_factory=list)

    def add(self, name: str, reason: str) -> None:
        """Note one; ``name`` is the article's place in its file, or its id."""
        self.entries.append((name, reason))

    def say_all(self, say: Callable[[str], None]) -> None:
        """Say a line for each reason, the most frequent first."""
        first: dict[str, str] = {}
        for name, reason in self.entries:
            first.setdefault(reason, name)
        for reason, count in self.counts.items():
            say(f"{count} left out: {reason} (first: {first[reason]})")

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each reason, the most frequent first."""
        return dict(Counter(reason for _, reason in self.entries).most_common())


def read_pairs(paths: Sequence[str], options: BriefTraining, left_out: LeftOut) -> list[Pair]:
    """Read every pair of the files, in order.

    :param left_out: takes what is not among them.
    :raises InputError: a file cannot be read, or there is not one pair.
    """
    before = len(left_out.entries)
    pairs: list[Pair] = []
    for path in paths:
        pairs += _read_file(path, options, left_out)
    if not pairs:
        counts = Counter(reason for _, reason in left_out.entries[before:]).most_common(1)
        why = f" ({counts[0][1]} of them: {counts[0][0]})" if counts else ""
        what = f"none of its {len(left_out.entries) - before} articles has a brief to learn from{why}"
        raise InputError(", ".join(paths), what, "Check fields.text, brief_field and drop_unsupported.")
    return pairs


def _read_file(path: str, options: BriefTraining, left_out: LeftOut) -> Iterator[Pair]:
    for item in read(InputOptions(path=path, fields=options.fields)):
        if isinstance(item, Failure):
            left_out.add(item.where, item.what)
            continue
        brief = item.fields.get(options.brief_field)
        name = item.source or item.id
        if not isinstance(brief, str) or not brief.strip():
            left_out.add(name, f"has no '{options.brief_field}'")
            continue
        article = clean(item, options.clean)
        fault = find_fault(brief, article) if options.drop_unsupported else ""
        if fault:
            left_out.add(name, f"its brief has {fault}")
        else:
            yield Pair(article, " ".join(brief.split()))


def digest(pairs: Sequence[Pair]) -> str:
    """Return a SHA-256 over texts and briefs: a training is taken up again with the same ones only."""
    texts = [(pair.article.body, pair.brief) for pair in pairs]
    return hashlib.sha256(json.dumps(texts).encode("utf-8", "surrogatepass")).hexdigest()

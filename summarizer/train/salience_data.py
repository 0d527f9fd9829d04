"""Reads articles with briefs for the salience model, and leaves out what nearly repeats a held-out one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.clean import clean
from summarizer.errors import InputError
from summarizer.read import InputOptions, read
from summarizer.records import Article, Failure
from summarizer.salience.windows import Layout, lay_out, words_of
from summarizer.train.salience_labels import Labels, label
from summarizer.train.salience_options import SalienceTraining

RUN_WORDS = 8
REPEATED_SHARE = 0.5
"""An article repeats another where more than this share of its runs of ``RUN_WORDS`` words are the other's."""


@dataclass(frozen=True, slots=True)
class Example:
    """An article as the model reads it, and what it is to learn of it."""

    article: Article
    brief: str
    layout: Layout
    labels: Labels


Pair = tuple[Article, str]


def read_pairs(paths: Iterable[str], options: SalienceTraining, say: Callable[[str], None]) -> list[Pair]:
    """Read cleaned articles with their briefs.

    :param say: is told how many have no brief, or cannot be read.
    :raises InputError: a file cannot be read, or holds no article with a brief.
    """
    pairs: list[Pair] = []
    for path in paths:
        left_out: Counter[str] = Counter()
        before = len(pairs)
        for item in read(InputOptions(path=path, fields=options.fields)):
            if isinstance(item, Failure):
                left_out[item.what] += 1
                continue
            brief = item.fields.get(options.brief_field)
            if not isinstance(brief, str) or not words_of(brief) or not words_of(item.text):
                left_out[f"no '{options.brief_field}' or no text"] += 1
                continue
            pairs.append((clean(item, options.clean), brief))
        for reason, count in left_out.items():
            say(f"{path}: {count} left out: {reason}")
        if len(pairs) == before:
            raise InputError(path, f"no article with a '{options.brief_field}'", "Name the field with brief_field.")
    return pairs


def without_repeats(pairs: Sequence[Pair], held_out: Iterable[Pair]) -> list[Pair]:
    """Return the pairs whose article is not nearly one of the held-out: by its title, or most of its runs of words."""
    titles: set[str] = set()
    owner: dict[int, list[int]] = {}
    for number, (article, _brief) in enumerate(held_out):
        titles.add(_title(article))
        for run in _runs(article):
            owner.setdefault(run, []).append(number)
    titles.discard("")
    kept = []
    for pair in pairs:
        runs = _runs(pair[0])
        shared = Counter(number for run in runs for number in owner.get(run, ()))
        most = max(shared.values(), default=0)
        if _title(pair[0]) not in titles and most <= REPEATED_SHARE * len(runs):
            kept.append(pair)
    return kept


def _title(article: Article) -> str:
    return " ".join(words_of(article.title))


def _runs(article: Article) -> set[int]:
    words = words_of(article.body)
    return {hash(tuple(words[i : i + RUN_WORDS])) for i in range(max(1, len(words) - RUN_WORDS + 1))}


def prepare(pairs: Iterable[Pair], tokenizer: Any, options: SalienceTraining, max_windows: int | None) -> list[Example]:
    """Lay the articles out and label them; one of a single sentence teaches nothing and is left out."""
    examples = []
    for article, brief in pairs:
        layout = lay_out(article, tokenizer, options.max_tokens, max_windows)
        if len(layout.spans) > 1:
            labels = label(layout.words, words_of(brief), options.softness)
            examples.append(Example(article, brief, layout, labels))
    return examples

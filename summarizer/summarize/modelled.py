"""The way of every model backend from articles to briefs: read, prompt, write, tidy. A backend adds only its prompt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from summarizer.errors import ModelError
from summarizer.records import Article, Brief, Failure
from summarizer.runtime import RuntimeOptions
from summarizer.summarize.base import SummarizeOptions
from summarizer.summarize.briefs import condense, from_draft
from summarizer.summarize.generate import Writer
from summarizer.summarize.loading import Loaded
from summarizer.summarize.reading import Rank, read, read_title
from summarizer.summarize.settings import GenerationOptions
from summarizer.summarize.stopping import BriefEnd

MIN_SOURCE_TOKENS = 16
"""A model that can read fewer tokens of an article than this is of no use."""

Prompts = Callable[[Sequence[str], Sequence[str]], list[list[int]]]
"""Turns what is read of some articles, and their titles, into token ids each, special tokens included."""


def token_counts(tokenizer: Any, texts: Sequence[str]) -> list[int]:
    """Return each text's length in tokens, special tokens left out."""
    encoded = tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"]
    return [len(ids) for ids in encoded]


def source_budget(where: str, wanted: int | None, default: int, limit: int | None, used: int) -> int:
    """Return how many tokens of an article fit beside the prompt.

    :param where: the model, for messages.
    :param wanted: the config's ``max_source_tokens``; None takes ``default`` or what fits.
    :param limit: positions that the model has; None where it has no limit.
    :param used: positions that the prompt's own words, special tokens and, for a decoder, the brief take.
    :raises ModelError: more is wanted than the model has, or nothing is left.
    """
    room = None if limit is None else limit - used
    if room is not None and room < MIN_SOURCE_TOKENS:
        what = f"its {limit} positions leave {max(room, 0)} tokens for the article; prompt and brief take {used}"
        raise ModelError(where, what, "Lower summarize.max_words or shorten summarize.prompt.")
    if wanted is None:
        return default if room is None else min(default, room)
    if room is not None and wanted > room:
        what = f"can read {room} tokens of an article, but summarize.max_source_tokens is {wanted}"
        raise ModelError(where, what, f"Use {room} or less.")
    return wanted


class ModelPath:
    """Runs articles through one loaded model."""

    def __init__(
        self,
        backend: str,
        options: SummarizeOptions,
        generation: GenerationOptions,
        runtime: RuntimeOptions,
        loaded: Loaded,
        *,
        prompts: Prompts,
        budget_tokens: int,
        rank: Rank | None = None,
        first_line_only: bool = False,
    ) -> None:
        """Take what the backend has loaded.

        :param backend: its name, for the briefs.
        :param budget_tokens: tokens of an article that the model may read.
        :param first_line_only: a line break ends the brief, see ``BriefEnd``.
        :param rank: what decides on the sentences that it reads of a longer one; see ``reading``.
        """
        end = BriefEnd(options.max_words, first_line_only=first_line_only)
        self._backend = backend
        self._options = options
        self._model = loaded.folder.name
        self._tokenizer = tokenizer = loaded.tokenizer
        self._writer = Writer(loaded.model, tokenizer, generation, runtime, brief_end=end, kept=loaded.kept)
        self._prompts = prompts
        self._budget_tokens = budget_tokens
        self._rank = rank
        self._marks = tuple(sorted(mark for mark in tokenizer.all_special_tokens if len(mark) > 1))

    def summarize(self, articles: Sequence[Article]) -> list[Brief | Failure]:
        """Write one brief per article, in the given order. See ``Summarizer`` for the contract."""
        return condense(articles, self._options, self._condense)

    def _condense(self, articles: Sequence[Article]) -> list[Brief | Failure]:
        # all at once: a fast tokenizer takes all cores for it
        totals = self._counts([article.body.strip() for article in articles])
        readings = [
            read(article, self._budget_tokens, self._counts, self._marks, self._rank, total_tokens=total)
            for article, total in zip(articles, totals, strict=True)
        ]
        titles = [read_title(article, self._counts, self._marks) for article in articles]
        drafts = self._writer.write(self._prompts([reading.text for reading in readings], titles))
        limit = self._options.max_words
        return [
            from_draft(article, reading, draft, limit, backend=self._backend, model=self._model)
            for article, reading, draft in zip(articles, readings, drafts, strict=True)
        ]

    def _counts(self, texts: Sequence[str]) -> list[int]:
        return token_counts(self._tokenizer, texts)

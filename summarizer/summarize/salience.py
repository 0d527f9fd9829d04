"""The ``salience`` backend: the sentences that matter most, word for word, chosen by a small model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from summarizer.batching import is_out_of_memory
from summarizer.records import Article, Brief, Failure, SourceTokens
from summarizer.runtime import RuntimeOptions
from summarizer.salience.choose import Salience, choose
from summarizer.salience.model import SalienceModel
from summarizer.summarize.base import SummarizeOptions
from summarizer.summarize.briefs import condense, failure, verbatim

BACKEND = "salience"


class SalienceOptions(SummarizeOptions):
    """The most salient sentences of the whole article, word for word, in source order, up to max_words."""

    is_extractive: ClassVar[bool] = True
    backend: Literal["salience"] = "salience"
    """Salient sentences."""
    model: str = "salience-minilm"
    """A shipped model's name, or the folder of one that 'summarizer train salience' made."""


class SalientSentences:
    """Chooses sentences of the article. See ``Summarizer`` for the contract."""

    def __init__(self, options: SalienceOptions, runtime: RuntimeOptions) -> None:
        self._options = options
        self._model = SalienceModel(options.model, runtime)
        self.models = self._model.models

    def summarize(self, articles: Sequence[Article]) -> list[Brief | Failure]:
        """Write one brief per article, in the given order; every sentence is verbatim and carries its evidence.

        The model reads all of an article, so that its source tokens, in words, are all read.
        """
        return condense(articles, self._options, self._choose)

    def _choose(self, articles: Sequence[Article]) -> list[Brief | Failure]:
        read = self._model.read(articles)
        return [self._brief(article, salience) for article, salience in zip(articles, read, strict=True)]

    def _brief(self, article: Article, salience: Salience | BaseException) -> Brief | Failure:
        if isinstance(salience, BaseException):
            if is_out_of_memory(salience):
                what, mend = "memory ran out with this article alone", "Use another runtime.device."
            else:
                first = str(salience).strip().splitlines()
                reason = first[0] if first else "no reason given"
                what, mend = f"the model failed ({type(salience).__name__}: {reason})", ""
            return failure(article, what, mend)
        limit = self._options.max_words
        spans = choose(article, salience, limit)
        if not spans:
            what = f"none of its sentences has at most max_words {limit} words"
            return failure(article, what, "Raise summarize.max_words.")
        words = len(article.body.split())
        return Brief(
            sentences=verbatim(article, spans),
            backend=BACKEND,
            model=self._options.model,
            source_tokens=SourceTokens(words, words),
        )

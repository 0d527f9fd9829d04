"""What depends on the articles before: ids that were used, texts that came in, and all counts. Comes after the stages.

Kept apart from them, so that windows can be worked on anywhere and in any order, and are entered here in the input's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from summarizer.config import RunConfig
from summarizer.once import LATEST, Latest, text_key
from summarizer.records import Article, Failure, Record
from summarizer.report import Report


class Ledger:
    """One run's, entered window by window in input order; ``report`` holds the counts."""

    def __init__(self, config: RunConfig) -> None:
        self.report = Report()
        self._ids: set[int] = set()
        self._texts: Latest[None] = Latest(max(LATEST, 2 * config.runtime.window_articles))

    def remember(self, ids: Iterable[str]) -> None:
        """Count ids as used, as those of the articles that an earlier process of the same run worked on."""
        self._ids.update(map(hash, ids))

    def enter(self, items: Sequence[Article | Failure], results: Sequence[Record | Failure]) -> list[Record | Failure]:
        """Count a window, and warn of ids that an earlier article had.

        :param items: the window as it was read.
        :param results: what became of each item, in the same order.
        :return: the results, with a further warning where there is one.
        """
        entered = [self._entered(item, result) for item, result in zip(items, results, strict=True)]
        for result in entered:
            self.report.count(result)
        return entered

    def _entered(self, item: Article | Failure, result: Record | Failure) -> Record | Failure:
        if isinstance(item, Failure):
            return result
        self._count_repeated(item)
        key = hash(item.id)  # a hash an id keeps ten million of them small
        if key not in self._ids:
            self._ids.add(key)
            return result
        self.report.duplicate_ids += 1
        if isinstance(result, Failure):
            return result
        warning = f"id '{item.id}' was used by an earlier article of this run"
        return replace(result, article=replace(result.article, warnings=(*result.article.warnings, warning)))

    def _count_repeated(self, article: Article) -> None:
        key = text_key(article)
        if key in self._texts:
            self._texts.move_to_end(key)
            self.report.repeated_texts += 1
        else:
            self._texts[key] = None

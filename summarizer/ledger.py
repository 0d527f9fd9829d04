"""What depends on the articles before: ids that were used, texts that came in, and all counts. Comes after the stages.

Kept apart from them, so that windows can be worked on anywhere and in any order, and are entered here in the input's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from summarizer.clean import clean
from summarizer.config import RunConfig
from summarizer.once import LATEST, Latest, text_key
from summarizer.records import Article, Failure, Record
from summarizer.report import Report
from summarizer.updates import Files, Linker
from summarizer.used_ids import UsedIds


class Ledger:
    """One run's, entered window by window in input order.

    :ivar report: the counts.
    :ivar place: of the next article or failure in the run's input, from 0.
    """

    def __init__(self, config: RunConfig) -> None:
        self.report = Report()
        self.place = 0
        self._config = config
        self._linker: Linker | None = None
        self._ids = UsedIds()
        self._texts: Latest[None] = Latest(max(LATEST, 2 * config.runtime.window_articles))

    def remember(self, ids: Iterable[str]) -> None:
        """Count ids as used, as those of the articles that an earlier process of the same run worked on."""
        for id in ids:
            self._ids.add(id)

    def find_links_in(
        self, file: Path | None, *, done: int = 0, read_only: bool = False, files: Files | None = None
    ) -> None:
        """Keep in a file what links are made by; without this it is a temporary one. Nothing where no links are wanted.

        :param file: None for a temporary one, made now and not with the first record.
        :param done: articles and failures that an earlier process of the same run worked on.
        :param files: where articles come in files that are done one by one.
        :raises OutputError: the file cannot be used, or does not reach as far as the run has come.
        """
        self.place = done
        if self._config.updates is not None:
            self._linker = Linker(self._config.updates, file, done=done, read_only=read_only, files=files)

    def save_links(self) -> None:
        """See on the disk what the links of everything entered were made by; before it is said to be done."""
        if self._linker is not None:
            self._linker.save(self.place)

    def publish_links(self, files: Sequence[tuple[str, int]] | None = None) -> None:
        """Let later runs link to what was entered, where the config keeps an index between runs.

        :param files: only what came in these, which are about to be done: each with ``place`` behind its last article.
        """
        if self._linker is not None:
            self._linker.publish(self.place if files is None else max(end for _, end in files), files or ())

    def close(self) -> None:
        """Let go of the files."""
        if self._linker is not None:
            self._linker.close()

    def enter(self, items: Sequence[Article | Failure], results: Sequence[Record | Failure]) -> list[Record | Failure]:
        """Count a window, and warn of ids that an earlier article had.

        :param items: the window as it was read.
        :param results: what became of each item, in the same order.
        :return: the results, with a further warning where there is one.
        """
        linked = self.link(items, results)
        entered = [self._entered(item, result) for item, result in zip(items, linked, strict=True)]
        for result in entered:
            self.report.count(result)
        return entered

    def link(self, items: Sequence[Article | Failure], results: Sequence[Record | Failure]) -> list[Record | Failure]:
        """Link a window's records to earlier stories where the config says so; ``enter`` does it too.

        :return: the results, each record with its link and the tags that the earlier story leaves it.
        """
        linked: list[Record | Failure] = []
        for item, result in zip(items, results, strict=True):
            linked.append(self._linked(item, result))
            self.place += 1
        return linked

    def _linked(self, item: Article | Failure, result: Record | Failure) -> Record | Failure:
        options = self._config.updates
        if options is None or isinstance(item, Failure) or isinstance(result, Failure):
            return result
        if self._linker is None:
            self._linker = Linker(options)
        with self.report.timed("link"):
            is_clean = result.article.cleaned is not None  # it does not travel over a cluster
            article = result.article if is_clean else clean(item, self._config.clean)
            return self._linker.link(self.place, article, result)

    def _entered(self, item: Article | Failure, result: Record | Failure) -> Record | Failure:
        if isinstance(item, Failure):
            return result
        self._count_repeated(item)
        if self._ids.add(item.id):
            return result
        if isinstance(result, Record) and result.link is not None and result.link.id == item.id:
            return result  # another version of the same item has the right to its id
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

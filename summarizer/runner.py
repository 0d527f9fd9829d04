"""The chain: clean -> summarize -> check evidence -> classify -> decide, over any articles, records out in order.

``Runner.windows`` takes what ``read`` yields; what it yields goes to ``write``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from summarizer import __version__
from summarizer.classify import Classifier, load_classifier
from summarizer.classify.decide import Decided, decide
from summarizer.classify.explain import explain
from summarizer.clean import clean
from summarizer.config import RunConfig
from summarizer.evidence import check
from summarizer.once import LATEST, Latest, text_key
from summarizer.records import Article, Brief, Failure, MadeBy, Record
from summarizer.report import Report
from summarizer.summarize import load_summarizer


@dataclass(slots=True)
class _Made:
    """What becomes of one text; once it has a ``failure`` no further stage sees it."""

    brief: Brief | None = None
    decided: Decided | None = None
    failure: Failure | None = None


@dataclass(slots=True)
class _Work:
    """One article on its way, and what was made of it so far."""

    article: Article
    made: _Made


class Runner:
    """The stages that a config asks for, loaded once.

    :param config: ``summarize`` or ``classify`` may be left out of it, not both.
    :raises ModelError: a model is missing, damaged or of the wrong kind.
    """

    def __init__(self, config: RunConfig) -> None:
        self.config = config
        self.report = Report()
        with self.report.timed("load"):
            self.summarizer = load_summarizer(config.summarize, config.runtime) if config.summarize else None
            self.classifier = load_classifier(config.classify, config.runtime) if config.classify else None
        stages = [stage for stage in (self.summarizer, self.classifier) if stage is not None]
        models = {name: identity for stage in stages for name, identity in stage.models.items()}
        self.made_by = MadeBy(__version__, config.fingerprint(), models)
        self._ids: set[int] = set()
        self._latest: Latest[_Made] = Latest(max(LATEST, 2 * config.runtime.window_articles))

    def run(self, items: Iterable[Article | Failure]) -> Iterator[Record | Failure]:
        """Work through articles; see ``windows``, whose results this gives one by one."""
        for results in self.windows(items):
            yield from results

    def windows(self, items: Iterable[Article | Failure]) -> Iterator[list[Record | Failure]]:
        """Work through articles a window at a time.

        :param items: what ``read`` yields; never held in memory beyond a window.
        :return: for each window one record or failure an item, in the same order.
        """
        source = iter(items)
        while window := self._next_window(source):
            yield self.process(window)

    def remember(self, ids: Iterable[str]) -> None:
        """Count ids as used, as those of the articles that an earlier process of the same run worked on."""
        self._ids.update(map(hash, ids))

    def _next_window(self, source: Iterator[Article | Failure]) -> list[Article | Failure]:
        with self.report.timed("read"):
            return list(islice(source, self.config.runtime.window_articles))

    def process(self, items: Sequence[Article | Failure]) -> list[Record | Failure]:
        """Work on one window. An article that fails at a stage becomes a ``Failure`` there and leaves the list.

        :return: one record or failure for each item, in the same order.
        """
        slots = [item if isinstance(item, Failure) else self._cleaned(item) for item in items]
        works = self._first_of_each_text([slot for slot in slots if isinstance(slot, _Work)])
        self._summarize(works)
        self._check(_alive(works))
        self._classify(_alive(works))
        results = [slot if isinstance(slot, Failure) else self._result(slot) for slot in slots]
        for result in results:
            self.report.count(result)
        return results

    def _cleaned(self, article: Article) -> _Work:
        with self.report.timed("clean"):
            return _Work(self._noting_duplicates(clean(article, self.config.clean)), _Made())

    def _first_of_each_text(self, works: list[_Work]) -> list[_Work]:
        """Return the works that are left to do; every other one shares what is made of the same text."""
        first: list[_Work] = []
        for work in works:
            key = text_key(work.article)
            if key in self._latest:
                work.made = self._latest[key]
                self.report.repeated_texts += 1
            else:
                self._latest[key] = work.made
                first.append(work)
        return first

    def _noting_duplicates(self, article: Article) -> Article:
        """Warn of an id that an earlier article had; a hash an id keeps ten million of them small."""
        key = hash(article.id)
        if key not in self._ids:
            self._ids.add(key)
            return article
        self.report.duplicate_ids += 1
        warning = f"id '{article.id}' was used by an earlier article of this run"
        return replace(article, warnings=(*article.warnings, warning))

    def _summarize(self, works: list[_Work]) -> None:
        if self.summarizer is None:
            return
        with self.report.timed("summarize"):
            briefs = self.summarizer.summarize([work.article for work in works])
        for work, brief in zip(works, briefs, strict=True):
            if isinstance(brief, Failure):
                work.made.failure = brief
            else:
                work.made.brief = brief

    def _check(self, works: list[_Work]) -> None:
        if self.config.summarize is None:
            return
        with self.report.timed("check"):
            for work in works:
                assert work.made.brief is not None
                limit = self.config.summarize.max_words
                work.made.brief = check(work.made.brief, work.article, self.config.evidence, max_words=limit)

    def _classify(self, works: list[_Work]) -> None:
        if self.classifier is None or self.config.classify is None:
            return
        with self.report.timed("classify"):
            scores = self.classifier.score([work.article for work in works])
            for work, score in zip(works, scores, strict=True):
                if isinstance(score, Failure):
                    work.made.failure = score
                else:
                    work.made.decided = decide(score, self.classifier, self.config.classify)
            if self.config.classify.explain:
                self._explain([(work, work.made.decided) for work in works if work.made.decided], self.classifier)

    def _explain(self, works: list[tuple[_Work, Decided]], classifier: Classifier) -> None:
        tags = explain([work.article for work, _ in works], [decided.tags for _, decided in works], classifier)
        for (work, decided), own in zip(works, tags, strict=True):
            work.made.decided = replace(decided, tags=own)

    def _result(self, work: _Work) -> Record | Failure:
        article, made = work.article, work.made
        if made.failure is not None:
            return replace(made.failure, where=article.source or article.id, id=article.id)
        return Record(
            article=article,
            brief=made.brief,
            tags=None if made.decided is None else made.decided.tags,
            needs_review=made.decided is not None and made.decided.needs_review,
            made_by=self.made_by,
            tag_warnings=() if made.decided is None else made.decided.warnings,
        )


def _alive(works: list[_Work]) -> list[_Work]:
    return [work for work in works if work.made.failure is None]

"""The chain: clean -> summarize -> check evidence -> classify -> decide, over any articles, records out in order.

``Runner.windows`` takes what ``read`` yields; what it yields goes to ``write``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from summarizer import __version__
from summarizer.classify import Classifier, load_classifier
from summarizer.classify.decide import Decided, decide
from summarizer.classify.explain import explain
from summarizer.clean import clean
from summarizer.config import RunConfig
from summarizer.evidence.checker import Checker
from summarizer.ledger import Ledger
from summarizer.once import LATEST, Latest, text_key
from summarizer.padding import PADDING
from summarizer.records import Article, Brief, Failure, MadeBy, Record
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
        self.ledger = Ledger(config)
        self.report = self.ledger.report
        with self.report.timed("load"):
            self.summarizer = load_summarizer(config.summarize, config.runtime) if config.summarize else None
            self.checker = _load_checker(config)
            self.classifier = load_classifier(config.classify, config.runtime) if config.classify else None
        self._begin()

    def _begin(self) -> None:
        stages = [stage for stage in (self.summarizer, self.checker, self.classifier) if stage is not None]
        models = {name: identity for stage in stages for name, identity in stage.models.items()}
        self.made_by = MadeBy(__version__, self.config.fingerprint(), models)
        self._latest: Latest[_Made] = Latest(max(LATEST, 2 * self.config.runtime.window_articles))

    def only(self, stage: Literal["summarize", "classify"]) -> Runner:
        """Return a runner that leaves the other of the two stages out, with this one's models, report and ledger.

        The two must not work at the same time.
        """
        runner = copy(self)
        if stage == "summarize":
            runner.config, runner.classifier = self.config.model_copy(update={"classify": None}), None
        else:
            runner.config = self.config.model_copy(update={"summarize": None})
            runner.summarizer = runner.checker = None
        runner._begin()
        return runner

    def run(self, items: Iterable[Article | Failure]) -> Iterator[Record | Failure]:
        """Work through articles; see ``windows``, whose results this gives one by one."""
        for results in self.windows(items):
            yield from results

    def windows(
        self, items: Iterable[Article | Failure], at_hand: Callable[[], bool] = lambda: True
    ) -> Iterator[list[Record | Failure]]:
        """Work through articles a window at a time.

        :param items: what ``read`` yields; never held in memory beyond a window.
        :param at_hand: asked after each item whether the next is there yet; where not, the window is closed early, so
            that what came in from a wire is answered while nothing else comes.
        :return: for each window one record or failure an item, in the same order.
        """
        source = iter(items)
        while window := self._next_window(source, at_hand):
            yield self.process(window)

    def remember(self, ids: Iterable[str]) -> None:
        """Count ids as used, as those of the articles that an earlier process of the same run worked on."""
        self.ledger.remember(ids)

    def _next_window(self, source: Iterator[Article | Failure], at_hand: Callable[[], bool]) -> list[Article | Failure]:
        window = []
        with self.report.timed("read"):
            for item in islice(source, self.config.runtime.window_articles):
                window.append(item)
                if not at_hand():
                    break
        return window

    def process(self, items: Sequence[Article | Failure]) -> list[Record | Failure]:
        """Work on one window and enter it in the ledger.

        :return: one record or failure for each item, in the same order.
        """
        return self.ledger.enter(items, self.work(items))

    def work(self, items: Sequence[Article | Failure]) -> list[Record | Failure]:
        """Make what does not depend on the articles before; the ledger adds what does.

        An article that fails at a stage becomes a ``Failure`` there and leaves the list.

        :return: one record or failure for each item, in the same order.
        """
        slots = [item if isinstance(item, Failure) else self._cleaned(item) for item in items]
        works = self._first_of_each_text([slot for slot in slots if isinstance(slot, _Work)])
        tokens, padding = PADDING.tokens, PADDING.padding
        try:
            self._summarize(works)
            self._check(_alive(works))
            self._classify(_alive(works))
        except BaseException:
            self._latest.clear()  # it knows texts by now of which nothing was made
            raise
        self.report.row_tokens += PADDING.tokens - tokens
        self.report.row_padding += PADDING.padding - padding
        return [slot if isinstance(slot, Failure) else self._result(slot) for slot in slots]

    def _cleaned(self, article: Article) -> _Work:
        with self.report.timed("clean"):
            return _Work(clean(article, self.config.clean), _Made())

    def _first_of_each_text(self, works: list[_Work]) -> list[_Work]:
        """Return the works that are left to do; every other one shares what is made of the same text."""
        first: list[_Work] = []
        for work in works:
            key = text_key(work.article)
            if key in self._latest:
                work.made = self._latest[key]
            else:
                self._latest[key] = work.made
                first.append(work)
        return first

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
        if self.checker is None or self.config.summarize is None:
            return
        with self.report.timed("check"):
            written = [(work.made, work.made.brief, work.article) for work in works if work.made.brief is not None]
            briefs = [brief for _, brief, _ in written]
            checked = self.checker.check(briefs, [article for *_, article in written], self.config.summarize.max_words)
            for (made, *_), brief in zip(written, checked, strict=True):
                made.brief = brief

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


def _load_checker(config: RunConfig) -> Checker | None:
    """Load what the check needs; where the article's own sentences make the brief, that is no model."""
    if config.summarize is None:
        return None
    options = config.evidence
    if config.summarize.is_extractive:
        options = options.model_copy(update={"support": None, "salience": None})
    return Checker(options, config.runtime)


def _alive(works: list[_Work]) -> list[_Work]:
    return [work for work in works if work.made.failure is None]

"""What answers requests: the runner's stages behind a gatherer, and what is counted of them. ``routes`` asks here."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial

from summarizer.apart import Work
from summarizer.classify.decide import limits_of
from summarizer.config import RunConfig
from summarizer.desk.recheck import SentenceCheck
from summarizer.errors import UsageError
from summarizer.records import Article, Failure, Record, Sentence, Topic
from summarizer.runner import Runner
from summarizer.serve.body import Bodies
from summarizer.serve.gather import Gatherer, Kind
from summarizer.serve.limits import Limits
from summarizer.serve.metrics import Metrics
from summarizer.serve.problems import Problem

WARM_UP = (
    "Norvia and Tessland signed a defence accord in Orma on Tuesday. It runs for five years, and both sides may leave "
    "it after three. The ministers met an envoy of the harbour council, who said that the first exercise would be held "
    "in May. Two frigates and a squadron of aircraft are to take part. The parliament of Tessland votes on the accord "
    "in June, and the opposition has asked for a hearing before that. Nothing was said of what the exercise would cost."
)
"""Worked on before anything else, so that the first client does not wait for what is loaded on first use."""


class Service:
    """Everything of a service but HTTP; ``open`` it on the event loop before it is asked.

    Articles are not entered in the runner's ledger: ids that come in twice are the client's own business here, and a
    memory of all of them would grow for months. It links records to earlier ones, though, where the config says so.

    :param config: ``input`` counts for the names of fields and the encoding, ``output`` not at all.
    :raises ModelError: a model is missing, damaged or of the wrong kind.
    :raises UsageError: the config is for a cluster.
    :raises OutputError: the index of stories cannot be used.
    """

    def __init__(self, config: RunConfig, limits: Limits) -> None:
        if config.runtime.engine != "local":
            what = f"the service works in its own process, not on '{config.runtime.engine}'"
            raise UsageError("runtime.engine", what, "Add --set runtime.engine=local.")
        self.config = config
        self.limits = limits
        self.bodies = Bodies(limits)
        self._runner = Runner(config)
        self._runner.ledger.find_links_in(None)
        self._runner.work([Article(id="warm-up", text=WARM_UP)])
        self._works = _works(self._runner)
        judges = config.summarize is not None and not config.summarize.is_extractive
        self._sentence_check = SentenceCheck(config, self._runner.checker if judges else None)
        self._gatherer: Gatherer | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.metrics = Metrics(
            self._runner.made_by,
            limits.queue_articles,
            lambda: self._gatherer.waiting if self._gatherer else 0,
            lambda: self._gatherer.in_hand if self._gatherer else 0,
            self._runner.report.seconds,
        )

    @property
    def kinds(self) -> Sequence[Kind]:
        """What it can make of an article."""
        return list(self._works)

    @property
    def topics(self) -> Sequence[Topic]:
        """What its tags can be."""
        return () if self._runner.classifier is None else self._runner.classifier.topics

    @property
    def is_ready(self) -> bool:
        """Whether articles are taken."""
        return self._gatherer is not None and self._gatherer.is_open

    async def open(self) -> None:
        """Begin to take articles."""
        self._loop = asyncio.get_running_loop()
        size = self.config.runtime.window_articles
        self._gatherer = Gatherer(self._works, size, self.limits, self.metrics.count_window)

    async def close(self) -> None:
        """Finish what was taken, and take nothing more."""
        if self._gatherer is not None:
            await self._gatherer.close()
        self._runner.ledger.close()

    async def answer(self, items: Sequence[Article | Failure], kind: Kind) -> list[Record | Failure]:
        """Work on articles, together with those of other requests.

        :return: one record or failure for each item, in the same order.
        :raises Problem: 503, too many articles wait, or the service is about to end.
        """
        articles = [item for item in items if isinstance(item, Article)]
        if self._gatherer is None:
            raise _not_open()
        made = iter(await self._gatherer.answer(articles, kind))
        for item in items:
            if isinstance(item, Failure):
                self.metrics.count_failure(item)
        return [item if isinstance(item, Failure) else next(made) for item in items]

    def work(self, items: Sequence[Article | Failure]) -> list[Record | Failure]:
        """Do what ``answer`` does, for a thread other than the event loop's, such as the desk's."""
        if self._loop is None:
            raise _not_open()
        return asyncio.run_coroutine_threadsafe(self.answer(items, "records"), self._loop).result()

    def check(self, texts: Sequence[str], article: Article) -> list[Sentence]:
        """Check sentences that an editor wrote, between two windows; for a thread other than the event loop's.

        :raises Problem: 503, the service is not open.
        """
        if self._gatherer is None:
            raise _not_open()
        return self._gatherer.between(partial(self._sentence_check, texts, article)).result()

    def describe_topics(self) -> list[dict[str, str | float | None]]:
        """Return each topic with its code and the probabilities from which it is accepted and shown to a person."""
        classifier, options = self._runner.classifier, self.config.classify
        if classifier is None or options is None:
            return []
        rows: list[dict[str, str | float | None]] = []
        for topic, own in zip(classifier.topics, classifier.thresholds, strict=True):
            accept, review = limits_of(own, options)
            row: dict[str, str | float | None] = {"topic": topic.id, "name": topic.name}
            row |= {"code": topic.code} if topic.code else {}
            rows.append(row | {"accept": accept, "review": review})
        return rows


def _not_open() -> Problem:
    return Problem(503, "The service is not open yet.", headers={"Retry-After": "5"})


def _works(runner: Runner) -> Mapping[Kind, Work]:
    def linked(items: Sequence[Article | Failure]) -> list[Record | Failure]:
        """Make records, and link them in the order in which they came; later processes know them before the client."""
        results = runner.ledger.link(items, runner.work(items))
        runner.ledger.publish_links()
        return results

    if runner.classifier is None:
        return {"records": linked, "brief": runner.work}
    if runner.summarizer is None:
        return {"records": linked, "tags": runner.work}
    return {"records": linked, "brief": runner.only("summarize").work, "tags": runner.only("classify").work}

"""What the service counts, in Prometheus' own form. The guard counts requests, the gatherer's windows the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from summarizer.records import Failure, MadeBy, Record

if TYPE_CHECKING:
    from summarizer.serve.gather import Window

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
ARTICLES = (1, 2, 4, 8, 16, 32, 64, 128)


class Metrics:
    """One service's, in a registry of their own.

    :param waiting: returns how many articles wait.
    :param in_hand: returns how many are worked on.
    :param seconds: returns what each stage took so far; it grows while the models work.
    """

    def __init__(
        self,
        made_by: MadeBy,
        queue_articles: int,
        waiting: Callable[[], int],
        in_hand: Callable[[], int],
        seconds: Mapping[str, float],
    ) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector

        self.registry = CollectorRegistry()
        counted: dict[str, Any] = {"registry": self.registry, "namespace": "summarizer"}
        ProcessCollector(registry=self.registry)
        info = Info("build", "What makes the records.", **counted)
        info.info({"version": made_by.summarizer, "config": made_by.config})
        Gauge("queue_articles", "Articles that wait for the models.", **counted).set_function(waiting)
        Gauge("in_hand_articles", "Articles that the models work on.", **counted).set_function(in_hand)
        Gauge("queue_limit_articles", "Articles that may wait.", **counted).set(queue_articles)
        self._requests = Counter("requests", "Requests by endpoint and status.", ("endpoint", "status"), **counted)
        self._request_seconds = Histogram(
            "request_seconds",
            "From a request's head to the end of its answer.",
            ("endpoint",),
            buckets=SECONDS,
            **counted,
        )
        self._window_articles = Histogram("window_articles", "Articles worked on at once.", buckets=ARTICLES, **counted)
        self._window_seconds = Histogram("window_seconds", "Work on a window.", buckets=SECONDS, **counted)
        self._stage_seconds = Counter("stage_seconds", "Work by stage.", ("stage",), **counted)
        self._records = Counter("records", "Articles that became records.", **counted)
        self._failures = Counter("failures", "Articles that failed, by stage.", ("stage",), **counted)
        self._reviews = Counter("needs_review", "Records that ask for a person.", **counted)
        self._sentences = Counter("sentences", "Sentences of briefs by origin.", ("origin",), **counted)
        self._dropped = Counter("dropped_sentences", "Sentences that the check took out.", **counted)
        self._decisions = Counter("decisions", "Tags by topic and decision.", ("topic", "decision"), **counted)
        self._seconds = seconds
        self._seen: dict[str, float] = dict(seconds)

    def count_request(self, endpoint: str, status: int, seconds: float) -> None:
        """Count a request that was answered.

        :param endpoint: the route's path; ``other`` where there is none, lest any path becomes a series.
        """
        self._requests.labels(endpoint, str(status)).inc()
        self._request_seconds.labels(endpoint).observe(seconds)

    def count_window(self, window: Window) -> None:
        """Count what was worked on at once."""
        self._window_articles.observe(len(window.results))
        self._window_seconds.observe(window.seconds)
        for stage, spent in list(self._seconds.items()):
            self._stage_seconds.labels(stage).inc(spent - self._seen.get(stage, 0.0))
            self._seen[stage] = spent
        for result in window.results:
            if isinstance(result, Failure):
                self.count_failure(result)
            else:
                self._count_record(result)

    def count_failure(self, failure: Failure) -> None:
        """Count an article that failed."""
        self._failures.labels(failure.stage).inc()

    def _count_record(self, record: Record) -> None:
        self._records.inc()
        self._reviews.inc(record.needs_review)
        for tag in record.tags or ():
            self._decisions.labels(tag.topic.id, tag.decision).inc()
        if record.brief is not None:
            self._dropped.inc(len(record.brief.dropped))
            for sentence in record.brief.sentences:
                self._sentences.labels(sentence.origin).inc()

    def text(self) -> bytes:
        """Return all of them in the text format."""
        from prometheus_client import generate_latest

        return generate_latest(self.registry)

"""Gathers the articles of concurrent requests into windows and has the models work on one window at a time.

Comes after the readers; ``routes`` waits here for what becomes of a request's articles.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal, TypeVar

from summarizer.apart import Apart, Work
from summarizer.records import Article, Failure, Record
from summarizer.serve.limits import Limits
from summarizer.serve.memory import EVERY_SECONDS, give_back
from summarizer.serve.problems import Problem

Kind = Literal["records", "brief", "tags"]
"""What is to be made of an article: both, or one."""

Made = TypeVar("Made")

LONGEST_RETRY_SECONDS = 60
_RECENT = 0.2
"""Weight of the latest window in the rate that Retry-After goes by."""


@dataclass(slots=True)
class _Entry:
    """An article that waits, and where its result is waited for."""

    article: Article
    kind: Kind
    done: asyncio.Future[Record | Failure]


@dataclass(frozen=True, slots=True)
class Window:
    """What was worked on at once, for the metrics."""

    results: Sequence[Record | Failure]
    seconds: float


class Gatherer:
    """One for a service; lives on its event loop, the work on a thread.

    :param works: for each kind what makes it.
    :param window_articles: at the most in a window.
    :param on_window: is told of each window, on the event loop.
    """

    def __init__(
        self,
        works: Mapping[Kind, Work],
        window_articles: int,
        limits: Limits,
        on_window: Callable[[Window], None] = lambda _: None,
    ) -> None:
        self._works = works
        self._size = window_articles
        self._limits = limits
        self._on_window = on_window
        self._waiting: deque[_Entry] = deque()
        self._in_hand: list[_Entry] = []
        self._changed = asyncio.Event()
        self._is_closing = False
        self._seconds_an_article = 0.0
        self._apart = Apart()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gather")
        self._task = asyncio.get_running_loop().create_task(self._run())
        self._task.add_done_callback(self._ended)

    @property
    def waiting(self) -> int:
        """Articles that no model has begun with."""
        return len(self._waiting)

    @property
    def in_hand(self) -> int:
        """Articles that the models work on."""
        return len(self._in_hand)

    @property
    def is_open(self) -> bool:
        """Whether articles are taken."""
        return not self._is_closing and not self._task.done()

    async def answer(self, articles: Sequence[Article], kind: Kind) -> list[Record | Failure]:
        """Have articles worked on.

        :return: one record or failure for each, in the same order.
        :raises Problem: 503, too many wait already, or the service is about to end.
        """
        if not self.is_open:
            raise _ending()
        if len(self._waiting) + len(articles) > self._limits.queue_articles:
            raise self._full(len(articles))
        loop = asyncio.get_running_loop()
        entries = [_Entry(article, kind, loop.create_future()) for article in articles]
        self._waiting.extend(entries)
        self._changed.set()
        return [await entry.done for entry in entries]

    def between(self, ask: Callable[[], Made]) -> Future[Made]:
        """Have something small done between two windows, on the thread that has them worked on; for any thread.

        :raises Problem: 503, the service is about to end.
        """
        if not self.is_open:
            raise _ending()
        return self._thread.submit(ask)

    async def close(self) -> None:
        """Finish what was taken, and take nothing more."""
        self._is_closing = True
        self._changed.set()
        await asyncio.wait([self._task])
        self._thread.shutdown()
        self._apart.close()

    def _full(self, more: int) -> Problem:
        seconds = math.ceil(len(self._waiting) * self._seconds_an_article)
        retry = min(max(seconds, 1), LONGEST_RETRY_SECONDS)
        limit = self._limits.queue_articles
        detail = f"{len(self._waiting)} articles wait, and {more} more would be over the limit of {limit}."
        return Problem(503, detail, headers={"Retry-After": str(retry)})

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        given_back = time.monotonic()
        while True:
            if not self._waiting:
                if self._is_closing:
                    return
                self._changed.clear()
                await self._changed.wait()
                # Nothing was at work, so that nobody gathered meanwhile; otherwise those who waited go at once.
                await asyncio.sleep(self._limits.gather_seconds)
                continue
            self._in_hand = self._take()
            articles = [entry.article for entry in self._in_hand]
            start = time.monotonic()
            work = self._works[self._in_hand[0].kind]
            results = await loop.run_in_executor(self._thread, self._apart.work, work, articles)
            self._hand_out(results, time.monotonic() - start)
            if time.monotonic() > given_back + EVERY_SECONDS:
                await loop.run_in_executor(self._thread, give_back)
                given_back = time.monotonic()

    def _take(self) -> list[_Entry]:
        """Take the oldest article and those of its kind that came after it, up to a window."""
        kind = self._waiting[0].kind
        taken: list[_Entry] = []
        left: deque[_Entry] = deque()
        while self._waiting and len(taken) < self._size:
            entry = self._waiting.popleft()
            (taken if entry.kind == kind else left).append(entry)
        self._waiting.extendleft(reversed(left))
        return taken

    def _hand_out(self, results: Sequence[Record | Failure], seconds: float) -> None:
        for entry, result in zip(self._in_hand, results, strict=True):
            if not entry.done.done():  # whoever waited may have been cancelled
                entry.done.set_result(result)
        self._in_hand = []
        latest = seconds / len(results)
        known = self._seconds_an_article or latest
        self._seconds_an_article = known + _RECENT * (latest - known)
        self._on_window(Window(results, seconds))

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Let nobody wait for ever where the loop above breaks off."""
        if task.cancelled() or task.exception() is None:
            return
        for entry in [*self._in_hand, *self._waiting]:
            if not entry.done.done():
                entry.done.set_exception(RuntimeError("the service's work broke off"))
        self._waiting.clear()


def _ending() -> Problem:
    return Problem(503, "The service is about to end.", headers={"Retry-After": "5"})

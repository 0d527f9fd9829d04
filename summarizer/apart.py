"""Works on articles so that an error that nobody foresaw costs the one article that causes it, not the process.

For what runs for months, the service and the watch; a run ends at such an error and goes on when it is started again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from summarizer.errors import SummarizerError
from summarizer.records import Article, Failure, Record

Work = Callable[[Sequence[Article | Failure]], list[Record | Failure]]
"""``Runner.work``, or what stands for it."""

REPORT = "Please report this."

_log = logging.getLogger(__name__)


class Apart:
    """A thread of its own that does the work, whose errors are looked at from outside."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="work")

    def work(self, work: Work, items: Sequence[Article | Failure]) -> list[Record | Failure]:
        """Work on a window; where that breaks off, on each of its articles alone.

        :return: one record or failure for each item, in the same order; a failure of the stage ``worker`` for an
            article that breaks it off by itself.
        """
        made = self._thread.submit(work, items)
        error = made.exception()
        if error is None:
            return made.result()
        if len(items) > 1:
            _log.warning("work on %d articles broke off (%r); each is worked on alone", len(items), error)
            return [result for item in items for result in self.work(work, [item])]
        _log.error("work on an article broke off", exc_info=error)
        return [_lost(item, error) for item in items]

    def read(self, items: Iterator[Article | Failure], where: str) -> Iterator[Article | Failure]:
        """Yield what a reader yields; where it breaks off, a failure of the whole, and nothing more.

        :param where: what the failure calls it.
        :raises SummarizerError: as the reader does.
        """
        while True:
            made = self._thread.submit(next, items, None)
            error = made.exception()
            if isinstance(error, SummarizerError):
                raise error
            if error is not None:
                _log.error("reading %s broke off", where, exc_info=error)
                yield Failure(where, "read", f"reading it broke off ({_said(error)})", REPORT)
                return
            item = made.result()
            if item is None:
                return
            yield item

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown()


def _lost(item: Article | Failure, error: BaseException) -> Failure:
    if isinstance(item, Failure):
        return item
    what, mend = f"the work on it broke off ({_said(error)})", REPORT
    if isinstance(error, SummarizerError):
        what, mend = error.fault.what, error.fault.mend
    return Failure(item.source or item.id, "worker", what, mend, id=item.id)


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"

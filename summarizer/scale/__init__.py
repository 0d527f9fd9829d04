"""Where a run's articles are worked on: in this process, or by workers all over a Ray cluster (``runtime.engine``).

``job`` takes its runner from here. The cluster's does what the local one does and gives the same results in the same
order; the input is read and the output written in this process either way.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from typing import Protocol

from summarizer.config import RunConfig
from summarizer.ledger import Ledger
from summarizer.records import Article, Failure, MadeBy, Record
from summarizer.report import Report
from summarizer.runner import Runner

__all__ = ["Engine", "load_runner"]


class Engine(Protocol):
    """What a job needs of a runner; see ``Runner`` for what each does."""

    report: Report
    ledger: Ledger
    made_by: MadeBy

    def remember(self, ids: Iterable[str]) -> None:
        """Count ids as used."""

    def windows(self, items: Iterable[Article | Failure]) -> Iterator[list[Record | Failure]]:
        """Work through articles a window at a time, in order."""


def load_runner(config: RunConfig) -> Engine:
    """Return what works through a run's articles.

    :raises ModelError: a model is missing, damaged or of the wrong kind; on the cluster, for its first worker.
    :raises UsageError: Ray is not installed, or its cluster is not as the config wants it.
    """
    if config.runtime.engine == "local":
        runner = Runner(config)
        gc.collect()
        gc.freeze()  # what was loaded stays; a tenth of the time of quick articles went into looking through it
        return runner
    from summarizer.scale.ray_runner import RayRunner

    return RayRunner(config)

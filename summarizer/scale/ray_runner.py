"""A run's articles over a Ray cluster: read here, worked on there, and given out here in input order.

Takes what ``read`` yields and gives what ``job`` writes, as ``summarizer.runner.Runner`` does in one process.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from itertools import islice
from typing import Any

from summarizer.config import RunConfig
from summarizer.errors import SummarizerError
from summarizer.ledger import Ledger
from summarizer.records import Article, Failure, MadeBy, Record
from summarizer.scale.cluster import connect, plan_workers
from summarizer.scale.feed import Feed, read_numbers
from summarizer.scale.overseer import GO_ON, Overseer, start_worker
from summarizer.scale.worker import Made, Refusal

AHEAD = 3
"""Windows in hand for each worker: one that it works on, one that waits for it, one that waits for its turn."""

Window = list[Article | Failure]


class RayRunner:
    """The stages that a config asks for, loaded by workers on a cluster.

    :raises UsageError: Ray is not installed, or its cluster is not as the config wants it.
    :raises ModelError: a model is missing, damaged or of the wrong kind where the first worker runs.
    """

    def __init__(self, config: RunConfig) -> None:
        self.config = config
        self.ledger = Ledger(config)
        self.report = self.ledger.report
        with self.report.timed("load"):
            connect()
            self._workers = plan_workers(config.runtime)
            self.made_by = self._try_one_worker()

    def remember(self, ids: Iterable[str]) -> None:
        """Count ids as used, as those of the articles that an earlier process of the same run worked on."""
        self.ledger.remember(ids)

    def windows(self, items: Iterable[Article | Failure]) -> Iterator[list[Record | Failure]]:
        """Work through articles a window at a time.

        :param items: what ``read`` yields; no more than ``AHEAD`` windows a worker are in memory.
        :return: for each window one record or failure an item, in the same order.
        :raises SummarizerError: a model fails as a whole, or the cluster is lost.
        """
        import ray

        feed = ray.remote(num_cpus=0)(Feed).remote()
        source, outputs = iter(items), self._outputs(feed)
        in_hand: deque[tuple[Window, Any]] = deque()
        number, is_read = 0, False
        try:
            while True:
                while not is_read and len(in_hand) < AHEAD * self._workers.count:
                    if window := self._next_window(source):
                        in_hand.append((window, ray.put(window)))
                        _ask(feed.put.remote([in_hand[-1][1]], number))
                    else:
                        is_read = True
                        _ask(feed.complete.remote())
                if not in_hand:
                    return
                window, _ = in_hand[0]
                yield self._entered(window, _next_made(outputs, number))
                in_hand.popleft()
                number += 1
        finally:
            outputs.close()
            ray.kill(feed)

    def _next_window(self, source: Iterator[Article | Failure]) -> Window:
        with self.report.timed("read"):
            return list(islice(source, self.config.runtime.window_articles))

    def _try_one_worker(self) -> MadeBy:
        """Return what records will say of the models, before anything is read or written; the worker is let go."""
        import ray

        worker, loaded = start_worker(self.config, self._workers, os.getcwd())
        if worker is not None:
            ray.kill(worker)
        if isinstance(loaded, Refusal):
            raise loaded.error()
        return loaded

    def _outputs(self, feed: Any) -> Generator[tuple[int, Made], None, None]:
        from ray.data import ActorPoolStrategy, DataContext

        context = DataContext.get_current()
        context.execution_options.preserve_order = True
        context.target_max_block_size = 1  # a block a window
        context.execution_no_progress_timeout_s = -1  # the input may be slow to come, a model slow to work
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        made = read_numbers(feed).map_batches(
            Overseer,
            fn_constructor_args=(feed, self.config, self._workers, os.getcwd()),
            batch_size=None,
            compute=ActorPoolStrategy(size=self._workers.count),
            num_cpus=0,  # it only waits; its worker has the cores
            memory=1,  # a byte more than the source asks for: with the same needs Ray Data would run both in one actor
        )
        for batch in made.iter_batches(batch_size=None, prefetch_batches=0):
            yield from zip(batch["number"].tolist(), batch["made"], strict=True)

    def _entered(self, window: Window, made: Made) -> list[Record | Failure]:
        if made.refusal is not None:
            raise made.refusal.error()
        for result in made.results:
            if isinstance(result, Record) and result.made_by != self.made_by:
                what = f"a worker has other models or another version ({result.made_by.to_dict()}) than the first"
                raise SummarizerError("ray", what, "Put the same package and models on each node.")
        for stage, spent in made.seconds.items():
            self.report.seconds[stage] = self.report.seconds.get(stage, 0.0) + spent
        return self.ledger.enter(window, made.results)


def _next_made(outputs: Iterator[tuple[int, Made]], number: int) -> Made:
    from ray.exceptions import RayError

    try:
        found, made = next(outputs, (None, Made()))
    except RayError as error:
        raise _lost_cluster(error) from error
    if found != number:
        what = f"gave window {found} where window {number} was due"
        raise SummarizerError("ray", what, f"Please report this. {GO_ON}")
    return made


def _ask(answer: Any) -> None:
    import ray
    from ray.exceptions import RayError

    try:
        ray.get(answer)
    except RayError as error:
        raise _lost_cluster(error) from error


def _lost_cluster(error: Exception) -> SummarizerError:
    last = str(error).strip().splitlines()[-1]
    return SummarizerError("ray", f"the cluster gave up ({type(error).__name__}: {last})", GO_ON)

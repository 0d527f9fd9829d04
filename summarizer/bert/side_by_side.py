"""Spreads texts over threads, each of which computes alone; the model backends hand it what ``batching`` packed.

Threads that share one product wait for each other after each; threads that have a text of their own do not. A text is
also small enough that what a layer hands to the next one is still in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Given = TypeVar("Given")
Result = TypeVar("Result")


class SideBySide:
    """A pool of threads, each of which computes on one core. It lives as long as the object."""

    def __init__(self, threads: int) -> None:
        """Start the threads.

        :param threads: at least 1; 1 starts none: the caller does the work, on all threads that torch has.
        """
        self._pool = _start(threads) if threads > 1 else None

    def run(self, work: Callable[[Given], Result], items: Sequence[Given]) -> list[Result]:
        """Return what ``work`` makes of each item, in order.

        :raises Exception: what ``work`` raises for the first item that fails.
        """
        if self._pool is None:
            return [work(item) for item in items]
        return list(self._pool.map(work, items))


def _start(threads: int) -> ThreadPoolExecutor:
    import torch

    pool = ThreadPoolExecutor(threads, thread_name_prefix="text", initializer=_compute_alone)
    all_there = Barrier(threads)  # so that each task starts a thread of its own
    list(pool.map(lambda _: all_there.wait(), range(threads)))
    torch.set_num_threads(threads)  # what a thread sets for itself, later threads of the process would start with
    return pool


def _compute_alone() -> None:
    import torch

    torch.get_num_threads()  # a new thread's first question sets the process's number, over one that was set before it
    torch.set_num_threads(1)

"""Runs the pieces of a batch side by side, each on one CPU thread; ``encoder`` hands it what ``batching`` packed.

Threads that share one product wait for each other after each; threads that have articles of their own do not. Pieces
are also small enough that what a layer hands to the next one is still in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Result = TypeVar("Result")

PIECE_TOKENS = 640
"""The quickest of 512 to 4096 with MiniLM: less makes products too small, more spills out of the cache."""


def cut(lengths: Sequence[int], threads: int, max_tokens: int = PIECE_TOKENS) -> list[slice]:
    """Cut neighbours into pieces of about the same number of tokens, as many for each thread.

    :return: in order, none of them empty; a piece is longer than ``max_tokens`` by less than an article.
    """
    total = sum(lengths)
    count = threads * max(1, -(-total // (threads * max_tokens)))
    starts = [0]
    seen, piece = 0, 0
    for index, length in enumerate(lengths):
        if seen * count // max(total, 1) > piece:
            piece = seen * count // total
            starts.append(index)
        seen += length
    return [slice(start, end) for start, end in zip(starts, [*starts[1:], len(lengths)], strict=True) if start < end]


class SideBySide:
    """A pool of threads, each of which computes alone. It lives as long as the object."""

    def __init__(self, threads: int) -> None:
        """Start the threads.

        :param threads: at least 1; 1 starts none.
        """
        self.threads = threads
        self._pool = _start(threads) if threads > 1 else None

    def run(self, work: Callable[[slice], Result], pieces: Sequence[slice]) -> list[Result]:
        """Return what ``work`` makes of each piece, in order.

        One piece is worked on by the calling thread, with all threads that torch has.
        :raises Exception: what ``work`` raises for the first piece that fails.
        """
        if self._pool is None or len(pieces) == 1:
            return [work(piece) for piece in pieces]
        return list(self._pool.map(work, pieces))


def _start(threads: int) -> ThreadPoolExecutor:
    import torch

    pool = ThreadPoolExecutor(threads, thread_name_prefix="classify", initializer=_compute_alone)
    all_there = Barrier(threads)  # so that each task starts a thread of its own
    list(pool.map(lambda _: all_there.wait(), range(threads)))
    torch.set_num_threads(threads)  # what a thread sets for itself, later threads of the process would start with
    return pool


def _compute_alone() -> None:
    import torch

    torch.get_num_threads()  # a new thread's first question sets the process's number, over one that was set before it
    torch.set_num_threads(1)

"""Hands windows of articles from the process that reads them to the overseers, through a Ray Data source.

Only a window's number goes through Ray Data; its articles stay where they were read until a worker fetches them. So it
can begin its source again, which it does where a part of the cluster is lost, without reading the input twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


class Feed:
    """An actor that knows the windows in hand, by number from 0; a new one is put in when the oldest is done."""

    def __init__(self) -> None:
        self._windows: dict[int, list[Any]] = {}
        self._count = 0
        self._is_complete = False
        self._changed = asyncio.Condition()

    async def put(self, boxed: list[Any], oldest: int) -> None:
        """Add the next window.

        :param boxed: a reference to its articles, in a list lest Ray fetches them here.
        :param oldest: windows before this one are done and can be forgotten.
        """
        async with self._changed:
            self._windows[self._count] = boxed
            self._count += 1
            for number in [number for number in self._windows if number < oldest]:
                del self._windows[number]
            self._changed.notify_all()

    async def complete(self) -> None:
        """Say that no window comes any more."""
        async with self._changed:
            self._is_complete = True
            self._changed.notify_all()

    async def has(self, number: int) -> bool:
        """Wait for a window; false where it will not come."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._is_complete or number < self._count)
        return number < self._count

    async def window(self, number: int) -> list[Any]:
        """Return a window as it was put in."""
        return self._windows[number]


def read_numbers(feed: Any) -> Any:
    """Return a Ray data set of the column ``number``: the feed's windows in order, each a block, as they come.

    The data context must have a ``target_max_block_size`` of 1, or else Ray Data gathers many numbers into a block.
    """
    from ray.data import Datasource, ReadTask, read_datasource
    from ray.data.block import BlockMetadata

    class Windows(Datasource):  # type: ignore[misc]
        def get_read_tasks(self, *_: Any, **__: Any) -> list[Any]:
            unknown = BlockMetadata(num_rows=None, size_bytes=None, exec_stats=None, input_files=None)
            return [ReadTask(partial(_blocks, feed), unknown)]

        def estimate_inmemory_data_size(self) -> int | None:
            return None

    return read_datasource(Windows(), num_cpus=0, concurrency=1, override_num_blocks=1)


def _blocks(feed: Any) -> Iterator[pa.Table]:
    import pyarrow as pa
    import ray

    number = 0
    while ray.get(feed.has.remote(number)):
        yield pa.table({"number": [number]})
        number += 1

"""Token-budget batches by length, with back-off when memory runs out; every model backend runs its articles here.

Comes after tokenising and before the model: items of similar length share a batch, so that little of it is padding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from summarizer.errors import ModelError

Result = TypeVar("Result")

MOST_PADDING = 0.05
"""Share of a batch; where a window's articles are too unlike for that, more batches are made of it."""
ITEM_ERRORS = (RuntimeError, ValueError, IndexError, MemoryError)
"""What a batch may raise because of one of its items; anything else is a fault of the program."""
MEMORY_MESSAGES = ("out of memory", "can't allocate memory", "failed to allocate")
LOST_DEVICE_MESSAGES = ("CUDA error", "device-side assert", "illegal memory access")


def pack(lengths: Sequence[int], max_tokens: int, most_padding: float = MOST_PADDING) -> list[list[int]]:
    """Group items so that a batch, padding included, is at most ``max_tokens``.

    :param lengths: each item's length in tokens.
    :param max_tokens: limit on (items in the batch) x (its longest item); a longer item is alone in its batch.
    :param most_padding: limit on the share of a batch that is padding; 1 is none.
    :return: indices into ``lengths``, each exactly once; longest first, so that a batch that does not fit memory shows
        itself at once; equal lengths keep their order.
    """
    batches: list[list[int]] = []
    longest = padding = 0
    for index in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        padding += longest - lengths[index]
        tokens = (len(batches[-1]) + 1) * max(longest, 1) if batches else 0
        if batches and tokens <= max_tokens and padding <= most_padding * tokens:
            batches[-1].append(index)
        else:
            batches.append([index])
            longest, padding = lengths[index], 0
    return batches


def is_out_of_memory(error: BaseException) -> bool:
    """Return whether ``error`` says that a smaller batch could have worked: torch has no one class for it."""
    return isinstance(error, MemoryError) or any(part in str(error).lower() for part in MEMORY_MESSAGES)


class Batcher(Generic[Result]):
    """Runs batches and remembers how large they may be."""

    def __init__(self, max_tokens: int, *, pads: bool = True) -> None:
        """Take the budget.

        :param max_tokens: tokens, padding included, that go through the model at once (``runtime.batch_tokens``).
        :param pads: whether ``work`` fills its items up to one length, so that unlike ones should not share a batch.
        """
        self.max_tokens = max_tokens
        self._most_padding = MOST_PADDING if pads else 1.0

    def run(
        self, lengths: Sequence[int], work: Callable[[list[int]], Sequence[Result]]
    ) -> list[Result | BaseException]:
        """Run every item through ``work`` in batches; an item that fails never takes its neighbours with it.

        A batch that runs out of memory is halved, and later batches are packed to what was found to fit. A batch that
        fails otherwise is halved until the item at fault is alone.

        :param lengths: each item's length in tokens, what the model will write included.
        :param work: takes indices into ``lengths`` and returns one result each, in their order.
        :return: as many as ``lengths``, in its order: the result, or the error that the item alone still raises.
        :raises ModelError: the GPU is lost, so that every further batch would fail too.
        """
        done: dict[int, Result | BaseException] = {}
        waiting = pack(lengths, self.max_tokens, self._most_padding)
        while waiting:
            batch = waiting.pop(0)
            results, error = _attempt(work, batch)
            if error is None:
                done.update(zip(batch, results, strict=True))
            elif len(batch) == 1:
                done[batch[0]] = error
            elif is_out_of_memory(error):
                waiting = self._repack(lengths, [batch, *waiting])
            else:
                middle = len(batch) // 2
                waiting[:0] = [batch[:middle], batch[middle:]]
        return [done[index] for index in range(len(lengths))]

    def _repack(self, lengths: Sequence[int], waiting: list[list[int]]) -> list[list[int]]:
        """Lower the budget to half of the batch that did not fit, and pack what is left anew."""
        batch = waiting[0]
        self.max_tokens = max(len(batch) // 2, 1) * max(1, *(lengths[i] for i in batch))
        left = [index for part in waiting for index in part]
        packed = pack([lengths[i] for i in left], self.max_tokens, self._most_padding)
        return [[left[i] for i in part] for part in packed]


def _attempt(
    work: Callable[[list[int]], Sequence[Result]], batch: list[int]
) -> tuple[Sequence[Result], BaseException | None]:
    """Run one batch; the error comes back without its traceback, which would keep the batch's tensors alive."""
    try:
        return work(batch), None
    except ITEM_ERRORS as error:
        caught = error.with_traceback(None)
    memory = is_out_of_memory(caught)
    if not memory and any(part in str(caught) for part in LOST_DEVICE_MESSAGES):
        what = f"the GPU is lost ({str(caught).splitlines()[0]})"
        raise ModelError("runtime.device", what, "Start the job again; it goes on where it stopped.") from caught
    if memory:
        _free_cache()
    return (), caught


def _free_cache() -> None:
    import torch

    if torch.cuda.is_available():
        torch.cuda.empty_cache()

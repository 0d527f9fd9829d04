"""Batches: what shares one, and what happens when one does not fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.batching import MOST_PADDING, Batcher, is_out_of_memory, pack
from summarizer.errors import ModelError


@pytest.mark.parametrize(
    ("lengths", "max_tokens", "batches"),
    [
        ([], 10, []),
        ([3], 10, [[0]]),
        ([2, 5, 5], 10, [[1, 2], [0]]),
        ([30, 3, 3], 10, [[0], [1, 2]]),
        ([99, 98, 90, 100], 1000, [[3, 0, 1, 2]]),
        ([99, 98, 70, 100], 1000, [[3, 0, 1], [2]]),
        ([4, 4, 4], 8, [[0, 1], [2]]),
        ([0, 0, 0], 8, [[0, 1, 2]]),
    ],
)
def test_batching_packs_by_length(lengths, max_tokens, batches):
    assert pack(lengths, max_tokens) == batches


@given(st.lists(st.integers(0, 400)), st.integers(1, 1000))
def test_batching_keeps_every_item_once_and_the_limit(lengths, max_tokens):
    batches = pack(lengths, max_tokens)
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    for batch in batches:
        width = max(lengths[i] for i in batch)
        assert len(batch) == 1 or len(batch) * width <= max_tokens
        assert sum(width - lengths[i] for i in batch) <= MOST_PADDING * width * len(batch)


def test_batching_of_what_needs_no_padding_goes_by_the_budget_alone():
    lengths = [5, 1, 400, 90]
    batches: list[list[int]] = []
    Batcher(1000, pads=False).run(lengths, lambda batch: batches.append(batch) or batch)
    assert batches == [[2, 3], [0, 1]]


def test_batching_returns_results_in_the_given_order():
    lengths = [5, 1, 9, 3]
    assert Batcher(10).run(lengths, lambda batch: [lengths[i] * 10 for i in batch]) == [50, 10, 90, 30]


def test_batching_isolates_a_poison_item():
    def work(batch):
        if 2 in batch:
            raise RuntimeError("index 99 is out of range")
        return batch

    results = Batcher(100).run([5] * 6, work)
    assert [r for r in results if not isinstance(r, BaseException)] == [0, 1, 3, 4, 5]
    assert str(results[2]) == "index 99 is out of range"


@pytest.mark.parametrize(
    "error",
    [RuntimeError("CUDA out of memory. Tried to allocate"), MemoryError(), RuntimeError("can't allocate memory")],
)
def test_batching_halves_when_memory_runs_out_and_remembers(error):
    seen = []

    def work(batch):
        seen.append(len(batch))
        if len(batch) > 2:
            raise error
        return batch

    batcher: Batcher[int] = Batcher(80)
    assert batcher.run([10] * 8, work) == list(range(8))
    assert seen == [8, 4, 2, 2, 2, 2]
    assert batcher.max_tokens == 20
    seen.clear()
    batcher.run([10] * 4, work)
    assert seen == [2, 2]


def test_batching_gives_the_error_of_an_item_too_large_for_memory():
    def work(batch):
        raise RuntimeError("out of memory")

    results = Batcher(100).run([10, 20], work)
    assert all(is_out_of_memory(result) for result in results)


def test_batching_stops_when_the_gpu_is_lost():
    calls = []

    def work(batch):
        calls.append(batch)
        raise RuntimeError("CUDA error: device-side assert triggered\nmore")

    with pytest.raises(ModelError, match="the GPU is lost"):
        Batcher(10).run([10, 10], work)
    assert len(calls) == 1


def test_batching_lets_a_fault_of_the_program_through():
    def work(batch):
        raise KeyError("typo")

    with pytest.raises(KeyError):
        Batcher(10).run([1], work)

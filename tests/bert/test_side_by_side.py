"""Texts on threads: each thread computes alone, and results come in order."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import torch

from summarizer.bert.side_by_side import SideBySide


@pytest.fixture(autouse=True)
def _torch_threads() -> Iterator[None]:
    """Leaves torch's number of threads as it was."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_side_by_side_computes_on_one_thread_each_and_leaves_the_caller_its_own() -> None:
    meet = threading.Barrier(2)

    def work(item: int) -> tuple[int, int]:
        meet.wait(timeout=10)  # only two items at a time get past
        return item, torch.get_num_threads()

    assert SideBySide(2).run(work, [0, 1, 2, 3]) == [(0, 1), (1, 1), (2, 1), (3, 1)]
    assert torch.get_num_threads() == 2


def test_side_by_side_computes_a_single_item_on_one_thread_too() -> None:
    assert SideBySide(2).run(lambda _: torch.get_num_threads(), ["text"]) == [1]


def test_side_by_side_of_one_thread_leaves_it_to_the_caller() -> None:
    names = SideBySide(1).run(lambda _: threading.current_thread().name, [1, 2, 3])
    assert set(names) == {threading.current_thread().name}


def test_side_by_side_raises_what_the_first_failing_item_raises() -> None:
    def work(item: int) -> int:
        if item:
            raise RuntimeError(f"item {item}")
        return 0

    with pytest.raises(RuntimeError, match="item 1"):
        SideBySide(2).run(work, [0, 1, 2])

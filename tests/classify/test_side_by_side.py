"""Pieces of a batch: what is cut, and that each thread computes alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from summarizer.classify.side_by_side import SideBySide, cut


@pytest.fixture
def _torch_threads() -> Iterator[None]:
    """Leaves torch's number of threads as it was."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize(
    ("lengths", "threads", "max_tokens", "pieces"),
    [
        ([4, 4, 4, 4], 2, 100, [slice(0, 2), slice(2, 4)]),
        ([4, 4, 4, 4], 1, 100, [slice(0, 4)]),
        ([4, 4, 4, 4], 1, 8, [slice(0, 2), slice(2, 4)]),
        ([4, 4, 4, 4], 2, 4, [slice(0, 1), slice(1, 2), slice(2, 3), slice(3, 4)]),
        ([9], 2, 100, [slice(0, 1)]),
        ([], 2, 100, []),
    ],
)
def test_side_by_side_cuts_even_pieces(lengths: list[int], threads: int, max_tokens: int, pieces: list[slice]) -> None:
    assert cut(lengths, threads, max_tokens) == pieces


@given(st.lists(st.integers(1, 60)), st.integers(1, 5), st.integers(1, 200))
def test_side_by_side_cuts_every_article_once_and_no_long_piece(
    lengths: list[int], threads: int, max_tokens: int
) -> None:
    pieces = [lengths[piece] for piece in cut(lengths, threads, max_tokens)]
    assert [length for piece in pieces for length in piece] == lengths
    assert all(piece and sum(piece) < max_tokens + max(piece) for piece in pieces)


@pytest.mark.usefixtures("_torch_threads")
def test_side_by_side_computes_on_one_thread_each_and_leaves_the_caller_its_own() -> None:
    meet = threading.Barrier(2)

    def work(piece: slice) -> tuple[int, int]:
        meet.wait(timeout=10)  # only two pieces at a time get past
        return piece.start, torch.get_num_threads()

    assert SideBySide(2).run(work, [slice(i, i + 1) for i in range(4)]) == [(0, 1), (1, 1), (2, 1), (3, 1)]
    assert torch.get_num_threads() == 2


@pytest.mark.usefixtures("_torch_threads")
@pytest.mark.parametrize(("threads", "pieces"), [(1, 3), (2, 1)])
def test_side_by_side_leaves_it_to_the_caller(threads: int, pieces: int) -> None:
    names = SideBySide(threads).run(lambda _: threading.current_thread().name, [slice(0, 1)] * pieces)
    assert set(names) == {threading.current_thread().name}


@pytest.mark.usefixtures("_torch_threads")
def test_side_by_side_raises_what_the_first_failing_piece_raises() -> None:
    def work(piece: slice) -> int:
        if piece.start:
            raise RuntimeError(f"piece {piece.start}")
        return 0

    with pytest.raises(RuntimeError, match="piece 1"):
        SideBySide(2).run(work, [slice(0, 1), slice(1, 2), slice(2, 3)])

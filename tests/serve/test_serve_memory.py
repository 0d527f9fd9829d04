"""Memory that is free goes back to the system, although what is kept lies between."""

import ctypes
from pathlib import Path

import pytest

from summarizer.serve.memory import give_back

PIECE, PIECES, KEPT = 20_000, 10_000, 50


def resident_pages() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1])


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="the C library is not glibc")
def test_memory_that_is_free_goes_back():
    pieces = [b"x" * PIECE for _ in range(PIECES)]  # 200 MB
    kept = pieces[::KEPT]
    del pieces
    before = resident_pages()
    give_back()
    assert before - resident_pages() > PIECE * PIECES / 4096 / 2
    assert len(kept) == PIECES // KEPT

"""Ids that a run has used are known again, whether kept in the set or sorted in."""

from __future__ import annotations

import pytest

from summarizer import used_ids
from summarizer.used_ids import UsedIds


@pytest.mark.parametrize("recent", [1, 7, 1000])
def test_used_ids_knows_each_id_again(monkeypatch: pytest.MonkeyPatch, recent: int):
    monkeypatch.setattr(used_ids, "RECENT", recent)
    known = UsedIds()
    names = [f"wire-{number % 300}" for number in range(0, 2100, 7)]  # each of 300 once, in no order
    assert all(known.add(name) for name in names)
    assert not any(known.add(name) for name in reversed(names))
    assert known.add("wire-300")


def test_used_ids_take_eight_bytes_each():
    known = UsedIds()
    for number in range(3 * used_ids.RECENT):
        known.add(str(number))
    assert known._sorted is not None
    assert known._sorted.nbytes == 8 * 3 * used_ids.RECENT
    assert not known._recent

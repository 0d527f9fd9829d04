"""Swaps a checkpoint's folder for a newer one so that a kill leaves the older or the newer, never half of one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def swapped_in(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write the newer checkpoint into; when the block ends, it takes ``folder``'s place."""
    fresh, old = folder.with_name(folder.name + ".new"), _old(folder)
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    yield fresh
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def settle(folder: Path) -> None:
    """Put the older checkpoint back where a kill came between its going and the newer one's coming."""
    if not folder.exists() and _old(folder).exists():
        _old(folder).rename(folder)


def _old(folder: Path) -> Path:
    return folder.with_name(folder.name + ".old")

"""Gives memory that is free back to the system. ``gather`` does it between windows.

What a window frees lies between what is kept, so that the C library holds on to it, and the next window, which is never
quite like the last, does not always fit in: over hours a service would take ever more of what it does not use.
"""

from __future__ import annotations

import ctypes

EVERY_SECONDS = 10.0
"""How often: it takes some milliseconds, and what is given back has to be asked for again."""


def give_back() -> None:
    """Give back what is free in all of the heap; nothing where the C library is not glibc, which alone needs it."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)

"""Standard input that knows whether a line is at hand, so that each line of ``tail -f`` is answered as it comes.

``run`` hands it to the job: the readers read it, and the runner closes a window early where nothing more is there.
"""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable
from typing import BinaryIO, cast

PIECE_BYTES = 1 << 16
WAIT_SECONDS = 0.01
"""A program at the other end of a pipe gets so long to go on before its pause counts as one."""
LOOK_SECONDS = 0.2
"""While nothing comes, so often is asked whether to stop."""


class LiveInput:
    """Reads bytes from a file descriptor and never further ahead than what is there.

    :param stop: once true while nothing comes, the input ends.
    """

    def __init__(self, descriptor: int, stop: Callable[[], bool] = lambda: False) -> None:
        self._descriptor = descriptor
        self._stop = stop
        self._buffer = bytearray()
        self._is_ended = False

    def at_hand(self) -> bool:
        """Tell whether a whole line, or the end, can be read without waiting."""
        searched = 0
        while not self._is_ended and self._buffer.find(b"\n", searched) < 0:
            searched = len(self._buffer)
            if not self._is_readable(WAIT_SECONDS):
                return False
            self._fill()
        return True

    def readline(self, size: int = -1, /) -> bytes:
        """Return the next line, or its first ``size`` bytes; nothing at the end."""
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0 and not self._is_ended:
            searched = len(self._buffer)
            if 0 <= size <= searched:
                break
            self._await()
        wanted = len(self._buffer) if end < 0 else end + 1
        return self._take(wanted if size < 0 else min(size, wanted))

    def read(self, size: int = -1, /) -> bytes:
        """Return ``size`` bytes, fewer at the end; all where it is below 0."""
        while not self._is_ended and (size < 0 or len(self._buffer) < size):
            self._await()
        return self._take(len(self._buffer) if size < 0 else size)

    def _take(self, size: int) -> bytes:
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    def _await(self) -> None:
        while not self._is_readable(LOOK_SECONDS):
            if self._stop():
                self._is_ended = True
                return
        self._fill()

    def _is_readable(self, seconds: float) -> bool:
        return bool(select.select([self._descriptor], [], [], seconds)[0])

    def _fill(self) -> None:
        piece = os.read(self._descriptor, PIECE_BYTES)
        self._buffer += piece
        self._is_ended = not piece


def open_stdin(stop: Callable[[], bool]) -> tuple[BinaryIO, Callable[[], bool]]:
    """Return standard input, and what tells whether a line of it is at hand; where that cannot be told, one always is.

    Nothing may have been read of ``sys.stdin`` before.
    """
    if sys.platform == "win32":  # there select knows sockets alone
        return sys.stdin.buffer, lambda: True
    try:
        live = LiveInput(sys.stdin.fileno(), stop)
    except OSError:  # no file behind it, as in a notebook
        return sys.stdin.buffer, lambda: True
    return cast(BinaryIO, live), live.at_hand

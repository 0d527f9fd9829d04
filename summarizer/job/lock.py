"""Keeps a run folder to one process at a time; the lock dies with the process, however that dies."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from summarizer.errors import OutputError, UsageError
from summarizer.write.base import output_error

LOCK_FILE = "lock"


class Lock:
    """Holds a run folder until ``release``.

    :raises OutputError: another process holds it; the message says which.
    :raises UsageError: this system has no such locks.
    """

    def __init__(self, folder: Path) -> None:
        try:
            import fcntl
        except ModuleNotFoundError as error:
            what = "a run folder needs file locks, which this system lacks"
            raise UsageError(str(folder), what, "Name a file as output.path.") from error
        path = folder / LOCK_FILE
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise output_error(error, path) from error
        try:
            # lockf and not flock: a forked worker would go on holding the latter after its parent was killed.
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, f"process {os.getpid()} on {socket.gethostname()}".encode(), 0)
        except (BlockingIOError, PermissionError) as error:
            holder = os.pread(self._file, 200, 0).decode(errors="replace")
            os.close(self._file)
            what = f"another process is at work in it ({holder or 'unknown'})"
            raise OutputError(str(folder), what, "Wait for it to end, or name another folder.") from error
        except OSError as error:
            os.close(self._file)
            raise output_error(error, path) from error

    def release(self) -> None:
        """Let go."""
        os.close(self._file)

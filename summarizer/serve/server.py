"""Runs the app on a socket until a signal comes, and then finishes what was accepted. ``cli.serve`` calls it."""

from __future__ import annotations

import contextlib
import copy
import signal
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from summarizer.errors import SummarizerError, UsageError
from summarizer.serve.guard import is_loopback
from summarizer.serve.limits import Limits

if TYPE_CHECKING:
    from fastapi import FastAPI

SHOWN_ADDRESS = "http://{}:{}"
BACKLOG = 128
KEPT_SECONDS = 30
"""A connection on which nothing comes any more is closed after that."""


def bind(host: str, port: int, token: str) -> socket.socket:
    """Take an address before anything is loaded; nobody can connect before ``run``.

    :param port: 0 takes any that is free.
    :raises UsageError: it can be reached from elsewhere, and there is no token.
    :raises SummarizerError: it cannot be taken.
    """
    if not token and not is_loopback(host):
        what = f"'{host}' can be reached from other machines, and there is no token"
        mend = "Set the environment variable SUMMARIZER_TOKEN to a long random text, or leave --host away."
        raise UsageError("--host", what, mend)
    taken = None
    try:
        [family, *_, address] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        taken = socket.socket(family, socket.SOCK_STREAM)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(address)
    except OSError as error:
        if taken is not None:
            taken.close()
        what = f"this address cannot be taken ({(error.strerror or str(error)).lower()})"
        raise SummarizerError(f"{host}:{port}", what, "Name another one with --host and --port.") from error
    return taken


def run(app: FastAPI, taken: socket.socket, limits: Limits, *, log_requests: bool) -> None:
    """Answer requests until SIGINT or SIGTERM comes; then finish those that were begun. A second SIGINT ends at once.

    :param log_requests: a line on stderr for each.
    """
    import uvicorn

    from summarizer.serve.protocol import PatientProtocol

    PatientProtocol.head_seconds = limits.head_seconds
    PatientProtocol.answer_seconds = limits.answer_seconds
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        lifespan="on",
        backlog=BACKLOG,
        log_config=_log_config(),
        log_level="info" if log_requests else "warning",
        access_log=log_requests,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEPT_SECONDS,
        timeout_graceful_shutdown=int(limits.stop_seconds),
    )
    with _signals_are_ours():
        uvicorn.Server(config).run(sockets=[taken])


def address_of(taken: socket.socket) -> str:
    """Return the address for a browser."""
    host, port = taken.getsockname()[:2]
    return SHOWN_ADDRESS.format(f"[{host}]" if ":" in host else host, port)


def _log_config() -> dict[str, Any]:
    """Return uvicorn's own way to log, with nothing of it on stdout."""
    from uvicorn.config import LOGGING_CONFIG

    config = copy.deepcopy(LOGGING_CONFIG)
    config["handlers"]["access"]["stream"] = "ext://sys.stderr"
    return config


@contextlib.contextmanager
def _signals_are_ours() -> Iterator[None]:
    """Let uvicorn, which gives the signal that ended it to whoever had it before, end in peace."""
    names = (signal.SIGINT, signal.SIGTERM)
    before = {name: signal.signal(name, lambda *_: None) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)

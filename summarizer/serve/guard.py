"""Stands before the routes: who may call them, and what is counted of each request."""

from __future__ import annotations

import hmac
import ipaddress
import socket
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from fastapi import Request  # by this name FastAPI knows what a dependency is to be given

from summarizer.serve.problems import Problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from summarizer.serve.metrics import Metrics

OTHER = "other"
"""What metrics call a path that is no endpoint."""
LOOPBACK = "localhost"


def token_check(token: str) -> Callable[[Request], Awaitable[None]]:
    """Return a dependency of routes that lets nobody in without the token.

    :param token: empty where there is none; then pages of other sites are kept out, since any browser on the machine
        can be made to call it.
    """

    async def check(request: Request) -> None:
        if token:
            scheme, _, given = request.headers.get("authorization", "").partition(" ")
            fits = hmac.compare_digest(given.strip().encode("utf-8", "replace"), token.encode())
            if scheme.lower() != "bearer" or not fits:
                seen = "The token is not the right one." if given else "The request has no bearer token."
                raise Problem(401, seen, headers={"WWW-Authenticate": 'Bearer realm="summarizer"'})
            return
        host = _name_of(request.headers.get("host", ""))
        if host != LOOPBACK and not _is_loopback_address(host):  # a name that was bent to this address
            raise Problem(421, f"This service is not known as '{host}'. Call it by the address that it is bound to.")
        origin = request.headers.get("origin")
        if origin is not None and origin.partition("://")[2] != request.headers.get("host"):
            raise Problem(403, f"A page of {origin} may not call this service.")

    return check


def is_loopback(host: str) -> bool:
    """Tell whether whatever a host's name stands for can be reached from this machine alone."""
    if _is_loopback_address(host):
        return True
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return False
    return bool(found) and all(map(_is_loopback_address, found))


def _is_loopback_address(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _name_of(host: str) -> str:
    """Return a Host header without its port and the brackets of IPv6."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


class Counted:
    """Middleware that gives each request a name, says it in the answer, and counts the request."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request; whatever else a server sends passes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = uuid4().hex[:16]
        scope.setdefault("state", {})["name"] = name
        status = 500
        start = time.monotonic()

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers: list[Any] = list(message.get("headers", ()))
                message = {**message, "headers": [*headers, (b"x-request-id", name.encode())]}
            await send(message)

        try:
            await self._app(scope, receive, send_named)
        finally:
            endpoint = getattr(scope.get("route"), "path", OTHER)
            self._metrics.count_request(endpoint, status, time.monotonic() - start)

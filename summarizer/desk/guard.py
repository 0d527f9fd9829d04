"""Stands before every route of the desk: who may call it, how much they may send, what the browser may do with it.

A page of another site can make a browser call this address, under its own name for it (DNS rebinding) or with its own
form or script (request forgery). So the name must be one by which the desk is known, and whatever changes something
must say that it comes from the desk's own page.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Collection, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import ValidationError

from summarizer.errors import ModelError, OutputError, SummarizerError

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",  # no text becomes markup, even by mistake
        "trusted-types 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
MOST_BODY_SECONDS = 60.0
ANY_HOST = "*"
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
SAFE_METHODS = ("GET", "HEAD")


class Refused(Exception):
    """A request that is not answered as it asks to be."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail = status, title, detail


def guarded_route(hosts: Collection[str]) -> type[APIRoute]:
    """Return a class of routes that refuses what does not come from the desk's own page, and tells errors in JSON.

    :param hosts: further names by which the desk is known, with or without a port.
    """

    class DeskRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def guarded(request: Request) -> Response:
                try:
                    check_host(request, hosts)
                    check_origin(request)
                    response = await handle(request)
                except Refused as refused:
                    response = problem(refused.status, refused.title, refused.detail)
                except SummarizerError as error:
                    response = problem(_status(error), "This cannot be done", str(error))
                except (RequestValidationError, ValidationError) as error:
                    response = problem(422, "The request does not fit", _first(error))
                response.headers.update(HEADERS)
                response.headers.setdefault("Cache-Control", "no-store")
                return response

            return guarded

    return DeskRoute


def check_host(request: Request, hosts: Collection[str]) -> None:
    """Refuse a request that calls the desk by a name that is not its own.

    :raises Refused: always 421.
    """
    scheme = request.url.scheme
    called = request.headers.get("host", "").lower()
    name, port = _split(called, 443 if scheme == "https" else 80)
    own_name, own_port = request.scope.get("server") or ("", None)
    own = {str(own_name).lower(), f"[{own_name}]".lower()}
    if _is_loopback(str(own_name)):
        own |= set(LOOPBACK_NAMES)
    if (name in own and port == own_port) or not {called, name, ANY_HOST}.isdisjoint(hosts):
        return
    raise Refused(421, "Not known by this name", f"The desk is not known as '{called[:100]}'. Use its own address.")


def check_origin(request: Request) -> None:
    """Refuse a request that another site's page sent.

    :raises Refused: always 403.
    """
    site = request.headers.get("sec-fetch-site", "none")
    navigates = request.headers.get("sec-fetch-mode") == "navigate" and request.url.path == "/"
    if request.method in SAFE_METHODS:
        if site in ("same-origin", "none") or navigates:  # a link to the page itself may stand anywhere
            return
    else:
        host = request.headers.get("host", "").lower()
        if site in ("same-origin", "none") and request.headers.get("origin", "").lower() in (
            f"http://{host}",
            f"https://{host}",  # something before us may speak TLS
        ):
            return
    raise Refused(403, "From another site", "Only the desk's own page may ask for this. Open the desk's address.")


async def read_body(request: Request, most_bytes: int) -> bytes:
    """Read what was sent, no more than the limit and no longer than ``MOST_BODY_SECONDS``.

    :raises Refused: 413 or 408.
    """
    too_large = Refused(413, "Too large", f"More than {most_bytes:,} bytes were sent, the limit.")
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced[:20]) > most_bytes:
        raise too_large

    async def collect() -> bytes:
        parts, size = [], 0
        async for part in request.stream():
            size += len(part)
            if size > most_bytes:
                raise too_large
            parts.append(part)
        return b"".join(parts)

    try:
        return await asyncio.wait_for(collect(), MOST_BODY_SECONDS)
    except asyncio.TimeoutError as error:
        raise Refused(408, "Too slow", f"Not all of it came within {MOST_BODY_SECONDS:.0f} seconds.") from error


def problem(status: int, title: str, detail: str) -> JSONResponse:
    """Return an error in the form of RFC 9457."""
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(content, status, media_type="application/problem+json")


def _status(error: SummarizerError) -> int:
    return 507 if isinstance(error, OutputError) else 503 if isinstance(error, ModelError) else 422


def _first(error: RequestValidationError | ValidationError) -> str:
    """Say the first thing that does not fit, without what was sent."""
    first = error.errors()[0]
    place = ".".join(str(part)[:40] for part in first["loc"])
    return f"{place}: {first['msg']}" if place else str(first["msg"])


def _split(host: str, default: int) -> tuple[str, int | None]:
    """Return name and port of a Host header; a port that is none is None."""
    name, colon, port = host.rpartition(":")
    if not colon or port.endswith("]"):
        return host, default
    return name, int(port) if port.isascii() and port.isdigit() and len(port) < 6 else None


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"

"""Reads the body of a request, up to a size, in a time, within what all requests may hold together.

Comes after ``guard``; ``articles`` unpacks and parses what this returns.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from summarizer.serve.limits import Limits
from summarizer.serve.problems import RETRY_SECONDS, Problem

if TYPE_CHECKING:
    from starlette.requests import Request


class Bodies:
    """All that is held at the moment; one for a service."""

    def __init__(self, limits: Limits) -> None:
        self.held_bytes = 0
        self._limits = limits

    @asynccontextmanager
    async def read(self, request: Request) -> AsyncIterator[bytes]:
        """Read a body, which counts as held until the block ends.

        :raises Problem: 413 it is too long, 408 it comes too slowly, 503 too much is held, 400 the client left.
        """
        declared = request.headers.get("content-length", "0")  # the server takes nothing but digits
        if int(declared) > self._limits.body_bytes:
            raise self._too_long(declared)
        body = bytearray()
        try:
            yield await asyncio.wait_for(self._receive(request, body), self._limits.body_seconds)
        except asyncio.TimeoutError as error:
            detail = (
                f"{len(body)} bytes of the body came in {self._limits.body_seconds:g} s, the limit. Send it faster."
            )
            raise Problem(408, detail, headers={"Connection": "close"}) from error
        finally:
            self.held_bytes -= len(body)

    async def _receive(self, request: Request, body: bytearray) -> bytes:
        from starlette.requests import ClientDisconnect

        try:
            async for piece in request.stream():
                if len(body) + len(piece) > self._limits.body_bytes:
                    raise self._too_long(f"more than {len(body) + len(piece) - 1}")
                if self.held_bytes + len(piece) > self._limits.held_bytes:
                    raise Problem(503, "Too many requests are in hand.", headers={"Retry-After": str(RETRY_SECONDS)})
                body += piece
                self.held_bytes += len(piece)
        except ClientDisconnect as error:
            raise Problem(400, "The request ended before its body did.") from error
        return bytes(body)

    def _too_long(self, seen: str) -> Problem:
        limit = self._limits.body_bytes
        return Problem(413, f"The body has {seen} bytes, the limit is {limit}. Send fewer articles at once.")

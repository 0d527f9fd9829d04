"""A client that costs next to nothing, for measuring the service on the machine that it runs on; and its process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
START_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``status`` is 0 where the connection was closed without an answer."""

    status: int
    body: bytes = b""


class Connection:
    """One connection that is kept, and opened again when the service closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, content: bytes, media_type: str = "application/json", head: str = "") -> Answer:
        """Post a body and wait for what comes back.

        :param head: further header lines, each with its line break.
        """
        lines = (
            f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: {media_type}\r\nContent-Length: {len(content)}\r\n"
        )
        return await self.send((lines + head + "\r\n").encode("latin-1") + content)

    async def get(self, path: str) -> Answer:
        """Fetch a path."""
        return await self.send(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())

    async def send(self, data: bytes, pause: float = 0.0) -> Answer:
        """Send bytes as they are and wait for an answer.

        :param pause: seconds before each further byte, for a slow client; 0 sends all at once.
        """
        is_kept = self._streams is not None
        answer = await self._try(data, pause)
        if is_kept and not answer.status:  # the service had closed it meanwhile
            answer = await self._try(data, pause)
        return answer

    async def _try(self, data: bytes, pause: float) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection(HOST, self._port)
        reader, writer = self._streams
        received = asyncio.ensure_future(self._receive(reader))
        with contextlib.suppress(OSError):  # it was answered before its end
            for piece in [data] if not pause else [data[i : i + 1] for i in range(len(data))]:
                writer.write(piece)
                await writer.drain()
                if pause:
                    await asyncio.wait([received], timeout=pause)
                if received.done():
                    break
        try:
            return await received
        except (OSError, asyncio.IncompleteReadError):
            self.close()
            return Answer(0)

    async def _receive(self, reader: asyncio.StreamReader) -> Answer:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        body = await reader.readexactly(int(fields.get("content-length", 0)))
        if fields.get("connection") == "close":
            self.close()
        return Answer(int(head.split(" ", 2)[1]), body)

    def close(self) -> None:
        """Close it; the next request opens it again."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


@contextlib.contextmanager
def service(config: str, overrides: list[str], threads: int) -> Iterator[int]:
    """Run ``summarizer serve`` until the block ends; give its port once it is ready."""
    with socket.create_server((HOST, 0)) as found:
        port = found.getsockname()[1]
    settings = [part for override in overrides for part in ("--set", override)]
    code = "from summarizer.cli import main; main()"
    command = [sys.executable, "-c", code, "serve", config, "--port", str(port), "--quiet", *settings, "--signoffs"]
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    environment.pop("SUMMARIZER_TOKEN", None)
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen([*command, f"{folder}/signoffs.sqlite"], env=environment) as process,
    ):
        try:
            _await_ready(port, process)
            yield port
        finally:
            process.terminate()
            if process.wait(60):
                raise SystemExit(f"the service ended with {process.returncode}")


def _await_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError):
            if asyncio.run(Connection(port).get("/ready")).status == 200:
                return
        time.sleep(0.2)
    raise SystemExit("the service did not start")


async def metrics(port: int) -> dict[str, float]:
    """Return what the service counts."""
    connection = Connection(port)
    lines = (await connection.get("/metrics")).body.decode().splitlines()
    connection.close()
    rows = (line.rpartition(" ") for line in lines if not line.startswith("#"))
    return {name: float(value) for name, _, value in rows}


def read_rows(path: Path, count: int) -> list[dict[str, Any]]:
    """Return so many articles; where there are fewer they come again, each with a sentence of its own.

    Every text is another one, since a text that comes in twice is worked on once.
    """
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    found = [row for row in rows if isinstance(row.get("text"), str) and row["text"].strip()]
    return [
        {"id": f"a{i}", "title": found[i % len(found)].get("title") or "", "text": _numbered(found[i % len(found)], i)}
        for i in range(count)
    ]


def _numbered(row: dict[str, Any], number: int) -> str:
    return f"{row['text'].rstrip()}\n\nA note on item {number} follows."

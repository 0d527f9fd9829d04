"""Requests that are not as they should be, for ``serve_load``: the service must answer each with a 4xx."""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import socket
import time
from collections import Counter
from functools import lru_cache
from typing import Any

from serve_client import HOST, Answer, Connection, metrics

TEXT = "Norvia and Tessland signed an accord in Orma. It runs for two years. The ministers met an envoy."
GOOD = json.dumps({"id": "good", "text": TEXT}).encode()
SLOW = 8
"""Slow clients at a time; each takes as long as the service has patience."""
HUGE_BYTES = 9 << 20
UNTAKEN_BYTES, UNTAKEN_ANSWERS = 2 << 20, 10
"""Of one answer, and how many a client asks for that does not take them: more than the system's buffers hold."""
LONGEST_HELD_SECONDS = 60
XXE = (
    '<?xml version="1.0"?><!DOCTYPE nitf [<!ENTITY x SYSTEM "{}">]>'
    "<nitf><body><body.content><p>&x;</p></body.content></body></nitf>"
)
_DOUBLED = "".join(
    f'<!ENTITY {new} "{f"&{old};" * 8}">' for old, new in ("ab", "bc", "cd", "de", "ef", "fg", "gh", "hi")
)
LAUGHS = (
    f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">{_DOUBLED}]>'
    "<rss version='2.0'><channel><item><title>&i;</title></item></channel></rss>"
)
MEDIA_TYPES = (
    "application/json", "application/x-ndjson", "application/ninjs+json", "application/xml", "text/vnd.iptc.nitf",
    "application/rss+xml", "application/atom+xml", "application/vnd.iptc.g2.newsmessage+xml", "text/x-iptc7901",
)  # fmt: skip
PATHS = ("/v1/records", "/v1/brief", "/v1/tags")


async def misuse(port: int, count: int) -> dict[str, Any]:
    """Send so many bad requests, and be a slow client; return how often each status came back.

    :raises SystemExit: one was answered by a 5xx, a client that takes no answer is not cut off, or the service does not
        answer afterwards.
    """
    chance = random.Random(13)
    before = await metrics(port)
    seen: dict[str, Counter[int]] = {}
    slow = [asyncio.ensure_future(_slow(port, number)) for number in range(SLOW)]
    connection = Connection(port)
    for _ in range(count):
        name, answer = await _bad(connection, chance)
        seen.setdefault(name, Counter())[answer.status] += 1
    seen["slow client"] = Counter(answer.status for answer in await asyncio.gather(*slow))
    untaken = await _untaken(port)
    good = await Connection(port).post("/v1/records", GOOD)
    after = await metrics(port)
    statuses = sum(seen.values(), Counter())
    bad = [status for status in statuses if not 400 <= status < 500]
    if bad or good.status != 200:
        raise SystemExit(f"{seen}; a good request afterwards: {good.status}")
    return {
        "statuses": dict(sorted(statuses.items())),
        "by_kind": {name: dict(counts) for name, counts in sorted(seen.items())},
        "answers_not_taken": untaken,
        "memory_mb": [round(each["process_resident_memory_bytes"] / 2**20, 1) for each in (before, after)],
    }


async def _slow(port: int, number: int) -> Answer:
    body = json.dumps({"text": TEXT}).encode()
    head = "POST /v1/records HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"
    if number % 2:  # the head is slow
        return await Connection(port).send(head.encode(), pause=1.0)
    connection = Connection(port)
    return await connection.send(head.encode() + body, pause=0.5)


async def _untaken(port: int) -> dict[str, Any]:
    """Have clients not take their answers, or a byte a second; return for how long they are put up with."""
    before = (await metrics(port))["process_open_fds"]
    start = time.monotonic()
    clients = [asyncio.ensure_future(_take_slowly(port, number % 2)) for number in range(SLOW)]
    slowest = 0.0
    await asyncio.sleep(1)
    while (await metrics(port))["process_open_fds"] > before:
        asked = time.monotonic()
        if asked > start + LONGEST_HELD_SECONDS:
            raise SystemExit(f"clients that take no answer are held for {LONGEST_HELD_SECONDS} s and more")
        neighbour = Connection(port)
        if (await neighbour.post("/v1/records", GOOD)).status != 200:
            raise SystemExit("clients that take no answer hurt others")
        neighbour.close()
        slowest = max(slowest, time.monotonic() - asked)
        await asyncio.sleep(0.2)
    held = time.monotonic() - start
    for client in clients:
        client.cancel()
    return {"clients": SLOW, "held_seconds": round(held, 1), "neighbour_ms": round(1000 * slowest, 1)}


async def _take_slowly(port: int, bytes_a_second: int) -> None:
    body = json.dumps({"text": TEXT, "note": "x" * UNTAKEN_BYTES}).encode()  # what comes in as a field goes out again
    head = f"POST /v1/records HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    loop = asyncio.get_running_loop()
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.setblocking(False)
        await loop.sock_connect(connection, (HOST, port))
        sending = asyncio.ensure_future(loop.sock_sendall(connection, request * UNTAKEN_ANSWERS))
        try:
            while True:
                await asyncio.sleep(1)
                if bytes_a_second:
                    await loop.sock_recv(connection, bytes_a_second)
        except OSError:  # it was cut off
            pass
        finally:
            sending.cancel()
            await asyncio.wait([sending])


async def _bad(connection: Connection, chance: random.Random) -> tuple[str, Answer]:
    """Send one of many kinds."""
    path, media_type = chance.choice(PATHS), chance.choice(MEDIA_TYPES)
    kinds = {
        "huge": lambda: (b'{"text": "' + b"a" * HUGE_BYTES + b'"}', "application/json", ""),
        "deep array": lambda: (b"[" * chance.randrange(2_000, 200_000), "application/json", ""),
        "deep object": lambda: (b'{"a":' * chance.randrange(2_000, 200_000), "application/json", ""),
        "deep field": lambda: (_deep(chance.randrange(40, 900)), "application/json", ""),
        "deep markup": lambda: (b"<a>" * chance.randrange(300, 50_000), "application/xml", ""),
        "zip bomb": lambda: (_bomb(chance.choice((20, 60))), "application/json", "Content-Encoding: gzip\r\n"),
        "broken gzip": lambda: (gzip.compress(b"{}")[: chance.randrange(18)], media_type, "Content-Encoding: gzip\r\n"),
        "other packing": lambda: (b"{}", media_type, f"Content-Encoding: {chance.choice(('br', 'deflate', 'x'))}\r\n"),
        "external entity": lambda: (XXE.format("file:///etc/passwd").encode(), "application/xml", ""),
        "network entity": lambda: (XXE.format("http://127.0.0.1:1/x").encode(), "text/vnd.iptc.nitf", ""),
        "billion laughs": lambda: (LAUGHS.encode(), chance.choice(("application/rss+xml", "text/xml")), ""),
        "random bytes": lambda: (chance.randbytes(chance.randrange(1, 3_000)), media_type, ""),
        "wrong charset": lambda: (
            json.dumps({"text": TEXT}).encode("utf-16") + b"\0",
            "application/json; charset=utf-8",
            "",
        ),
        "unknown charset": lambda: (b"{}", f"{media_type}; charset=x{chance.randrange(99)}", ""),
        "broken UTF-8": lambda: ('{"text": "é è ä ö ü ß ç"'.encode() + b'\xff"}', "application/json", ""),
        "wrong type": lambda: (b"{}", chance.choice(("image/png", "a/b", "", "multipart/form-data")), ""),
        "no article": lambda: (json.dumps(chance.choice(_NO_ARTICLES)).encode(), "application/json", ""),
        "cut off": lambda: (_cut(chance), "application/json", ""),
        "too many": lambda: (json.dumps([{"text": TEXT}] * 101).encode(), "application/json", ""),
        "huge number": lambda: (b'{"text": "a", "n": ' + b"9" * 5_000 + b"}", "application/json", ""),
    }
    name = chance.choice(list(kinds))
    content, media_type, head = kinds[name]()
    return name, await connection.post(path, content, media_type, head)


_NO_ARTICLES = (
    None,
    1,
    "text",
    True,
    {},
    {"text": None},
    {"text": ""},
    {"text": 3},
    {"id": {}, "text": "a"},
    {"body": "a"},
)


def _deep(depth: int) -> bytes:
    return b'{"text": "The ministers met.", "a": ' + b"[" * depth + b"]" * depth + b"}"


@lru_cache
def _bomb(megabytes: int) -> bytes:
    return gzip.compress(b'{"text": "' + b"a" * (megabytes << 20) + b'"}', 6)


def _cut(chance: random.Random) -> bytes:
    whole = json.dumps({"id": "a", "text": TEXT}).encode()
    return whole[: chance.randrange(1, len(whole))]

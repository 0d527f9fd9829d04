"""The service as a process: connections that misbehave, and signals."""

from __future__ import annotations

import contextlib
import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from services import JSON, story

BODY = json.dumps(story(1)).encode()
HEAD = b"POST /v1/records HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


@contextmanager
def serving(seconds: float) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Start a service; it answers when this yields its port."""
    command = [sys.executable, str(Path(__file__).with_name("serve_slowly.py")), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            await_health(port)
            yield port, process
        finally:
            process.kill()


def ask(port: int, method: str, path: str, content: bytes | None = None) -> tuple[int, str]:
    """Send a request on a connection of its own; return status and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, content, JSON)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def await_health(port: int) -> None:
    for _ in range(300):
        try:
            ask(port, "GET", "/health")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the service did not come up")


def await_articles(port: int, count: int) -> None:
    """Wait until so many articles were accepted."""
    names = ("summarizer_queue_articles ", "summarizer_in_hand_articles ", "summarizer_records_total ")
    for _ in range(600):
        lines = ask(port, "GET", "/metrics")[1].splitlines()
        if sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(names)) == count:
            return
        time.sleep(0.01)
    raise AssertionError("the articles were not accepted")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving(0.0) as (port, _):
        yield port


def talk(port: int, *pieces: bytes, pause: float = 0.0, ends: bool = False) -> bytes:
    """Send bytes piece by piece; return all that comes back until the other end closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        for piece in pieces:
            try:
                connection.sendall(piece)
            except OSError:
                break
            time.sleep(pause)
        if ends:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        while True:
            try:
                got = connection.recv(65536)
            except ConnectionResetError:
                break
            if not got:
                break
            answer += got
        return answer


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\0\1\2\3\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
        b"POST /v1/records HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_server_what_is_no_http_is_a_problem_of_400(port: int, nonsense: bytes):
    answer = talk(port, nonsense)
    assert 400 <= status(answer) < 500
    assert b"application/problem+json" in answer


def test_server_a_slow_head_is_408(port: int):
    start = time.monotonic()
    answer = talk(port, b"GET / HTTP/1.1\r\n", b"X-Slow: a\r\n")
    assert status(answer) == 408
    assert time.monotonic() - start >= 0.4
    assert talk(port, *[b"X"] * 40, pause=0.05)[9:12] in (b"408", b"400", b"")


def test_server_a_connection_that_says_nothing_is_closed(port: int):
    assert status(talk(port)) == 408


def test_server_a_slow_body_is_408(port: int):
    answer = talk(port, HEAD % len(BODY), *[bytes([byte]) for byte in BODY[:40]], pause=0.05)
    assert status(answer) == 408
    assert b"application/problem+json" in answer


def test_server_a_body_that_stops_short_is_no_error_of_the_service(port: int):
    assert talk(port, HEAD % len(BODY), BODY[:30], ends=True) == b""
    assert ask(port, "GET", "/health")[0] == 200


def test_server_a_long_body_is_413_although_it_goes_on(port: int):
    answer = talk(port, HEAD % 10_000_000, *[b"x" * 100_000] * 30)
    assert status(answer) == 413


def test_server_a_body_that_never_ends_is_cut_off(port: int):
    head = HEAD.replace(b"Content-Length: %d", b"Transfer-Encoding: chunked")
    start = time.monotonic()
    answer = talk(port, head, *[b"2710\r\n" + b"x" * 10_000 + b"\r\n"] * 400, pause=0.01)
    assert status(answer) == 413
    assert time.monotonic() - start < 20


def open_files(port: int) -> float:
    lines = ask(port, "GET", "/metrics")[1].splitlines()
    return next(float(line.rpartition(" ")[2]) for line in lines if line.startswith("process_open_fds "))


@pytest.mark.parametrize("bytes_a_look", [0, 1])
def test_server_a_client_that_does_not_take_its_answer_is_cut_off(port: int, bytes_a_look: int):
    long = json.dumps(story(1) | {"note": "x" * 190_000}).encode()  # what comes in as a field goes out again
    asked = 60  # together more than the system's own buffers take
    before = open_files(port)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(0.5)
        connection.connect(("127.0.0.1", port))
        sent = HEAD % len(long) + long
        start = time.monotonic()
        with contextlib.suppress(OSError):  # nobody reads it all, since the first ones' answers are not taken
            for _ in range(asked):
                connection.sendall(sent)
        while open_files(port) > before:
            with contextlib.suppress(OSError):
                connection.recv(bytes_a_look) if bytes_a_look else None
            assert time.monotonic() - start < 15, "the connection is still held"
            time.sleep(0.05)
    assert ask(port, "POST", "/v1/records", BODY)[0] == 200


def test_server_several_requests_on_one_connection(port: int):
    request = HEAD % len(BODY) + BODY
    last = request.replace(b"Host: 127.0.0.1\r\n", b"Host: 127.0.0.1\r\nConnection: close\r\n")
    answer = talk(port, request + request + last)
    assert answer.count(b"HTTP/1.1 200 OK") == 3


def test_server_after_all_that_it_answers(port: int):
    answers = [ask(port, "POST", "/v1/records", BODY)[1] for _ in range(3)]
    assert [json.loads(answer)["id"] for answer in answers] == ["w1"] * 3


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_server_finishes_what_was_accepted_when_it_is_told_to_end(name: signal.Signals):
    with serving(2.0) as (port, process), ThreadPoolExecutor(6) as pool:
        bodies = [json.dumps([story(number), story(number + 100)]).encode() for number in range(6)]
        asked = [pool.submit(ask, port, "POST", "/v1/brief", body) for body in bodies]
        await_articles(port, 12)
        process.send_signal(name)
        answers = [json.loads(one.result()[1]) for one in asked]
        assert [[record["id"] for record in answer] for answer in answers] == [
            [f"w{n}", f"w{n + 100}"] for n in range(6)
        ]
        assert process.wait(30) == 0
        assert b"Traceback" not in process.stderr.read()  # type: ignore[union-attr]
        with pytest.raises(ConnectionRefusedError):
            ask(port, "GET", "/health")

"""Lines that come in on standard input are answered as they come."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from summarizer.cli.live import LiveInput


@pytest.fixture
def pipe() -> Iterator[tuple[LiveInput, int]]:
    """The reading end, and the descriptor of the writing end."""
    reading, writing = os.pipe()
    yield LiveInput(reading), writing
    os.close(reading)


def test_live_reads_lines_as_a_file_does(pipe):
    live, writing = pipe
    os.write(writing, b"first\n\nthird line\nlast")
    os.close(writing)
    assert [live.readline() for _ in range(5)] == [b"first\n", b"\n", b"third line\n", b"last", b""]


def test_live_reads_pieces_as_a_file_does(pipe):
    live, writing = pipe
    os.write(writing, b"abcdef\nghi")
    os.close(writing)
    assert (live.readline(4), live.readline(4), live.read(2), live.read(), live.read(1)) == (
        b"abcd",
        b"ef\n",
        b"gh",
        b"i",
        b"",
    )


def test_live_a_line_longer_than_a_pipe_is_read_whole(pipe):
    live, writing = pipe
    line = b"x" * 1_000_000 + b"\n"
    writer = threading.Thread(
        target=lambda: [os.write(writing, line[i : i + 50_000]) for i in range(0, len(line), 50_000)]
    )
    writer.start()
    assert live.readline() == line
    writer.join()
    os.close(writing)


def test_live_knows_whether_a_whole_line_is_at_hand(pipe):
    live, writing = pipe
    assert not live.at_hand()
    os.write(writing, b"half a")
    assert not live.at_hand()
    os.write(writing, b" line\nand more")
    assert live.at_hand()
    live.readline()
    assert not live.at_hand()
    os.close(writing)
    assert live.at_hand()  # the end is


def test_live_ends_when_it_is_told_to_stop():
    reading, writing = os.pipe()
    live = LiveInput(reading, stop=lambda: True)
    os.write(writing, b"one\nhalf")
    assert [live.readline(), live.readline(), live.readline()] == [b"one\n", b"half", b""]
    os.close(reading)
    os.close(writing)


def line(number: int) -> bytes:
    text = f"Norvia and Tessland signed accord {number} in Orma. It runs for two years. The ministers met an envoy."
    return json.dumps({"id": f"w{number}", "text": text}).encode() + b"\n"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """``summarizer run`` between two pipes, with a window that these tests never fill."""
    config = tmp_path / "run.yaml"
    config.write_text("summarize: {backend: lead, max_words: 20, min_source_words: 5}\n")
    code = f"import sys; sys.argv = ['summarizer', 'run', {str(config)!r}, '-', '--output', '-']; "
    command = [sys.executable, "-c", code + "from summarizer.cli import main; main()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        yield process
        process.kill()


def ids_of(data: bytes) -> list[str]:
    return [json.loads(row)["id"] for row in data.splitlines()]


def test_live_run_answers_each_line_while_no_other_comes(running):
    for number in range(3):
        running.stdin.write(line(number))
        running.stdin.flush()
        assert ids_of(running.stdout.readline()) == [f"w{number}"]  # while standard input stays open
    out, err = running.communicate()
    assert (out, running.returncode) == (b"", 0)
    assert b"read 3, written 3, failed 0" in err


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_live_run_that_waits_ends_at_a_signal_with_all_answered(running, name: signal.Signals):
    running.stdin.write(line(1))
    running.stdin.flush()
    running.stdout.readline()
    time.sleep(0.1)
    running.send_signal(name)
    assert running.wait(30) == 0
    assert b"read 1, written 1" in running.stderr.read()

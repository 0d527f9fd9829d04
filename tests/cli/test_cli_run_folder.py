"""Run folders and ``verify`` as a user meets them: messages and exit codes."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer.runner import Runner

STORY = "Norvia and Tessland signed a defence accord on Tuesday. It runs for five years. The ministers met in Orma."
LEAD = "summarize:\n  backend: lead\n  max_words: 20\n  min_source_words: 5\nruntime: {window_articles: 2}\n"
COMMAND = [sys.executable, "-c", "from summarizer.cli import main; main()"]

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def arguments(tmp_path: Path) -> list[object]:
    """What runs five articles into a folder."""
    (tmp_path / "lead.yaml").write_text(LEAD)
    rows = [json.dumps({"id": f"w{n}", "text": f"{STORY} Number {n}."}) + "\n" for n in range(5)]
    (tmp_path / "wire.jsonl").write_text("".join(rows))
    return ["run", tmp_path / "lead.yaml", tmp_path / "wire.jsonl", "-o", f"{tmp_path}/run/"]


def test_cli_run_folder_says_where_the_records_are(call: Call, arguments: list[object], tmp_path: Path) -> None:
    code, out, err = call(*arguments)
    assert (code, out) == (0, "")
    assert f"records in {tmp_path}/run/" in err
    assert json.loads((tmp_path / "run" / "report.json").read_text())["written"] == 5


def test_cli_run_folder_finished_says_so(call: Call, arguments: list[object]) -> None:
    call(*arguments)
    code, _, err = call(*arguments)
    assert code == 0
    assert "this run is finished already" in err
    assert "read 5, written 5, failed 0" in err


def test_cli_run_folder_finished_with_losses_fails_a_strict_run_again(
    call: Call, arguments: list[object], tmp_path: Path
) -> None:
    with (tmp_path / "wire.jsonl").open("a") as stream:
        stream.write("{\n")
    assert call(*arguments, "--strict")[0] == 1
    assert [call(*arguments, "--strict")[0], call(*arguments)[0]] == [1, 0]


@pytest.mark.parametrize(
    ("more", "code", "wanted"),
    [
        (["--set", "summarize.max_words=12"], 2, "summarize.max_words: was 20, now 12"),
        (["--overwrite"], 2, "add --restart to begin anew"),
        (["--restart", "--extend"], 2, "excludes --extend"),
        (["--limit", "2"], 2, "input.limit: was null, now 2"),
        (["--restart"], 0, "written 5"),
    ],
)
def test_cli_run_folder_mistakes_end_in_a_message(
    call: Call, arguments: list[object], more: list[str], code: int, wanted: str
) -> None:
    call(*arguments)
    seen, _, err = call(*arguments, *more)
    assert (seen, wanted in err) == (code, True), err


def test_cli_run_folder_extend(call: Call, arguments: list[object], tmp_path: Path) -> None:
    call(*arguments)
    with (tmp_path / "wire.jsonl").open("a") as stream:
        stream.write(json.dumps({"id": "late", "text": STORY}) + "\n")
    assert call(*arguments)[0] == 2
    code, _, err = call(*arguments, "--extend")
    assert code == 0
    assert "5 articles are done; going on with the next" in err
    assert "read 6, written 6" in err


def test_cli_run_folder_lost_articles_exit_1(
    call: Call, arguments: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    process = Runner.process
    monkeypatch.setattr(Runner, "process", lambda self, items: process(self, items)[:1])
    code, _, err = call(*arguments)
    assert code == 1
    assert "read 5 articles but wrote 3 records and failures" in err


def test_cli_run_folder_on_a_full_disk_exits_1_and_goes_on(arguments: list[object], tmp_path: Path) -> None:
    """The system's own limit on a file's size stands for the disk: it refuses in the middle of a write."""
    command = [*COMMAND, *map(str, arguments)]

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1900, resource.RLIM_INFINITY))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    full = subprocess.run(command, preexec_fn=limited, capture_output=True, text=True)
    assert full.returncode == 1, full.stderr
    assert "the file is larger than this system or its limits allow" in full.stderr
    assert "Traceback" not in full.stderr
    again = subprocess.run(command, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    assert len((tmp_path / "run" / "records.jsonl").read_bytes().splitlines()) == 5


SLOW = """
import time
from summarizer.cli import main
from summarizer.runner import Runner
process = Runner.process
Runner.process = lambda self, items: (time.sleep(1.0), process(self, items))[1]
main()
"""


def test_cli_run_folder_ctrl_c_finishes_the_window_in_hand(arguments: list[object], tmp_path: Path) -> None:
    run = subprocess.Popen([sys.executable, "-c", SLOW, *map(str, arguments)], stderr=subprocess.PIPE, text=True)
    journal = tmp_path / "run" / "journal.jsonl"
    deadline = time.monotonic() + 60
    while not (journal.exists() and journal.stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.4)
    os.kill(run.pid, signal.SIGINT)  # in the second window
    _, err = run.communicate(timeout=60)
    assert run.returncode == 130, err
    assert "interrupted; the same command goes on from there" in err
    assert len((tmp_path / "run" / "records.jsonl").read_bytes().splitlines()) == 4


def test_cli_verify_same(call: Call, arguments: list[object], tmp_path: Path) -> None:
    call(*arguments)
    assert call("verify", tmp_path / "run", "--articles", 3)[:2] == (0, "3 of 3 articles are the same\n")


def test_cli_verify_different_exits_1(call: Call, arguments: list[object], tmp_path: Path) -> None:
    call(*arguments)
    records = tmp_path / "run" / "records.jsonl"
    records.write_bytes(records.read_bytes().replace(b"Tuesday", b"Sundays", 1))
    code, out, _ = call("verify", tmp_path / "run")
    assert code == 1
    assert "4 of 5 articles are the same" in out
    assert "first difference: article 1 (w0): brief.text was" in out


def test_cli_verify_of_nothing_exits_2(call: Call, tmp_path: Path) -> None:
    code, _, err = call("verify", tmp_path)
    assert code == 2
    assert "is no run folder" in err

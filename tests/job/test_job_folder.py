"""A run folder: whatever stops a run, started again it ends with the records of one that was never stopped."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from run_folders import content, counts, ids, invent_wire, lead, run

from summarizer.errors import InputError, OutputError, UsageError
from summarizer.runner import Runner
from summarizer.write.base import write_all

COUNT = 30
WRITES = 23
"""Of an unbroken run: records, failures and journal of 8 windows, of which two have no failures, and its end."""


@pytest.fixture(autouse=True)
def every_window_is_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.job.resumable.COMMIT_SECONDS", 0)


@pytest.fixture
def wire(tmp_path: Path) -> Path:
    return invent_wire(tmp_path / "wire.jsonl", COUNT)


@pytest.fixture
def unbroken(wire: Path, tmp_path: Path) -> Path:
    run(lead(wire, tmp_path / "unbroken"))
    return tmp_path / "unbroken"


def stop_after(windows: int) -> dict[str, Any]:
    """Ask a run to stop once so many windows are done, as Ctrl-C does."""
    seen = []
    return {
        "stop": lambda: len(seen) >= windows,
        "on_window": lambda results, _: seen.append(results) if results else None,
    }


class Killed(BaseException):
    """Stands for kill -9: nothing catches it, and no more is written."""


def dying(after: int, share: float) -> Callable[[Any, bytes], None]:
    """Return a ``write_all`` that dies in the middle of a write."""
    calls = count()

    def write(stream: Any, data: bytes) -> None:
        if next(calls) == after:
            stream.write(bytes(data)[: int(len(data) * share)])
            raise Killed
        stream.write(data)

    return write


def test_folder_holds_records_failures_report_and_what_the_run_was(wire: Path, tmp_path: Path) -> None:
    report = run(lead(wire, tmp_path / "a" / "run"))
    folder = tmp_path / "a" / "run"
    names = {"run.json", "input.jsonl", "records.jsonl", "failures.jsonl", "journal.jsonl", "report.json", "lock"}
    assert set(os.listdir(folder)) == names
    assert (report.read, report.written, report.failed) == (COUNT, len(ids(folder)), COUNT - len(ids(folder)))
    began = json.loads((folder / "run.json").read_bytes())
    assert began["config"]["summarize"]["backend"] == "lead"
    assert (
        began["fingerprint"] == json.loads((folder / "records.jsonl").read_bytes().splitlines()[0])["made_by"]["config"]
    )


def test_folder_has_the_same_records_as_a_file(wire: Path, tmp_path: Path, unbroken: Path) -> None:
    run(lead(wire, tmp_path, f"output.path={tmp_path / 'r.jsonl'}"))
    assert (tmp_path / "r.jsonl").read_bytes() == content(unbroken)["records.jsonl"]
    assert (tmp_path / "r.failures.jsonl").read_bytes() == content(unbroken)["failures.jsonl"]


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("after", range(WRITES))
def test_folder_killed_while_it_writes_goes_on(
    wire: Path, tmp_path: Path, unbroken: Path, monkeypatch: pytest.MonkeyPatch, after: int, share: float
) -> None:
    folder = tmp_path / "run"
    with monkeypatch.context() as patch:
        patch.setattr("summarizer.job.folder.write_all", dying(after, share))
        with pytest.raises(Killed):
            run(lead(wire, folder))
    report = run(lead(wire, folder))
    assert content(folder) == content(unbroken)
    assert counts(folder) == counts(unbroken)
    assert report.read == COUNT


@pytest.mark.parametrize("after", range(3))
def test_folder_killed_before_the_first_window_goes_on(
    wire: Path, tmp_path: Path, unbroken: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    folder = tmp_path / "run"
    with monkeypatch.context() as patch:
        patch.setattr("summarizer.job.durable.write_all", dying(after, 0.5))
        with pytest.raises(Killed):  # the third small file is the report
            run(lead(wire, folder))
    run(lead(wire, folder))
    assert content(folder) == content(unbroken)


def test_folder_journal_never_says_more_than_is_on_the_disk(
    wire: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsynced: set[str] = set()
    told = []
    sync, write = os.fsync, write_all

    def note_write(stream: Any, data: bytes) -> None:
        name = os.path.basename(os.readlink(f"/proc/self/fd/{stream.fileno()}"))
        if name == "journal.jsonl":
            told.append(set(unsynced))
        unsynced.add(name)
        write(stream, data)

    def note_sync(file: int) -> None:
        unsynced.discard(os.path.basename(os.readlink(f"/proc/self/fd/{file}")))
        sync(file)

    monkeypatch.setattr("summarizer.job.folder.write_all", note_write)
    monkeypatch.setattr("os.fsync", note_sync)
    run(lead(wire, tmp_path / "run"))
    assert told == [set()] * 9
    assert not unsynced


def test_folder_killed_again_and_again_goes_on(
    wire: Path, tmp_path: Path, unbroken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "run"
    deaths = 0
    while True:
        with monkeypatch.context() as patch:
            patch.setattr("summarizer.job.folder.write_all", dying(4, 0.5))
            try:
                run(lead(wire, folder))
                break
            except Killed:
                deaths += 1
    assert deaths > 3
    assert content(folder) == content(unbroken)
    assert counts(folder) == counts(unbroken)


@pytest.mark.parametrize("name", ["records.jsonl", "failures.jsonl", "journal.jsonl"])
@pytest.mark.parametrize("lost", [1, 7])
def test_folder_with_a_torn_last_line_goes_on(wire: Path, tmp_path: Path, unbroken: Path, name: str, lost: int) -> None:
    folder = tmp_path / "run"
    run(lead(wire, folder), **stop_after(4))
    os.truncate(folder / name, (folder / name).stat().st_size - lost)
    run(lead(wire, folder))
    assert content(folder) == content(unbroken)
    assert counts(folder) == counts(unbroken)


@pytest.mark.parametrize("name", ["records.jsonl", "failures.jsonl", "journal.jsonl"])
def test_folder_with_nothing_but_zeros_at_an_end_goes_on(wire: Path, tmp_path: Path, unbroken: Path, name: str) -> None:
    folder = tmp_path / "run"
    run(lead(wire, folder), **stop_after(4))
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[:-20] + b"\0" * 20)  # what a power cut leaves on some file systems
    run(lead(wire, folder))
    assert content(folder) == content(unbroken)


def test_folder_that_lost_many_records_makes_them_again(wire: Path, tmp_path: Path, unbroken: Path) -> None:
    folder = tmp_path / "run"
    run(lead(wire, folder), **stop_after(5))
    os.truncate(folder / "records.jsonl", 1500)
    run(lead(wire, folder))
    assert content(folder) == content(unbroken)


@pytest.mark.parametrize(("name", "wanted"), [("journal.jsonl", "is gone"), ("failures.jsonl", "has lost failures")])
def test_folder_never_cuts_records_because_another_file_is_gone(
    wire: Path, tmp_path: Path, name: str, wanted: str
) -> None:
    folder = tmp_path / "run"
    run(lead(wire, folder), **stop_after(5))
    (folder / name).unlink()
    before = (folder / "records.jsonl").read_bytes()
    with pytest.raises(OutputError, match=f"{name}: {wanted}"):
        run(lead(wire, folder))
    assert (folder / "records.jsonl").read_bytes() == before


def test_folder_whose_records_were_edited_is_refused(wire: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    run(lead(wire, folder), **stop_after(5))
    records = (folder / "records.jsonl").read_bytes()
    (folder / "records.jsonl").write_bytes(records.replace(b"\n", b" ", 1))
    with pytest.raises(OutputError, match="where the journal counted"):
        run(lead(wire, folder))


def test_folder_does_not_work_twice_on_what_is_done(
    wire: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "run"
    run(lead(wire, folder), **stop_after(5))
    seen: list[int] = []
    process = Runner.process

    def spy(self: Runner, items: Any) -> Any:
        seen.append(len(items))
        return process(self, items)

    monkeypatch.setattr(Runner, "process", spy)
    report = run(lead(wire, folder))
    assert (report.resumed_at, sum(seen)) == (20, COUNT - 20)


def test_folder_ctrl_c_ends_between_two_windows(wire: Path, tmp_path: Path, unbroken: Path) -> None:
    folder = tmp_path / "run"
    report = run(lead(wire, folder), **stop_after(2))
    assert (report.interrupted, report.read) == (True, 8)
    assert counts(folder)["interrupted"] is True
    assert content(unbroken)["records.jsonl"].startswith(content(folder)["records.jsonl"])
    report = run(lead(wire, folder))
    assert (report.interrupted, report.read) == (False, COUNT)
    assert content(folder) == content(unbroken)


def test_folder_shows_where_it_goes_on(wire: Path, tmp_path: Path) -> None:
    run(lead(wire, tmp_path / "run"), **stop_after(3))
    shown = []
    run(lead(wire, tmp_path / "run"), on_window=lambda results, report: shown.append((len(results), report.read)))
    assert shown[:2] == [(0, 12), (4, 16)]


def test_folder_finished_run_loads_nothing(wire: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "run"
    run(lead(wire, folder))
    before = content(folder)
    monkeypatch.setattr("summarizer.job.resumable.load_runner", None)
    report = run(lead(wire, folder))
    assert report.was_finished
    assert (report.read, report.written + report.failed) == (COUNT, COUNT)
    assert content(folder) == before


def test_folder_limit_counts_articles_and_not_failures(wire: Path, tmp_path: Path) -> None:
    run(lead(wire, tmp_path / "unbroken", "input.limit=17"))
    run(lead(wire, tmp_path / "run", "input.limit=17"), **stop_after(3))
    run(lead(wire, tmp_path / "run", "input.limit=17"))
    assert len(ids(tmp_path / "run")) == 17
    assert content(tmp_path / "run") == content(tmp_path / "unbroken")


def test_folder_of_texts_skips_files_without_opening_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    for n in range(10):
        (tmp_path / "in" / f"{n}.txt").write_text(
            "" if n == 3 else f"The ministers met in hall {n}. It was late by then."
        )
    run(lead(tmp_path / "in", tmp_path / "unbroken"))
    run(lead(tmp_path / "in", tmp_path / "run"), **stop_after(2))
    from summarizer.read.source import Source

    opened = []
    open_source = Source.open
    monkeypatch.setattr(Source, "open", lambda self: (opened.append(self.stem), open_source(self))[1])
    run(lead(tmp_path / "in", tmp_path / "run"))
    assert opened == ["7", "8", "9"]  # the last that is done is looked at again
    assert content(tmp_path / "run") == content(tmp_path / "unbroken")


def full_disk(room: int) -> Callable[[Any, bytes], None]:
    left = [room]

    def write(stream: Any, data: bytes) -> None:
        taken = bytes(data)[: left[0]]
        left[0] -= len(taken)
        stream.write(taken)
        if len(taken) < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return write


@pytest.mark.parametrize("room", [0, 100, 4000, 6000, 8000, 11000])
def test_folder_on_a_full_disk_says_so_and_goes_on_later(
    wire: Path, tmp_path: Path, unbroken: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    folder = tmp_path / "run"
    with monkeypatch.context() as patch:
        patch.setattr("summarizer.job.folder.write_all", full_disk(room))
        with pytest.raises(OutputError, match=r"disk is full; what became of the first \d+ articles is safe\. Free"):
            run(lead(wire, folder))
    assert content(unbroken)["records.jsonl"].startswith(content(folder)["records.jsonl"])
    assert not content(folder)["records.jsonl"] or content(folder)["records.jsonl"].endswith(b"\n")
    run(lead(wire, folder))
    assert content(folder) == content(unbroken)


def test_folder_that_a_runner_lost_articles_of_is_not_finished(
    wire: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = Runner.process
    with monkeypatch.context() as patch:
        patch.setattr(Runner, "process", lambda self, items: process(self, items)[: len(items) - (len(items) < 4)])
        with pytest.raises(OutputError, match=rf"read {COUNT} articles but wrote \d+ records and failures"):
            run(lead(wire, tmp_path / "run"))
    kept = (tmp_path / "run" / "journal.jsonl").read_text().splitlines()
    assert not json.loads(kept[-1])["finished"]


def test_folder_restart_keeps_the_old_files_aside(wire: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    run(lead(wire, folder))
    old = content(folder)
    run(lead(wire, folder, "summarize.max_words=10"), begin="restart")
    assert content(folder / "before-1") == old
    assert content(folder) != old
    run(lead(wire, folder), begin="restart")
    assert content(folder) == old
    assert (folder / "before-2" / "run.json").exists()


def test_folder_restart_that_cannot_run_leaves_all_as_it_was(wire: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    run(lead(wire, folder))
    with pytest.raises(InputError):
        run(lead(tmp_path / "absent.jsonl", folder), begin="restart")
    assert run(lead(wire, folder)).was_finished


HOLD = """
import sys, time
from pathlib import Path
from summarizer.job.folder import RunFolder
folder = RunFolder(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


def test_folder_is_refused_while_another_process_is_at_work_and_free_once_it_is_killed(
    wire: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    with subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        try:
            with pytest.raises(OutputError, match=f"another process is at work in it \\(process {holder.pid} on "):
                run(lead(wire, folder))
        finally:
            holder.kill()
    assert run(lead(wire, folder)).read == COUNT


def test_folder_that_exists_needs_no_slash(wire: Path, tmp_path: Path) -> None:
    run(lead(wire, tmp_path / "run"))
    assert run(lead(wire, tmp_path, f"output.path={tmp_path / 'run'}")).was_finished


def test_folder_with_other_files_is_refused(wire: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is no run folder, and not empty \(wire.jsonl\)"):
        run(lead(wire, tmp_path))
    assert os.listdir(tmp_path) == ["wire.jsonl"]


@pytest.mark.parametrize(
    ("override", "wanted"),
    [
        ("output.format=csv", "holds JSON lines, not csv"),
        ("output.overwrite=true", "--restart"),
        ("input.path='-'", "can be read again"),
    ],
)
def test_folder_refuses_what_it_cannot_do(wire: Path, tmp_path: Path, override: str, wanted: str) -> None:
    with pytest.raises(UsageError, match=wanted):
        run(lead(wire, tmp_path / "run", override))


def test_folder_restart_is_for_run_folders(wire: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--overwrite"):
        run(lead(wire, tmp_path, f"output.path={tmp_path / 'r.jsonl'}"), begin="restart")

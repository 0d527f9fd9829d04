"""Links in whole runs: whatever the windows, killed and gone on, over runs, verified, and with the right to an id."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from invented_wire import invent

from summarizer.config import RunConfig, parse_config
from summarizer.errors import OutputError
from summarizer.job.verify import verify_run
from summarizer.ledger import Ledger
from summarizer.read import read
from summarizer.records import Record
from summarizer.runner import Runner

sys.path.append(str(Path(__file__).parents[1] / "job"))

from run_folders import content, counts, run

COUNT = 48


@pytest.fixture
def wire(tmp_path: Path) -> Path:
    """Every third story is an earlier one with a new sentence; some lines cannot be read, some ids are versions."""
    lines = []
    for n in range(COUNT):
        old = n % 3 == 2
        text = invent(n - 2 if old else n, sentences=6).text + (" The envoy spoke to the crowd." if old else "")
        row: dict[str, Any] = {"id": f"w{n}", "title": f"Story {n}", "text": text}
        if n % 12 in (4, 10):
            row |= {"id": f"item{n // 12}", "version": n % 12}
        lines.append('{"id": "cut' if n % 7 == 3 else json.dumps(row))
    path = tmp_path / "wire.jsonl"
    path.write_text("\n".join(lines) + "\n")
    return path


def config(wire: Path, out: Path, *overrides: str) -> RunConfig:
    text = "summarize: {backend: lead, max_words: 30}\nupdates: {}\nruntime: {window_articles: 4}\n"
    return parse_config(text, RunConfig, overrides=[f"input.path={wire}", f"output.path={out}", *overrides])


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def links(path: Path) -> dict[str, str]:
    return {row["id"]: row.get("updates") or row["same_as"] for row in records(path) if "changes" in row}


def test_updates_run_links_and_reports(wire: Path, tmp_path: Path):
    report = run(config(wire, tmp_path / "out.jsonl"))
    found = links(tmp_path / "out.jsonl")
    assert found["w2"] == "w0"
    assert len(found) == sum(report.links.values()) > 10
    assert any("update one" in line for line in report.lines())
    [row] = [row for row in records(tmp_path / "out.jsonl") if row["id"] == "w2"]
    assert [sentence["text"] for sentence in row["changes"]["sentences"]] == ["The envoy spoke to the crowd."]


def test_updates_run_version_of_an_item_has_the_right_to_its_id(wire: Path, tmp_path: Path):
    report = run(config(wire, tmp_path / "out.jsonl"))
    assert links(tmp_path / "out.jsonl")["item1"] == "item1"
    assert report.duplicate_ids == 0
    assert not any("was used" in str(row.get("warnings")) for row in records(tmp_path / "out.jsonl"))
    assert run(config(wire, tmp_path / "off.jsonl", "updates=null")).duplicate_ids > 0


@pytest.mark.parametrize("window", [1, 5, 64])
def test_updates_run_is_the_same_whatever_the_windows(wire: Path, tmp_path: Path, window: int):
    run(config(wire, tmp_path / "a.jsonl"))
    run(config(wire, tmp_path / "b.jsonl", f"runtime.window_articles={window}"))
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()


def test_updates_run_that_is_stopped_goes_on_with_the_same_links(wire: Path, tmp_path: Path):
    run(config(wire, f"{tmp_path}/whole/"))
    stopped = 0
    for _ in range(COUNT):
        asked = iter(range(COUNT))
        report = run(config(wire, f"{tmp_path}/parts/"), stop=lambda asked=asked: next(asked) >= 6)
        stopped += report.interrupted
        if not report.interrupted:
            break
    assert stopped > 5
    assert content(tmp_path / "parts") == content(tmp_path / "whole")
    assert counts(tmp_path / "parts") == counts(tmp_path / "whole")


KILLED = """
import io, os, signal, sys
from summarizer.config import load_config
from summarizer.job import resumable, run_job
from summarizer.job.folder import RunFolder
from summarizer.updates import Linker

def kills(method, when):
    def patched(self, *given, **named):
        result = method(self, *given, **named) if when == "after" else None
        if len(calls) == 5:
            os.kill(os.getpid(), signal.SIGKILL)
        calls.append(when)
        return method(self, *given, **named) if when == "before" else result
    return patched

calls = []
owner, name, when = {"links": (Linker, "save", "before"), "journal": (RunFolder, "commit", "before"),
                     "next": (RunFolder, "commit", "after")}[sys.argv[2]]
setattr(owner, name, kills(getattr(owner, name), when))
resumable.COMMIT_SECONDS = 0
run_job(load_config(sys.argv[1]), stdin=io.BytesIO(), stdout=io.BytesIO())
"""


@pytest.mark.parametrize("before", ["links", "journal", "next"])
def test_updates_run_killed_before_a_step_of_a_window_goes_on_with_the_same_links(
    wire: Path, tmp_path: Path, before: str
):
    run(config(wire, f"{tmp_path}/whole/"))
    parts = config(wire, f"{tmp_path}/parts/")
    (tmp_path / "run.yaml").write_text(json.dumps(parts.model_dump(mode="json")))
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "run.yaml"), before], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert run(parts).resumed_at >= 16
    assert content(tmp_path / "parts") == content(tmp_path / "whole")
    assert counts(tmp_path / "parts") == counts(tmp_path / "whole")


def test_updates_links_are_the_same_where_the_cleaned_text_did_not_travel(wire: Path, tmp_path: Path):
    settings = config(wire, tmp_path / "out.jsonl")
    items = list(read(settings.input))
    runner, other = Runner(settings), Ledger(settings)
    results = runner.work(items)
    slim = [
        replace(one, article=replace(one.article, cleaned=None)) if isinstance(one, Record) else one for one in results
    ]
    here, there = runner.ledger.enter(items, results), other.enter(items, slim)
    assert [one.to_dict() for one in here] == [one.to_dict() for one in there]
    assert sum(isinstance(one, Record) and one.link is not None for one in there) > 10


def test_updates_run_without_its_links_file_does_not_go_on(wire: Path, tmp_path: Path):
    asked = iter(range(COUNT))
    run(config(wire, f"{tmp_path}/run/"), stop=lambda: next(asked) >= 10)
    (tmp_path / "run" / "links.sqlite").unlink()
    with pytest.raises(OutputError, match=r"links\.sqlite: is gone"):
        run(config(wire, f"{tmp_path}/run/"))
    run(config(wire, f"{tmp_path}/run/"), begin="restart")
    run(config(wire, f"{tmp_path}/whole/"))
    assert content(tmp_path / "run") == content(tmp_path / "whole")


def test_updates_run_that_begins_anew_keeps_the_old_files_aside(wire: Path, tmp_path: Path):
    run(config(wire, f"{tmp_path}/run/"))
    before = content(tmp_path / "run")
    run(config(wire, f"{tmp_path}/run/"), begin="restart")
    assert content(tmp_path / "run") == before
    assert (tmp_path / "run" / "before-1" / "links.sqlite").exists()


def test_updates_run_is_verified_with_its_links(wire: Path, tmp_path: Path):
    run(config(wire, f"{tmp_path}/run/"))
    found = verify_run(tmp_path / "run", articles=COUNT)
    assert (found.compared, found.same, found.first_difference) == (COUNT, COUNT, "")


def test_updates_runs_share_a_kept_index(wire: Path, tmp_path: Path):
    kept = f"updates.index={tmp_path / 'stories.sqlite'}"
    for folder in ("one", "two"):
        run(config(wire, f"{tmp_path}/{folder}/", kept))
    assert len(links(tmp_path / "one" / "records.jsonl")) < len(records(tmp_path / "one" / "records.jsonl"))
    assert links(tmp_path / "two" / "records.jsonl").keys() >= links(tmp_path / "one" / "records.jsonl").keys()
    wire.write_text(wire.read_text().replace('{"id": "', '{"id": "again-'))
    run(config(wire, tmp_path / "three.jsonl", kept))
    assert all("changes" in row for row in records(tmp_path / "three.jsonl"))


def test_updates_run_of_the_same_input_links_no_item_to_itself(wire: Path, tmp_path: Path):
    kept = f"updates.index={tmp_path / 'stories.sqlite'}"
    for name in ("one", "two"):
        run(config(wire, tmp_path / f"{name}.jsonl", kept))
    found = links(tmp_path / "two.jsonl")
    assert len(found) > 20
    assert not [
        id for id, earlier in found.items() if id == earlier and not id.startswith("item")
    ]  # these have versions


def test_updates_run_that_is_not_complete_is_not_in_the_kept_index(wire: Path, tmp_path: Path):
    kept = f"updates.index={tmp_path / 'stories.sqlite'}"
    asked = iter(range(COUNT))
    run(config(wire, f"{tmp_path}/one/", kept), stop=lambda: next(asked) >= 20)
    run(config(wire, tmp_path / "two.jsonl", kept))
    run(config(wire, tmp_path / "alone.jsonl"))
    assert links(tmp_path / "two.jsonl") == links(tmp_path / "alone.jsonl")


def test_updates_index_file_does_not_name_the_config_but_the_rest_does(tmp_path: Path):
    def fingerprint(*overrides: str) -> str:
        return config(tmp_path, tmp_path, *overrides).fingerprint()

    assert fingerprint() == fingerprint("updates.index=a.sqlite")
    assert len({fingerprint(), fingerprint("updates.similarity=0.5"), fingerprint("updates=null")}) == 3


def test_updates_index_that_cannot_be_made_is_told_before_anything_is_done(wire: Path, tmp_path: Path):
    with pytest.raises(OutputError, match=r"nowhere/stories"):
        run(config(wire, f"{tmp_path}/run/", f"updates.index={tmp_path}/nowhere/stories.sqlite"))
    assert not (tmp_path / "run" / "records.jsonl").exists()

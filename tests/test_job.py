"""A run from input to output: the counts add up, and what goes wrong loses nothing."""

import io
import json
import os
from pathlib import Path

import pytest

from summarizer.config import RunConfig, parse_config
from summarizer.errors import InputError, OutputError, UsageError
from summarizer.job import run_job

STORY = "Norvia and Tessland signed a defence accord on Tuesday. It runs for five years. The ministers met in Orma."


def config(path: Path, out: str, *overrides: str) -> RunConfig:
    text = "summarize:\n  backend: lead\n  max_words: 20\n  min_source_words: 5\nruntime:\n  window_articles: 4\n"
    return parse_config(text, RunConfig, overrides=[f"input.path={path}", f"output.path={out}", *overrides])


def run(settings: RunConfig, **options):
    stdout = io.BytesIO()
    return run_job(settings, stdin=io.BytesIO(), stdout=stdout, **options), stdout.getvalue().decode()


@pytest.fixture
def wire(tmp_path: Path) -> Path:
    path = tmp_path / "wire.jsonl"
    lines = [json.dumps({"id": f"w{n}", "text": STORY, "desk": n}) for n in range(9)]
    lines[5] = '{"id": "w5", "text": "cut off'
    path.write_text("\n".join(lines) + "\n")
    return path


def ids(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_text().splitlines()]


def test_job_writes_records_in_order_and_failures_beside_them(wire: Path, tmp_path: Path):
    report, _ = run(config(wire, str(tmp_path / "out" / "r.jsonl")))
    assert (report.read, report.written, report.failed) == (9, 8, 1)
    assert ids(tmp_path / "out" / "r.jsonl") == [f"w{n}" for n in range(9) if n != 5]
    [failure] = map(json.loads, (tmp_path / "out" / "r.failures.jsonl").read_text().splitlines())
    assert failure["where"] == f"{wire}:6"
    assert not list((tmp_path / "out").glob("*.partial"))


def test_job_unknown_fields_travel_through(wire: Path, tmp_path: Path):
    run(config(wire, str(tmp_path / "r.jsonl")))
    assert json.loads((tmp_path / "r.jsonl").read_text().splitlines()[3])["fields"] == {"desk": 3}


def test_job_to_standard_output(wire: Path):
    report, out = run(config(wire, "-"))
    assert len(out.splitlines()) == report.written == 8


def test_job_stop_finishes_the_window_in_hand_and_keeps_it(wire: Path, tmp_path: Path):
    asked = iter([False, True])
    report, _ = run(config(wire, str(tmp_path / "r.jsonl")), stop=lambda: next(asked))
    assert report.interrupted
    assert not (tmp_path / "r.jsonl").exists()
    assert ids(tmp_path / "r.jsonl.partial") == ["w0", "w1"]


def test_job_refuses_an_output_that_is_there(wire: Path, tmp_path: Path):
    (tmp_path / "r.jsonl").write_text("mine\n")
    with pytest.raises(UsageError, match="--overwrite"):
        run(config(wire, str(tmp_path / "r.jsonl")))
    assert (tmp_path / "r.jsonl").read_text() == "mine\n"


def test_job_missing_input_leaves_no_output(tmp_path: Path):
    with pytest.raises(InputError, match="no such file or folder"):
        run(config(tmp_path / "absent.jsonl", str(tmp_path / "r.jsonl")))
    assert not (tmp_path / "r.jsonl").exists()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_job_full_disk_is_told(wire: Path):
    with pytest.raises(OutputError, match="full"):
        run(config(wire, "/dev/full", "output.format=jsonl", "output.overwrite=true"))

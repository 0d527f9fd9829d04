"""Verify: a run's articles get the same records again, or it says which does not."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from run_folders import invent_wire, lead, run

from summarizer.errors import UsageError
from summarizer.job.verify import verify_run
from summarizer.runner import Runner


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("summarizer.job.resumable.COMMIT_SECONDS", 0)
    run(lead(invent_wire(tmp_path / "wire.jsonl", 40), tmp_path / "run"))
    return tmp_path / "run"


@pytest.mark.parametrize("articles", [1, 7, 40, 99])
def test_verify_same_records_and_failures(folder: Path, articles: int) -> None:
    found = verify_run(folder, articles=articles)
    assert (found.compared, found.same, found.first_difference) == (min(articles, 40), min(articles, 40), "")


def test_verify_knows_an_id_as_used_without_its_first_article(folder: Path) -> None:
    assert b"was used by an earlier article" in (folder / "records.jsonl").read_bytes()
    found = [verify_run(folder, articles=1, seed=seed) for seed in range(30)]
    assert [one.same for one in found] == [1] * 30


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        (
            b"accord 13 in",
            b"accord 14 in",
            r'article 14 \(w13\): brief.text was ".*accord 14 in Sundby.*", now ".*accord 13',
        ),
        (b'"verbatim"', b'"VERBATIM"', r'brief.sentences\[0\].origin was "VERBATIM", now "verbatim"'),
        (b'"schema": 1, ', b'"schema":1,  ', "written differently"),
        (b'"fields": {', b'"fields": [', "what the run kept of it is damaged"),
    ],
)
def test_verify_one_difference_is_shown(folder: Path, old: bytes, new: bytes, wanted: str) -> None:
    records = (folder / "records.jsonl").read_bytes().splitlines(keepends=True)
    at = next(i for i, line in enumerate(records) if b'"w13"' in line)
    records[at] = records[at].replace(old, new, 1)
    (folder / "records.jsonl").write_bytes(b"".join(records))
    found = verify_run(folder, articles=40)
    assert (found.compared, found.same) == (40, 39)
    assert re.search(wanted, found.first_difference), found.first_difference


def test_verify_failure_that_differs_is_shown(folder: Path) -> None:
    failures = (folder / "failures.jsonl").read_bytes()
    (folder / "failures.jsonl").write_bytes(failures.replace(b"not JSON", b"NOT JSON", 1))
    found = verify_run(folder, articles=40)
    assert found.same == 39
    assert found.first_difference.startswith("article 3 (")


def test_verify_chooses_by_seed_and_over_the_whole_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process, seen = Runner.process, []
    monkeypatch.setattr(Runner, "process", lambda self, items: (seen.append(str(items[0])), process(self, items))[1])
    for seed in (1, 1, 2):
        verify_run(folder, articles=4, seed=seed)
    first, again, other = seen[:4], seen[4:8], seen[8:]
    assert first == again
    assert first != other


def test_verify_finds_the_input_from_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    invent_wire(tmp_path / "wire.jsonl", 12)
    monkeypatch.chdir(tmp_path)
    run(lead(Path("wire.jsonl"), Path("run")))
    monkeypatch.chdir("/")
    assert verify_run(tmp_path / "run").same == 12
    assert os.getcwd() == "/"


def test_verify_only_reads(folder: Path) -> None:
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}
    verify_run(folder)
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()} == before


def test_verify_changed_input_is_named(folder: Path, tmp_path: Path) -> None:
    invent_wire(tmp_path / "wire.jsonl", 41)
    with pytest.raises(UsageError, match=r"input wire.jsonl: was"):
        verify_run(folder)


def test_verify_needs_a_run_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no run folder"):
        verify_run(tmp_path)

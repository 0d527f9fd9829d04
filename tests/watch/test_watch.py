"""What becomes of files that come into a watched folder."""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path

import pytest

from summarizer.config import RunConfig, parse_config
from summarizer.errors import InputError, OutputError, UsageError
from summarizer.job.lock import Lock
from summarizer.read import FORMATS
from summarizer.records import Failure
from summarizer.runner import Runner
from summarizer.watch import WatchOptions, watch
from summarizer.watch.folders import Folders
from summarizer.watch.incoming import Incoming

ONCE = WatchOptions(settle_seconds=0, poll_seconds=0.01, once=True)


def config(*overrides: str) -> RunConfig:
    text = "summarize: {backend: lead, max_words: 20, min_source_words: 5}\nruntime: {window_articles: 4}\n"
    return parse_config(text, RunConfig, overrides=overrides)


def story(number: int) -> str:
    text = f"Norvia and Tessland signed accord {number} in Orma. It runs for {number} years. The ministers met."
    return json.dumps({"id": f"w{number}", "text": text}) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def ids(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_text().splitlines()]


def test_watch_answers_each_file_and_puts_it_away(folder: Path, out: Path):
    (folder / "a.jsonl").write_text(story(1) + story(2))
    (folder / "b.txt").write_text("The ministers met an envoy in Orma.")
    report = watch(config(), folder, out, ONCE)
    assert (report.read, report.written, report.failed) == (3, 3, 0)
    assert names(out) == ["a.jsonl.jsonl", "b.txt.jsonl"]
    assert ids(out / "a.jsonl.jsonl") == ["w1", "w2"]
    assert ids(out / "b.txt.jsonl") == ["b"]
    assert (names(folder), names(folder / "done"), names(folder / "failed")) == ([], ["a.jsonl", "b.txt"], [])


def test_watch_a_file_that_gives_no_record_is_failed_and_says_why(folder: Path, out: Path):
    (folder / "a.jsonl").write_text(story(1) + "{\n")
    (folder / "b.xyz").write_text("What is this?")
    (folder / "c.json").write_text("")
    watch(config(), folder, out, ONCE)
    assert (names(folder / "done"), names(folder / "failed")) == (["a.jsonl"], ["b.xyz", "c.json"])
    assert names(out) == ["a.jsonl.failures.jsonl", "a.jsonl.jsonl", "b.xyz.failures.jsonl", "c.json.failures.jsonl"]
    where = {name: json.loads((out / f"{name}.failures.jsonl").read_text())["where"] for name in ("a.jsonl", "b.xyz")}
    assert where == {"a.jsonl": "a.jsonl:2", "b.xyz": "b.xyz"}


def test_watch_a_second_file_of_a_name_keeps_the_first_and_its_answer(folder: Path, out: Path):
    for number in (1, 2, 3):
        (folder / "wire.jsonl.gz").write_text(story(number))
        watch(config(), folder, out, ONCE)
    assert names(folder / "done") == ["wire-2.jsonl.gz", "wire-3.jsonl.gz", "wire.jsonl.gz"]
    answers = ["wire.jsonl.gz.jsonl", "wire-2.jsonl.gz.jsonl", "wire-3.jsonl.gz.jsonl"]
    assert [ids(out / name) for name in answers] == [["w1"], ["w2"], ["w3"]]


def test_watch_passes_over_hidden_and_unfinished_files_and_folders(folder: Path, out: Path):
    for name in (".hidden.json", "a.json.part", "b.json.tmp", "c.txt~"):
        (folder / name).write_text(story(1))
    (folder / "sub").mkdir()
    (folder / "sub" / "d.json").write_text(story(1))
    assert watch(config(), folder, out, ONCE).read == 0
    assert names(folder) == [".hidden.json", "a.json.part", "b.json.tmp", "c.txt~"]


def test_watch_waits_for_a_file_that_still_changes(folder: Path):
    now = 100.0
    incoming = Incoming(folder, 2.0, clock=lambda: now)
    path = folder / "a.json"
    path.write_text("{")
    assert incoming.complete() == []
    now = 101.5
    path.write_text(story(1))
    assert incoming.complete() == []
    now = 103.0  # three seconds after it came, but not two after it changed
    assert incoming.complete() == []
    now = 103.5
    assert incoming.complete() == ["a.json"]


def test_watch_takes_the_oldest_file_first(folder: Path):
    for name, changed in (("a.json", 3), ("b.json", 1), ("c.json", 2)):
        (folder / name).write_text(story(1))
        os.utime(folder / name, (changed, changed))
    assert Incoming(folder, 0).complete() == ["b.json", "c.json", "a.json"]


def test_watch_windows_go_on_from_file_to_file(folder: Path, out: Path):
    sizes = []
    for number in range(6):
        (folder / f"{number}.json").write_text(story(number))
    watch(config(), folder, out, ONCE, on_window=lambda results, _: sizes.append(len(results)))
    assert sizes[0] == 4
    assert sum(sizes) == 6


def test_watch_in_another_format(folder: Path, out: Path):
    (folder / "a.json").write_text(story(1))
    watch(config("output.format=ninjs"), folder, out, ONCE)
    assert names(out) == ["a.json.ninjs"]


def test_watch_takes_up_what_was_claimed_and_brings_out_what_was_answered(folder: Path, out: Path):
    folders = Folders(folder, out, ".jsonl")
    (folders.claimed / "a.json").write_text(story(1))
    folders.answer_of("a.json").write_text("cut off by a ki")
    (folder / ".watch" / "done" / "b.json").write_text(story(2))
    folders.answer_of("b.json").write_text("made before\n")
    (folder / ".watch" / "done" / "c.json").write_text(story(3))  # its answer was out, and is fetched
    folders.close()
    report = watch(config(), folder, out, ONCE)
    assert report.read == 1
    assert names(out) == ["a.json.jsonl", "b.json.jsonl"]
    assert (out / "b.json.jsonl").read_text() == "made before\n"
    assert names(folder / "done") == ["a.json", "b.json", "c.json"]


def test_watch_told_to_stop_finishes_the_window_and_gives_the_rest_back(folder: Path, out: Path):
    for number in range(6):
        (folder / f"{number}.jsonl").write_text(story(2 * number) + story(2 * number + 1))
    windows: list[int] = []
    report = watch(
        config(), folder, out, ONCE, stop=lambda: bool(windows), on_window=lambda r, _: windows.append(len(r))
    )
    assert report.interrupted
    assert windows == [4]
    assert names(folder / "done") == ["0.jsonl", "1.jsonl"]
    assert names(folder) == ["2.jsonl", "3.jsonl", "4.jsonl", "5.jsonl"]
    assert watch(config(), folder, out, ONCE).read == 8
    assert len(names(out)) == 6


def test_watch_an_article_that_breaks_the_work_off_costs_itself_alone(
    folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch
):
    work = Runner.work

    def breaks(self, items):
        if any("accord 2 " in item.text for item in items):
            raise ZeroDivisionError("no such number")
        return work(self, items)

    monkeypatch.setattr(Runner, "work", breaks)
    for number in range(1, 4):
        (folder / f"{number}.json").write_text(story(number))
    watch(config(), folder, out, ONCE)
    assert (names(folder / "done"), names(folder / "failed")) == (["1.json", "3.json"], ["2.json"])
    failure = json.loads((out / "2.json.failures.jsonl").read_text())
    assert (failure["stage"], failure["id"]) == ("worker", "w2")
    assert "ZeroDivisionError" in failure["what"]


def test_watch_a_file_that_breaks_the_reader_off_is_failed(folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch):
    def load(_self):
        def reader(source, _options):
            yield Failure(source.name, "read", "first line")
            raise ZeroDivisionError("no such number")

        return reader

    monkeypatch.setattr(type(FORMATS["text"]), "load", load)
    (folder / "a.txt").write_text("The ministers met.")
    watch(config(), folder, out, ONCE)
    assert names(folder / "failed") == ["a.txt"]
    assert "reading it broke off" in (out / "a.txt.failures.jsonl").read_text()


def test_watch_refuses_a_folder_that_another_process_watches(folder: Path, out: Path):
    code = (
        f"from pathlib import Path; from summarizer.job.lock import Lock; Lock(Path({str(out / '.watch')!r})); input()"
    )
    (out / ".watch").mkdir(parents=True)
    import subprocess

    with subprocess.Popen([sys.executable, "-c", code + "; print()"], stdin=subprocess.PIPE) as other:
        try:
            while not (out / ".watch" / "lock").exists() or not (out / ".watch" / "lock").read_text():
                pass
            with pytest.raises(OutputError, match="another process is at work"):
                watch(config(), folder, out, ONCE)
        finally:
            other.communicate(b"\n")
    assert Lock(out / ".watch")


def test_watch_refuses_to_answer_into_the_watched_folder(folder: Path):
    with pytest.raises(UsageError, match="--out"):
        watch(config(), folder, folder, ONCE)


def test_watch_refuses_a_folder_that_is_not_there(tmp_path: Path):
    with pytest.raises(InputError, match="no folder"):
        watch(config(), tmp_path / "absent", tmp_path / "out", ONCE)


def test_watch_from_the_command_line(folder: Path, out: Path, call):
    (folder / "a.json").write_text(story(1))
    (folder.parent / "c.yaml").write_text("summarize: {backend: lead, max_words: 20, min_source_words: 5}\n")
    code, _, err = call("watch", folder, "--out", out, "--config", folder.parent / "c.yaml", "--settle", 0, "--once")
    assert code == 0
    assert "read 1, written 1, failed 0" in err
    assert ids(out / "a.json.jsonl") == ["w1"]


def linked(out: Path) -> dict[str, str | None]:
    answers = (path for path in sorted(out.glob("*.jsonl")) if not path.name.endswith(".failures.jsonl"))
    rows = [json.loads(line) for path in answers for line in path.read_text().splitlines()]
    return {row["id"]: row.get("updates") or row.get("same_as") for row in rows}


def long_story(number: int, more: str = "") -> str:
    chance = random.Random(number)
    words = ["".join(chance.choices("abdefgiklmnoprstuv", k=7)) for _ in range(60)]
    text = " ".join(" ".join(["The", *words[start : start + 12]]) + "." for start in range(0, 60, 12))
    return json.dumps({"id": f"w{number}{'b' if more else ''}", "text": f"{text} {more}".strip()}) + "\n"


def put(folder: Path, name: str, text: str, seconds: int) -> None:
    (folder / name).write_text(text)
    os.utime(folder / name, (seconds, seconds))


def test_watch_links_stories_in_the_order_in_which_their_files_came(folder: Path, out: Path):
    more = "The envoy spoke to the crowd."
    put(folder, "b.jsonl", long_story(1) + long_story(2), 1000)
    put(folder, "a.jsonl", long_story(1, more) + long_story(3) + long_story(3, more), 2000)
    report = watch(config("updates={}"), folder, out, ONCE)
    assert linked(out) == {"w1": None, "w2": None, "w1b": "w1", "w3": None, "w3b": "w3"}
    assert report.links == {"updates": 2}


def test_watch_knows_by_its_index_what_it_answered_before(folder: Path, out: Path, tmp_path: Path):
    settings = config(f"updates.index={tmp_path / 'stories.sqlite'}")
    for name, text in ("a", long_story(1)), ("b", long_story(1, "The envoy spoke.")), ("c", "{"), ("d", ""):
        (folder / f"{name}.jsonl").write_text(text)
        watch(settings, folder, out, ONCE)
    assert linked(out) == {"w1": None, "w1b": "w1"}


def test_watch_forgets_the_stories_of_a_file_that_was_not_put_away(
    folder: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings = config(f"updates.index={tmp_path / 'stories.sqlite'}")
    put(folder, "a.jsonl", long_story(1), 1000)
    put(folder, "b.jsonl", long_story(1, "The envoy spoke."), 2000)

    def broken(*_: object) -> None:
        raise OutputError("disk", "is full")

    with monkeypatch.context() as patched:
        patched.setattr(Folders, "finish", broken)
        with pytest.raises(OutputError):
            watch(settings, folder, out, ONCE)
    watch(settings, folder, out, ONCE)
    assert linked(out) == {"w1": None, "w1b": "w1"}

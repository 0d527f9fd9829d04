"""What a run was begun with: each thing that changes stops it by name, what does not bear on records does not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from run_folders import content, counts, invent_wire, lead, run
from tiny_topics import tiny_linear

from summarizer.errors import InputError, UsageError


@pytest.fixture
def wire(tmp_path: Path) -> Path:
    return invent_wire(tmp_path / "wire.jsonl", 12)


def begin(wire: Path, folder: Path, *overrides: str) -> None:
    """Run the first window and stop."""
    seen: list[int] = []
    run(
        lead(wire, folder, *overrides),
        stop=lambda: bool(seen),
        on_window=lambda results, _: seen.append(len(results)),
    )
    assert seen


@pytest.fixture(autouse=True)
def every_window_is_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.job.resumable.COMMIT_SECONDS", 0)


@pytest.mark.parametrize("is_finished", [False, True])
@pytest.mark.parametrize(
    ("override", "wanted"),
    [
        ("summarize.max_words=21", "summarize.max_words: was 20, now 21"),
        ("clean.datelines=false", "clean.datelines: was true, now false"),
        ("evidence.on_unsupported=drop", 'evidence.on_unsupported: was "replace", now "drop"'),
        ("summarize={backend: causal}", 'summarize.backend: was "lead", now "causal"'),
        ("classify={backend: encoder}", "classify: was null, now a section (encoder)"),
        ("input.fields.title=headline", 'input.fields.title: was "title", now "headline"'),
        ("input.limit=5", "input.limit: was null, now 5"),
        ("runtime.seed=7", "runtime.seed: was 13, now 7"),
    ],
)
def test_identity_changed_config_is_named(
    wire: Path, tmp_path: Path, override: str, wanted: str, is_finished: bool
) -> None:
    run(lead(wire, tmp_path / "run")) if is_finished else begin(wire, tmp_path / "run")
    before = content(tmp_path / "run")
    with pytest.raises(UsageError, match=re.escape(f"\n  {wanted}.\nPut it back")) as caught:
        run(lead(wire, tmp_path / "run", override))
    assert str(caught.value).count("\n  ") == 1, caught.value
    assert content(tmp_path / "run") == before


def test_identity_every_change_is_named_at_once(wire: Path, tmp_path: Path) -> None:
    begin(wire, tmp_path / "run")
    with wire.open("a") as stream:
        stream.write('{"text": "One more story came in."}\n')
    with pytest.raises(UsageError) as caught:
        run(lead(wire, tmp_path / "run", "summarize.max_words=21", "clean.mojibake=false"))
    assert [line.split(":")[0].strip() for line in str(caught.value).splitlines()[1:4]] == [
        "clean.mojibake",
        "summarize.max_words",
        "input wire.jsonl",
    ]


@pytest.mark.parametrize(
    "override",
    ["runtime.threads=1", "runtime.batch_tokens=64", "runtime.window_articles=3", "runtime.download=true"],
)
def test_identity_what_does_not_bear_on_records_may_change(wire: Path, tmp_path: Path, override: str) -> None:
    run(lead(wire, tmp_path / "unbroken"))
    begin(wire, tmp_path / "run")
    run(lead(wire, tmp_path / "run", override))
    assert content(tmp_path / "run") == content(tmp_path / "unbroken")


def test_identity_changed_version_is_named(wire: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(wire, tmp_path / "run")
    monkeypatch.setattr("summarizer.job.identity.__version__", "9.9.0")
    with pytest.raises(UsageError, match=r"summarizer: was \S+, now 9.9.0"):
        run(lead(wire, tmp_path / "run"))


@pytest.mark.parametrize("is_finished", [False, True])
def test_identity_changed_model_is_named(wire: Path, tmp_path: Path, is_finished: bool) -> None:
    folder, _ = tiny_linear(tmp_path / "model")
    section = f"classify={{backend: linear, model: {folder}}}"
    run(lead(wire, tmp_path / "run", section)) if is_finished else begin(wire, tmp_path / "run", section)
    (folder / "extra.json").write_text("{}")
    with pytest.raises(UsageError, match=rf"model {folder}: was sha256:\w{{12}}, now sha256:\w{{12}}\."):
        run(lead(wire, tmp_path / "run", section))


def test_identity_finished_run_needs_no_model_any_more(wire: Path, tmp_path: Path) -> None:
    folder, _ = tiny_linear(tmp_path / "model")
    section = f"classify={{backend: linear, model: {folder}}}"
    run(lead(wire, tmp_path / "run", section))
    folder.rename(tmp_path / "elsewhere")
    assert run(lead(wire, tmp_path / "run", section)).was_finished


def grow(folder: Path) -> None:
    with (folder / "b.jsonl").open("a") as stream:
        stream.write('{"text": "One more story came in."}\n')


def edit(folder: Path) -> None:
    data = (folder / "b.jsonl").read_bytes()
    (folder / "b.jsonl").write_bytes(data.replace(b"Norvia", b"Norvie", 1))


def edit_the_end(folder: Path) -> None:
    data = (folder / "big.jsonl").read_bytes()
    (folder / "big.jsonl").write_bytes(data[:-3] + b'!"}'[-3:])


def add(folder: Path) -> None:
    (folder / "c.txt").write_text("A story.")


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (grow, r"input b.jsonl: was [\d,]+ bytes, now [\d,]+ bytes"),
        (edit, r"input b.jsonl: its content changed \([\d,]+ bytes as before\)"),
        (edit_the_end, r"input big.jsonl: its content changed"),
        (add, r"input c.txt: is new"),
        (lambda folder: (folder / "a.jsonl").unlink(), r"input a.jsonl: is gone"),
    ],
    ids=["grown", "edited", "edited at the end", "added", "gone"],
)
def test_identity_changed_input_is_named(tmp_path: Path, change: Callable[[Path], None], wanted: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    invent_wire(folder / "a.jsonl", 8)
    invent_wire(folder / "b.jsonl", 8)
    (folder / "big.jsonl").write_text('{"text": "' + "x " * 1_300_000 + '"}\n')
    begin(folder, tmp_path / "run")
    change(folder)
    with pytest.raises(UsageError, match=wanted):
        run(lead(folder, tmp_path / "run"))


@pytest.mark.parametrize("kind", ["file", "folder", "glob"])
def test_identity_moved_input_is_the_same(tmp_path: Path, kind: str) -> None:
    invent_wire((tmp_path / "one").mkdir() or tmp_path / "one" / "a.jsonl", 12)
    path = {"file": "a.jsonl", "folder": "", "glob": "*.jsonl"}[kind]
    begin(tmp_path / "one" / path, tmp_path / "run")
    (tmp_path / "one").rename(tmp_path / "two")
    assert run(lead(tmp_path / "two" / path, tmp_path / "run")).read == 12


def test_identity_input_that_begins_otherwise_is_refused(
    wire: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A data set on the Hub is known by its name alone; the last article that is done gives it away."""
    monkeypatch.setattr("summarizer.job.identity.list_input", lambda options: [])
    begin(wire, tmp_path / "run")
    wire.write_text("\n".join(wire.read_text().splitlines()[1:]))
    with pytest.raises(
        InputError, match=r"no longer begins as when the run began: article 4 was 'wire.jsonl:4', now 'w4'"
    ):
        run(lead(wire, tmp_path / "run"))
    wire.write_text('{"text": "The only story."}\n')
    with pytest.raises(InputError, match="now nothing"):
        run(lead(wire, tmp_path / "run"))


LATER = '{"id": "w1", "text": "One more story came in. It has two sentences."}\n{"id": "late", "text": "A last one."}\n'


@pytest.mark.parametrize("is_finished", [False, True])
@pytest.mark.parametrize("to", ["file", "folder"])
def test_identity_extended_run_has_the_records_of_the_longer_input(tmp_path: Path, is_finished: bool, to: str) -> None:
    wires = tmp_path / "in"
    wires.mkdir()
    wire = invent_wire(wires / "wire.jsonl", 14)
    run(lead(wires, tmp_path / "run")) if is_finished else begin(wires, tmp_path / "run")
    with (wire if to == "file" else wires / "x.jsonl").open("a") as stream:
        stream.write(LATER)
    with pytest.raises(UsageError, match="add --extend to go on with them"):
        run(lead(wires, tmp_path / "run"))
    run(lead(wires, tmp_path / "run"), begin="extend")
    run(lead(wires, tmp_path / "unbroken"))
    assert content(tmp_path / "run") == content(tmp_path / "unbroken")
    assert counts(tmp_path / "run") == counts(tmp_path / "unbroken")
    assert run(lead(wires, tmp_path / "run")).was_finished


def test_identity_extended_run_that_is_killed_at_once_is_not_finished(
    wire: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(lead(wire, tmp_path / "run"))
    with wire.open("a") as stream:
        stream.write(LATER)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("summarizer.job.resumable._work", killed)
        with pytest.raises(KeyboardInterrupt):
            run(lead(wire, tmp_path / "run"), begin="extend")
    assert run(lead(wire, tmp_path / "run")).read == 14


def test_identity_extended_limit(wire: Path, tmp_path: Path) -> None:
    run(lead(wire, tmp_path / "run", "input.limit=3"))
    with pytest.raises(UsageError, match=r"input.limit: was 3, now 6.\n.*--extend"):
        run(lead(wire, tmp_path / "run", "input.limit=6"))
    run(lead(wire, tmp_path / "run", "input.limit=6"), begin="extend")
    run(lead(wire, tmp_path / "unbroken", "input.limit=6"))
    assert content(tmp_path / "run") == content(tmp_path / "unbroken")
    with pytest.raises(UsageError, match="Put it back"):
        run(lead(wire, tmp_path / "run", "input.limit=5"), begin="extend")


def edit_and_grow(folder: Path) -> None:
    edit(folder)
    grow(folder)


def grow_a_line_without_an_end(folder: Path) -> None:
    with (folder / "b.jsonl").open("a") as stream:
        stream.write("x")


def grow_the_first(folder: Path) -> None:
    with (folder / "a.jsonl").open("a") as stream:
        stream.write(LATER)


@pytest.mark.parametrize(
    "change",
    [edit_and_grow, grow_a_line_without_an_end, grow_the_first, lambda folder: (folder / "a2.txt").write_text("x")],
)
def test_identity_what_is_not_added_at_the_end_cannot_extend(tmp_path: Path, change: Callable[[Path], None]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    invent_wire(folder / "a.jsonl", 8)
    lines = invent_wire(folder / "b.jsonl", 8).read_text()
    (folder / "b.jsonl").write_text(lines[: len(lines) - (change is grow_a_line_without_an_end)])
    begin(folder, tmp_path / "run")
    change(folder)
    with pytest.raises(UsageError, match="Put it back"):
        run(lead(folder, tmp_path / "run"), begin="extend")

from __future__ import annotations

import os
from pathlib import Path

import pytest
from read_cases import STORY, articles, failures, line, read_all

from summarizer.errors import InputError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b" / "deep").mkdir(parents=True)
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "b" / "two.txt").write_text(STORY)
    (tmp_path / "b" / "deep" / "three.jsonl").write_text(line())
    (tmp_path / "a.csv").write_text(f"text\n{STORY}\n")
    (tmp_path / ".hidden" / "no.txt").write_text(STORY)
    for name in (".DS_Store", "README.md", "LICENSE", "_SUCCESS"):
        (tmp_path / name).write_text("not an article")
    return tmp_path


def test_files_folder_is_read_in_order_of_paths(folder: Path) -> None:
    entries = read_all(folder)
    assert [entry.id for entry in articles(entries)] == ["a-2", "three-1", "two"]
    assert not failures(entries)


@pytest.mark.parametrize(
    ("pattern", "ids"),
    [("*.csv", ["a-2"]), ("**/*.txt", ["two"]), ("*", ["a-2", "three-1", "two"]), ("b/deep/*", ["three-1"])],
)
def test_files_glob_is_read(folder: Path, pattern: str, ids: list[str]) -> None:
    assert [entry.id for entry in articles(read_all(folder / pattern))] == ids


def test_files_name_with_magic_characters_is_a_name(tmp_path: Path) -> None:
    (tmp_path / "wire[1].txt").write_text(STORY)
    assert [entry.id for entry in articles(read_all(tmp_path / "wire[1].txt"))] == ["wire[1]"]


@pytest.mark.parametrize(("name", "what"), [("clip.mp4", "unknown format .mp4"), ("notes", "without an ending")])
def test_files_unknown_ending_in_a_folder_is_reported(folder: Path, name: str, what: str) -> None:
    (folder / name).write_text("x")
    entries = read_all(folder)
    [failure] = failures(entries)
    assert failure.where == str(folder / name)
    assert what in failure.what
    assert ".jsonl" in failure.mend
    assert len(articles(entries)) == 3


def test_files_unknown_ending_of_the_named_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "wire.xyz").write_text(line())
    with pytest.raises(InputError, match=r"unknown format \.xyz\. Set input\.format, or use a known ending: \.jsonl"):
        read_all(tmp_path / "wire.xyz")
    assert len(articles(read_all(tmp_path / "wire.xyz", format="jsonl"))) == 1


def test_files_explicit_format_is_for_every_file(tmp_path: Path) -> None:
    for name in ("0001", "0002.story"):
        (tmp_path / name).write_text(STORY)
    assert [entry.id for entry in articles(read_all(tmp_path, format="text"))] == ["0001", "0002"]


def test_files_companion_that_is_named_is_read(folder: Path) -> None:
    assert [entry.id for entry in articles(read_all(folder / "README.md"))] == ["README"]


def test_files_path_that_is_missing_names_a_near_one(folder: Path) -> None:
    with pytest.raises(InputError, match=r"no such file or folder\. Did you mean '.*a.csv'") as caught:
        read_all(folder / "aa.csv")
    assert caught.value.fault.where == str(folder / "aa.csv")


def test_files_folder_of_a_path_that_is_missing_is_named(folder: Path) -> None:
    with pytest.raises(InputError, match=r"There is no folder '.*nowhere' either"):
        read_all(folder / "nowhere" / "a.csv")


def test_files_glob_without_match_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="no file matches"):
        read_all(folder / "*.parquet")


def test_files_empty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".DS_Store").write_text("x")
    with pytest.raises(InputError, match="holds no files to read"):
        read_all(tmp_path)


def test_files_link_to_nowhere_in_a_folder_fails_alone(folder: Path) -> None:
    os.symlink(folder / "gone.txt", folder / "link.txt")
    entries = read_all(folder)
    assert len(articles(entries)) == 3
    assert failures(entries)[0].where == str(folder / "link.txt")
    assert "cannot be read (no such file" in failures(entries)[0].what


def test_files_that_may_not_be_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # By a false open(): the superuser may read everything.
    path = str(folder / "b" / "two.txt")
    real = open

    def guarded(name: str, mode: str = "r", **options: object) -> object:
        if name == path:
            raise PermissionError(13, "Permission denied", name)
        return real(name, mode, **options)

    monkeypatch.setattr("builtins.open", guarded)
    entries = read_all(folder)
    assert len(articles(entries)) == 2
    assert failures(entries)[0].what == "cannot be read (permission denied)"
    with pytest.raises(InputError, match="permission denied"):
        read_all(path)


def test_files_links_in_a_circle_are_read_once(folder: Path) -> None:
    os.symlink(folder, folder / "b" / "loop")
    assert len(articles(read_all(folder))) == 3


def test_files_one_broken_file_leaves_its_neighbours(folder: Path) -> None:
    (folder / "b" / "broken.parquet").write_bytes(b"PAR1 no more")
    (folder / "b" / "empty.jsonl").write_bytes(b"")
    (folder / "b" / "image.txt").write_bytes(b"\x89PNG\r\n")
    entries = read_all(folder)
    assert len(articles(entries)) == 3
    assert [Path(failure.where).name for failure in failures(entries)] == ["broken.parquet", "empty.jsonl", "image.txt"]


def test_files_home_is_expanded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    assert len(articles(read_all("~/a.csv"))) == 1

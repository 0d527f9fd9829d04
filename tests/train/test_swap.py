from __future__ import annotations

from pathlib import Path

import pytest

from summarizer.train.swap import settle, swapped_in


def write(folder: Path, text: str) -> None:
    with swapped_in(folder) as fresh:
        (fresh / "state").write_text(text)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_swap_leaves_the_newer_one_alone(tmp_path: Path) -> None:
    for text in ("first", "second"):
        write(tmp_path / "checkpoint", text)
    assert (tmp_path / "checkpoint" / "state").read_text() == "second"
    assert names(tmp_path) == ["checkpoint"]


def test_swap_killed_while_writing_leaves_the_older_one(tmp_path: Path) -> None:
    write(tmp_path / "checkpoint", "first")

    def write_half() -> None:
        with swapped_in(tmp_path / "checkpoint") as fresh:
            (fresh / "state").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    settle(tmp_path / "checkpoint")
    assert (tmp_path / "checkpoint" / "state").read_text() == "first"
    write(tmp_path / "checkpoint", "second")
    assert (tmp_path / "checkpoint" / "state").read_text() == "second"


def test_swap_killed_between_the_renames_leaves_the_older_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "checkpoint", "first")
    rename = Path.rename

    def killed(path: Path, target: Path) -> Path:
        if path.name == "checkpoint.new":
            raise KeyboardInterrupt
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path / "checkpoint", "second")
    assert not (tmp_path / "checkpoint").exists()
    settle(tmp_path / "checkpoint")
    assert (tmp_path / "checkpoint" / "state").read_text() == "first"

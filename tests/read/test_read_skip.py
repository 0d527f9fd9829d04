"""Skipping what was read before leaves exactly the rest, whatever the formats."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from summarizer.read import InputOptions, read
from summarizer.records import Article


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    row = json.dumps({"text": "The ministers met in Orma."})
    (tmp_path / "a.jsonl").write_text(f"{row}\n{{\n{row}\n")
    (tmp_path / "b.txt").write_text("")
    (tmp_path / "c.txt").write_text("A story.")
    (tmp_path / "d.docx").write_text("?")
    (tmp_path / "e.csv").write_text("text\nOne story.\nAnother story.\n")
    return tmp_path


@pytest.mark.parametrize("skip", range(10))
def test_read_skip_leaves_the_rest(folder: Path, skip: int) -> None:
    options = InputOptions(path=str(folder))
    whole = list(read(options))
    assert len(whole) == 8
    assert list(read(options, skip=skip)) == whole[skip:]


def test_read_skip_limit_counts_what_comes_after(folder: Path) -> None:
    found = list(read(InputOptions(path=str(folder), limit=2), skip=1))
    assert [item.id if isinstance(item, Article) else "failure" for item in found] == [
        "failure",
        "a-3",
        "failure",
        "c",
    ]

"""How many articles a progress bar may expect."""

from pathlib import Path

import pytest

from summarizer.read import InputOptions, count_articles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "wire.jsonl").write_text('{"text": "a"}\n{"text": "b"}\n')
    (tmp_path / "one.txt").write_text("One.\nStory.\n")
    return tmp_path


def test_count_adds_lines_and_one_article_files(folder: Path):
    assert count_articles(InputOptions(path=str(folder))) == 3


def test_count_stops_at_the_limit(folder: Path):
    assert count_articles(InputOptions(path=str(folder), limit=2)) == 2


@pytest.mark.parametrize("name", ["wire.csv", "wire.jsonl.gz"])
def test_count_does_not_read_what_is_dear_to_count(folder: Path, name: str):
    (folder / name).write_bytes(b"id,text\n")
    assert count_articles(InputOptions(path=str(folder))) is None


def test_count_knows_nothing_of_standard_input():
    assert count_articles(InputOptions(path="-")) is None

"""The index asked as of a place, cut back, shared between processes, and given files that it cannot use."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from invented_wire import invent

from summarizer.errors import OutputError
from summarizer.updates import index as module
from summarizer.updates.index import Story, StoryIndex
from summarizer.updates.kept import KeptIndex
from summarizer.updates.sketch import sketch


def add(index: StoryIndex, place: int, number: int, id: str = "", version: str = "") -> list[int]:
    own = sketch(invent(number))
    named: dict[str, Any] = {"id": id or f"s{place}", "version": version, "title": "A \ud800 title", "day": None}
    named["decisions"] = {"energy": "review"}
    index.add(
        Story(**named, place=place, runs=own.runs, form=own.form, names=own.names, sentences=own.sentences), own.bands()
    )
    return own.bands()


def places(index: StoryIndex, bands: list[int], after: int = 0, before: int = 1000) -> list[int]:
    return [story.place for story in index.alike(bands, after=after, before=before)]


def test_index_gives_back_what_was_added():
    index, own = StoryIndex(), sketch(invent(1))
    bands = add(index, 1, 1, id="a\ud800", version="2")
    [story] = index.alike(bands, after=0, before=2)
    assert (story.id, story.version, story.title, story.day) == ("a\ud800", "2", "A \ud800 title", None)
    assert (story.runs.tolist(), story.sentences) == (own.runs.tolist(), own.sentences)
    assert (story.form.tolist(), story.names.tolist()) == (own.form.tolist(), own.names.tolist())
    assert story.decisions == {"energy": "review"}
    assert [story.place for story in index.called("a\ud800", after=0, before=2)] == [1]


def test_index_answers_as_of_a_place_whatever_came_later():
    index = StoryIndex()
    *_, bands = [add(index, place, 7) for place in range(1, 6)]
    assert places(index, bands) == [1, 2, 3, 4, 5]
    assert places(index, bands, after=2, before=5) == [3, 4]


def test_index_puts_those_that_share_most_first_and_looks_at_no_more_than_it_should(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST_ALIKE", 50)
    index = StoryIndex()
    for place in range(1, 80):
        bands = add(index, place, 7)
    assert places(index, bands) == list(range(1, 51))


def test_index_gives_the_stories_of_an_id_the_latest_first():
    index = StoryIndex()
    for place, version in enumerate(["1", "2", ""], start=1):
        add(index, place, place, id="a", version=version)
    found = index.called("a", after=0, before=9)
    assert [(story.place, story.version) for story in found] == [(3, ""), (2, "2"), (1, "1")]
    assert [story.place for story in index.called("a", after=1, before=3)] == [2]
    assert list(index.called("b", after=0, before=9)) == []


def test_index_drops_bands_with_their_stories():
    index = StoryIndex()
    *_, bands = [add(index, place, 7) for place in range(1, 7)]
    index.drop(after=4)
    index.drop(upto=2)
    assert places(index, bands) == [3, 4]
    add(index, 5, 7)
    assert places(index, bands) == [3, 4, 5]


def test_index_keeps_what_was_saved_and_nothing_else(tmp_path: Path):
    index = StoryIndex(tmp_path / "links")
    bands = add(index, 1, 7)
    index.save()
    add(index, 2, 7)
    index.close()
    assert places(StoryIndex(tmp_path / "links"), bands) == [1]


def test_index_in_a_file_survives_odd_names(tmp_path: Path):
    path = tmp_path / "a?b#c %20.sqlite"
    index = StoryIndex(path)
    add(index, 1, 7)
    index.save()
    assert path.exists()


def write_text(path: Path) -> None:
    path.write_text("not a database, but long enough to be taken for one " * 100)


def write_other_tables(path: Path) -> None:
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE photos (name)")
    base.commit()
    base.close()


def write_other_scheme(path: Path) -> None:
    index = StoryIndex(path)
    index.set_facts(scheme="0 of long ago")
    index.close()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (write_text, "not a database"),
        (write_other_tables, "is no index of stories"),
        (write_other_scheme, "made by another version"),
        (Path.mkdir, "unable to open"),
    ],
)
def test_index_refuses_what_is_none(tmp_path: Path, spoil, said: str):
    path = tmp_path / "links"
    spoil(path)
    with pytest.raises(OutputError, match=said) as caught:
        StoryIndex(path)
    assert str(path) in str(caught.value)
    assert "updates.index" in str(caught.value)


def test_index_that_is_written_by_another_process_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.1)
    one, other = KeptIndex(tmp_path / "links"), KeptIndex(tmp_path / "links")
    with one.alone(), pytest.raises(OutputError, match="locked"), other.alone():
        pass
    with other.alone():
        add_row = next(iter_rows())
        other.add_row(add_row)
    assert [story.place for story in one.called("s1", after=0, before=9)] == [1]


def test_index_takes_back_the_stories_of_files_that_were_not_done(tmp_path: Path):
    kept = KeptIndex(tmp_path / "links")
    *_, bands = [add(kept, place, 7) for place in range(1, 7)]
    kept.save()
    with kept.alone():
        kept.await_files("one", [("a", 0, 2), ("b", 2, 3), ("c", 3, 4)])
        kept.await_files("two", [("b", 4, 6)])
    with kept.alone():
        kept.take_back("one", {"b", "c"})
    assert places(kept, bands) == [1, 2, 5, 6]
    with kept.alone():
        kept.take_back("one", {"a"})
    assert places(kept, bands) == [1, 2, 5, 6]


def iter_rows():
    index = StoryIndex()
    add(index, 1, 7)
    yield from index.rows(0, 9)

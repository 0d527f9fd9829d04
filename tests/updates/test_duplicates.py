"""The links of an invented wire, and the script that measures them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmark_scripts import load
from invented_wire import invent

from summarizer.records import Article, Link

rewrites, duplicates = load("rewrites"), load("duplicates")
COUNT = 180


def invented(seed: int) -> tuple[list[Article], list[Article]]:
    """Articles, and donors to their rewrites."""
    articles = [invent(number, seed=seed) for number in range(2 * COUNT)]
    return articles[:COUNT], articles[COUNT:]


@pytest.fixture(scope="module")
def rated() -> dict:
    wire = rewrites.make_wire(*invented(3), seed=4)
    links, _ = duplicates.link_all(case.article for case in wire)
    return duplicates.rate_wire(wire, links, 0.25)


def test_duplicates_links_of_an_invented_wire_are_right(rated: dict):
    assert rated["precision"] >= 0.95
    assert rated["recall"] >= 0.85


@pytest.mark.parametrize("kind", ["same", "headline", "cut", "paragraph", "figures", "half_reworded"])
def test_duplicates_rewrites_are_found_and_said_to_be_what_they_are(rated: dict, kind: str):
    row = rated["kinds"][kind]
    assert row["articles"] == COUNT / 2 / len(rewrites.REWRITES)
    assert row["right_kind"] == row["right"] == row["linked"] >= 0.9 * row["articles"]


def test_duplicates_shared_footers_link_nothing(rated: dict):
    assert rated["kinds"]["footer"]["articles"] > 20
    assert rated["kinds"]["footer"]["linked"] == 0


def test_duplicates_wire_has_each_rewrite_after_what_it_was_made_of():
    wire = rewrites.make_wire(*invented(0), seed=4)
    assert {case.kind for case in wire} == {"", *rewrites.REWRITES, *rewrites.LOOK_ALIKES}
    for case, first in rewrites.stories_of(wire):
        assert (first is not None) == (case.kind in rewrites.REWRITES), case.kind
    again = rewrites.make_wire(*invented(0), seed=4)
    assert [case.article for case in wire] == [case.article for case in again]


def test_duplicates_links_between_chains_are_rated_by_their_names():
    names = [("war", "siege"), ("war", "talks"), ("flood",), (), ("war", "siege")]
    items = [
        duplicates.Item(Article(id=str(i), text=f"text {i}", date="2026-01-01"), name) for i, name in enumerate(names)
    ]
    links = [None, *(Link(kind="updates", id="0", similarity=alike) for alike in (0.5, 0.6, 0.9, 0.25))]
    rated = duplicates.rate_chains(items, links, [None, None, None, None, 0.4], 0.3)
    recall = rated.pop("recall")
    assert rated == {"links": 3, "right": 1, "wrong": 1, "unknown": 1, "innermost": 0}
    assert recall["0.00"] == {"items": 1, "linked": 0}
    assert duplicates.rate_chains(items, links, [None] * 5, 0.2)["innermost"] == 1


def test_duplicates_similarity_is_the_lowest_from_which_on_both_are_precise():
    def half(wrong: dict[float, int]) -> dict:
        steps = duplicates.STEPS
        return {
            "chains": {str(step): {"right": 50, "wrong": wrong.get(step, 0)} for step in steps},
            "rewrites": {str(step): {"precision": 1.0 if step > 0.1 else 0.5} for step in steps},
        }

    assert duplicates.choose(half({})) == 0.15
    assert duplicates.choose(half({0.25: 9})) == 0.3


def test_duplicates_script_writes_what_it_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    articles = [invent(number, seed=5) for number in range(60)]
    days = [{"id": f"c{n}", "date": f"2026-01-{1 + n // 4:02}", "story": ["war", f"s{n % 5}"]} for n in range(40)]
    chains = [{**row, "text": invent(n // 2, sentences=3).text} for n, row in enumerate(days)]
    stories = [{"id": one.id, "title": one.title, "text": one.text} for one in articles]
    for name, rows in (("chains", chains), ("articles", stories)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    given = ["--chains", f"{tmp_path}/chains.jsonl", "--articles", f"{tmp_path}/articles.jsonl", "--out", str(tmp_path)]
    monkeypatch.setattr("sys.argv", ["duplicates.py", *given])
    duplicates.main()
    result = json.loads((tmp_path / "duplicates.json").read_bytes())
    reported = result["reported"]
    assert reported["chains"]["0.3"]["right"] == reported["chains"]["0.3"]["links"] == 10
    assert (tmp_path / "duplicates.md").read_text().startswith("# Links between stories")

import gzip
import json
from dataclasses import replace

import pytest
from desk_cases import TEXT, accord, record_of

from summarizer.desk.articles import Articles
from summarizer.desk.opening import open_shelf, signoffs_beside, topics_of
from summarizer.desk.shelf import Shelf
from summarizer.errors import InputError, UsageError
from summarizer.read import InputOptions
from summarizer.records import Topic


def story(number: int):
    return replace(accord(), id=f"story-{number}", title=f"Story {number}% done", text=f"{TEXT} Number {number}.")


def lines(count: int) -> bytes:
    records = [replace(record_of(story(i)), needs_review=i % 2 == 1).to_dict() for i in range(count)]
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


@pytest.fixture
def shelf(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_bytes(lines(3) + b"{cut off\n\n" + lines(5).splitlines(keepends=True)[4])
    shelf = Shelf(path, lambda name: None, {"diplomacy": "Diplomacy"})
    yield shelf
    shelf.close()


def test_shelf_counts_what_is_no_record(shelf):
    assert (shelf.count, shelf.bad_lines) == (4, 1)
    assert [row.id for row in shelf.rows(0, 10)[1]] == ["story-0", "story-1", "story-2", "story-4"]


def test_shelf_lists_page_by_page(shelf):
    fitting, rows = shelf.rows(1, 2)
    assert (fitting, [row.number for row in rows]) == (4, [1, 2])


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({"find": "STORY 2"}, ["story-2"]),
        ({"find": "story-4"}, ["story-4"]),
        ({"find": "2%"}, ["story-2"]),
        ({"find": "_"}, []),
        ({"only": "review"}, ["story-1"]),
        ({"only": "open", "signed": {"story-0": "x", "story-1": "y"}}, ["story-2", "story-4"]),
    ],
)
def test_shelf_finds_records(shelf, options, ids):
    fitting, rows = shelf.rows(0, 10, **options)
    assert (fitting, [row.id for row in rows]) == (len(ids), ids)


def test_shelf_opens_a_record_without_its_article(shelf):
    entry = shelf.entry(3)
    assert entry is not None
    assert (entry.article["id"], entry.article["text"]) == ("story-4", None)
    assert entry.names["diplomacy"] == "Diplomacy"
    assert entry.names["armed-forces"] == "armed forces"
    assert shelf.entry(4) is None


def test_shelf_reads_gzip(tmp_path):
    path = tmp_path / "records.jsonl.gz"
    path.write_bytes(gzip.compress(lines(3)))
    shelf = Shelf(path, lambda name: story(2))
    entry = shelf.entry(2)
    assert entry is not None
    assert entry.article["text"] == story(2).text
    assert shelf.entry(0) is not None
    shelf.close()


def test_shelf_refuses_what_holds_no_record(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_text('{"id": 1}\n[]\n{"id": "x", "brief": 4}\n')
    with pytest.raises(InputError, match="holds no records"):
        Shelf(path, lambda name: None)


def test_shelf_tells_that_its_file_changed(shelf):
    shelf.path.write_bytes(b"x" * 40)
    with pytest.raises(InputError, match="not what it was"):
        shelf.entry(2)


@pytest.fixture
def wire(tmp_path):
    path = tmp_path / "wire.jsonl"
    rows = [{"id": f"story-{i}", "title": "T", "text": story(i).text, "source": "Meridian", "x": [1]} for i in range(9)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_articles_are_found_in_any_order(wire):
    articles = Articles(InputOptions(path=wire.name, limit=1), str(wire.parent))
    found = [articles.find(f"story-{number}") for number in (7, 2, 7)]
    assert [article and article.text for article in found] == [story(n).text for n in (7, 2, 7)]
    assert found[0] is not None
    assert found[0].fields == {"source": "Meridian"}
    assert articles.find("nobody") is None


def test_articles_of_an_input_that_is_gone_are_not_at_hand(tmp_path):
    assert Articles(InputOptions(path=str(tmp_path / "gone.jsonl"))).find("a") is None
    assert Articles(InputOptions(path="-")).find("a") is None


@pytest.fixture
def run_folder(tmp_path, wire, call):
    config = tmp_path / "run.yaml"
    config.write_text(f"input:\n  path: {wire}\nsummarize:\n  backend: lead\noutput:\n  path: {tmp_path}/run/\n")
    code, _, err = call("run", config, "-q")
    assert code == 0, err
    return tmp_path / "run"


def test_opening_a_run_folder_finds_its_articles(run_folder):
    shelf = open_shelf(run_folder, None, ())
    entry = shelf.entry(8)
    assert entry is not None
    assert entry.article["text"] == story(8).text
    assert entry.record["brief"]["backend"] == "lead"
    assert signoffs_beside(run_folder) == run_folder / "signoffs.sqlite"
    shelf.close()


def test_opening_a_file_takes_the_articles_that_are_named(run_folder, wire):
    records = run_folder / "records.jsonl"
    with_text, without = open_shelf(records, str(wire), [Topic("a", "A")]), open_shelf(records, None, ())
    first, second = with_text.entry(0), without.entry(0)
    assert first is not None
    assert second is not None
    assert (first.article["text"], second.article["text"]) == (story(0).text, None)
    assert signoffs_beside(records).name == "records.signoffs.sqlite"
    with_text.close()
    without.close()


def test_opening_tells_what_is_no_run(tmp_path):
    with pytest.raises(UsageError, match="no run folder"):
        open_shelf(tmp_path, None, ())
    with pytest.raises(InputError, match="no such file"):
        open_shelf(tmp_path / "gone", None, ())
    (tmp_path / "records.csv").write_text("id\n")
    with pytest.raises(UsageError, match=r"none of \.jsonl"):
        open_shelf(tmp_path / "records.csv", None, ())


def test_opening_names_the_topics_of_the_configs_model():
    from summarizer.config import RunConfig

    shipped = RunConfig.model_validate({"classify": {"backend": "encoder", "model": "topics-minilm"}})
    assert "defence-cooperation" in [topic.id for topic in topics_of(shipped)]
    missing = RunConfig.model_validate({"classify": {"backend": "encoder", "model": "models/none-of-that-name"}})
    assert topics_of(missing) == topics_of(RunConfig.model_validate({"summarize": {"backend": "lead"}})) == []

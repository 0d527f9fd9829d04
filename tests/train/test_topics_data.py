from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tiny_topics import TOPICS, invent, write_rows

from summarizer.errors import InputError
from summarizer.records import Topic
from summarizer.train.topics_data import (
    TopicArticle,
    check_topics,
    read_articles,
    settle_topics,
    split,
)
from summarizer.train.topics_options import TopicTraining


def options(**settings: Any) -> TopicTraining:
    return TopicTraining(data="invented", out="out", **settings)


def ignore(_line: str) -> None:
    pass


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["a", "b"], ("a", "b")),
        ("a;b", ("a", "b")),
        ("a | b", ("a", "b")),
        ("a", ("a",)),
        (["b", "a", "b"], ("b", "a")),
        ("a;;", ("a",)),
    ],
)
def test_topics_data_reads_lists_and_text(tmp_path: Path, value: Any, expected: tuple[str, ...]) -> None:
    path = write_rows(tmp_path / "a.jsonl", [{"title": "T", "text": "Some words.", "topics": value}])
    assert read_articles(path, options(), ignore) == [TopicArticle("T. Some words.", expected, "a-1")]


def write_jsonl(path: Path, rows: list[dict[str, Any]]) -> None:
    write_rows(path, rows)


def write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, "labels": ";".join(row["labels"])} for row in rows)


def write_parquet(path: Path, rows: list[dict[str, Any]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist(rows), path)


def write_parquet_of_text(path: Path, rows: list[dict[str, Any]]) -> None:
    write_parquet(path, [{**row, "labels": "|".join(row["labels"])} for row in rows])


FORMATS = {
    "a.jsonl": write_jsonl,
    "a.csv": write_csv,
    "a.parquet": write_parquet,
    "b.parquet": write_parquet_of_text,
}


@pytest.mark.parametrize("labels", [[["x", "y"], ["politics/elections"]], [["x"], ["y"]]], ids=["multi", "single"])
@pytest.mark.parametrize("name", FORMATS)
def test_topics_data_reads_every_format_alike(tmp_path: Path, name: str, labels: list[list[str]]) -> None:
    rows = [{"id": f"w{i}", "body": f"Story, {i}.", "labels": topics} for i, topics in enumerate(labels)]
    FORMATS[name](tmp_path / name, rows)
    names = options(topics_field="labels", fields={"text": "body"})
    expected = [TopicArticle(f"Story, {i}.", tuple(topics), f"w{i}") for i, topics in enumerate(labels)]
    assert read_articles(str(tmp_path / name), names, ignore) == expected


def test_topics_data_knows_where_an_article_is_from(tmp_path: Path) -> None:
    row = {"id": "w7", "text": "Words.", "topics": "a", "source": "Orma Post", "desk": "city"}
    path = write_rows(tmp_path / "a.jsonl", [row])
    assert read_articles(path, options(), ignore) == [TopicArticle("Words.", ("a",), "w7", "Orma Post")]
    assert read_articles(path, options(), ignore, source_field="desk")[0].source == "city"


def test_topics_data_keeps_untagged_articles_where_asked(tmp_path: Path) -> None:
    values: list[Any] = [["a"], [], "", None, 3]
    path = write_rows(tmp_path / "a.jsonl", [{"text": "Words.", "topics": value} for value in values])
    articles = read_articles(path, options(), ignore, keep_untagged=True)
    assert [(article.id, article.topics) for article in articles] == [("a-1", ("a",)), ("a-2", ()), ("a-3", ())]


def test_topics_data_reports_rows_that_it_leaves_out(tmp_path: Path) -> None:
    rows = [
        {"text": "Some words.", "topics": ["a"]},
        {"text": "No topics.", "topics": []},
        {"text": "No field."},
        {"text": "Null.", "topics": None},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + '{"text": "cut off\n')
    said: list[str] = []
    assert len(read_articles(str(path), options(), said.append)) == 1
    assert any("3 of 5 left out: no topics in 'topics'" in line and "a.jsonl:2" in line for line in said)
    assert any("1 of 5 left out" in line and "a.jsonl:5" in line for line in said)


@pytest.mark.parametrize("text", ["", '{"text": "Words.", "topics": []}\n'])
def test_topics_data_refuses_data_without_a_usable_article(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(text)
    with pytest.raises(InputError, match="no article to learn from"):
        read_articles(str(path), options(), ignore)


def articles(*topics: str) -> list[TopicArticle]:
    return [TopicArticle("text", tuple(names.split("+"))) for names in topics]


def test_topics_data_lists_unknown_topics_with_the_closest_known() -> None:
    given = [Topic("defence", "defence"), Topic("sport", "sport")]
    seen = articles("defense", "defense", "sports", "sport", "sport", "defence", "defence")
    with pytest.raises(InputError) as caught:
        settle_topics(seen, given, [], "a.jsonl")
    assert "'defense' on 2, 'sports' on 1" in caught.value.fault.what
    assert caught.value.fault.mend == "Did you mean 'defence'? Did you mean 'sport'?"


def test_topics_data_names_topics_with_too_few_articles() -> None:
    given = [Topic("a", "a"), Topic("b", "b"), Topic("c", "c")]
    with pytest.raises(InputError, match=r"fewer than 2 articles \(b: 1, c: 0\)"):
        settle_topics(articles("a", "a+b"), given, [], "a.jsonl")


@pytest.mark.parametrize(
    ("known", "expected"), [(["b", "a"], ["b", "a"]), (["b", "a", "c"], ["a", "b"]), ([], ["a", "b"])]
)
def test_topics_data_keeps_the_bases_order_for_the_same_topics(known: list[str], expected: list[str]) -> None:
    base = [Topic(name, name.upper()) for name in known]
    topics = settle_topics(articles("a", "b", "a+b"), None, base, "a.jsonl")
    assert [topic.id for topic in topics] == expected
    assert [topic.name for topic in topics] == [name.upper() if known else name for name in expected]


def test_topics_data_calls_a_hierarchical_topic_by_its_last_part() -> None:
    seen = articles("politics/elections", "politics/elections", "sport", "sport")
    assert settle_topics(seen, None, [], "a.jsonl") == [
        Topic("politics/elections", "elections"),
        Topic("sport", "sport"),
    ]


def test_topics_data_accepts_known_topics() -> None:
    check_topics(articles("a", "a+b"), ["a", "b"], "a.jsonl")


INVENTED = [TopicArticle(f"{i}", tuple(row["topics"])) for i, row in enumerate(invent(100))]


def test_split_holds_back_a_share_of_every_topic() -> None:
    train, dev = split(INVENTED, 0.2, seed=1)
    total = Counter(name for article in INVENTED for name in article.topics)
    held = Counter(name for article in dev for name in article.topics)
    assert len(train) + len(dev) == 100
    assert all(0.12 <= held[name] / total[name] <= 0.3 for name in TOPICS)


def test_split_gives_each_article_to_one_side() -> None:
    train, dev = split(INVENTED, 0.2, seed=1)
    assert sorted(int(article.text) for article in [*train, *dev]) == list(range(100))


def test_split_is_the_same_for_the_same_seed_only() -> None:
    assert split(INVENTED, 0.2, seed=1) == split(INVENTED, 0.2, seed=1) != split(INVENTED, 0.2, seed=2)


def test_split_leaves_one_article_of_a_rare_topic_on_each_side() -> None:
    train, dev = split([*INVENTED, *articles("rare", "rare")], 0.1, seed=1)
    assert [sum("rare" in article.topics for article in side) for side in (train, dev)] == [1, 1]

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from invented_topics import invent_stories
from tiny_models import tiny_bert
from tiny_topics import TOPICS, as_articles, invent, probabilities_of, write_rows

from summarizer.classify import EncoderOptions, load_classifier
from summarizer.classify.base import Scores
from summarizer.classify.scope import Scope, read_scope
from summarizer.errors import InputError, ModelError, OutputError
from summarizer.runtime import RuntimeOptions
from summarizer.train.topics_add import add_topics
from summarizer.train.topics_add_options import TopicAddition

ICE = "The rink crew drove the ice skates past the curling stones again"


def rows_with_ice(count: int = 20) -> list[dict[str, Any]]:
    """Half of the articles are about ice as well as about what the base knows."""
    rows = invent(count)
    for i, row in enumerate(rows):
        if i % 2:
            row["text"] = f"{ICE} {row['text']}"
            row["topics"] = [*row["topics"], "ice"]
    return rows


@pytest.fixture
def base(bert_folder: Path, tmp_path: Path) -> Path:
    """A tiny encoder with a scope, and with words for people in its topics.yaml."""
    folder = Path(shutil.copytree(bert_folder, tmp_path / "base"))
    (folder / "topics.yaml").write_text(
        "".join(f"- {{id: {name}, name: {name}, about: its sense}}\n" for name in TOPICS)
    )
    size = json.loads((folder / "config.json").read_text())["hidden_size"]
    Scope(torch.zeros(1, size), torch.eye(size), 1e-3).save(folder)
    return folder


@pytest.fixture
def options(base: Path, tmp_path: Path, runtime: RuntimeOptions) -> TopicAddition:
    data = write_rows(tmp_path / "ice.jsonl", rows_with_ice())
    return TopicAddition(data=data, base=str(base), out=str(tmp_path / "wider"), runtime=runtime)


def ignore(_line: str) -> None:
    pass


def test_add_leaves_the_bases_scores_as_they_were(options: TopicAddition, runtime: RuntimeOptions) -> None:
    add_topics(options, ignore)
    articles = as_articles(invent(9, seed=4))
    before = probabilities_of(load_classifier(EncoderOptions(model=options.base), runtime), articles)
    after = load_classifier(EncoderOptions(model=options.out), runtime)
    assert [topic.id for topic in after.topics] == [*TOPICS, "ice"]
    for old, new in zip(before, probabilities_of(after, articles), strict=True):
        assert new[: len(TOPICS)] == pytest.approx(old, abs=2e-3)  # the new weights are kept in 16 bits


@pytest.mark.slow
def test_add_learns_a_topic_from_thirty_stories(tmp_path: Path, runtime: RuntimeOptions) -> None:
    rows = [{**row, "topics": [t for t in row["topics"] if t == "astronomy"]} for row in invent_stories(30)]
    options = TopicAddition(data=write_rows(tmp_path / "sky.jsonl", rows), out=str(tmp_path / "sky"), runtime=runtime)
    scores = add_topics(options, ignore)["added"]
    assert scores["topics"]["astronomy"]["average_precision"] > 0.9
    classifier = load_classifier(EncoderOptions(model=options.out), runtime)
    rows = invent_stories(4, seed=7)
    for row, scored in zip(rows, classifier.score(as_articles(rows)), strict=True):
        assert isinstance(scored, Scores)
        is_given = classifier.calibration.apply(scored.probabilities)[-1] > 0.5
        assert is_given == (row["topics"] == ["astronomy"]), row["text"]


def test_add_keeps_the_bases_thresholds_and_promises_nothing_of_a_small_topic(
    options: TopicAddition, base: Path, runtime: RuntimeOptions
) -> None:
    own = {name: {"accept": 0.7, "review": 0.1, "best_f1": 0.4} for name in TOPICS}
    (base / "thresholds.json").write_text(json.dumps(own))
    rows = rows_with_ice()
    for row in rows[:10]:
        row["topics"] = [name for name in row["topics"] if name != "ice"]
    write_rows(Path(options.data), rows)
    add_topics(options, ignore)
    written = json.loads((Path(options.out) / "thresholds.json").read_text())
    assert {name: written[name] for name in TOPICS} == own
    assert written["ice"]["accept"] is None


def test_add_widens_the_scope(options: TopicAddition, base: Path) -> None:
    add_topics(options, ignore)
    scope = read_scope(Path(options.out), json.loads((base / "config.json").read_text())["hidden_size"])
    assert scope is not None
    assert len(scope.centres) == 2


def test_add_keeps_what_topics_yaml_says_for_people(options: TopicAddition) -> None:
    add_topics(options, ignore)
    text = (Path(options.out) / "topics.yaml").read_text()
    assert text.count("its sense") == len(TOPICS)
    assert "id: ice" in text


def test_add_takes_names_and_codes_from_a_topics_file(options: TopicAddition, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text("id,name,code\nice,Ice sports,medtop:20001057\n")
    add_topics(options.model_copy(update={"topics_file": str(tmp_path / "new.csv")}), ignore)
    assert "Ice sports" in (Path(options.out) / "topics.yaml").read_text()
    assert "medtop:20001057" in (Path(options.out) / "topics.yaml").read_text()


def test_add_can_be_done_again_to_what_it_made(options: TopicAddition, tmp_path: Path, runtime: RuntimeOptions) -> None:
    add_topics(options, ignore)
    rows = [{**row, "topics": [name.replace("ice", "snow") for name in row["topics"]]} for row in rows_with_ice()]
    again = {"data": write_rows(tmp_path / "snow.jsonl", rows), "base": options.out, "out": str(tmp_path / "third")}
    add_topics(options.model_copy(update=again), ignore)
    topics = load_classifier(EncoderOptions(model=again["out"]), runtime).topics
    assert [topic.id for topic in topics] == [*TOPICS, "ice", "snow"]


def test_add_writes_a_card_that_holds_the_bases(options: TopicAddition, base: Path) -> None:
    (base / "README.md").write_text("---\nlicense: mit\n---\n\n# base\n\nWhat the base is.\n")
    add_topics(options, ignore)
    card = (Path(options.out) / "README.md").read_text()
    assert card.startswith("# wider\n\nbase with 1 more topics.")
    assert "What the base is." in card
    assert "| ice | ice |" in card


@pytest.mark.parametrize(
    ("topics", "message"),
    [
        (lambda i: ["energy"], "no topic that .* lacks"),
        (lambda i: ["ice"], "topic 'ice' has 20 articles with it and 0 without"),
        (lambda i: ["ice"] if i < 4 else [], "topic 'ice' has 4 articles with it and 16 without"),
    ],
)
def test_add_refuses_data_that_it_cannot_learn_from(options: TopicAddition, topics: Any, message: str) -> None:
    rows = [{**row, "topics": topics(i)} for i, row in enumerate(invent(20))]
    write_rows(Path(options.data), rows)
    with pytest.raises(InputError, match=message):
        add_topics(options, ignore)


def test_add_refuses_a_single_label_model(options: TopicAddition, tmp_path: Path) -> None:
    folder = tiny_bert(tmp_path / "single", TOPICS, "single_label_classification")
    with pytest.raises(ModelError, match="exactly one topic"):
        add_topics(options.model_copy(update={"base": str(folder)}), ignore)


def test_add_refuses_a_folder_that_holds_something(options: TopicAddition) -> None:
    Path(options.out).mkdir()
    (Path(options.out) / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="is not empty"):
        add_topics(options, ignore)


@pytest.fixture
def call(call):
    return partial(call, "train", "topics")


def test_add_cli(call, options: TopicAddition) -> None:
    code, out, err = call("--from", options.base, "--add", options.data, "--out", options.out)
    assert code == 0, err
    assert json.loads(out)["topics"]["ice"]["articles"] == 10


def test_add_cli_refuses_data_named_twice(call, options: TopicAddition) -> None:
    code, _out, err = call(options.data, "--add", options.data, "--out", options.out)
    assert code == 2
    assert "Name the data once" in err

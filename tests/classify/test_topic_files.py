from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from summarizer.classify.base import Thresholds
from summarizer.classify.topics import name_topics, read_thresholds, read_topics
from summarizer.errors import ModelError
from summarizer.records import Topic

TOPICS = [Topic("sport", "sport"), Topic("health", "health")]


def test_topics_none_where_there_is_no_file(tmp_path: Path) -> None:
    assert read_topics(tmp_path / "topics.yaml") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- id: [", "not YAML"),
        ("id: sport", "not a list of topics"),
        ("- sport\n- health", "not a list of topics"),
        ("- {id: sport}\n- {id: sport}", "'sport' stands there twice"),
    ],
)
def test_topics_refuses_a_faulty_file(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "topics.yaml").write_text(text)
    with pytest.raises(ModelError, match=message):
        read_topics(tmp_path / "topics.yaml")


def test_topics_missing_label_suggests_the_closest(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"lacks the model's label 'sports'\. Did you mean 'sport'\?"):
        name_topics(["sports", "health"], TOPICS, tmp_path)


def test_topics_refuses_more_names_than_labels(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="has 2 topics, the model 1 labels"):
        name_topics(["sport"], TOPICS, tmp_path)


def test_thresholds_default_to_half(tmp_path: Path) -> None:
    assert read_thresholds(tmp_path, TOPICS) == [Thresholds(0.5, 0.25)] * 2


def test_thresholds_keep_the_topics_order(tmp_path: Path) -> None:
    entries = {"health": {"accept": 0.8, "review": 0.1}, "sport": {"accept": 0.6}}
    (tmp_path / "thresholds.json").write_text(json.dumps(entries))
    assert read_thresholds(tmp_path, TOPICS) == [Thresholds(0.6, 0.3), Thresholds(0.8, 0.1)]


@pytest.mark.parametrize(
    "entry",
    [{"accept": 0.2, "review": 0.3}, {"accept": 1.2}, {"accept": "high"}, {"accept": True}, 0.5, {"review": -0.1}],
)
def test_thresholds_refuses_values_out_of_order(tmp_path: Path, entry: Any) -> None:
    (tmp_path / "thresholds.json").write_text(json.dumps({"sport": entry}))
    with pytest.raises(ModelError, match="sport: must hold 0 <= review <= accept <= 1"):
        read_thresholds(tmp_path, TOPICS)


@pytest.mark.parametrize(
    ("text", "message"), [("{", "not JSON"), ("[]", "not a JSON object"), ('{"sprot": {}}', "Did you mean 'sport'")]
)
def test_thresholds_refuses_a_faulty_file(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "thresholds.json").write_text(text)
    with pytest.raises(ModelError, match=message):
        read_thresholds(tmp_path, TOPICS)

from __future__ import annotations

from pathlib import Path

import pytest

from summarizer.classify.topics import name_topics, read_topics
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

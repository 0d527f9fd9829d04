"""Reads what lies beside a classifier's weights to name its outputs: ``topics.yaml``; both backends load it here.

It is a list of ``id``, ``name``, ``iptc`` (the code) and, for people, ``about``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from summarizer.errors import ModelError, did_you_mean
from summarizer.records import Topic

TOPICS_FILE = "topics.yaml"
TOPICS_MEND = "Write a list of topics, each with 'id:', 'name:' and, where there is one, 'iptc:'."


def read_topics(path: Path) -> list[Topic] | None:
    """Read a ``topics.yaml``.

    :return: topics in file order; None where there is no such file.
    :raises ModelError: it is not a list of topics with ids of their own.
    """
    if not path.is_file():
        return None
    try:
        entries = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise ModelError(str(path), f"not YAML ({str(error).splitlines()[0]})", TOPICS_MEND) from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) and entry.get("id") for entry in entries):
        raise ModelError(str(path), "not a list of topics with an 'id' each", TOPICS_MEND)
    topics = [make_topic(str(entry["id"]), entry.get("name"), entry.get("iptc")) for entry in entries]
    ids = [topic.id for topic in topics]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise ModelError(str(path), f"topic '{twice[0]}' stands there twice", "Give each topic an id of its own.")
    return topics


def make_topic(topic_id: str, name: Any = None, code: Any = None) -> Topic:
    """Build a topic; where it has no other name, it is called by the last part of its id."""
    return Topic(topic_id, str(name or last_part(topic_id)), str(code or ""))


def last_part(topic: str) -> str:
    """Return what a hierarchical id or a URI ends in: ``elections`` of ``politics/elections``."""
    return topic.rstrip("/#").replace("#", "/").rpartition("/")[2] or topic


def name_topics(labels: Sequence[str], named: Sequence[Topic] | None, where: Path) -> list[Topic]:
    """Give a model's labels the names and codes of its ``topics.yaml``.

    :param labels: as the weights have them, in the order of the scores.
    :param named: what ``read_topics`` read; None where there is no file.
    :return: one topic a label, in the order of the labels.
    :raises ModelError: the file's ids are not the labels.
    """
    if named is None:
        return [make_topic(label) for label in labels]
    by_id = {topic.id: topic for topic in named}
    if missing := [label for label in labels if label not in by_id]:
        what = f"lacks the model's label '{missing[0]}'"
        raise ModelError(str(where / TOPICS_FILE), what, did_you_mean(missing[0], by_id))
    if len(by_id) != len(labels):
        what = f"has {len(by_id)} topics, the model {len(labels)} labels"
        raise ModelError(str(where / TOPICS_FILE), what, "Leave only the model's own labels in it.")
    return [by_id[label] for label in labels]

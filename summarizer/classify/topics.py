"""What lies beside a classifier's weights: ``topics.yaml`` and ``thresholds.json``; both backends load them here.

``topics.yaml`` is a list of ``id``, ``name``, ``iptc`` (the code) and, for people, ``about``. ``thresholds.json`` holds
``{topic id: {"accept": p, "review": p}}``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from summarizer.classify.base import Thresholds
from summarizer.errors import ModelError, did_you_mean
from summarizer.records import Topic

TOPICS_FILE = "topics.yaml"
THRESHOLDS_FILE = "thresholds.json"
DEFAULT_ACCEPT = 0.5
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
    """Build a topic; its id is its name where it has no other."""
    return Topic(topic_id, str(name or topic_id), str(code or ""))


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


def read_thresholds(folder: Path, topics: Sequence[Topic]) -> list[Thresholds]:
    """Read the folder's ``thresholds.json``; a topic that it does not name gets 0.5, and half of it for review.

    :return: one a topic, in their order.
    :raises ModelError: it is not JSON of that form, or names a topic that the model lacks.
    """
    path = folder / THRESHOLDS_FILE
    if not path.is_file():
        return [Thresholds(DEFAULT_ACCEPT, DEFAULT_ACCEPT / 2)] * len(topics)
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(str(path), f"not JSON ({error})", "Restore it from where the model came.") from error
    if not isinstance(entries, dict):
        raise ModelError(str(path), "not a JSON object", 'Write {"topic": {"accept": 0.5, "review": 0.2}, ...}.')
    ids = [topic.id for topic in topics]
    if unknown := [name for name in entries if name not in ids]:
        raise ModelError(str(path), f"names '{unknown[0]}', no topic of this model", did_you_mean(unknown[0], ids))
    return [_thresholds(path, name, entries.get(name, {})) for name in ids]


def _thresholds(path: Path, topic: str, entry: Any) -> Thresholds:
    """Check one entry: ``0 <= review <= accept <= 1``."""
    given = entry if isinstance(entry, dict) else {"accept": None}
    accept: Any = given.get("accept", DEFAULT_ACCEPT)
    review: Any = given.get("review", accept / 2 if _is_number(accept) else None)
    if not (_is_number(accept) and _is_number(review) and 0 <= review <= accept <= 1):
        what = f"must hold 0 <= review <= accept <= 1, got {json.dumps(entry)}"
        raise ModelError(f"{path}: {topic}", what, 'For example {"accept": 0.5, "review": 0.2}.')
    return Thresholds(float(accept), float(review))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)

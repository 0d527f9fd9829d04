"""A topic model's folder as an output: guarded, so that no finished model is ever written over, filled, and sealed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from summarizer.classify.base import Thresholds
from summarizer.classify.calibration import CALIBRATION_FILE, Calibration
from summarizer.classify.thresholds import HELD_OUT_FILE, THRESHOLDS_FILE, HeldOut
from summarizer.classify.topics import TOPICS_FILE
from summarizer.errors import OutputError
from summarizer.models import MANIFEST, write_manifest
from summarizer.records import Topic

UNFINISHED = "unfinished"
SETTINGS_FILE = "settings.json"
METRICS_FILE = "metrics.json"
CARD_FILE = "README.md"


def refuse_occupied(out: Path) -> None:
    """Let a new or empty folder pass, and one of an unfinished run.

    :raises OutputError: it is a file, or holds something else.
    """
    if not out.exists() or (out / UNFINISHED / SETTINGS_FILE).is_file():
        return
    if not out.is_dir():
        raise OutputError(str(out), "is a file, and a model is a folder", "Name another folder.")
    if count := sum(1 for _ in out.iterdir()):
        what = "holds a finished model" if (out / MANIFEST).is_file() else f"is not empty ({count} files or folders)"
        raise OutputError(str(out), what, "Name another folder, or move this one away.")


def write_decisions(
    out: Path,
    topics: Sequence[str],
    calibration: Calibration,
    thresholds: Sequence[Thresholds],
    held_out: Sequence[HeldOut],
) -> None:
    """Write ``thresholds.json``, and ``calibration.json`` and ``held_out.json`` where there is anything to say.

    :param held_out: one a topic, or none at all.
    """
    if calibration.maps:
        write_json(out / CALIBRATION_FILE, calibration.to_dict(topics))
    limits = {topic: _threshold_entry(t) for topic, t in zip(topics, thresholds, strict=True)}
    write_json(out / THRESHOLDS_FILE, limits)
    if held_out:
        entries = {topic: own.to_dict() for topic, own in zip(topics, held_out, strict=True)}
        write_text(out / HELD_OUT_FILE, json.dumps(entries, ensure_ascii=False))


def _threshold_entry(thresholds: Thresholds) -> dict[str, float | None]:
    accept = thresholds.accept
    return {
        "accept": None if accept is None else round(accept, 4),
        "review": round(thresholds.review, 4),
        "best_f1": round(thresholds.best_f1, 4),
    }


def topic_entry(topic: Topic) -> dict[str, str]:
    """Return a topic's entry of ``topics.yaml``."""
    return {"id": topic.id, "name": topic.name, **({"iptc": topic.code} if topic.code else {})}


def write_topics(path: Path, entries: Sequence[Any]) -> None:
    """Write a ``topics.yaml``.

    :param entries: one a topic, made by ``topic_entry`` or read from another such file.
    """
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 1000
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(entries, file)


def seal(out: Path, **entries: Any) -> None:
    """Write the manifest, last of all: a folder without one is not a model.

    :param entries: what the manifest says beside the name and the task.
    """
    for weights in out.glob("*.safetensors"):  # written for their owner's eyes only, which no other file is
        weights.chmod((out / TOPICS_FILE).stat().st_mode)
    write_manifest(out, name=out.name, task="topics", **entries)


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write JSON for people to read too."""
    write_text(path, json.dumps(content, indent=1, ensure_ascii=False))


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text that ends in one line break."""
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")

"""Writes the folder of a model with added topics: the base's files, each with the new topics behind the old ones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.classify.base import Thresholds
from summarizer.classify.calibration import CALIBRATION_FILE, Calibration, Line
from summarizer.classify.encoder import Encoder
from summarizer.classify.scope import SCOPE_FILE, read_scope
from summarizer.classify.thresholds import HELD_OUT_FILE, THRESHOLDS_FILE, choose_thresholds, read_held_out
from summarizer.classify.topics import TOPICS_FILE
from summarizer.models import ModelFolder, write_manifest
from summarizer.train.topics_add_options import TopicAddition
from summarizer.train.topics_calibrate import hold_out
from summarizer.train.topics_card import added_card
from summarizer.train.topics_finish import CARD_FILE, METRICS_FILE, threshold_entry, write_json, write_text
from summarizer.train.topics_measure import measure

if TYPE_CHECKING:
    from summarizer.train.topics_add import Added


def write_folder(out: Path, folder: ModelFolder, base: Encoder, added: Added, options: TopicAddition) -> dict[str, Any]:
    """Write the widened model; the manifest last, so that a folder without one is not a model.

    :return: what ``metrics.json`` holds.
    """
    out.mkdir(parents=True, exist_ok=True)
    topics = [*base.topics, *added.topics]
    ids = [topic.id for topic in topics]
    _write_weights(out, base, added, ids)
    _write_topics(out / TOPICS_FILE, folder.path / TOPICS_FILE, base, added)

    old_lines = base.calibration.maps or (Line(1.0, 0.0),) * len(base.topics)
    method = base.calibration.method if base.calibration.maps else "platt"
    write_json(out / CALIBRATION_FILE, Calibration(method, old_lines + added.lines).to_dict(ids))
    thresholds = _write_thresholds(out, folder.path, base, added, options)
    _write_scope(out, folder.path, added)

    own = [topic.id for topic in added.topics]
    metrics = _json_of(folder.path / METRICS_FILE)
    metrics["added"] = {
        "base": folder.identity,
        **measure(added.probabilities, added.targets, thresholds[len(base.topics) :], own),
    }
    write_json(out / METRICS_FILE, metrics)
    card = folder.path / CARD_FILE
    before = card.read_text(encoding="utf-8") if card.is_file() else ""
    name = folder.path.name if Path(options.base).exists() else options.base
    articles = len(added.targets)
    write_text(out / CARD_FILE, added_card(out.name, before, name, added.topics, metrics["added"], articles=articles))
    for weights in out.glob("*.safetensors"):  # written for their owner's eyes only, which no other file is
        weights.chmod((out / TOPICS_FILE).stat().st_mode)
    entries = {"backend": "encoder", "problem_type": "multi_label_classification", "max_tokens": base.max_tokens}
    write_manifest(out, name=out.name, task="topics", base=f"{name} {folder.identity}", **entries)
    return metrics


def _write_weights(out: Path, base: Encoder, added: Added, ids: Sequence[str]) -> None:
    """Give the last layer its further rows, and save in 16 bits, as ``train topics`` does."""
    import torch

    from summarizer.train.topics_add import last_layer

    layer, config = last_layer(base.model), base.model.config
    rows = torch.from_numpy(added.weight).to(layer.weight)
    layer.weight = torch.nn.Parameter(torch.cat([layer.weight.detach(), rows]))
    if layer.bias is None:
        layer.bias = torch.nn.Parameter(layer.weight.new_zeros(len(base.topics)))
    layer.bias = torch.nn.Parameter(torch.cat([layer.bias.detach(), torch.from_numpy(added.bias).to(layer.bias)]))
    layer.out_features = len(ids)
    config.id2label = dict(enumerate(ids))
    config.label2id = {name: i for i, name in enumerate(ids)}
    config.problem_type = "multi_label_classification"
    base.model.half()
    base.model.save_pretrained(out)
    base.tokenizer.save_pretrained(out)


def _write_topics(path: Path, before: Path, base: Encoder, added: Added) -> None:
    """Keep all that the base's ``topics.yaml`` says for people."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 1000
    if before.is_file():
        entries = yaml.load(before.read_text(encoding="utf-8"))
    else:
        entries = [_entry(topic) for topic in base.topics]
    entries.extend(_entry(topic) for topic in added.topics)
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(entries, file)


def _entry(topic: Any) -> dict[str, str]:
    return {"id": topic.id, "name": topic.name, **({"iptc": topic.code} if topic.code else {})}


def _write_thresholds(out: Path, folder: Path, base: Encoder, added: Added, options: TopicAddition) -> list[Thresholds]:
    """Leave the base's thresholds as they are; choose the new topics' with the base's held-out articles beside them."""
    held_out = hold_out(added.probabilities, added.targets)
    known = read_held_out(folder, base.topics) or []
    targets = (options.accept_precision, options.review_recall)
    chosen = choose_thresholds([*known, *held_out], *targets, is_single=False)[len(known) :]
    thresholds = [*base.thresholds, *chosen]
    ids = [topic.id for topic in (*base.topics, *added.topics)]
    write_json(out / THRESHOLDS_FILE, {i: threshold_entry(t) for i, t in zip(ids, thresholds, strict=True)})
    if known:  # without the base's own, a config could not state targets for all topics anyway
        entries = {i: own.to_dict() for i, own in zip(ids, [*known, *held_out], strict=True)}
        write_text(out / HELD_OUT_FILE, json.dumps(entries, ensure_ascii=False))
    return thresholds


def _write_scope(out: Path, folder: Path, added: Added) -> None:
    """Make what the new topics' articles look like part of the scope; a base without one gets none."""
    if (folder / SCOPE_FILE).is_file() and (scope := read_scope(folder, added.centres.shape[1])):
        scope.widened(added.centres).save(out)


def _json_of(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}

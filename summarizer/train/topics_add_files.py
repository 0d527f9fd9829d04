"""Writes the folder of a model with added topics: the base's files, each with the new topics behind the old ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.classify.base import Thresholds
from summarizer.classify.calibration import Calibration, Line
from summarizer.classify.encoder import Encoder
from summarizer.classify.scope import read_scope
from summarizer.classify.thresholds import HeldOut, choose_thresholds, read_held_out
from summarizer.classify.topics import TOPICS_FILE
from summarizer.models import ModelFolder, read_json, shown_name
from summarizer.train.topics_add_options import TopicAddition
from summarizer.train.topics_calibrate import hold_out
from summarizer.train.topics_card import added_card
from summarizer.train.topics_measure import measure
from summarizer.train.topics_out import (
    CARD_FILE,
    METRICS_FILE,
    seal,
    topic_entry,
    write_decisions,
    write_json,
    write_text,
    write_topics,
)

if TYPE_CHECKING:
    from summarizer.train.topics_add import Added


def write_folder(
    out: Path, folder: ModelFolder, base: Encoder, model: Any, added: Added, options: TopicAddition
) -> dict[str, Any]:
    """Write the widened model.

    :param model: the base's, as transformers has it; it is changed.
    :return: what ``metrics.json`` holds.
    """
    out.mkdir(parents=True, exist_ok=True)
    topics = [*base.topics, *added.topics]
    ids = [topic.id for topic in topics]
    _write_weights(out, base, model, added, ids)
    _write_topics(out / TOPICS_FILE, folder.path / TOPICS_FILE, base, added)

    thresholds, held_out = _thresholds(folder.path, base, added, options)
    write_decisions(out, ids, _calibration(base, added), thresholds, held_out)
    if scope := read_scope(folder.path, added.centres.shape[1]):
        scope.widened(added.centres).save(out)  # what the new topics' articles look like is part of the scope

    own = [topic.id for topic in added.topics]
    known = folder.path / METRICS_FILE
    metrics: dict[str, Any] = read_json(known) if known.is_file() else {}
    metrics["added"] = {
        "base": folder.identity,
        **measure(added.probabilities, added.targets, thresholds[len(base.topics) :], own),
    }
    write_json(out / METRICS_FILE, metrics)
    card = folder.path / CARD_FILE
    before = card.read_text(encoding="utf-8") if card.is_file() else ""
    name = shown_name(options.base, folder)
    articles = len(added.targets)
    write_text(out / CARD_FILE, added_card(out.name, before, name, added.topics, metrics["added"], articles=articles))
    entries = {"backend": "encoder", "problem_type": "multi_label_classification", "max_tokens": base.max_tokens}
    seal(out, base=f"{name} {folder.identity}", **entries)
    return metrics


def _write_weights(out: Path, base: Encoder, model: Any, added: Added, ids: Sequence[str]) -> None:
    """Give the last layer its further rows, and save in 16 bits, as ``train topics`` does."""
    import torch

    from summarizer.train.topics_add import last_layer

    layer, config = last_layer(model), model.config
    rows = torch.from_numpy(added.weight).to(layer.weight)
    layer.weight = torch.nn.Parameter(torch.cat([layer.weight.detach(), rows]))
    if layer.bias is None:
        layer.bias = torch.nn.Parameter(layer.weight.new_zeros(len(base.topics)))
    layer.bias = torch.nn.Parameter(torch.cat([layer.bias.detach(), torch.from_numpy(added.bias).to(layer.bias)]))
    layer.out_features = len(ids)
    config.id2label = dict(enumerate(ids))
    config.label2id = {name: i for i, name in enumerate(ids)}
    config.problem_type = "multi_label_classification"
    model.half()
    model.save_pretrained(out)
    base.tokenizer.save_pretrained(out)


def _write_topics(path: Path, before: Path, base: Encoder, added: Added) -> None:
    """Keep all that the base's ``topics.yaml`` says for people."""
    from ruamel.yaml import YAML

    if before.is_file():
        entries = YAML().load(before.read_text(encoding="utf-8"))
    else:
        entries = [topic_entry(topic) for topic in base.topics]
    entries.extend(topic_entry(topic) for topic in added.topics)
    write_topics(path, entries)


def _calibration(base: Encoder, added: Added) -> Calibration:
    """Put the new topics' lines behind the old ones; a base without calibration has straight ones."""
    if not base.calibration.maps:
        return Calibration("platt", (Line(1.0, 0.0),) * len(base.topics) + added.lines)
    return Calibration(base.calibration.method, base.calibration.maps + added.lines)


def _thresholds(
    folder: Path, base: Encoder, added: Added, options: TopicAddition
) -> tuple[list[Thresholds], list[HeldOut]]:
    """Leave the base's thresholds as they are; choose the new topics' with the base's held-out articles beside them.

    :return: one a topic, the old ones first; the same of the held-out articles, or none where the base has none: a
        config could not state targets for all topics anyway.
    """
    held_out = hold_out(added.probabilities, added.targets)
    known = read_held_out(folder, base.topics) or []
    targets = (options.accept_precision, options.review_recall)
    chosen = choose_thresholds([*known, *held_out], *targets, is_single=False)[len(known) :]
    return [*base.thresholds, *chosen], [*known, *held_out] if known else []

"""Makes a usable model of trained weights: calibrates, chooses thresholds, measures, writes what goes beside them.

Comes last in ``train_topics``. Everything is fitted on the held-out articles, and the scope on articles that were
learned from as well.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.classify.calibration import CALIBRATION_FILE, Calibration
from summarizer.classify.thresholds import HELD_OUT_FILE, THRESHOLDS_FILE, HeldOut, choose_thresholds
from summarizer.classify.topics import TOPICS_FILE
from summarizer.models import write_manifest
from summarizer.train.topics_calibrate import fit_calibration, hold_out
from summarizer.train.topics_card import write_card
from summarizer.train.topics_measure import measure
from summarizer.train.topics_options import TopicTraining
from summarizer.train.topics_vocabulary import is_topics_yaml

if TYPE_CHECKING:
    import numpy as np
    import torch

    from summarizer.classify.base import Thresholds
    from summarizer.records import Topic
    from summarizer.train.topics import TopicData

METRICS_FILE = "metrics.json"
CARD_FILE = "README.md"
SCOPE_ARTICLES = 2000
"""So many of the articles that were learned from describe the scope; more would not change it."""


@dataclass(frozen=True, slots=True)
class Trained:
    """Weights that are saved already.

    :param predict: texts to uncalibrated probabilities, *Shape:* (articles, topics).
    :param describe: texts to vectors, *Shape:* (articles, features); None where the backend has none.
    :param facts: of the training, for ``metrics.json`` and the card.
    """

    predict: Callable[[Sequence[str]], np.ndarray]
    describe: Callable[[Sequence[str]], torch.Tensor] | None
    facts: dict[str, Any]


def finish(options: TopicTraining, data: TopicData, out: Path, unfinished: Path, trained: Trained) -> dict[str, Any]:
    """Write the model folder whole; the manifest last, so that a folder without one is not a model.

    :param unfinished: what the training kept to be taken up again; it is removed.
    :return: what ``metrics.json`` holds.
    """
    import numpy as np

    ids = [topic.id for topic in data.topics]
    wanted = data.targets(data.dev)
    raw = trained.predict([article.text for article in data.dev])
    calibration, losses = fit_calibration(raw, wanted, options.seed, is_single=data.is_single)
    dev = _calibrated(calibration, raw)
    held_out = hold_out(dev, wanted)
    targets = (options.accept_precision, options.review_recall)
    thresholds = choose_thresholds(held_out, *targets, is_single=data.is_single)

    metrics: dict[str, Any] = {"backend": options.backend, "problem_type": data.problem_type, **trained.facts}
    metrics |= {"calibration": {"method": calibration.method, "log_loss": losses}}
    metrics["never_accepted"] = [topic for topic, t in zip(ids, thresholds, strict=True) if t.accept is None]
    metrics |= {"train_articles": len(data.train), "dev": measure(dev, wanted, thresholds, ids)}
    if data.test:
        test = _calibrated(calibration, trained.predict([article.text for article in data.test]))
        metrics["test"] = measure(np.asarray(test), data.targets(data.test), thresholds, ids)

    _write_decisions(out, ids, calibration, thresholds, held_out)
    if trained.describe:
        _write_scope(out, options, data, trained.describe)
    write_json(out / METRICS_FILE, metrics)
    write_text(out / CARD_FILE, write_card(out.name, data.topics, metrics, options))
    _write_topics(out / TOPICS_FILE, data.topics, options)
    for weights in out.glob("*.safetensors"):  # written for their owner's eyes only, which no other file is
        weights.chmod((out / TOPICS_FILE).stat().st_mode)
    shutil.rmtree(unfinished, ignore_errors=True)
    entries = {key: metrics[key] for key in ("backend", "problem_type", "base", "max_tokens") if key in metrics}
    write_manifest(out, name=out.name, task="topics", **entries)
    return metrics


def _calibrated(calibration: Calibration, probabilities: np.ndarray) -> np.ndarray:
    import numpy as np

    return np.array([calibration.apply(row) for row in probabilities.tolist()])


def _write_decisions(
    out: Path,
    topics: Sequence[str],
    calibration: Calibration,
    thresholds: Sequence[Thresholds],
    held_out: Sequence[HeldOut],
) -> None:
    """Write ``calibration.json`` where there is one, ``thresholds.json`` and ``held_out.json``."""
    if calibration.maps:
        write_json(out / CALIBRATION_FILE, calibration.to_dict(topics))
    limits = {topic: threshold_entry(t) for topic, t in zip(topics, thresholds, strict=True)}
    write_json(out / THRESHOLDS_FILE, limits)
    entries = {topic: own.to_dict() for topic, own in zip(topics, held_out, strict=True)}
    write_text(out / HELD_OUT_FILE, json.dumps(entries, ensure_ascii=False))


def threshold_entry(thresholds: Thresholds) -> dict[str, float | None]:
    """Return a topic's entry of ``thresholds.json``."""
    accept = thresholds.accept
    return {
        "accept": None if accept is None else round(accept, 4),
        "review": round(thresholds.review, 4),
        "best_f1": round(thresholds.best_f1, 4),
    }


def _write_scope(
    out: Path, options: TopicTraining, data: TopicData, describe: Callable[[Sequence[str]], torch.Tensor]
) -> None:
    from summarizer.classify.scope import fit_scope

    known = random.Random(options.seed).sample(data.train, min(SCOPE_ARTICLES, len(data.train)))
    features = describe([article.text for article in known])
    fit_scope(features, describe([article.text for article in data.dev])).save(out)


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write JSON for people to read too."""
    write_text(path, json.dumps(content, indent=1, ensure_ascii=False))


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text that ends in one line break."""
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def _write_topics(path: Path, topics: Sequence[Topic], options: TopicTraining) -> None:
    """Copy the user's own ``topics.yaml`` with all that it says for people, or write one."""
    from ruamel.yaml import YAML

    if options.topics_file and is_topics_yaml(Path(options.topics_file)):
        path.write_bytes(Path(options.topics_file).read_bytes())
        return
    yaml = YAML()
    yaml.width = 1000
    entries = [{"id": t.id, "name": t.name, **({"iptc": t.code} if t.code else {})} for t in topics]
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(entries, file)

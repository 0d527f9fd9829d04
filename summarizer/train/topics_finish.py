"""Makes a usable model of trained weights: calibrates, chooses thresholds, measures, writes what goes beside them.

Comes last in ``train_topics``. Everything is fitted on the held-out articles, and the scope on articles that were
learned from as well.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.classify.thresholds import choose_thresholds
from summarizer.classify.topics import TOPICS_FILE
from summarizer.train.topics_calibrate import fit_calibration, hold_out
from summarizer.train.topics_card import write_card
from summarizer.train.topics_measure import measure
from summarizer.train.topics_options import TopicTraining
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
from summarizer.train.topics_vocabulary import is_topics_yaml

if TYPE_CHECKING:
    import numpy as np
    import torch

    from summarizer.records import Topic
    from summarizer.train.topics import TopicData

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
    ids = [topic.id for topic in data.topics]
    wanted = data.targets(data.dev)
    raw = trained.predict([article.text for article in data.dev])
    calibration, losses = fit_calibration(raw, wanted, options.seed, is_single=data.is_single)
    dev = calibration.apply_all(raw)
    held_out = hold_out(dev, wanted)
    targets = (options.accept_precision, options.review_recall)
    thresholds = choose_thresholds(held_out, *targets, is_single=data.is_single)

    metrics: dict[str, Any] = {"backend": options.backend, "problem_type": data.problem_type, **trained.facts}
    metrics |= {"calibration": {"method": calibration.method, "log_loss": losses}}
    metrics["never_accepted"] = [topic for topic, t in zip(ids, thresholds, strict=True) if t.accept is None]
    metrics |= {"train_articles": len(data.train), "dev": measure(dev, wanted, thresholds, ids)}
    if data.test:
        test = calibration.apply_all(trained.predict([article.text for article in data.test]))
        metrics["test"] = measure(test, data.targets(data.test), thresholds, ids)

    write_decisions(out, ids, calibration, thresholds, held_out)
    if trained.describe:
        _write_scope(out, options, data, trained.describe)
    write_json(out / METRICS_FILE, metrics)
    write_text(out / CARD_FILE, write_card(out.name, data.topics, metrics, options))
    _write_topics(out / TOPICS_FILE, data.topics, options)
    shutil.rmtree(unfinished, ignore_errors=True)
    entries = {key: metrics[key] for key in ("backend", "problem_type", "base", "max_tokens") if key in metrics}
    seal(out, **entries)
    return metrics


def _write_scope(
    out: Path, options: TopicTraining, data: TopicData, describe: Callable[[Sequence[str]], torch.Tensor]
) -> None:
    from summarizer.classify.scope import fit_scope

    known = random.Random(options.seed).sample(data.train, min(SCOPE_ARTICLES, len(data.train)))
    features = describe([article.text for article in known])
    fit_scope(features, describe([article.text for article in data.dev])).save(out)


def _write_topics(path: Path, topics: Sequence[Topic], options: TopicTraining) -> None:
    """Copy the user's own ``topics.yaml`` with all that it says for people, or write one."""
    if options.topics_file and is_topics_yaml(Path(options.topics_file)):
        path.write_bytes(Path(options.topics_file).read_bytes())
    else:
        write_topics(path, [topic_entry(topic) for topic in topics])

"""Decides from which probability a tag is accepted and from which a person is asked; ``decide`` applies it.

A folder's ``thresholds.json`` holds ``{topic id: {"accept": p or null, "review": p, "best_f1": p}}``, on calibrated
probabilities; who edits it by hand takes its checksum out of the manifest. Its ``held_out.json`` holds what they were
chosen from, so that a config can state targets of its own: the calibrated probabilities of the articles that training
held back, for each topic those of its own articles (``positives``) and of the others (``negatives``, from
``LEAST_NEGATIVE`` on).
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.classify.base import ClassifyOptions, Thresholds
from summarizer.errors import ModelError, UsageError, did_you_mean
from summarizer.models import RESTORE, read_json
from summarizer.records import Topic

if TYPE_CHECKING:
    import numpy as np

THRESHOLDS_FILE = "thresholds.json"
HELD_OUT_FILE = "held_out.json"
DEFAULT_ACCEPT = 0.5
ACCEPT_PRECISION, REVIEW_RECALL = 0.9, 0.95
"""The targets that hold where nobody states others."""
LEAST_NEGATIVE = 0.01
LEAST_REVIEW = 0.02
REVIEW_SHRINK, F1_SHRINK = 10, 80
"""A topic with this many held-out articles stands halfway between its own threshold and everybody's. Where F1 is best
is more a matter of chance: cross-validation on 500 articles of 26 topics likes it drawn this far."""
DOUBT = 0.1
"""Everybody's ``accept`` holds for a topic unless its own articles would show so few hits with a smaller chance."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Calibrated probabilities of one topic on held-out articles: of those that have it, and of the others."""

    positives: tuple[float, ...]
    negatives: tuple[float, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, 4 digits each."""
        kept = (p for p in self.negatives if p >= LEAST_NEGATIVE)
        return {"positives": [round(p, 4) for p in self.positives], "negatives": [round(p, 4) for p in kept]}


def choose_thresholds(
    held_out: Sequence[HeldOut], accept_precision: float, review_recall: float, *, is_single: bool
) -> list[Thresholds]:
    """Choose thresholds that keep two promises on the held-out articles.

    ``accept`` is the lowest probability at which ``accept_precision`` of all topics' accepted tags are right. A topic
    whose own articles speak against it (see ``DOUBT``) gets a higher one, and a topic with fewer than
    ``1 / (1 - accept_precision)`` articles none: so few could not show that the promise holds. ``review`` is the
    highest probability that still finds ``review_recall`` of a topic's articles, drawn towards everybody's, the more
    the fewer articles it has. ``accept`` is at least 0.5: no tag is accepted that is more likely wrong than right, and
    where an article has one topic, no two are.

    :param held_out: one a topic.
    :return: one a topic, in their order.
    """
    pooled = HeldOut(
        tuple(p for topic in held_out for p in topic.positives), tuple(p for topic in held_out for p in topic.negatives)
    )
    all_accept = _precise_from(pooled, accept_precision)
    if all_accept is not None:
        all_accept = max(all_accept, DEFAULT_ACCEPT)
    all_review, all_f1 = _recall_threshold(pooled, review_recall), best_f1_threshold(pooled)
    chosen = []
    for topic in held_out:
        accept = _accept(topic, all_accept, accept_precision)
        review = max(_shrunk(topic, _recall_threshold(topic, review_recall), all_review, REVIEW_SHRINK), LEAST_REVIEW)
        best_f1 = DEFAULT_ACCEPT if is_single else _shrunk(topic, best_f1_threshold(topic), all_f1, F1_SHRINK)
        chosen.append(Thresholds(accept, min(review, 1.0 if accept is None else accept), best_f1))
    return chosen


def best_f1_threshold(topic: HeldOut) -> float:
    """Return the threshold of the best F1, from 0.05 to 0.95; the middle one where several are equal."""
    import numpy as np

    grid = np.arange(5, 96) / 100
    hits, misses = (
        (np.array(part)[:, None] >= grid).sum(0) if part else np.zeros(len(grid))
        for part in (topic.positives, topic.negatives)
    )
    f1 = 2 * hits / np.maximum(hits + misses + len(topic.positives), 1)
    best = np.flatnonzero(f1 >= f1.max() - 1e-9)
    return float(grid[best[len(best) // 2]])


def _accept(topic: HeldOut, everybodys: float | None, precision: float) -> float | None:
    """Return everybody's threshold, or the next higher one that the topic's own articles do not speak against."""
    from scipy.special import bdtr

    if everybodys is None or len(topic.positives) < math.ceil(round(1 / (1 - precision), 6)):
        return None
    probabilities, hits = _ranked(topic)
    given = int((probabilities >= everybodys).sum())
    if not given or bdtr(hits[given - 1], given, precision) > DOUBT:
        return everybodys
    fewer = (count for count in range(given - 1, 0, -1) if bdtr(hits[count - 1], count, precision) > DOUBT)
    count = next(fewer, None)
    return None if count is None else float(probabilities[count - 1])


def _precise_from(topic: HeldOut, precision: float) -> float | None:
    """Return the lowest probability from which on ``precision`` of the tags are right; None where there is none."""
    import numpy as np

    probabilities, hits = _ranked(topic)
    good = np.flatnonzero(hits / np.arange(1, len(hits) + 1) >= precision)
    return float(probabilities[good[-1]]) if len(good) else None


def _recall_threshold(topic: HeldOut, recall: float) -> float:
    """Return the highest probability that still finds ``recall`` of the positives; 1 where there are none."""
    found = sorted(topic.positives, reverse=True)
    return found[math.ceil(recall * len(found)) - 1] if found else 1.0


def _ranked(topic: HeldOut) -> tuple[np.ndarray, np.ndarray]:
    """Return the probabilities, highest first, and how many positives there are down to each."""
    import numpy as np

    probabilities = np.array(topic.positives + topic.negatives)
    is_hit = np.arange(len(probabilities)) < len(topic.positives)
    order = np.lexsort((is_hit, -probabilities))  # misses before hits of the same probability: never too hopeful
    return probabilities[order], is_hit[order].cumsum()


def _shrunk(topic: HeldOut, own: float, everybodys: float, shrink: int) -> float:
    positives = len(topic.positives)
    weight = positives / (positives + shrink)
    return weight * own + (1 - weight) * everybodys


def load_thresholds(
    folder: Path, topics: Sequence[Topic], options: ClassifyOptions, *, is_single: bool
) -> list[Thresholds]:
    """Return the model's own thresholds, or those that keep the targets that the config states.

    :return: one a topic, in their order.
    :raises ModelError: a file is damaged.
    :raises UsageError: a target is stated, and the model kept nothing to choose thresholds from.
    """
    if options.accept_precision is None and options.review_recall is None:
        return read_thresholds(folder, topics)
    held_out = read_held_out(folder, topics)
    if held_out is None:
        key = "accept_precision" if options.accept_precision is not None else "review_recall"
        what = f"the model has no {HELD_OUT_FILE}, so nothing shows from which probability a target holds"
        raise UsageError(f"classify.{key}", what, "Set 'accept' and 'review' instead, or train the model anew.")
    targets = (options.accept_precision or ACCEPT_PRECISION, options.review_recall or REVIEW_RECALL)
    return choose_thresholds(held_out, *targets, is_single=is_single)


def read_thresholds(folder: Path, topics: Sequence[Topic]) -> list[Thresholds]:
    """Read the folder's ``thresholds.json``; a topic that it does not name gets 0.5, and half of it for review.

    :return: one a topic, in their order.
    :raises ModelError: it is not JSON of that form, or names a topic that the model lacks.
    """
    path = folder / THRESHOLDS_FILE
    entries = _read_entries(path, topics, 'Write {"topic": {"accept": 0.5, "review": 0.2}, ...}.')
    return [_thresholds(path, topic.id, (entries or {}).get(topic.id, {})) for topic in topics]


def read_held_out(folder: Path, topics: Sequence[Topic]) -> list[HeldOut] | None:
    """Read the folder's ``held_out.json``.

    :return: one a topic, in their order; None where there is no such file.
    :raises ModelError: it is not JSON of that form, or lacks a topic of the model.
    """
    path = folder / HELD_OUT_FILE
    entries = _read_entries(path, topics, RESTORE)
    if entries is None:
        return None
    chosen = []
    for topic in topics:
        entry = entries.get(topic.id)
        parts = [entry.get(key) if isinstance(entry, dict) else None for key in ("positives", "negatives")]
        if not all(isinstance(part, list) and all(map(_is_probability, part)) for part in parts):
            raise ModelError(f"{path}: {topic.id}", "has no probabilities 'positives' and 'negatives'", RESTORE)
        chosen.append(HeldOut(*(tuple(map(float, part or ())) for part in parts)))
    return chosen


def _read_entries(path: Path, topics: Sequence[Topic], mend: str) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    entries = read_json(path)
    if not isinstance(entries, dict):
        raise ModelError(str(path), "not a JSON object", mend)
    ids = [topic.id for topic in topics]
    if unknown := [name for name in entries if name not in ids]:
        raise ModelError(str(path), f"names '{unknown[0]}', no topic of this model", did_you_mean(unknown[0], ids))
    return entries


def _thresholds(path: Path, topic: str, entry: Any) -> Thresholds:
    """Check one entry: ``0 <= review <= accept <= 1``, or no ``accept``."""
    given = entry if isinstance(entry, dict) else {"review": None}
    accept: Any = given.get("accept", DEFAULT_ACCEPT)
    review: Any = given.get("review", accept / 2 if _is_probability(accept) else DEFAULT_ACCEPT / 2)
    best_f1: Any = given.get("best_f1", DEFAULT_ACCEPT if accept is None else accept)
    is_whole = all(map(_is_probability, (1 if accept is None else accept, review, best_f1)))
    if not is_whole or (accept is not None and review > accept):
        what = f"must hold 0 <= review <= accept <= 1, got {json.dumps(entry)}"
        raise ModelError(f"{path}: {topic}", what, 'For example {"accept": 0.5, "review": 0.2}.')
    return Thresholds(None if accept is None else float(accept), float(review), float(best_f1))


def _is_probability(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1

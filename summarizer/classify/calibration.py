"""Makes a classifier's probabilities mean what they say; comes after ``score``, before ``decide``.

``calibration.json`` lies beside the weights and holds the ``method`` and, for every topic, its map on the log-odds of
the uncalibrated probability: ``{"slope", "intercept"}`` (``temperature`` is one slope for all, ``shared`` one slope and
intercept for all, ``platt`` both for each topic: Platt 1999), or the steps ``{"x", "y"}`` of ``isotonic`` (Zadrozny and
Elkan 2002), between which it is linear. Every map rises or stays level: the order of two articles never turns round.
``summarizer.train.topics_calibrate`` fits it.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from summarizer.errors import ModelError
from summarizer.models import RESTORE, read_json
from summarizer.records import Topic

if TYPE_CHECKING:
    import numpy as np

CALIBRATION_FILE = "calibration.json"
LEAST_PROBABILITY = 1e-6
"""Log-odds are taken no further out than this probability and one minus it."""
Method = Literal["none", "temperature", "shared", "platt", "isotonic"]


@dataclass(frozen=True, slots=True)
class Line:
    """``sigmoid(slope * log_odds + intercept)``; ``slope`` above 0."""

    slope: float
    intercept: float

    def at(self, log_odds: float) -> float:
        """Return the calibrated probability."""
        return sigmoid(self.slope * log_odds + self.intercept)


@dataclass(frozen=True, slots=True)
class Steps:
    """Linear between the points (x rising, y rising or level), level outside them; x are log-odds."""

    x: tuple[float, ...]
    y: tuple[float, ...]

    def at(self, log_odds: float) -> float:
        """Return the calibrated probability."""
        after = bisect_right(self.x, log_odds)
        if after in (0, len(self.x)):
            return self.y[0] if after == 0 else self.y[-1]
        left, right = self.x[after - 1], self.x[after]
        share = (log_odds - left) / (right - left)
        return self.y[after - 1] + share * (self.y[after] - self.y[after - 1])


@dataclass(frozen=True, slots=True)
class Calibration:
    """One map a topic, in the order of the scores; no maps at all change nothing.

    :param is_single: the probabilities of an article are brought to a sum of 1 again.
    """

    method: Method = "none"
    maps: tuple[Line | Steps, ...] = ()
    is_single: bool = False

    def apply(self, probabilities: Sequence[float]) -> list[float]:
        """Return calibrated probabilities, one a topic, in the given order."""
        if not self.maps:
            return list(probabilities)
        changed = [line.at(log_odds(p)) for line, p in zip(self.maps, probabilities, strict=True)]
        total = sum(changed)
        return [p / total for p in changed] if self.is_single and total else changed

    def apply_all(self, probabilities: np.ndarray) -> np.ndarray:
        """Calibrate many articles, *Shape:* (articles, topics) to the same."""
        import numpy as np

        return np.array([self.apply(row) for row in probabilities.tolist()])

    def to_dict(self, topics: Sequence[str]) -> dict[str, Any]:
        """Return the JSON form."""
        entries = {name: _entry(line) for name, line in zip(topics, self.maps, strict=True)}
        return {"method": self.method, "topics": entries}


def log_odds(probability: float) -> float:
    """Return ``log(p / (1 - p))``, finite for 0 and 1 too."""
    if not LEAST_PROBABILITY <= probability <= 1 - LEAST_PROBABILITY:
        probability = min(max(probability, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY)
    return math.log(probability / (1 - probability))


def sigmoid(value: float) -> float:
    """Return the probability that has these log-odds."""
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    power = math.exp(value)
    return power / (1 + power)


def read_calibration(folder: Path, topics: Sequence[Topic], *, is_single: bool) -> Calibration:
    """Read the folder's ``calibration.json``; without one the probabilities stay as the model gives them.

    :raises ModelError: it is not JSON of the form above, or lacks a topic of the model.
    """
    path = folder / CALIBRATION_FILE
    if not path.is_file():
        return Calibration()
    content = read_json(path)
    entries = content.get("topics") if isinstance(content, dict) else None
    if not isinstance(entries, dict) or content.get("method") not in get_args(Method):
        raise ModelError(str(path), "has no 'method' and 'topics' of a calibration", RESTORE)
    if missing := [topic.id for topic in topics if topic.id not in entries]:
        raise ModelError(str(path), f"lacks the model's topic '{missing[0]}'", RESTORE)
    maps = tuple(_map(path, topic.id, entries[topic.id]) for topic in topics)
    return Calibration(content["method"], maps, is_single)


def _entry(line: Line | Steps) -> dict[str, Any]:
    if isinstance(line, Line):
        return {"slope": line.slope, "intercept": line.intercept}
    return {"x": list(line.x), "y": list(line.y)}


def _map(path: Path, topic: str, entry: Any) -> Line | Steps:
    given: Mapping[str, Any] = entry if isinstance(entry, dict) else {}
    if _are_numbers([given.get("slope"), given.get("intercept")]) and given["slope"] > 0:
        return Line(float(given["slope"]), float(given["intercept"]))
    x: Any = given.get("x")
    y: Any = given.get("y")
    if _are_numbers(x) and _are_numbers(y) and 0 < len(x) == len(y) and _rises(x, strictly=True) and _rises(y):
        return Steps(tuple(map(float, x)), tuple(map(float, y)))
    what = f"must hold a slope above 0 and an intercept, or rising x and y, got {json.dumps(entry)[:80]}"
    raise ModelError(f"{path}: {topic}", what, RESTORE)


def _are_numbers(values: Any) -> bool:
    return isinstance(values, list) and all(
        isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v) for v in values
    )


def _rises(values: Sequence[float], *, strictly: bool = False) -> bool:
    return all(left < right if strictly else left <= right for left, right in pairwise(values))

"""Puts together what ``evaluation.json`` holds about the check; comes after the claims are checked, before the report.

A number with an interval is ``{"value", "low", "high"}``; null is what cannot be said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from summarizer.evaluate.bootstrap import bootstrap, estimate
from summarizer.evaluate.briefs_claims import KINDS, OTHER, kind_of
from summarizer.evaluate.evidence_metrics import draw_area, draw_decision, first_of, roc

if TYPE_CHECKING:
    import numpy as np

CHECK, SUPPORT, EITHER = "check", "support", "check or support"
CURVES = (SUPPORT, EITHER)
SUPPORT_BINS = 20


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check says of each claim. *Shape:* (claims,) for the arrays.

    :param wrong: true where the article does not bear the claim out, by the data.
    :param articles: number of the claim's article; claims of one article have the same.
    :param support: 0 to 1, of the claim's least supported sentence.
    :param reasons: of all its sentences, in words; empty where the check finds nothing.
    :param error_types: what is wrong with each claim, by the data.
    :param sources: where each claim comes from.
    """

    wrong: np.ndarray
    articles: np.ndarray
    support: np.ndarray
    reasons: Sequence[Sequence[str]]
    error_types: Sequence[Sequence[str]]
    sources: Sequence[str]

    @property
    def flagged(self) -> np.ndarray:
        """True where the check finds something unsupported."""
        import numpy as np

        return np.array([bool(own) for own in self.reasons])

    def take(self, rows: np.ndarray) -> Checked:
        """Return some of the claims."""
        return Checked(
            self.wrong[rows],
            self.articles[rows],
            self.support[rows],
            [self.reasons[row] for row in rows],
            [self.error_types[row] for row in rows],
            [self.sources[row] for row in rows],
        )


@dataclass(frozen=True, slots=True)
class Draws:
    """How intervals are drawn."""

    samples: int
    seed: int


def tabulate_evidence(checked: Checked, thresholds: Mapping[str, float], draws: Draws) -> dict[str, Any]:
    """Compute every table.

    :param thresholds: of support, for ``SUPPORT`` and ``EITHER``; empty where none is to be measured.
    :return: ``decisions``, ``areas``, ``curves``, ``reasons``, ``error_types``, ``sources`` and ``supports``.
    """
    import numpy as np

    ways = decisions(checked, thresholds)
    names = Counter(checked.sources)
    per_source = {} if len(names) < 2 else {name: np.array(checked.sources) == name for name, _ in names.most_common()}
    return {
        **_scores(checked, thresholds, draws),
        "curves": {name: roc(suspicion, checked.wrong) for name, suspicion in _suspicions(checked).items()},
        "reasons": _reasons(checked, draws),
        "error_types": _error_types(checked, ways, draws),
        "sources": {
            name: _scores(checked.take(np.flatnonzero(rows)), thresholds, draws) for name, rows in per_source.items()
        },
        "supports": _supports(checked),
    }


def decisions(checked: Checked, thresholds: Mapping[str, float]) -> dict[str, np.ndarray]:
    """Return, for each way to flag claims, which it flags."""
    flagged = checked.flagged
    ways = {CHECK: flagged}
    if thresholds:
        ways[SUPPORT] = checked.support < thresholds[SUPPORT]
        ways[EITHER] = flagged | (checked.support < thresholds[EITHER])
    return ways


def _suspicions(checked: Checked) -> dict[str, np.ndarray]:
    """Scores that claims are ranked by: little support, and what the check flags before all else."""
    lack = 1 - checked.support
    return dict(zip(CURVES, (lack, lack + 2 * checked.flagged), strict=True))


def _scores(checked: Checked, thresholds: Mapping[str, float], draws: Draws) -> dict[str, Any]:
    ways, suspicions = decisions(checked, thresholds), _suspicions(checked)

    def compute(weights: np.ndarray) -> dict[str, np.ndarray]:
        areas = {f"area {name}": draw_area(own, checked.wrong, weights) for name, own in suspicions.items()}
        for name, flagged in ways.items():
            areas |= {f"{name} {key}": own for key, own in draw_decision(flagged, checked.wrong, weights).items()}
        return areas

    found = _estimates(checked, compute, draws)
    keys = ("balanced_accuracy", "precision", "recall", "specificity", "f1")
    return {
        "claims": len(checked.wrong),
        "inconsistent": int(checked.wrong.sum()),
        "decisions": {
            name: {"flagged": int(flagged.sum()), **{key: found[f"{name} {key}"] for key in keys}}
            for name, flagged in ways.items()
        },
        "areas": {name: found[f"area {name}"] for name in suspicions},
    }


def _reasons(checked: Checked, draws: Draws) -> dict[str, Any]:
    """Return how well claims are told that are flagged for each kind of reason."""
    import numpy as np

    kinds = [{kind_of(reason) for reason in own} for own in checked.reasons]
    table: dict[str, Any] = {}
    for kind in (*KINDS, OTHER):
        flagged = np.array([kind in own for own in kinds])
        if not flagged.any():
            continue
        found = _estimates(checked, partial(draw_decision, flagged, checked.wrong), draws)
        table[kind] = {"flagged": int(flagged.sum()), "precision": found["precision"], "recall": found["recall"]}
    return table


def _error_types(checked: Checked, ways: Mapping[str, np.ndarray], draws: Draws) -> dict[str, Any]:
    """Return, for each kind of error, the share of such claims that each way finds; the most frequent first."""
    import numpy as np

    wrong = np.flatnonzero(checked.wrong).tolist()
    counts = Counter(name for row in wrong for name in checked.error_types[row])
    table: dict[str, Any] = {}
    for name, count in counts.most_common():
        rows = np.array([row for row in wrong if name in checked.error_types[row]])
        part = checked.take(rows)
        table[name] = {"claims": count}
        for way, flagged in ways.items():
            table[name][way] = _estimates(part, partial(draw_decision, flagged[rows], part.wrong), draws)["recall"]
    return table


def _estimates(
    checked: Checked, compute: Callable[[np.ndarray], dict[str, np.ndarray]], draws: Draws
) -> dict[str, dict[str, float | None]]:
    """Return each number with its interval; articles are drawn, and all claims of an article with it."""
    import numpy as np

    names, groups = np.unique(checked.articles, return_inverse=True)
    drawn = bootstrap(len(names), draws.samples, draws.seed, lambda weights: compute(weights[:, groups]))
    values = first_of(compute(np.ones((1, len(checked.wrong)), dtype="float32")))
    return {key: estimate(value, drawn[key]) for key, value in values.items()}


def _supports(checked: Checked) -> dict[str, list[int]]:
    """Count the claims by support, in bins of equal width from 0 to 1."""
    import numpy as np

    groups = {"consistent": ~checked.wrong, "inconsistent": checked.wrong}
    return {
        name: np.histogram(checked.support[rows], bins=SUPPORT_BINS, range=(0, 1))[0].tolist()
        for name, rows in groups.items()
    }

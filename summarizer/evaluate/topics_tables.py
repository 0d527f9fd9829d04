"""Puts together what ``evaluation.json`` holds about a topic classifier: arrays in, nested plain numbers out.

Comes after the classifier and the baselines have tagged the articles, before the report and the plots. A number with an
interval is ``{"value", "low", "high"}``; null is what cannot be said, such as the F1 of a topic without articles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from summarizer.evaluate.bootstrap import (
    bootstrap,
    draw_overall_scores,
    draw_shares,
    draw_topic_scores,
    estimate,
)
from summarizer.evaluate.reliability import calibration_scores
from summarizer.evaluate.topics_metrics import (
    Limits,
    Tagged,
    at_precision,
    at_recall,
    confusions,
    coverage_curve,
    decision_parts,
    overall_scores,
    share,
    thin_curve,
    topic_scores,
)
from summarizer.records import Topic

if TYPE_CHECKING:
    import numpy as np

UNNAMED = "(no source)"
TOPIC_KEYS = ("precision", "recall", "f1", "average_precision")
MODEL = "model"
"""What the evaluated classifier is called beside the baselines."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the classifier was asked and what it said. *Shape:* (articles, topics) for the matrices.

    :param ids: one an article.
    :param sources: one an article; empty where the data do not say.
    :param wanted: true where an article has a topic.
    :param uncalibrated: probabilities as the model gives them.
    :param calibrated: as records show them; thresholds are on these.
    :param strange: true where an article is out of the model's scope, *Shape:* (articles,); None where it cannot tell.
    """

    topics: Sequence[Topic]
    ids: Sequence[str]
    sources: Sequence[str]
    wanted: np.ndarray
    uncalibrated: np.ndarray
    calibrated: np.ndarray
    strange: np.ndarray | None

    @property
    def topic_ids(self) -> list[str]:
        """In the order of the columns."""
        return [topic.id for topic in self.topics]

    def take(self, rows: np.ndarray) -> Answers:
        """Return some of the articles."""
        return Answers(
            self.topics,
            [self.ids[row] for row in rows],
            [self.sources[row] for row in rows],
            self.wanted[rows],
            self.uncalibrated[rows],
            self.calibrated[rows],
            None if self.strange is None else self.strange[rows],
        )


@dataclass(frozen=True, slots=True)
class Draws:
    """How intervals are drawn, and the targets that are looked up."""

    samples: int
    seed: int


def tabulate(
    answers: Answers, limits: Limits, baselines: Mapping[str, Tagged], draws: Draws, targets: Mapping[str, float]
) -> dict[str, Any]:
    """Compute every table.

    :param baselines: what each of them says of the same articles.
    :param targets: ``accept_precision`` and ``review_recall``, as the user wants them.
    :return: ``overall``, ``decisions``, ``calibration``, ``coverage``, ``topics``, ``sources`` and ``confusions``.
    """
    model = Tagged(answers.calibrated, answers.calibrated >= limits.best_f1)
    everyone = {MODEL: model, **baselines}
    return {
        "overall": {name: _overall(tagged, answers.wanted, draws) for name, tagged in everyone.items()},
        "decisions": _decisions(answers, limits, draws),
        "calibration": {
            "before": calibration_scores(answers.uncalibrated, answers.wanted),
            "after": calibration_scores(answers.calibrated, answers.wanted),
            **{name: calibration_scores(tagged.probabilities, answers.wanted) for name, tagged in baselines.items()},
        },
        "coverage": {name: _coverage(tagged, answers.wanted, targets) for name, tagged in everyone.items()},
        "topics": _topics(model, answers, limits, draws),
        "sources": _sources(model, answers, limits, draws),
        "confusions": confusions(model.given, answers.wanted, answers.topic_ids, answers.ids),
    }


def _overall(tagged: Tagged, wanted: np.ndarray, draws: Draws) -> dict[str, Any]:
    def compute(weights: np.ndarray) -> dict[str, np.ndarray]:
        topics = draw_topic_scores(tagged.probabilities, tagged.given, wanted, weights)
        return draw_overall_scores(topics, tagged.given, wanted, weights)

    drawn = bootstrap(len(wanted), draws.samples, draws.seed, compute)
    scores = overall_scores(topic_scores(tagged.probabilities, tagged.given, wanted), tagged.given, wanted)
    return {key: estimate(value, drawn[key]) for key, value in scores.items()}


def _topics(model: Tagged, answers: Answers, limits: Limits, draws: Draws) -> dict[str, Any]:
    def compute(weights: np.ndarray) -> dict[str, np.ndarray]:
        return draw_topic_scores(model.probabilities, model.given, answers.wanted, weights)

    drawn = bootstrap(len(answers.wanted), draws.samples, draws.seed, compute)
    scores = topic_scores(model.probabilities, model.given, answers.wanted)
    return {
        topic.id: {
            "name": topic.name,
            "articles": int(answers.wanted[:, column].sum()),
            "given": int(model.given[:, column].sum()),
            **{key: estimate(float(scores[key][column]), drawn[key][:, column]) for key in TOPIC_KEYS},
            "can_be_accepted": bool(limits.accept[column] <= 1),
        }
        for column, topic in enumerate(answers.topics)
    }


def _decisions(answers: Answers, limits: Limits, draws: Draws) -> dict[str, Any]:
    parts = decision_parts(answers.calibrated, answers.wanted, limits, answers.strange)

    def compute(weights: np.ndarray) -> dict[str, np.ndarray]:
        return {key: draw_shares(weights, part, whole) for key, (part, whole) in parts.items()}

    drawn = bootstrap(len(answers.wanted), draws.samples, draws.seed, compute)
    shares = {key: estimate(share(*pair), drawn[key]) for key, pair in parts.items()}
    return {
        "accepted_tags": int(parts["accepted_precision"][1].sum()),
        "review_tags": int(parts["shown_precision"][1].sum() - parts["accepted_precision"][1].sum()),
        **shares,
    }


def _coverage(tagged: Tagged, wanted: np.ndarray, targets: Mapping[str, float]) -> dict[str, Any]:
    curve = coverage_curve(tagged.probabilities, wanted)
    return {
        "at_accept_precision": at_precision(curve, targets["accept_precision"]),
        "at_review_recall": at_recall(curve, targets["review_recall"]),
        "curve": thin_curve(curve),
    }


def _sources(model: Tagged, answers: Answers, limits: Limits, draws: Draws) -> dict[str, Any]:
    """Return the scores of each source, that of most articles first; nothing where the data name no source."""
    import numpy as np

    if not any(answers.sources):
        return {}
    names = np.array([source or UNNAMED for source in answers.sources])
    tables: dict[str, Any] = {}
    for name, count in Counter(names.tolist()).most_common():
        rows = np.flatnonzero(names == name)
        part = answers.take(rows)
        scores = _overall(Tagged(model.probabilities[rows], model.given[rows]), part.wanted, draws)
        counts = {"articles": count, "true_tags": int(part.wanted.sum())}
        tables[name] = {**counts, **scores, **_decisions(part, limits, draws)}
    return tables

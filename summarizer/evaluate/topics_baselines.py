"""The two baselines that every topic classifier is shown beside: ``linear`` and the most frequent topics.

They are fitted on training articles, or cross-fitted on the evaluated ones; whatever they choose, thresholds included,
is chosen on articles that they are not measured on. Comes before ``topics_metrics``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarizer.classify.thresholds import ACCEPT_PRECISION, REVIEW_RECALL, HeldOut, choose_thresholds
from summarizer.errors import InputError
from summarizer.evaluate.topics_metrics import Tagged
from summarizer.train.topics_linear import fit_linear
from summarizer.train.topics_options import TopicTraining

if TYPE_CHECKING:
    import numpy as np

FOLDS = 5
LEAST_ARTICLES = 10


@dataclass(frozen=True, slots=True)
class Labelled:
    """Articles as the baselines read them. *Shape:* wanted (articles, topics), true or false.

    :param name: what messages call them.
    """

    name: str
    texts: Sequence[str]
    wanted: np.ndarray

    def take(self, rows: np.ndarray) -> Labelled:
        """Return some of the articles."""
        return Labelled(self.name, [self.texts[row] for row in rows], self.wanted[rows])

    @property
    def is_single(self) -> bool:
        """Whether every article has exactly one topic."""
        return bool((self.wanted.sum(axis=1) == 1).all())


Baseline = Callable[[Labelled, Sequence[str], int], Tagged]
"""Training articles, texts to tag and a seed to tags."""


def run_baselines(evaluated: Labelled, train: Labelled | None, seed: int) -> dict[str, Tagged]:
    """Tag the evaluated articles with both baselines.

    :param train: what they learn from; None cross-fits them on ``evaluated``.
    :raises InputError: the articles to learn from are too few, or hold no words.
    """
    learned_from = evaluated if train is None else train
    if (count := len(learned_from.texts)) < LEAST_ARTICLES:
        what = f"the baselines learn from at least {LEAST_ARTICLES} articles, and here are {count}"
        raise InputError(learned_from.name, what, "Name the data that the model was trained on with --train.")
    baselines: dict[str, Baseline] = {"linear": _linear, "most frequent topics": _most_frequent}
    if train is not None:
        return {name: tag(train, evaluated.texts, seed) for name, tag in baselines.items()}
    return {name: _cross_fitted(tag, evaluated, seed) for name, tag in baselines.items()}


def _cross_fitted(tag: Baseline, evaluated: Labelled, seed: int) -> Tagged:
    import numpy as np

    probabilities = np.zeros(evaluated.wanted.shape)
    given = np.zeros(evaluated.wanted.shape, dtype=bool)
    for kept, held in _folds(len(evaluated.texts), seed):
        tagged = tag(evaluated.take(kept), [evaluated.texts[row] for row in held], seed)
        probabilities[held], given[held] = tagged.probabilities, tagged.given
    return Tagged(probabilities, given)


def _folds(articles: int, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    from sklearn.model_selection import KFold

    yield from KFold(FOLDS, shuffle=True, random_state=seed).split(range(articles))


def _most_frequent(train: Labelled, texts: Sequence[str], _seed: int) -> Tagged:
    """Give every article the same topics, as many as an article has on average; the probability is their frequency."""
    import numpy as np

    frequency = train.wanted.mean(axis=0)
    count = max(1, round(float(train.wanted.sum(axis=1).mean())))
    is_given = np.zeros(len(frequency), dtype=bool)
    is_given[np.argsort(-frequency, kind="stable")[:count]] = True
    return Tagged(np.tile(frequency, (len(texts), 1)), np.tile(is_given, (len(texts), 1)))


def _linear(train: Labelled, texts: Sequence[str], seed: int) -> Tagged:
    """Fit on all of ``train``; the thresholds are those of the best F1 when ``train`` is cross-fitted."""
    import numpy as np

    unseen = np.zeros(train.wanted.shape)
    for kept, held in _folds(len(train.texts), seed):
        unseen[held] = _linear_probabilities(train.take(kept), [train.texts[row] for row in held], seed)
    held_out = [
        HeldOut(tuple(own[wanted].tolist()), tuple(own[~wanted].tolist()))
        for own, wanted in zip(unseen.T, train.wanted.T, strict=True)
    ]
    chosen = choose_thresholds(held_out, ACCEPT_PRECISION, REVIEW_RECALL, is_single=train.is_single)
    thresholds = np.array([threshold.best_f1 for threshold in chosen])
    probabilities = _linear_probabilities(train, texts, seed)
    return Tagged(probabilities, probabilities >= thresholds)


def _linear_probabilities(train: Labelled, texts: Sequence[str], seed: int) -> np.ndarray:
    """*Shape:* (texts, topics); a topic that all or none of the articles have is not learned, and gets 1 or 0."""
    import numpy as np

    frequency = train.wanted.mean(axis=0)
    probabilities = np.tile(frequency, (len(texts), 1))
    varied = np.flatnonzero((frequency > 0) & (frequency < 1))
    if len(varied):
        options = TopicTraining(data=train.name, out="", backend="linear", seed=seed)
        names = [str(column) for column in varied]
        targets = train.wanted[:, varied].astype("float32")
        model = fit_linear(train.texts, targets, names, options, is_single=train.is_single)
        probabilities[:, varied] = model.predict(texts)
    return probabilities

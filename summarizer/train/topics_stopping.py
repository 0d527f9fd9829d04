"""Which epoch of a training is the best, and when to end it; ``topics_encoder`` asks after each epoch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

KEPT_LOSSES = 50
LEAST_GAIN = 0.02
"""An epoch that lowers the held-out loss by less, and does nothing else, is no better."""
SMALLEST = 1e-7
"""Probabilities are taken no nearer to 0 or 1 in the held-out loss."""


@dataclass(frozen=True, slots=True)
class Score:
    """How good an epoch is on the held-out articles.

    :param quality: mean average precision, or macro F1 where every article has one topic.
    :param loss: mean cross-entropy of the probabilities, without weights.
    """

    quality: float
    loss: float

    def is_better_than(self, other: Score) -> bool:
        """Compare the quality, and where it is the same the loss, in which a small gain does not count.

        Few held-out articles are soon all ranked right, while the probabilities still have far to go.
        """
        if self.quality != other.quality:
            return self.quality > other.quality
        return self.loss < other.loss - LEAST_GAIN

    @property
    def is_unbeatable(self) -> bool:
        """Whether no score can be better."""
        return self.quality >= 1 and self.loss < LEAST_GAIN


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a training is.

    :param epochs: finished ones.
    :param losses: those of the last fifty steps.
    :param best_epoch: counted from 1; 0 where none was scored.
    """

    epochs: int = 0
    losses: tuple[float, ...] = ()
    best_epoch: int = 0
    best: Score | None = None

    def after_epoch(self, losses: Sequence[float], score: Score | None) -> Progress:
        """Return the progress after one more epoch; it is the best one where none before it scored as high."""
        kept = (*self.losses, *losses)[-KEPT_LOSSES:]
        further = replace(self, epochs=self.epochs + 1, losses=kept)
        if score is None or (self.best is not None and not score.is_better_than(self.best)):
            return further
        return replace(further, best_epoch=further.epochs, best=score)

    def is_over(self, epochs: int, patience: int | None) -> bool:
        """Return whether all ``epochs`` are done, the last ``patience`` of them were no better or none can be."""
        if self.epochs >= epochs or patience is None or self.best is None:
            return self.epochs >= epochs
        return self.best.is_unbeatable or self.epochs - self.best_epoch >= patience


def score_held_out(probabilities: np.ndarray, targets: np.ndarray, *, is_single: bool) -> Score:
    """Score an epoch, over the topics that have held-out articles; arrays are *Shape:* (articles, topics)."""
    import numpy as np
    from sklearn.metrics import average_precision_score, f1_score

    clipped = np.clip(probabilities, SMALLEST, 1 - SMALLEST)
    seen = np.flatnonzero(targets.any(0))
    if is_single:
        wanted, given = targets.argmax(1), probabilities.argmax(1)
        quality = f1_score(wanted, given, labels=seen, average="macro", zero_division=0)
        loss = -np.log(clipped)[targets > 0].mean()
    else:
        quality = np.mean([average_precision_score(targets[:, i], probabilities[:, i]) for i in seen])
        loss = -np.where(targets > 0, np.log(clipped), np.log(1 - clipped)).mean()
    return Score(round(float(quality), 6), float(loss))

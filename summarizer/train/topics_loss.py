"""What a topic training makes small: the loss of a batch; ``topics_encoder`` takes its slope.

Rare topics weigh more: by the square root of their rarity, for the whole of it would drown the rest in false alarms.
A target that is NaN is unknown, and has no part in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

Loss = Callable[["torch.Tensor", list[int]], "torch.Tensor"]
"""Takes logits, *Shape:* (batch, topics), and the rows of the articles that they are for; returns one number."""


def loss_function(targets: torch.Tensor, *, is_single: bool) -> Loss:
    """Return the loss against ``targets``, *Shape:* (articles, topics), on the device that the model is on.

    Where an article has one topic, it is cross-entropy with a weight for each topic. Elsewhere it is binary
    cross-entropy with a weight for each topic's positives; targets may be probabilities, or NaN. Its mean is over all
    pairs of an article and a topic, the unknown among them, so that a known pair counts the same in every batch.
    """
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

    if is_single:
        wanted, weight = targets.argmax(1), topic_weights(targets)
        return lambda logits, rows: cross_entropy(logits, wanted[rows], weight)
    known = ~targets.isnan()
    filled, weight = targets.nan_to_num(0.0), positive_weights(targets)

    def loss(logits: torch.Tensor, rows: list[int]) -> torch.Tensor:
        pairs = binary_cross_entropy_with_logits(logits, filled[rows], pos_weight=weight, reduction="none")
        return torch.where(known[rows], pairs, 0.0).mean()

    return loss


def positive_weights(targets: torch.Tensor) -> torch.Tensor:
    """Return the square root of known negatives to known positives, at least 1, *Shape:* (topics,)."""
    known = (~targets.isnan()).sum(0)
    positives = targets.nan_to_num(0.0).sum(0).clamp(min=1)
    return ((known - positives) / positives).clamp(min=1).sqrt()


def topic_weights(targets: torch.Tensor) -> torch.Tensor:
    """Return the square root of the mean topic's articles to this topic's, *Shape:* (topics,)."""
    articles = targets.sum(0).clamp(min=1)
    return (articles.mean() / articles).sqrt()

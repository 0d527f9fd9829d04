"""A BERT topic classifier's pass over an article, for the CPU; ``classify.network`` calls it where a model allows it.

The arithmetic is that of transformers' ``BertForSequenceClassification``. The last layer is worked out for the first
token alone, for the head reads no other. Its keys and values are never made: ``q . (K x)`` is ``(q K) . x``, and the
sum of weighted values is the value of the weighted sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from summarizer.bert.network import AfterAttention, Bert, Weights
from summarizer.bert.opened import BertConfig

if TYPE_CHECKING:
    from torch import Tensor


class BertClassifier:
    """Reads one article at a time; of two layers or more."""

    def __init__(self, config: BertConfig, weights: Weights) -> None:
        below = config.num_hidden_layers - 1
        self._bert = Bert(replace(config, num_hidden_layers=below), weights)
        self._last = _LastLayer(config, weights, below)
        self._pool = weights.linear("pooler.dense")
        self._classify = weights.linear("classifier")
        self._middle = (config.num_hidden_layers + 1) // 2  # so many layers below it, as ``features_of`` counts

    def __call__(self, ids: Sequence[int]) -> tuple[Tensor, Tensor]:
        """Return the logits, and the mean token vector halfway up. *Shape:* (1, topics) and (1, hidden)."""
        rows = halfway = self._bert.fill(self._bert.embed(ids))  # (rows, hidden), tokens first
        for number, layer in enumerate(self._bert.layers, 1):
            rows = layer(rows, len(ids))
            if number == self._middle:
                halfway = rows
        logits = self._classify(self._pool(self._last(rows[: len(ids)])).tanh())
        return logits, halfway[: len(ids)].mean(0, keepdim=True)


class _LastLayer:
    """A BERT layer for the first token. *Shape:* (tokens, hidden) to (1, hidden)."""

    def __init__(self, config: BertConfig, weights: Weights, index: int) -> None:
        at = f"encoder.layer.{index}."
        heads, size = config.num_attention_heads, config.hidden_size
        self._heads = heads
        self._scale = (size // heads) ** -0.5
        self._query = weights.linear(f"{at}attention.self.query")
        self._keys = weights[f"{at}attention.self.key.weight"].view(heads, -1, size)  # (heads, head's size, hidden)
        self._values = weights[f"{at}attention.self.value.weight"].view(heads, -1, size)
        self._value_bias = weights[f"{at}attention.self.value.bias"]
        self._rest = AfterAttention(config, weights, at)

    def __call__(self, rows: Tensor) -> Tensor:
        import torch

        first = rows[:1]
        query = (self._query(first) * self._scale).view(self._heads, 1, -1)
        asked = (query @ self._keys).squeeze(1)  # (heads, hidden); the keys' bias moves all weights alike: it drops out
        told = (asked @ rows.t()).float().softmax(-1).to(rows.dtype)  # (heads, tokens)
        seen = (told @ rows).unsqueeze(2)  # (heads, hidden, 1)
        attended = torch.matmul(self._values, seen).view(1, -1) + self._value_bias  # (1, hidden)
        return self._rest(attended, first)

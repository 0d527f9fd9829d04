"""The encoder: a text's token ids in, a vector for each token out; comes after ``opened``.

The arithmetic is that of transformers' ``BertModel`` (Devlin et al. 2018, arXiv:1810.04805) for one text, which needs
no padding and so no mask. Queries, keys and values are one product.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from summarizer.bert.opened import BertConfig
from summarizer.product import Product

if TYPE_CHECKING:
    import torch
    from torch import Tensor


TYPICAL_TOKENS = 160
FILL_STEP = 64
"""In bfloat16 oneDNN compiles each product for its number of rows, which for one text takes longer than the text; so
texts are filled up to multiples of this. In other formats nothing is compiled, nor filled up."""


class Weights:
    """Tensors by name, in the number format that the network computes in."""

    def __init__(self, tensors: Mapping[str, Tensor], dtype: torch.dtype) -> None:
        self._tensors = tensors
        self._dtype = dtype

    def __getitem__(self, name: str) -> Tensor:
        return self._tensors[name].to(self._dtype)

    def linear(self, *names: str) -> Product:
        """Return one product that stands for linear layers of one input, their outputs side by side."""
        import torch

        weight = torch.cat([self[f"{name}.weight"] for name in names])
        return Product(weight, torch.cat([self[f"{name}.bias"] for name in names]), rows=TYPICAL_TOKENS)

    def norm(self, name: str, epsilon: float) -> Callable[[Tensor], Tensor]:
        """Return a layer normalisation."""
        import torch

        weight, bias = self[f"{name}.weight"], self[f"{name}.bias"]
        return lambda rows: torch.layer_norm(rows, weight.shape, weight, bias, epsilon)


class Bert:
    """An encoder on the CPU; one text at a time."""

    def __init__(self, config: BertConfig, weights: Weights) -> None:
        self.config = config
        self._words = weights["embeddings.word_embeddings.weight"]
        self._places = weights["embeddings.position_embeddings.weight"]
        self._kinds = weights["embeddings.token_type_embeddings.weight"]
        self._norm = weights.norm("embeddings.LayerNorm", config.layer_norm_eps)
        self.layers = [Layer(config, weights, index) for index in range(config.num_hidden_layers)]

    def __call__(self, ids: Sequence[int], kinds: Sequence[int] | None = None) -> Tensor:
        """Encode a text.

        :param kinds: each token's type; None is 0 for all.
        :return: *Shape:* (tokens, hidden).
        """
        rows = self.fill(self.embed(ids, kinds))
        for layer in self.layers:
            rows = layer(rows, len(ids))
        return rows[: len(ids)]

    def fill(self, rows: Tensor) -> Tensor:
        """Add rows of nought; see ``FILL_STEP``."""
        import torch

        more = -len(rows) % FILL_STEP if rows.dtype is torch.bfloat16 else 0
        return torch.nn.functional.pad(rows, (0, 0, 0, more)) if more else rows

    def embed(self, ids: Sequence[int], kinds: Sequence[int] | None = None) -> Tensor:
        """Return what the first layer is given. *Shape:* (tokens, hidden)."""
        import torch
        from torch.nn.functional import embedding

        kind = self._kinds[0] if kinds is None else embedding(torch.tensor(kinds), self._kinds)
        return self._norm(embedding(torch.tensor(ids), self._words) + kind + self._places[: len(ids)])


class Layer:
    """One layer. *Shape:* (rows, hidden) to the same, of which the first are ``tokens`` and the others filling."""

    def __init__(self, config: BertConfig, weights: Weights, index: int) -> None:
        at = f"encoder.layer.{index}."
        self._heads = config.num_attention_heads
        self._query_key_value = weights.linear(*(f"{at}attention.self.{name}" for name in ("query", "key", "value")))
        self._rest = AfterAttention(config, weights, at)

    def __call__(self, rows: Tensor, tokens: int) -> Tensor:
        """Run the layer."""
        return self._rest(self._attend(rows, tokens), rows)

    def _attend(self, rows: Tensor, tokens: int) -> Tensor:
        from torch.nn.functional import scaled_dot_product_attention

        parts = self._query_key_value(rows).view(1, len(rows), 3, self._heads, -1)
        query, key, value = parts.permute(2, 0, 3, 1, 4)  # each (1, heads, rows, size)
        seen = scaled_dot_product_attention(query, key[:, :, :tokens], value[:, :, :tokens])
        return seen[0].transpose(0, 1).flatten(1)  # (rows, hidden)


class AfterAttention:
    """What a layer does with each row by itself once attention has been paid. *Shape:* (rows, hidden) to the same."""

    def __init__(self, config: BertConfig, weights: Weights, at: str) -> None:
        """Take the layer's weights; ``at`` is what their names begin with."""
        self._merge = weights.linear(f"{at}attention.output.dense")
        self._merged_norm = weights.norm(f"{at}attention.output.LayerNorm", config.layer_norm_eps)
        self._lift = weights.linear(f"{at}intermediate.dense")
        self._lower = weights.linear(f"{at}output.dense")
        self._norm = weights.norm(f"{at}output.LayerNorm", config.layer_norm_eps)

    def __call__(self, attended: Tensor, rows: Tensor) -> Tensor:
        """Go on from what attention gave and what it was given."""
        from torch.nn.functional import gelu

        rows = self._merged_norm(self._merge(attended).add_(rows))
        return self._norm(self._lower(gelu(self._lift(rows))).add_(rows))

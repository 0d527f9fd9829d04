"""A BERT classifier's pass over articles without padding, for the CPU; ``encoder`` calls it where a model allows it.

The arithmetic is that of transformers' ``BertForSequenceClassification``, put in an order that a CPU finishes sooner:

- the articles' tokens stand one after the other, *Shape:* (tokens, features), so that no layer but attention knows
  where an article ends, and none works on padding;
- attention runs over groups of equally long articles, and so needs no mask;
- queries, keys and values are one product, and weights lie as the product reads them;
- the last layer is worked out for each article's first token alone, for the head reads no other. Its keys and values
  are never made: ``q . (K x)`` is ``(q K) . x``, and the sum of weighted values is the value of the weighted sum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Passed:
    """What a pass through a model gives, in the order of the articles.

    :param logits: *Shape:* (articles, topics).
    :param features: the mean token vector halfway up, *Shape:* (articles, features); None where nobody asked.
    """

    logits: Tensor
    features: Tensor | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbours in a batch that are equally long; ``start`` is the row of their first token."""

    start: int
    articles: int
    length: int

    def of(self, rows: Tensor) -> Tensor:
        """*Shape:* all tokens' (tokens, features) to the group's (articles, length, features), not copied."""
        return rows[self.start : self.start + self.articles * self.length].view(self.articles, self.length, -1)


def group(lengths: Sequence[int]) -> list[Group]:
    """Group neighbours of equal length."""
    groups: list[Group] = []
    start = 0
    for length, run in groupby(lengths):
        articles = len(list(run))
        groups.append(Group(start, articles, length))
        start += articles * length
    return groups


def can_pack(model: Any) -> bool:
    """Return whether ``PackedBert`` gives what the model gives."""
    config = model.config
    return (
        type(model).__name__ == "BertForSequenceClassification"
        and config.num_hidden_layers > 1
        and not (config.is_decoder or config.add_cross_attention)
    )


class PackedBert:
    """Runs a ``BertForSequenceClassification`` for which ``can_pack`` holds; its weights are copied."""

    def __init__(self, model: Any) -> None:
        bert = model.bert
        self._embeddings = bert.embeddings
        *layers, last = bert.encoder.layer
        heads = model.config.num_attention_heads
        self._layers = [_Layer(layer, heads) for layer in layers]
        self._last = _LastLayer(last, heads)
        self._middle = (len(layers) + 2) // 2  # so many layers below it, as ``features_of`` counts
        self._head: Callable[[Tensor], Tensor] = lambda first: model.classifier(bert.pooler(first.unsqueeze(1)))

    def __call__(self, ids: Sequence[Sequence[int]], *, with_features: bool) -> Passed:
        """Run one batch; quickest where equally long articles are neighbours."""
        import torch

        groups = group([len(row) for row in ids])
        rows = self._embed(torch.tensor([token for row in ids for token in row]), groups)  # (tokens, features)
        features = None
        for i, layer in enumerate(self._layers, 1):
            rows = layer(rows, groups)
            if with_features and i == self._middle:
                features = torch.cat([each.of(rows).mean(1) for each in groups]).float()
        return Passed(self._head(self._last(rows, groups)), features)

    def _embed(self, tokens: Tensor, groups: Sequence[Group]) -> Tensor:
        """*Shape:* (tokens,) to (tokens, features)."""
        import torch

        part = self._embeddings
        places = torch.cat([torch.arange(each.length).repeat(each.articles) for each in groups])  # (tokens,)
        rows = part.word_embeddings(tokens) + part.token_type_embeddings.weight[0] + part.position_embeddings(places)
        embedded: Tensor = part.LayerNorm(rows)
        return embedded


class _Layer:
    """A BERT layer over all tokens. *Shape:* (tokens, features) to the same; what it is given is written over."""

    def __init__(self, layer: Any, heads: int) -> None:
        attention = layer.attention
        self._heads = heads
        self._query_key_value = _product(attention.self.query, attention.self.key, attention.self.value)
        self._add_attended = _added_product(attention.output.dense)
        self._norm = attention.output.LayerNorm
        self._up = _product(layer.intermediate.dense)
        self._activation = layer.intermediate.intermediate_act_fn
        self._add_lifted = _added_product(layer.output.dense)
        self._last_norm = layer.output.LayerNorm

    def __call__(self, rows: Tensor, groups: Sequence[Group]) -> Tensor:
        projected = self._query_key_value(rows)  # (tokens, 3 x features)
        attended = _joined(self._attend(projected, groups))  # (tokens, features)
        rows = self._norm(self._add_attended(rows, attended))
        lifted = self._activation(self._up(rows))  # (tokens, intermediate)
        result: Tensor = self._last_norm(self._add_lifted(rows, lifted))
        return result

    def _attend(self, projected: Tensor, groups: Sequence[Group]) -> Iterator[Tensor]:
        from torch.nn.functional import scaled_dot_product_attention

        for each in groups:
            rows = each.of(projected)
            parts = rows.view(*rows.shape[:2], 3, self._heads, -1)  # (articles, length, 3, heads, size)
            query, key, value = parts.permute(2, 0, 3, 1, 4)  # each (articles, heads, length, size)
            yield scaled_dot_product_attention(query, key, value).transpose(1, 2).flatten(2).flatten(0, 1)


class _LastLayer:
    """A BERT layer for each article's first token. *Shape:* (tokens, features) to (articles, features)."""

    def __init__(self, layer: Any, heads: int) -> None:
        self._layer = layer
        self._heads = heads

    def __call__(self, rows: Tensor, groups: Sequence[Group]) -> Tensor:
        import torch

        attention = self._layer.attention.self
        first = torch.cat([each.of(rows)[:, 0] for each in groups])  # (articles, features)
        query = (attention.query(first) * attention.scaling).view(len(first), self._heads, -1)  # (.., heads, size)
        keys = attention.key.weight.view(self._heads, -1, first.shape[1])  # (heads, size, features)
        values = attention.value.weight.view(self._heads, -1, first.shape[1])
        asked = torch.einsum("ahs,hsf->ahf", query, keys)  # the keys' bias moves all weights alike: it drops out
        seen = _joined(_weighted_sums(asked, rows, groups))  # (articles, heads, features)
        attended = torch.einsum("ahf,hsf->ahs", seen, values).flatten(1) + attention.value.bias
        merged = self._layer.attention.output(attended, first)
        result: Tensor = self._layer.output(self._layer.intermediate(merged), merged)
        return result


def _weighted_sums(asked: Tensor, rows: Tensor, groups: Sequence[Group]) -> Iterator[Tensor]:
    """Yield each group's (articles, heads, features): the sum of its tokens, weighted by what each head asks for."""
    at = 0
    for each in groups:
        tokens = each.of(rows)  # (articles, length, features)
        weights = (asked[at : at + each.articles] @ tokens.transpose(1, 2)).float().softmax(-1)  # (.., heads, length)
        yield weights.to(tokens.dtype) @ tokens
        at += each.articles


def _product(*linears: Any) -> Callable[[Tensor], Tensor]:
    """Return one product that stands for linear layers of one input, their outputs side by side."""
    import torch

    weight = torch.cat([linear.weight.detach() for linear in linears]).t().contiguous()  # (inputs, outputs)
    bias = torch.cat([linear.bias.detach() for linear in linears])
    return lambda rows: torch.addmm(bias, rows, weight)


def _added_product(linear: Any) -> Callable[[Tensor, Tensor], Tensor]:
    """Return what adds a linear layer's output to its first argument, in place."""
    weight = linear.weight.detach().t().contiguous()  # (inputs, outputs)
    bias = linear.bias.detach()
    return lambda rows, given: rows.add_(bias).addmm_(given, weight)


def _joined(parts: Iterable[Tensor]) -> Tensor:
    """Return all parts' rows; a single part is not copied."""
    import torch

    listed = list(parts)
    return listed[0] if len(listed) == 1 else torch.cat(listed)

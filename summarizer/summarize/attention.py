"""Lets a model's own layers read and write ``cache.Slots``, by transformers' attention interface; for ``decode``."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from summarizer.summarize.cache import Slots

if TYPE_CHECKING:
    import torch

NAME = "summarizer_slots"
"""Under which transformers knows ``attend``."""
UNKNOWN = ("softcap", "s_aux", "position_bias")
"""What some models ask of an attention and this one has not."""


@contextmanager
def own_attention(model: Any) -> Iterator[None]:
    """Let the model's layers call ``attend`` within the block.

    :raises ValueError: the model takes no attention but its own.
    """
    from transformers import AttentionInterface

    AttentionInterface.register(NAME, attend)
    usual = model.config._attn_implementation
    model.set_attn_implementation(NAME)
    try:
        yield
    finally:
        model.set_attn_implementation(usual)


def forward(part: Any, ids: torch.Tensor, positions: torch.Tensor, slots: Slots) -> Any:
    """Run tokens through a model, or through its layers alone, and put what they leave into ``slots``.

    *Shape:* ids and positions (1, tokens) int64.
    """
    # a row that fills up may stand past the last position of a model that has so many
    limit = getattr(part.config, "max_position_embeddings", None)
    positions = positions if limit is None else positions.clamp(max=limit - 1)
    # newer releases of transformers call the argument cache
    name = "cache" if "cache" in inspect.signature(part.forward).parameters else "past_key_values"
    return part(input_ids=ids, position_ids=positions, use_cache=True, slots=slots, **{name: slots})


def attend(
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    *,
    slots: Slots,
    scaling: float | None = None,
    sliding_window: int | None = None,
    **settings: Any,
) -> tuple[torch.Tensor, None]:
    """The attention that transformers' layers call.

    *Shape:* query (1, heads, tokens, width); key and value (1, key heads, tokens, width); return (1, tokens, heads,
    width).

    :raises NotImplementedError: the model asks for an attention of another kind.
    """
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    asked = [name for name in UNKNOWN if settings.get(name) is not None]
    if asked or attention_mask is not None or query.shape[0] != 1:
        raise NotImplementedError(f"attention with {asked or 'a mask'}")
    if slots.step is not None:
        return slots.attend(module.layer_idx, query, scaling, sliding_window), None
    tokens, shared = query.shape[2], query.shape[1] // key.shape[1]
    mask = None
    if sliding_window is not None and tokens > sliding_window:
        mask = query.new_ones((tokens, tokens), dtype=torch.bool).tril().triu(1 - sliding_window)
    if shared > 1:
        key, value = (part.unsqueeze(2).expand(-1, -1, shared, -1, -1).flatten(1, 2) for part in (key, value))
    seen = scaled_dot_product_attention(query, key, value, attn_mask=mask, is_causal=mask is None, scale=scaling)
    return seen.transpose(1, 2), None

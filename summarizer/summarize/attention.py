"""Lets a model's own layers read and write ``cache.Slots``, by transformers' attention interface; for ``decode``."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from summarizer.summarize.cache import Slots

if TYPE_CHECKING:
    import torch

    from summarizer.summarize.vocabulary import Columns

NAME = "summarizer_slots"
"""Under which transformers knows ``attend``."""
UNKNOWN = ("softcap", "s_aux", "position_bias")
"""What some models ask of an attention and this one has not."""


@contextmanager
def own_attention(model: Any, name: str = NAME, function: Callable[..., Any] | None = None) -> Iterator[None]:
    """Let the model's layers call an attention of ours within the block.

    :param name: under which transformers shall know it.
    :param function: None is ``attend``.
    :raises ValueError: the model takes no attention but its own.
    """
    from transformers import AttentionInterface

    AttentionInterface.register(name, function or attend)
    usual = model.config._attn_implementation
    model.set_attn_implementation(name)
    try:
        yield
    finally:
        model.set_attn_implementation(usual)


class HubNetwork:
    """Any decoder of transformers whose layers call ``attend``; see ``decode.Network``."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self.dtype: torch.dtype = model.dtype
        self.head: torch.Tensor = model.get_output_embeddings().weight.detach()

    @contextmanager
    def in_use(self, columns: Columns | None) -> Iterator[None]:
        """Let the model call our attention, and compute these columns alone, within the block."""
        import torch

        whole = self._model.get_output_embeddings()
        with own_attention(self._model):
            if columns is None:
                yield
                return
            head = torch.nn.Linear(columns.weight.shape[1], columns.weight.shape[0], bias=False, device="meta")
            head.weight = torch.nn.Parameter(columns.weight, requires_grad=False)
            self._model.set_output_embeddings(head)
            try:
                yield
            finally:
                self._model.set_output_embeddings(whole)

    def read(self, ids: torch.Tensor, positions: torch.Tensor, slots: Slots) -> None:
        """Put a prompt's keys and values into ``slots``. *Shape:* ids and positions (tokens,) int64."""
        forward(self._model.base_model, ids[None], positions[None], slots)

    def logits(self, ids: torch.Tensor, positions: torch.Tensor, slots: Slots) -> torch.Tensor:
        """Take a step. *Shape:* ids and positions (rows,) int64 to (rows, vocabulary or columns)."""
        logits: torch.Tensor = forward(self._model, ids[None], positions[None], slots).logits[0]
        return logits


def forward(part: Any, ids: torch.Tensor, positions: torch.Tensor, slots: Slots) -> Any:
    """Run tokens through a model, or through its layers alone, and put what they leave into ``slots``.

    *Shape:* ids and positions (1, tokens) int64.
    """
    # a row that fills up may stand past the last position of a model that has so many
    limit = getattr(part.config, "max_position_embeddings", None)
    positions = positions if limit is None else positions.clamp(max=limit - 1)
    return part(input_ids=ids, position_ids=positions, use_cache=True, slots=slots, **{cache_name(part): slots})


def cache_name(part: Any) -> str:
    """Return what a model calls the argument that holds its past; newer releases of transformers have another word."""
    return "cache" if "cache" in inspect.signature(part.forward).parameters else "past_key_values"


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
    asked = [name for name in UNKNOWN if settings.get(name) is not None]
    if asked or attention_mask is not None or query.shape[0] != 1:
        raise NotImplementedError(f"attention with {asked or 'a mask'}")
    return see(module.layer_idx, query, key, value, slots, scaling, sliding_window), None


def see(
    layer: int,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    slots: Slots,
    scaling: float | None,
    window: int | None,
) -> torch.Tensor:
    """Let each token of a prompt, or each row of a step, see what came before it; *Shape:* as in ``attend``.

    :param key: the tokens' own, and ``value`` too; ``slots`` has them by now.
    :param window: positions that a token sees, itself included; None is all.
    """
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    if slots.step is not None:
        return slots.attend(layer, query, scaling, window)
    tokens, shared = query.shape[2], query.shape[1] // key.shape[1]
    mask = None
    if window is not None and tokens > window:
        mask = query.new_ones((tokens, tokens), dtype=torch.bool).tril().triu(1 - window)
    if shared > 1:
        key, value = (part.unsqueeze(2).expand(-1, -1, shared, -1, -1).flatten(1, 2) for part in (key, value))
    seen = scaled_dot_product_attention(query, key, value, attn_mask=mask, is_causal=mask is None, scale=scaling)
    return seen.transpose(1, 2)

"""Tells by trial whether ``decode`` can write with a model: its logits must be those of the model's own way.

Comes between loading and decoding. Models differ in ways that no table of names keeps up with; one that asks its
attention for what ours has not, or keeps its past in another form, is left to transformers' ``generate``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from summarizer.quiet import quiet_transformers
from summarizer.summarize.attention import forward, own_attention
from summarizer.summarize.cache import ROWS, Slots

if TYPE_CHECKING:
    import torch

READ_TOKENS = 21
STEP_TOKENS = 3
FARTHEST = {"float32": 1e-3, "float16": 0.02, "bfloat16": 0.05}
"""How far the logits may lie from the model's own, as a share of their length: two ways round differently."""
REFUSALS = (ArithmeticError, AttributeError, ImportError, IndexError, KeyError, RuntimeError, TypeError, ValueError)
"""What a model may answer that knows nothing of our cache or attention; NotImplementedError is a RuntimeError."""


def is_decodable(model: Any) -> bool:
    """Return whether ``decode`` may take ``model``, which is left as it was.

    :param model: a causal model of transformers on any device.
    """
    import torch

    if model.device.type != "cpu" or not getattr(model, "_supports_attention_backend", False):
        return False
    farthest = FARTHEST.get(str(model.dtype).removeprefix("torch."))
    if farthest is None:
        return False
    ids = torch.arange(READ_TOKENS + STEP_TOKENS)[None] * 7 % model.config.get_text_config().vocab_size
    try:
        with torch.inference_mode(), quiet_transformers():
            wanted = model(input_ids=ids, use_cache=False).logits[0, READ_TOKENS:].float()
            with own_attention(model):
                seen = _stepped(model, ids).float()
    except REFUSALS:
        return False
    return bool((seen - wanted).norm() <= farthest * wanted.norm())


def _stepped(model: Any, ids: torch.Tensor) -> torch.Tensor:
    """Return the logits of the last tokens, read in one step after the first. *Shape:* (STEP_TOKENS, vocabulary)."""
    import torch

    slots = Slots(2, READ_TOKENS + ROWS, model.dtype)
    slots.begin_prompt(1)
    forward(model.base_model, ids[:, :READ_TOKENS], torch.arange(READ_TOKENS)[None], slots)
    step = slots.begin_step(STEP_TOKENS, [(1, READ_TOKENS)])
    row_ids = torch.zeros((1, ROWS), dtype=torch.long)
    row_ids[:, :STEP_TOKENS] = ids[:, READ_TOKENS:]
    logits: torch.Tensor = forward(model, row_ids, step.positions[None], slots).logits[0, :STEP_TOKENS]
    return logits

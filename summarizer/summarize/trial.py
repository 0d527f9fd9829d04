"""Tells by trial whether ``decode`` can write with a model: its logits must be those of the model's own way.

Comes between loading and decoding. Models differ in ways that no table of names keeps up with; one that asks its
attention for what ours has not, or keeps its past in another form, is left to transformers' ``generate``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from summarizer.quiet import quiet_transformers
from summarizer.summarize.attention import HubNetwork
from summarizer.summarize.cache import ROWS, Slots

if TYPE_CHECKING:
    import torch

READ_TOKENS = 21
STEP_TOKENS = 3
FARTHEST = {"float32": 1e-3, "float16": 0.02, "bfloat16": 0.05}
"""How far the logits may lie from the model's own, as a share of their length: two ways round differently."""
REFUSALS = (ArithmeticError, AttributeError, ImportError, IndexError, KeyError, RuntimeError, TypeError, ValueError)
"""What a model may answer that knows nothing of our cache or attention; NotImplementedError is a RuntimeError."""


def network_of(model: Any) -> HubNetwork | None:
    """Return what ``decode`` may run of ``model``, which is left as it was; None where it may not.

    :param model: a causal model of transformers on any device.
    """
    import torch

    if model.device.type != "cpu" or not getattr(model, "_supports_attention_backend", False):
        return None
    farthest = FARTHEST.get(str(model.dtype).removeprefix("torch."))
    if farthest is None:
        return None
    ids = torch.arange(READ_TOKENS + STEP_TOKENS)[None] * 7 % model.config.get_text_config().vocab_size
    try:
        with torch.inference_mode(), quiet_transformers():
            wanted = model(input_ids=ids, use_cache=False).logits[0, READ_TOKENS:].float()
            network = HubNetwork(model)
            with network.in_use(None):
                seen = _stepped(network, ids[0]).float()
    except REFUSALS:
        return None
    return network if (seen - wanted).norm() <= farthest * wanted.norm() else None


def _stepped(network: HubNetwork, ids: torch.Tensor) -> torch.Tensor:
    """Return the logits of the last tokens, read in one step after the first. *Shape:* (STEP_TOKENS, vocabulary)."""
    import torch

    slots = Slots(2, READ_TOKENS + ROWS, network.dtype)
    slots.begin_prompt(1)
    network.read(ids[:READ_TOKENS], torch.arange(READ_TOKENS), slots)
    step = slots.begin_step(STEP_TOKENS, [(1, READ_TOKENS)])
    row_ids = torch.zeros(ROWS, dtype=torch.long)
    row_ids[:STEP_TOKENS] = ids[READ_TOKENS:]
    return network.logits(row_ids, step.positions, slots)[:STEP_TOKENS]

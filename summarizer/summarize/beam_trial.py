"""Tells by trial whether ``beam_decode`` can write with a model: its logits must be those of the model's own way.

What ``trial`` is for decoders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from summarizer.quiet import quiet_transformers
from summarizer.summarize.attention import own_attention
from summarizer.summarize.beam_cache import NAME, BeamCache, attend_beams
from summarizer.summarize.beam_decode import step_logits
from summarizer.summarize.trial import FARTHEST, READ_TOKENS, REFUSALS

if TYPE_CHECKING:
    import torch

PARENTS = (((0, 1), (0, 1)), ((0, 1), (1, 0)), ((1, 0), (1, 1)), ((0, 0), (1, 0)))
"""Which beam each beam of two articles goes on from, at each step of a trial."""


def beam_token_bytes(model: Any) -> int | None:
    """Return the memory that a token takes in the cache of ``beam_decode``; None where that may not take ``model``.

    :param model: an encoder-decoder of transformers on any device, which is left as it was.
    """
    import torch

    vocabulary, device = model.config.get_text_config().vocab_size, model.device
    ids = torch.arange(READ_TOKENS * 2, device=device).view(2, -1) * 7 % (vocabulary // 2) + vocabulary // 4
    mask = torch.ones_like(ids)
    mask[1, READ_TOKENS // 2 :] = 0
    rows = torch.arange(len(PARENTS) * 4, device=device).view(4, -1) * 5 % (vocabulary // 2) + vocabulary // 4
    try:
        with torch.inference_mode(), quiet_transformers():
            hidden = model.get_encoder()(input_ids=ids, attention_mask=mask).last_hidden_state
            with own_attention(model, NAME, attend_beams):
                seen, token_bytes = _beam_stepped(model, rows, hidden, mask)
            wanted = model(
                input_ids=ids.repeat_interleave(2, dim=0),
                attention_mask=mask.repeat_interleave(2, dim=0),
                decoder_input_ids=_traced(rows),
                use_cache=False,
            ).logits[:, -1]
    except REFUSALS:
        return None
    return token_bytes if _is_near(seen.float(), wanted.float(), model.dtype) else None


def _beam_stepped(model: Any, rows: torch.Tensor, hidden: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, int]:
    """Return the logits after two articles with two beams were written, which change places as ``PARENTS`` says."""
    import torch

    step = torch.zeros((), dtype=torch.long, device=rows.device)
    hides = torch.zeros(mask.shape, dtype=hidden.dtype, device=rows.device).masked_fill_(mask == 0, float("-inf"))
    cache = BeamCache(hides, 2, len(PARENTS), step)
    logits = hidden
    for i, parents in enumerate(PARENTS):
        cache.begin_step(torch.tensor(parents, device=rows.device))
        logits = step_logits(model, rows[:, i : i + 1], hidden, cache)
        step += 1
    return logits, cache.token_bytes


def _traced(rows: torch.Tensor) -> torch.Tensor:
    """Return what each beam has written at last, when ``rows`` is what stood in its place. *Shape:* (4, steps)."""
    import torch

    seen = rows.view(2, 2, -1)[:, :, :0]
    for i, parents in enumerate(PARENTS):
        order = torch.tensor(parents, device=rows.device)[:, :, None]
        seen = torch.cat((seen.take_along_dim(order, dim=1), rows.view(2, 2, -1)[:, :, i : i + 1]), dim=2)
    return seen.flatten(0, 1)


def _is_near(seen: torch.Tensor, wanted: torch.Tensor, dtype: torch.dtype) -> bool:
    farthest = FARTHEST.get(str(dtype).removeprefix("torch."), 0.0)
    return bool((seen - wanted).norm() <= farthest * wanted.norm())

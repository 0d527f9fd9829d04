"""The beam search for encoder-decoders: prompts as token ids in, written tokens out. Used by ``generate``.

The encoder reads a batch in parts of ``runtime.batch_tokens``; then all its articles are written together, as many as
memory takes, since a step reads the whole decoder whether for one article or for a hundred. On a GPU the second step is
recorded and the others replay it (a CUDA graph), so that the device never waits for Python.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from summarizer.batching import is_out_of_memory, pack
from summarizer.padding import PADDING
from summarizer.summarize.attention import cache_name, own_attention
from summarizer.summarize.beam_cache import NAME, BeamCache, attend_beams, rounded
from summarizer.summarize.beams import BeamRules, BeamSearch
from summarizer.summarize.cache import cheap_tokens

if TYPE_CHECKING:
    import torch

CHECK_STEPS = 8
"""A GPU is asked so often whether all briefs are over: it has to catch up with its work before it can answer."""
GPU_SHARE = 0.5
"""Of the memory that is free when the model is loaded: what articles in hand may take."""


class BeamDecoder:
    """Writes briefs with an encoder-decoder, with several beams."""

    def __init__(self, model: Any, rules: BeamRules, pad: int, *, batch_tokens: int, token_bytes: int) -> None:
        """Take a model that passed ``trial``.

        :param pad: the token that fills up the shorter prompts of a batch.
        :param batch_tokens: tokens that the encoder reads at once.
        :param token_bytes: memory that one token takes in the decoder's cache.
        """
        self._model = model
        self._rules = rules
        self._pad = pad
        self._batch_tokens = batch_tokens
        self.budget_tokens = _held_tokens(model.device, batch_tokens, token_bytes)
        self._records = model.device.type == "cuda"
        self.is_recorded = False
        """Whether the steps of the last batch were replayed from a recording."""

    def write(self, prompts: Sequence[Sequence[int]]) -> list[list[int]]:
        """Continue every prompt; all are in hand at once.

        :return: the best brief of each, in the given order; the end token is among it where there is one.
        """
        import torch

        rules, device = self._rules, self._model.device
        with torch.inference_mode():
            hidden, mask = self._encode(prompts)
            search = BeamSearch(rules, len(prompts), device)
            cache = BeamCache(mask, rules.beams, rules.most, search.step)
            with own_attention(self._model, NAME, attend_beams):
                self._search(search, lambda **when: search.choose(self._logits(search, cache, hidden), **when))
            return search.briefs()

    def _search(self, search: BeamSearch, step: Callable[..., None]) -> None:
        """Take steps until no article can gain from another; the first and the last have rules of their own."""
        most = self._rules.most
        every = CHECK_STEPS if self._model.device.type == "cuda" else 1
        middle = step
        for i in range(most):
            if i in (0, most - 1):
                step(is_first=i == 0, is_last=i == most - 1)
                continue
            if i == 1 and self._records:
                middle = self._recorded(step)
            middle()
            if i % every == 0 and search.is_over():
                return

    def _encode(self, prompts: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the encoder's states and the mask that ``BeamCache`` takes.

        *Shape:* (articles, source tokens, width) and (articles, source tokens).
        """
        import torch

        device, dtype = self._model.device, self._model.dtype
        PADDING.add([len(prompt) for prompt in prompts])
        longest = max(len(prompt) for prompt in prompts)
        positions = getattr(self._model.config, "max_position_embeddings", None) or rounded(longest)
        width = max(longest, min(rounded(longest), positions))
        ids = torch.full((len(prompts), width), self._pad)
        is_token = torch.zeros((len(prompts), width), dtype=torch.long)
        for row, prompt in enumerate(prompts):
            ids[row, : len(prompt)] = torch.tensor(prompt)
            is_token[row, : len(prompt)] = 1
        ids, is_token = ids.to(device), is_token.to(device)
        encoder, hidden = self._model.get_encoder(), None
        for part in pack([width] * len(prompts), self._batch_tokens):
            rows = slice(part[0], part[-1] + 1)
            states = encoder(input_ids=ids[rows], attention_mask=is_token[rows]).last_hidden_state
            if hidden is None:
                hidden = states.new_empty((len(prompts), *states.shape[1:]))
            hidden[rows] = states
        assert hidden is not None
        mask = torch.zeros(is_token.shape, dtype=dtype, device=device).masked_fill_(is_token == 0, float("-inf"))
        return hidden, mask

    def _logits(self, search: BeamSearch, cache: BeamCache, hidden: torch.Tensor) -> torch.Tensor:
        cache.begin_step(search.parents)
        return step_logits(self._model, search.tokens, hidden, cache)

    def _recorded(self, step: Callable[[], None]) -> Callable[[], None]:
        """Return what replays a step; or the step itself where it cannot be recorded, which is not tried again.

        Nothing is computed while a step is recorded.
        """
        import torch

        self.is_recorded = False
        try:
            graph = torch.cuda.CUDAGraph()
            # the threads that read and write files may use the device meanwhile
            with torch.cuda.graph(graph, capture_error_mode="thread_local"):
                step()
        except RuntimeError as error:
            if is_out_of_memory(error):
                raise
            self._records = False
            return step
        self.is_recorded = True
        return graph.replay


def step_logits(model: Any, tokens: torch.Tensor, hidden: torch.Tensor, cache: BeamCache) -> torch.Tensor:
    """Run one token of each beam through the decoder, under ``attend_beams``.

    *Shape:* tokens (articles x beams, 1) int64; hidden (articles, source tokens, width); return (articles x beams,
    vocabulary).
    """
    import torch
    from transformers.modeling_outputs import BaseModelOutput

    output = model(
        encoder_outputs=BaseModelOutput(last_hidden_state=hidden),
        decoder_input_ids=tokens,
        decoder_attention_mask=torch.ones_like(tokens),  # or models make one themselves, for which they ask the device
        use_cache=True,
        beams=cache,
        **{cache_name(model): cache.for_model},
    )
    logits: torch.Tensor = output.logits[:, -1]
    return logits


def _held_tokens(device: torch.device, batch_tokens: int, token_bytes: int) -> int:
    """Return how many tokens of all articles in hand may be kept, those of their beams included."""
    import torch

    if device.type != "cuda":
        return cheap_tokens(batch_tokens, token_bytes)
    free = torch.cuda.mem_get_info(device)[0] + torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    return max(batch_tokens, int(free * GPU_SHARE) // token_bytes)

"""How seq2seq and causal models decode: prompts as token ids in, drafts out. Comes after ``reading``, before ``tidy``.

A decoder that searches greedily on the CPU writes with a loop of our own (``decode``), an encoder-decoder that searches
with several beams with another (``beam_decode``), everything else with transformers' ``generate``, batch by batch.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from summarizer.batching import Batcher
from summarizer.padding import PADDING
from summarizer.runtime import RuntimeOptions
from summarizer.summarize.beam_decode import BeamDecoder
from summarizer.summarize.beam_trial import beam_token_bytes
from summarizer.summarize.beams import RULE_KEYS, rules_of
from summarizer.summarize.cache import held_tokens
from summarizer.summarize.decode import Decoder, Limits
from summarizer.summarize.drafts import Draft
from summarizer.summarize.gemma import Gemma
from summarizer.summarize.settings import GenerationOptions, as_set, decoder_room, settle, take_repetition_rules
from summarizer.summarize.stopping import BriefEnd, OnBrief
from summarizer.summarize.trial import network_of

if TYPE_CHECKING:
    import torch

OWN_LOOP_KEYS = frozenset(
    (
        "bos_token_id",
        "eos_token_id",
        "pad_token_id",
        "unk_token_id",
        "decoder_start_token_id",
        "max_new_tokens",
        "min_new_tokens",
        "num_beams",
        "num_return_sequences",
        "use_cache",
        "cache_implementation",
        "transformers_version",
        "_from_model_config",
        "output_attentions",
        "output_hidden_states",
        "do_sample",
    )
)
"""Settings under which our own loops say what ``generate`` would; with any other, ``generate`` writes."""


class Writer:
    """A loaded model that continues prompts."""

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        generation: GenerationOptions,
        runtime: RuntimeOptions,
        *,
        brief_end: BriefEnd,
        kept: torch.Tensor | None = None,
    ) -> None:
        """Settle how ``model`` decodes; its own ``generation_config`` is changed to say so.

        :param brief_end: says when a causal model's brief is over.
        :param kept: the tokens that our own loop lets the model write; None is all.
        """
        self._model = model
        self._tokenizer = tokenizer
        self._seed = runtime.seed if generation.do_sample else None
        self._brief_end = brief_end
        self._is_seq2seq = bool(model.config.is_encoder_decoder)
        self._max_new_tokens = decoder_room(model, generation.brief_tokens(brief_end.max_words))
        settle(model.generation_config, tokenizer, generation, self._max_new_tokens)
        self._processors = [] if self._is_seq2seq else take_repetition_rules(model.generation_config)
        self._ends = as_set(model.generation_config.eos_token_id)
        self._beams = model.generation_config.num_beams or 1
        self._decoder = self._own_loop(runtime.batch_tokens, kept)
        # our greedy loop sees to its batches itself; of the batcher it only needs what happens when one fails
        budgets = {Decoder: sys.maxsize, BeamDecoder: getattr(self._decoder, "budget_tokens", 0)}
        budget = budgets.get(type(self._decoder), runtime.batch_tokens)
        self._batcher: Batcher[Draft] = Batcher(budget, pads=not isinstance(self._decoder, Decoder))

    def write(self, prompts: Sequence[list[int]]) -> list[Draft | BaseException]:
        """Continue every prompt, in the given order; one that fails leaves its error in its place.

        :param prompts: token ids each, special tokens included.
        """
        sources = self._beams if self._decoder is None else 1  # our own loops keep an article once
        lengths = [len(prompt) * sources + self._max_new_tokens * self._beams for prompt in prompts]
        work = self._own_batch if self._decoder else self._batch
        return self._batcher.run(lengths, lambda batch: work([prompts[i] for i in batch]))

    def _own_loop(self, batch_tokens: int, kept: torch.Tensor | None) -> Decoder | BeamDecoder | None:
        """Return our own loop where it does what the settings ask for and the model is one that it can run."""
        config = self._model.generation_config
        known = OWN_LOOP_KEYS | RULE_KEYS if self._is_seq2seq else OWN_LOOP_KEYS
        asked = {key for key, value in config.to_diff_dict().items() if value is not None}
        if self._is_seq2seq == (self._beams == 1) or config.do_sample or asked - known:
            return None
        if self._is_seq2seq:
            return self._beam_loop(batch_tokens)
        network = self._model if isinstance(self._model, Gemma) else network_of(self._model)
        if network is None:
            return None
        limits = Limits(
            ends=frozenset(self._ends),
            least=config.min_new_tokens or 0,
            most=self._max_new_tokens,
            is_over=self._brief_end.watch(self._tokenizer, 0).is_over,
            rules=self._processors,
        )
        held = held_tokens(self._model.config, self._model.dtype, batch_tokens)
        return Decoder(network, limits, budget_tokens=held, kept=kept)

    def _beam_loop(self, batch_tokens: int) -> BeamDecoder | None:
        config = self._model.generation_config
        rules = rules_of(config, self._max_new_tokens)
        token_bytes = beam_token_bytes(self._model) if rules else None
        if rules is None or token_bytes is None:
            return None
        return BeamDecoder(self._model, rules, config.pad_token_id, batch_tokens=batch_tokens, token_bytes=token_bytes)

    def _own_batch(self, prompts: Sequence[list[int]]) -> list[Draft]:
        assert self._decoder is not None
        return [self._draft(row) for row in self._decoder.write(prompts)]

    def _batch(self, prompts: Sequence[list[int]]) -> list[Draft]:
        """Run one batch.

        *Shape:* ids and mask (batch, prompt_tokens) int64; output (batch, brief_tokens) int64.
        """
        import torch

        ids, mask = self._padded(prompts)
        start = 1 if self._is_seq2seq else ids.shape[1]  # an encoder-decoder's output begins with its start token
        settings: dict[str, Any] = {}
        if not self._is_seq2seq:
            settings["stopping_criteria"] = [self._brief_end.watch(self._tokenizer, start)]
            settings["logits_processor"] = [OnBrief(rule, start) for rule in self._processors]
        with torch.inference_mode(), self._seeded():
            output = self._model.generate(input_ids=ids, attention_mask=mask, **settings)  # (batch, start + new)
        return [self._draft(row) for row in output[:, start:].tolist()]

    @contextmanager
    def _seeded(self) -> Iterator[None]:
        """Sample with the run's seed, and leave the program's own random state alone."""
        import torch

        if self._seed is None:
            yield
            return
        device = self._model.device
        with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
            torch.manual_seed(self._seed)
            yield

    def _padded(self, prompts: Sequence[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Pad on the left for a decoder, which goes on at the right end, and on the right for an encoder."""
        import torch

        PADDING.add([len(prompt) for prompt in prompts])
        width = max(len(prompt) for prompt in prompts)
        ids = torch.full((len(prompts), width), self._model.generation_config.pad_token_id)
        mask = torch.zeros((len(prompts), width), dtype=torch.long)
        for row, prompt in enumerate(prompts):
            place = slice(0, len(prompt)) if self._is_seq2seq else slice(width - len(prompt), width)
            ids[row, place] = torch.tensor(prompt)
            mask[row, place] = 1
        return ids.to(self._model.device), mask.to(self._model.device)

    def _draft(self, row: list[int]) -> Draft:
        # PEGASUS and BART are made to end at the limit: an end in the last place is not the model's own.
        end = next((i for i, token in enumerate(row) if token in self._ends), len(row))
        text = self._tokenizer.decode(row[:end], skip_special_tokens=True)
        is_finished = end < min(len(row), self._max_new_tokens - 1)
        if self._is_seq2seq:
            return Draft(text, is_finished)
        cut = self._brief_end.cut(text)
        return Draft(cut, is_finished or cut != text)

"""How seq2seq and causal models decode: prompts as token ids in, drafts out. Comes after ``reading``, before ``tidy``.

A decoder that searches greedily on the CPU writes with our own loop (``decode``), everything else with transformers'
``generate``, batch by batch.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pydantic import Field, model_validator

from summarizer.batching import Batcher
from summarizer.options import Options
from summarizer.padding import PADDING
from summarizer.runtime import RuntimeOptions
from summarizer.summarize.cache import held_tokens
from summarizer.summarize.decode import Decoder, Limits
from summarizer.summarize.drafts import Draft
from summarizer.summarize.gemma import Gemma
from summarizer.summarize.stopping import BriefEnd, OnBrief
from summarizer.summarize.trial import network_of

if TYPE_CHECKING:
    import torch

TOKENS_PER_WORD = 1.6
SPARE_TOKENS = 8
SAMPLING_KEYS = ("temperature", "top_p", "top_k")
SAMPLING_ONLY = (*SAMPLING_KEYS, "min_p", "typical_p")
"""What a model's own generation_config may hold that greedy search has no use for and transformers warns about."""
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
"""Settings under which our own loop says what ``generate`` would; with any other, ``generate`` writes."""


class GenerationOptions(Options):
    """How the model decodes; null leaves each key to the model's own generation_config.json."""

    max_new_tokens: int | None = Field(None, ge=1)
    """Tokens that a brief may have before it is tidied; null allows 1.6 a word of max_words, and 8."""
    min_new_tokens: int | None = Field(None, ge=0)
    """Tokens that a brief must have."""
    num_beams: int | None = Field(None, ge=1, le=32)
    """Beams that are searched; 1 is greedy."""
    length_penalty: float | None = None
    """Above 0 favours long briefs in beam search, below 0 short ones."""
    no_repeat_ngram_size: int | None = Field(None, ge=0)
    """No run of so many tokens occurs twice in a brief; 0 turns it off."""
    repetition_penalty: float | None = Field(None, gt=0)
    """Above 1 makes tokens that the brief already has less likely."""
    do_sample: bool = False
    """Draw tokens by chance (seeded with runtime.seed) instead of taking the most likely."""
    temperature: float | None = Field(None, gt=0)
    """Below 1 sharpens the draw; with do_sample only."""
    top_p: float | None = Field(None, gt=0, le=1)
    """Draw from the most likely tokens that hold this probability together; with do_sample only."""
    top_k: int | None = Field(None, ge=0)
    """Draw from so many of the most likely tokens; with do_sample only."""

    @model_validator(mode="after")
    def _consistent(self) -> GenerationOptions:
        idle = [key for key in SAMPLING_KEYS if getattr(self, key) is not None and not self.do_sample]
        if idle:
            raise ValueError(f"{idle[0]} works with do_sample: true only")
        if self.max_new_tokens is not None and (self.min_new_tokens or 0) > self.max_new_tokens:
            raise ValueError(f"min_new_tokens {self.min_new_tokens} is above max_new_tokens {self.max_new_tokens}")
        return self

    @property
    def is_greedy(self) -> bool:
        """Whether it takes the likeliest token each time, as far as this section says."""
        return (self.num_beams or 1) == 1 and not self.do_sample

    def brief_tokens(self, max_words: int) -> int:
        """Return how many tokens a brief of ``max_words`` words may take."""
        return self.max_new_tokens or int(max_words * TOKENS_PER_WORD) + SPARE_TOKENS


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
        self._max_new_tokens = _decoder_room(model, generation.brief_tokens(brief_end.max_words))
        _settle(model.generation_config, tokenizer, generation, self._max_new_tokens)
        self._processors = [] if self._is_seq2seq else _take_repetition_rules(model.generation_config)
        self._ends = _as_set(model.generation_config.eos_token_id)
        self._beams = model.generation_config.num_beams or 1
        self._decoder = self._own_loop(runtime.batch_tokens, kept)
        # our own loop sees to its batches itself; of the batcher it only needs what happens when one fails
        budget = sys.maxsize if self._decoder else runtime.batch_tokens
        self._batcher: Batcher[Draft] = Batcher(budget, pads=not self._decoder)

    def write(self, prompts: Sequence[list[int]]) -> list[Draft | BaseException]:
        """Continue every prompt, in the given order; one that fails leaves its error in its place.

        :param prompts: token ids each, special tokens included.
        """
        lengths = [(len(prompt) + self._max_new_tokens) * self._beams for prompt in prompts]
        work = self._own_batch if self._decoder else self._batch
        return self._batcher.run(lengths, lambda batch: work([prompts[i] for i in batch]))

    def _own_loop(self, batch_tokens: int, kept: torch.Tensor | None) -> Decoder | None:
        """Return our own loop where it does what the settings ask for and the model is one that it can run."""
        config = self._model.generation_config
        asked = {key for key, value in config.to_diff_dict().items() if value is not None}
        is_other = self._is_seq2seq or self._beams > 1 or config.do_sample
        if is_other or asked - OWN_LOOP_KEYS:
            return None
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


def _as_set(ids: int | Sequence[int] | None) -> set[int]:
    return set() if ids is None else {ids} if isinstance(ids, int) else set(ids)


def _decoder_room(model: Any, max_new_tokens: int) -> int:
    """Return how many tokens the decoder can write: one of learned positions cannot go past its last."""
    room = getattr(model.config, "max_position_embeddings", None) if model.config.is_encoder_decoder else None
    return min(max_new_tokens, room - 1) if room else max_new_tokens


def _settle(config: Any, tokenizer: Any, generation: GenerationOptions, max_new_tokens: int) -> None:
    """Put our limits and the user's overrides over the model's own generation settings."""
    least = min(config.min_length or 0, max_new_tokens // 2)  # bart-large-cnn wants 56, a brief of 20 words has 40
    config.max_length = None
    config.max_new_tokens = max_new_tokens
    config.min_length = least or None
    config.num_return_sequences = 1
    config.do_sample = generation.do_sample
    if not generation.do_sample:
        for key in SAMPLING_ONLY:
            setattr(config, key, None)
    keys = {"min_new_tokens", "num_beams", "length_penalty", "no_repeat_ngram_size", "repetition_penalty"}
    for key, value in generation.model_dump(include=keys | set(SAMPLING_KEYS), exclude_none=True).items():
        setattr(config, key, value)
    if config.min_new_tokens is not None:
        config.min_length = None
        config.min_new_tokens = min(config.min_new_tokens, max_new_tokens)
    if (config.num_beams or 1) == 1:
        config.length_penalty = config.early_stopping = None
    if config.eos_token_id is None:
        config.eos_token_id = tokenizer.eos_token_id
    if config.pad_token_id is None:
        config.pad_token_id = tokenizer.pad_token_id
    if config.pad_token_id is None:
        config.pad_token_id = min(_as_set(config.eos_token_id), default=0)


def _take_repetition_rules(config: Any) -> list[Any]:
    """Move the rules against repetition out of a decoder's config, where they would hold for the prompt too.

    A brief may and should say what the article says; only itself it may not repeat.
    """
    from transformers import NoRepeatNGramLogitsProcessor, RepetitionPenaltyLogitsProcessor

    rules: list[Any] = []
    if config.no_repeat_ngram_size:
        rules.append(NoRepeatNGramLogitsProcessor(config.no_repeat_ngram_size))
    if config.repetition_penalty and config.repetition_penalty != 1.0:
        rules.append(RepetitionPenaltyLogitsProcessor(config.repetition_penalty))
    config.no_repeat_ngram_size = config.repetition_penalty = None
    return rules

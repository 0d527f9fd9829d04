"""How seq2seq and causal models decode: the options, and what they make of a model's own generation config.

Comes before ``generate``, which decodes by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field, model_validator

from summarizer.options import Options

TOKENS_PER_WORD = 1.6
SPARE_TOKENS = 8
SAMPLING_KEYS = ("temperature", "top_p", "top_k")
SAMPLING_ONLY = (*SAMPLING_KEYS, "min_p", "typical_p")
"""What a model's own generation_config may hold that greedy search has no use for and transformers warns about."""


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


def as_set(ids: int | Sequence[int] | None) -> set[int]:
    """Return the ids that a config gives as one, several or none."""
    return set() if ids is None else {ids} if isinstance(ids, int) else set(ids)


def decoder_room(model: Any, max_new_tokens: int) -> int:
    """Return how many tokens the decoder can write: one of learned positions cannot go past its last."""
    room = getattr(model.config, "max_position_embeddings", None) if model.config.is_encoder_decoder else None
    return min(max_new_tokens, room - 1) if room else max_new_tokens


def settle(config: Any, tokenizer: Any, generation: GenerationOptions, max_new_tokens: int) -> None:
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
        config.pad_token_id = min(as_set(config.eos_token_id), default=0)


def take_repetition_rules(config: Any) -> list[Any]:
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

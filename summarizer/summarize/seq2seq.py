"""The ``seq2seq`` backend: any encoder-decoder that was trained to summarise, such as BART, PEGASUS or T5."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field

from summarizer.models import find_model
from summarizer.records import Article, Brief, Failure
from summarizer.runtime import RuntimeOptions
from summarizer.summarize.base import SummarizeOptions
from summarizer.summarize.loading import load_whole
from summarizer.summarize.modelled import ModelPath, source_budget, token_counts
from summarizer.summarize.reading import SalienceRank
from summarizer.summarize.settings import GenerationOptions

POSITION_KEYS = ("max_position_embeddings", "max_encoder_position_embeddings")
"""Where configs say how many positions the encoder has; T5's relative ones have no end."""
TRAINED_KEYS = ("n_positions",)
"""Where configs say what length the model was trained at."""
NO_LIMIT_TOKENS = 1_000_000
"""A tokenizer that names no length says a number above this."""
DEFAULT_SOURCE_TOKENS = 1024
TASK = "summarization"
T5_PREFIX = "summarize: "
TASK_KEYS = ("num_beams", "length_penalty", "no_repeat_ngram_size", "early_stopping", "min_length")


class Seq2SeqOptions(SummarizeOptions):
    """An encoder-decoder from the Hugging Face Hub or a folder of yours writes the brief."""

    backend: Literal["seq2seq"] = "seq2seq"
    """Encoder-decoder model."""
    model: str = Field(min_length=1)
    """A folder, that of an adapter too, or a Hub name such as facebook/bart-large-cnn."""
    revision: str | None = None
    """Branch, tag or commit of a Hub model; null is its main branch."""
    prefix: str | None = None
    """What the model wants before the article; null takes it from the model ('summarize: ' for T5)."""
    max_source_tokens: int | None = Field(None, ge=16)
    """Tokens of an article that the model reads; null is as many as it was made for."""
    salience: str | None = None
    """The model that picks what is read of a longer article beside its lead, such as salience-minilm; null goes by the
    article's own words."""
    generation: GenerationOptions = GenerationOptions()
    """How the model decodes."""


class Seq2Seq:
    """Writes briefs with an encoder-decoder. See ``Summarizer`` for the contract."""

    def __init__(self, options: Seq2SeqOptions, runtime: RuntimeOptions) -> None:
        """Load the model, and merge it with its base where it is an adapter.

        :raises ModelError: it is missing, damaged or no encoder-decoder, or reads less than the config wants.
        """
        folder = find_model(options.model, runtime, revision=options.revision)
        rank = SalienceRank(options.salience, runtime) if options.salience else None
        self.models: dict[str, str] = {folder.name: folder.identity, **(rank.models if rank else {})}
        loaded = load_whole(folder, "seq2seq", runtime)
        model, tokenizer = loaded.model, loaded.tokenizer
        _use_task_settings(model)
        prefix = options.prefix
        if prefix is None:
            own = folder.manifest.get("prompt")  # of an adapter that was trained with one: prefix and {text}
            prefix = own.removesuffix("{text}") if own else task_prefix(model.config)
        limit, trained = _lengths(model.config, tokenizer)
        used = token_counts(tokenizer, [prefix])[0] + tokenizer.num_special_tokens_to_add()
        default = trained - used if trained is not None else DEFAULT_SOURCE_TOKENS
        budget = source_budget(folder.name, options.max_source_tokens, default, limit, used)

        def prompts(texts: Sequence[str], _titles: Sequence[str]) -> list[list[int]]:
            ids: list[list[int]] = tokenizer([prefix + text for text in texts], verbose=False)["input_ids"]
            return ids

        self._path = ModelPath(
            "seq2seq",
            options,
            options.generation,
            runtime,
            loaded,
            prompts=prompts,
            budget_tokens=budget,
            rank=rank,
        )

    def summarize(self, articles: Sequence[Article]) -> list[Brief | Failure]:
        """Write one brief per article, in the given order; its sentences carry no evidence yet."""
        return self._path.summarize(articles)


def _task_settings(config: Any) -> dict[str, Any]:
    tasks = getattr(config, "task_specific_params", None) or {}
    settings: dict[str, Any] = tasks.get(TASK) or {}
    return settings


def task_prefix(config: Any) -> str:
    """Return what an encoder-decoder was trained to see before a text that it is to summarise."""
    return str(_task_settings(config).get("prefix") or (T5_PREFIX if config.model_type == "t5" else ""))


def _use_task_settings(model: Any) -> None:
    """Decode as the model's config says for summarisation; its generation config wins where it has a word."""
    settings = _task_settings(model.config)
    for key in TASK_KEYS:
        if key in settings and getattr(model.generation_config, key, None) is None:
            setattr(model.generation_config, key, settings[key])


def _lengths(config: Any, tokenizer: Any) -> tuple[int | None, int | None]:
    """Return how many positions the encoder has, and the length that the model was made for; None where unsaid."""
    limit = next((value for key in POSITION_KEYS if (value := getattr(config, key, None))), None)
    stated = [value for key in TRAINED_KEYS if (value := getattr(config, key, None))]
    if tokenizer.model_max_length < NO_LIMIT_TOKENS:
        stated.append(tokenizer.model_max_length)
    if limit is not None:
        stated.append(limit)
    return limit, min(stated) if stated else None

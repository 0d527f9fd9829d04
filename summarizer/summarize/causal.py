"""The ``causal`` backend: any decoder, from the small adapter that ships to a large instruct model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field, field_validator

from summarizer.errors import ModelError
from summarizer.models import find_model
from summarizer.records import Article, Brief, Failure
from summarizer.runtime import RuntimeOptions
from summarizer.summarize.base import SummarizeOptions
from summarizer.summarize.loading import load_whole
from summarizer.summarize.modelled import ModelPath, source_budget
from summarizer.summarize.prompting import Prompting, check_template
from summarizer.summarize.reading import TITLE_TOKENS, SalienceRank
from summarizer.summarize.settings import GenerationOptions

BASE_PROMPT = "Article: {text}\n\nSummary of the article in one paragraph:"
"""For a base model that only continues text."""
CHAT_PROMPT = (
    "Summarize the news article below in one paragraph of at most {max_words} words, in the article's language. "
    "Say only what the article says, in plain whole sentences, the most important first. "
    "Write the paragraph alone: no heading, no list, no opening remark.\n\nArticle:\n{text}"
)
"""For a model with a chat template."""
DEFAULT_SOURCE_TOKENS = 1024
SPARE_POSITIONS = 8
"""Text and prompt may take a few tokens more together than apart."""


class CausalOptions(SummarizeOptions):
    """A decoder writes the brief: the one that ships, or any causal model, adapter or GGUF file."""

    backend: Literal["causal"] = "causal"
    """Decoder-only model."""
    model: str = Field("brief-gemma", min_length=1)
    """A shipped model's name, a folder, a .gguf file, or a Hub name."""
    revision: str | None = None
    """Branch, tag or commit of a Hub model; null is its main branch."""
    gguf_file: str | None = None
    """Which GGUF file of the folder to load; needed only where there are several."""
    prompt: str | None = None
    """What the model is given: {text} is the article, {title} its title, {max_words} the limit; a line with {title} is
    left out where an article has none. Null takes the model's own, or ours."""
    max_source_tokens: int | None = Field(None, ge=16)
    """Tokens of an article that the model reads; null is 1024, or fewer where the model has no room for them."""
    salience: str | None = None
    """The model that picks what is read of a longer article beside its lead, such as salience-minilm; null goes by the
    article's own words."""
    generation: GenerationOptions = GenerationOptions()
    """How the model decodes."""

    @field_validator("prompt")
    @classmethod
    def _has_text(cls, prompt: str | None) -> str | None:
        return prompt if prompt is None else check_template(prompt)


class Causal:
    """Writes briefs with a decoder. See ``Summarizer`` for the contract."""

    def __init__(self, options: CausalOptions, runtime: RuntimeOptions) -> None:
        """Load the model, and merge it with its base where it is an adapter.

        :raises ModelError: it is missing, damaged or no decoder, or has no room for what the config wants it to read.
        """
        folder = find_model(options.model, runtime, revision=options.revision)
        rank = SalienceRank(options.salience, runtime) if options.salience else None
        self.models: dict[str, str] = {folder.name: folder.identity, **(rank.models if rank else {})}
        loaded = load_whole(folder, "causal", runtime, options.gguf_file, is_greedy=options.generation.is_greedy)
        model, tokenizer = loaded.model, loaded.tokenizer
        own = folder.manifest.get("prompt") if options.prompt is None else None
        is_chat = own is None and bool(tokenizer.chat_template)
        template = own or options.prompt or (CHAT_PROMPT if is_chat else BASE_PROMPT)
        prompting = Prompting(template, is_chat, options.max_words)
        limit = getattr(model.config, "max_position_embeddings", None)
        used = _own_tokens(prompting, tokenizer, folder.name) + options.generation.brief_tokens(options.max_words)
        budget = source_budget(folder.name, options.max_source_tokens, DEFAULT_SOURCE_TOKENS, limit, used)
        self._path = ModelPath(
            "causal",
            options,
            options.generation,
            runtime,
            loaded,
            prompts=lambda texts, titles: [
                prompting.ids(tokenizer, *asked) for asked in zip(texts, titles, strict=True)
            ],
            budget_tokens=budget,
            rank=rank,
            first_line_only=not is_chat,
        )

    def summarize(self, articles: Sequence[Article]) -> list[Brief | Failure]:
        """Write one brief per article, in the given order; its sentences carry no evidence yet."""
        return self._path.summarize(articles)


def _own_tokens(prompting: Prompting, tokenizer: Any, name: str) -> int:
    """Return how many tokens a prompt takes beside the article; shows at once whether the chat template works."""
    from jinja2 import TemplateError

    try:
        empty = prompting.ids(tokenizer, "")
    except TemplateError as error:
        what = f"its chat template fails ({str(error).splitlines()[0] if str(error) else type(error).__name__})"
        raise ModelError(name, what, "Mend chat_template in the model's folder, or name another model.") from error
    return len(empty) + (TITLE_TOKENS + SPARE_POSITIONS if prompting.asks_title else 0) + SPARE_POSITIONS

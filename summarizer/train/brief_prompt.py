"""Puts an article before the model in training as the backends ``causal`` and ``seq2seq`` will in use."""

from __future__ import annotations

from typing import Any

from summarizer.errors import UsageError
from summarizer.summarize.causal import CHAT_PROMPT
from summarizer.summarize.prompting import Prompting
from summarizer.summarize.seq2seq import task_prefix
from summarizer.train.brief_options import BriefTraining

BASE_PROMPT = "Article: {text}\n\nHeadline: {title}\nBrief:"
"""For a causal model without a chat template."""


def choose_prompt(options: BriefTraining, config: Any, tokenizer: Any) -> Prompting:
    """Return the config's prompt, or the model's own.

    :raises UsageError: an encoder-decoder, which takes a prefix only, is given a prompt that goes on after the article.
    """
    if config.is_encoder_decoder:
        if options.prompt is not None and not options.prompt.endswith("{text}"):
            what = f"goes on after the article ({options.prompt!r}), but a seq2seq model takes a prefix only"
            raise UsageError("prompt", what, "End it with {text}, or leave it null.")
        return Prompting(options.prompt or task_prefix(config) + "{text}", False, options.max_words)
    is_chat = options.prompt is None and bool(tokenizer.chat_template)
    return Prompting(options.prompt or (CHAT_PROMPT if is_chat else BASE_PROMPT), is_chat, options.max_words)

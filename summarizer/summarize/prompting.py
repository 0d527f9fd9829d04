"""Puts an article before a causal model: a template filled in, as token ids. For ``causal``, and for its training."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

TITLE = "{title}"
_FIELD = re.compile(r"\{(text|title|max_words)\}")
_TITLE_LINE = re.compile(r"^.*\{title\}.*(?:\n|\Z)", re.M)


@dataclass(frozen=True, slots=True)
class Prompting:
    """How a model is asked for a brief.

    :param template: holds ``{text}``, and may hold ``{title}`` and ``{max_words}``.
    :param is_chat: it is the user's turn of the tokenizer's own chat template.
    """

    template: str
    is_chat: bool
    max_words: int

    @property
    def asks_title(self) -> bool:
        """Whether the model sees the article's title."""
        return TITLE in self.template

    @property
    def kept(self) -> dict[str, str]:
        """What an adapter's manifest says of it; of a chat nothing, since the backend asks in the same words."""
        return {} if self.is_chat else {"prompt": self.template}

    def fill(self, text: str, title: str = "") -> str:
        """Return the template with an article in it; without a title the line that asks for it goes.

        Not with format(), since template and article may hold braces.
        """
        template = self.template if title else _TITLE_LINE.sub("", self.template)
        values = {"text": text, "title": title, "max_words": str(self.max_words)}
        return _FIELD.sub(lambda match: values[match[1]], template)

    def ids(self, tokenizer: Any, text: str, title: str = "") -> list[int]:
        """Return the prompt of an article as token ids, special tokens included."""
        asked = self.fill(text, title)
        if self.is_chat:
            turns = [{"role": "user", "content": asked}]
            # a model that thinks aloud by default would spend the brief's tokens on it; other templates ignore the key
            asked = tokenizer.apply_chat_template(
                turns, tokenize=False, add_generation_prompt=True, enable_thinking=False
            )
        ids: list[int] = tokenizer(asked, add_special_tokens=not self.is_chat, verbose=False)["input_ids"]
        return ids


def check_template(template: str) -> str:
    """Return a template that can be filled in.

    :raises ValueError: it has no place for the article, or the line that goes without a title would take it along.
    """
    if template.count("{text}") != 1:
        raise ValueError("must contain {text} once, where the article goes")
    if any("{text}" in line for line in _TITLE_LINE.findall(template)):
        raise ValueError("must have {title} and {text} on lines of their own")
    return template

"""What passes between the parts of a model backend: what the model reads of an article, and what it wrote."""

from __future__ import annotations

from dataclasses import dataclass

from summarizer.records import SourceTokens


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model reads of an article.

    :param text: the whole body, or the chosen sentences in source order.
    :param tokens: the article's tokens read and in all; a prompt's own tokens are not among them.
    """

    text: str
    tokens: SourceTokens
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model wrote, special tokens left out.

    :param is_finished: the model ended it by itself, rather than being stopped at its limit.
    """

    text: str
    is_finished: bool

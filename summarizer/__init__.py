"""Turns news articles into one-paragraph briefs whose every sentence names its source, and into topic tags."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from summarizer.errors import SummarizerError
from summarizer.records import Article, Brief, Evidence, Failure, Link, Record, Sentence, Tag, Topic

if TYPE_CHECKING:
    from summarizer.config import RunConfig, load_config
    from summarizer.runner import Runner

__version__ = "0.1.0"

_LATER = {"RunConfig": "summarizer.config", "load_config": "summarizer.config", "Runner": "summarizer.runner"}
"""Names that are imported when first used, so that ``import summarizer`` stays fast."""

__all__ = [
    "Article",
    "Brief",
    "Evidence",
    "Failure",
    "Link",
    "Record",
    "RunConfig",
    "Runner",
    "Sentence",
    "SummarizerError",
    "Tag",
    "Topic",
    "load_config",
]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'summarizer' has no attribute '{name}'")
    return getattr(import_module(_LATER[name]), name)

"""The nouns: what the stages hand to each other and what goes out. Knows nobody.

``article`` is what comes in, ``made`` what the stages make of it, ``outcome`` what goes out. Spans are half-open and
count characters (code points) of ``Article.text`` as it came in.
"""

from __future__ import annotations

from summarizer.records.article import Article, CleanText, Evidence
from summarizer.records.made import (
    Brief,
    Decision,
    Dropped,
    Link,
    LinkKind,
    Origin,
    Sentence,
    SourceTokens,
    Tag,
    Topic,
)
from summarizer.records.outcome import SCHEMA, Failure, MadeBy, Record

__all__ = [
    "SCHEMA",
    "Article",
    "Brief",
    "CleanText",
    "Decision",
    "Dropped",
    "Evidence",
    "Failure",
    "Link",
    "LinkKind",
    "MadeBy",
    "Origin",
    "Record",
    "Sentence",
    "SourceTokens",
    "Tag",
    "Topic",
]

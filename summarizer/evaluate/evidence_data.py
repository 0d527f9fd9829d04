"""Reads claims about articles, of which it is known whether the article bears them out; comes before the check.

What cannot be used is counted and named, never dropped in silence.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from summarizer.errors import InputError
from summarizer.evaluate.briefs_data import LeftOut
from summarizer.evaluate.evidence_options import ClaimFields, EvidenceEvaluation
from summarizer.read import read
from summarizer.read.options import FieldNames, InputOptions
from summarizer.records import Article, Failure
from summarizer.train.topics_data import topics_of

CONSISTENT = ("true", "1", "1.0", "yes", "consistent", "supported", "correct")
INCONSISTENT = ("false", "0", "0.0", "no", "inconsistent", "unsupported", "incorrect")


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says that an article says.

    :param article: not cleaned.
    :param is_consistent: whether the article bears it out.
    :param error_types: what is wrong with it; empty where nothing is, or nobody said what.
    :param source: where it comes from.
    """

    article: Article
    text: str
    is_consistent: bool
    error_types: tuple[str, ...]
    source: str


def read_claims(
    path: str, only: Mapping[str, str], options: EvidenceEvaluation, say: Callable[[str], None]
) -> tuple[list[Claim], LeftOut]:
    """Read the claims of ``path``, or as many of them as shall be drawn.

    :param only: fields and the values that they must have.
    :param say: is told, a line for each reason, what was left out.
    :return: the claims in the order of the input, consistent and inconsistent ones among them, and what was left out.
    :raises InputError: nothing can be read, or all claims have the same label.
    """
    claims, left_out = _read(path, only, options.fields)
    left_out.say_all(say, path)
    if options.claims is not None and options.claims < len(claims):
        drawn = random.Random(options.seed).sample(range(len(claims)), options.claims)
        claims = [claims[number] for number in sorted(drawn)]
    consistent = sum(claim.is_consistent for claim in claims)
    if not 0 < consistent < len(claims):
        what = f"needs claims of both labels ({consistent} consistent, {len(claims) - consistent} inconsistent)"
        raise InputError(path, what, f"Check '{options.fields.label}', and fields.claim and fields.article.")
    return claims, left_out


def read_all_claims(path: str, fields: ClaimFields, say: Callable[[str], None]) -> list[Claim]:
    """Read every claim of ``path``, of whatever label, in order.

    :param say: is told, a line for each reason, what was left out.
    """
    claims, left_out = _read(path, {}, fields)
    left_out.say_all(say, path)
    return claims


def _read(path: str, only: Mapping[str, str], fields: ClaimFields) -> tuple[list[Claim], LeftOut]:
    names = FieldNames(id=fields.id, title=fields.title, text=fields.article)
    left_out = LeftOut()
    claims: list[Claim] = []
    for article in read(InputOptions(path=path, fields=names)):
        if isinstance(article, Failure):
            left_out.add(article.what, article.where)
        elif all(_text(article.fields.get(name)) == value for name, value in only.items()):
            claim = _claim(article, fields)
            if isinstance(claim, str):
                left_out.add(claim, article.id)
            else:
                claims.append(claim)
    return claims, left_out


def _claim(article: Article, fields: ClaimFields) -> Claim | str:
    """Return the claim, or why there is none."""
    text, label = article.fields.get(fields.claim), article.fields.get(fields.label)
    if not isinstance(text, str) or not text.strip():
        return f"no '{fields.claim}'"
    told = _text(label).lower()
    if told not in CONSISTENT and told not in INCONSISTENT:
        return f"'{fields.label}' is neither true nor false"
    kinds = topics_of(article.fields.get(fields.error_type))
    source = article.fields.get(fields.source) or PurePath(article.source.rpartition(":")[0] or article.source).name
    return Claim(article, text, told in CONSISTENT, kinds, str(source))


def _text(value: Any) -> str:
    return str(value).strip().lower() if isinstance(value, bool) else str(value).strip()

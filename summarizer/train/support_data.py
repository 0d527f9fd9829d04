"""Reads what a support model learns from: claims with their evidence, and true sentences of briefs.

Comes before ``support_claims`` and the training. What is about an article that is kept for measuring is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from summarizer.clean import CleanOptions, clean
from summarizer.errors import InputError
from summarizer.evaluate.briefs_data import sentences_of
from summarizer.evaluate.evidence_data import Claim as GivenClaim
from summarizer.evaluate.evidence_data import read_all_claims
from summarizer.evidence.claims import capitalized_words, find_unsupported
from summarizer.evidence.source import Source
from summarizer.evidence.support_text import evidence_text, plain_marks
from summarizer.read import InputOptions, read
from summarizer.records import Article, Failure
from summarizer.train.support_claims import Claim, Pair, Truth, find_truth, weighed
from summarizer.train.support_options import SupportTraining

SHINGLE_WORDS = 8
SAME_ARTICLE = 0.2
"""Two articles are taken for one where this share of the shorter windows of words of one is in the other."""
LEAST_WORDS = 6
"""Shorter sentences of briefs say too little to make claims of."""


class Kept:
    """Articles that are kept for measuring."""

    def __init__(self) -> None:
        self._shingles: set[int] = set()

    def add_file(self, path: str, options: SupportTraining, say: Callable[[str], None]) -> None:
        """Keep the articles of a file of claims too."""
        for text in {claim.article.text for claim in read_all_claims(path, options.fields, say)}:
            self._shingles |= _shingles(text)

    def has(self, text: str) -> bool:
        """Return whether an article is one of them, however it is written."""
        own = _shingles(text)
        return len(own & self._shingles) > SAME_ARTICLE * len(own)


def _shingles(text: str) -> set[int]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {hash(tuple(words[i : i + SHINGLE_WORDS])) for i in range(max(1, len(words) - SHINGLE_WORDS + 1))}


def read_kept(options: SupportTraining, say: Callable[[str], None]) -> Kept:
    """Read the articles that must not be learned from, those of ``dev`` not among them."""
    kept = Kept()
    for path in options.apart_from:
        kept.add_file(path, options, say)
    return kept


def read_given(paths: Sequence[str], kept: Kept, options: SupportTraining, say: Callable[[str], None]) -> list[Claim]:
    """Read claims and look up their evidence; weighed so that both labels of a file count alike.

    :raises InputError: a file has none, or none that is left.
    """
    found: list[Claim] = []
    for path in paths:
        given = read_all_claims(path, options.fields, say)
        left = [claim for claim in given if not kept.has(claim.article.text)]
        if not left:
            what = f"has no claim to learn from ({len(given)} read, all about articles of apart_from)"
            raise InputError(path, what, "Name other claims.")
        say(f"{path}: {len(left)} claims, {len(given) - len(left)} left out (about articles of apart_from)")
        found += weighed(list(_with_evidence(left)))
    return found


def _with_evidence(claims: Sequence[GivenClaim]) -> Iterator[Claim]:
    sources: dict[str, Source] = {}
    for claim in claims:
        text = claim.article.text
        if text not in sources:
            sources[text] = Source(_plain(claim.article))
        sentences, context = sentences_of(claim.text), capitalized_words(claim.text)
        pairs = tuple(
            Pair(evidence_text(sentence, sources[text]), plain_marks(sentence), () if claim.is_consistent else None)
            for sentence in sentences
        )
        is_flagged = any(find_unsupported(sentence, sources[text], context) for sentence in sentences)
        if pairs:
            yield Claim(pairs, claim.is_consistent, is_flagged=is_flagged)


def _plain(article: Article) -> Article:
    return clean(article, CleanOptions())


def read_truths(options: SupportTraining, kept: Kept, say: Callable[[str], None]) -> list[Truth]:
    """Read the sentences of briefs that the rules find nothing against, with what their articles say about them."""
    truths: list[Truth] = []
    for path in options.briefs:
        before, left_out = len(truths), 0
        for item in read(InputOptions(path=path, fields=options.brief_fields)):
            if isinstance(item, Failure):
                say(f"left out: {item}")
            elif kept.has(item.text):
                left_out += 1
            else:
                truths += _truths_of(item, str(item.fields.get(options.brief_field) or ""))
        say(f"{path}: {len(truths) - before} true sentences, {left_out} articles left out (they are of apart_from)")
    return truths


def read_faithful(options: SupportTraining, say: Callable[[str], None]) -> list[Claim]:
    """Read the sentences of faithful briefs that nothing is learned from, as true claims."""
    claims: list[Claim] = []
    for path in options.faithful:
        for item in read(InputOptions(path=path, fields=options.brief_fields)):
            if isinstance(item, Failure):
                say(f"left out: {item}")
                continue
            source = Source(_plain(item))
            sentences = sentences_of(str(item.fields.get(options.brief_field) or ""))
            pairs = [Pair(evidence_text(text, source), plain_marks(text), ()) for text in sentences]
            claims += [Claim((pair,), is_true=True) for pair in pairs]
        say(f"{path}: {len(claims)} faithful sentences so far")
    return claims


def _truths_of(article: Article, brief: str) -> Iterator[Truth]:
    source = Source(_plain(article))
    capitals = capitalized_words(source.body)
    sentences = [sentence for line in brief.splitlines() for sentence in sentences_of(line)]
    context = capitalized_words(brief)
    good = [text for text in sentences if not find_unsupported(text, source, context)]
    for sentence in good:
        if len(sentence.split()) >= LEAST_WORDS:
            yield find_truth(sentence, [other for other in good if other != sentence], source, capitals)

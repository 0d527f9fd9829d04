"""Says what is wrong with a brief as a thing to learn from; comes after reading, before the pairs become tokens."""

from __future__ import annotations

import re

from summarizer.evidence.claims import capitalized_words, find_unsupported
from summarizer.evidence.source import Source
from summarizer.records import Article
from summarizer.sentences import split_sentences

_CLOSING = r"[\"'”’)\]»]*"
# A question mark asks where it follows a word (a quotation may end between) and a new sentence, or nothing, follows it.
_ASKING = re.compile(rf"(?<=[\w\"'”’)\]%.…!?])\?(?=[?!]*{_CLOSING}(?:\s+[^\Wa-z]|\s+[\"'“‘(\[]|\s*\Z))")
_ASKED_IN_QUOTATION = re.compile(r"(?<=\w)\?(?=[\"'”’]+[\s,.;)])")
_ADVERT = re.compile(
    r"\bclick (?:here|on the link)\b|\b(?:subscribe|sign up) (?:to|for|here|now)\b|\bfollow us on\b"
    r"|\b(?:read|see|watch) (?:more|the (?:full|rest)[^.]{0,30}) (?:here|at|on)\b|\bdownload (?:the|our) app\b"
    r"|\b(?:share|tweet|send) (?:us )?your (?:story|stories|answers?|photos?|views?|comments?)\b"
    r"|\bnominations are open\b|\bvote now\b|\bbook (?:now|your tickets)\b"
    r"|\bterms and conditions apply\b|\bT&Cs? apply\b|\badvertisement\b\s*(?:$|:)",
    re.I,
)
_STRAIGHT = re.compile(r'(?P<before>\S?)"(?P<after>\S?)')
_PAIRS = {"”": "“", "»": "«"}


def find_fault(brief: str, article: Article) -> str:
    """Return the kind of the first fault of a brief, for counting; empty where it is fit to learn from.

    :param article: cleaned or not; its text, title and date may bear a claim out.
    """
    if _has_stray_question_mark(brief):
        return "a question mark where nothing is asked (a lost quotation mark?)"
    if not _marks_pair(brief):
        return "quotation marks that do not pair"
    if _ADVERT.search(brief):
        return "an advert"
    source, context = Source(article), capitalized_words(brief)
    for start, end in split_sentences(brief, article.language or "en"):
        for claim in find_unsupported(brief[start:end], source, context):
            return f"a {claim.split()[0].rstrip(':,')} that the article lacks"
    return ""


def _has_stray_question_mark(text: str) -> bool:
    asking = sum(1 for _ in _ASKING.finditer(text))
    # a question quoted in mid-sentence is followed by small letters: 'asked "why?" and left'
    quoted = sum(1 for match in _ASKED_IN_QUOTATION.finditer(text) if not _ASKING.match(text, match.start()))
    return text.count("?") > asking + quoted


def _marks_pair(text: str) -> bool:
    """Return whether every quotation that is opened is closed; which way a straight mark points, its sides tell."""
    is_open = False
    for match in _STRAIGHT.finditer(text):
        before, after = match["before"], match["after"]
        opens = not before or before in "([—–-“‘'"
        closes = not after or after in ")]—–-”’'.,;:!?"
        if opens != closes and opens == is_open:
            return False
        is_open = not is_open
    return not is_open and all(text.count(close) == text.count(start) for close, start in _PAIRS.items())

"""Finds what stands before the first sentence: datelines, bylines and lines of publication.

What it takes must have the form of a wire's opening, punctuation included; in doubt it stays.
"""

from __future__ import annotations

import re

from summarizer.clean.tracing import Edit, Finding

KNOWN_AGENCIES = (
    "AAP", "AFP", "Agence France-Presse", "AGI", "ANI", "ANSA", "AP", "APA", "Associated Press", "The Associated Press",
    "Azertac", "BBC", "Bloomberg", "CNN", "dpa", "DPA", "EFE", "HLN", "IANS", "Interfax", "Kyodo", "Kyodo News", "PA",
    "PA Media", "PTI", "RIA Novosti", "Reuters", "Sputnik", "TASS", "Tass", "Thomson Reuters Foundation", "UNI", "UPI",
    "WAM", "WIRED", "Xinhua", "Yonhap",
)  # fmt: skip
"""Agencies whose name in brackets is believed without a dash after it."""

MAX_FINDINGS = 6
"""Lines of publication, bylines and datelines that are looked for at the most, one after the other."""
_MAX_LINE_CHARS = 140

# The pieces are put together in verbose patterns, which ignore blanks: hence \s.
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|"
    r"Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DATE = rf"(?:{_MONTH}\s\d{{1,2}}|\d{{1,2}}\s{_MONTH})(?:,?\s\d{{4}})?"
_ISO_DATE = r"\d{4}-\d{2}-\d{2}(?:[T\s]\d{2}:\d{2}(?::\d{2})?Z?)?"
_NAME = r"[A-Z][\w.'’-]*"
_PLACE = rf"{_NAME}(?:[ /]{_NAME}){{0,3}}"
_CAPITALS = r"[A-Z][A-Z.'’-]{2,}(?:[ /][A-Z][A-Z.'’-]+){0,3}"
_REGION = r"(?:,\s[A-Z][\w.]*(?:\s[A-Z][\w.]*){0,2}){0,2}"
_ANY_AGENCY = r"\([A-Z][\w.&/'’ -]{1,40}\)"
_KNOWN = "|".join(map(re.escape, KNOWN_AGENCIES))
_AGENCY = rf"\((?:{_KNOWN})\)"
_DASH = r"(?:—|–|--|-)"
_NEXT = r"(?=[A-Z\d\"“‘'])"
_ROLE = (
    r"(?:and|&|of|for|in|at|the|to|staff|writers?|correspondents?|reporters?|editors?|special|senior|chief|political)"
)

_DATELINE = re.compile(
    rf"""
    (?:\(Eds?:[^()\n]{{1,120}}\)\s)?                                # (Eds: Updating with quotes)
    (?:By\s(?:{_NAME}\s){{1,6}}?)?                                  # By K J M Varma
    {_PLACE}{_REGION},\s{_DATE}\s?{_ANY_AGENCY}\s?{_DASH}?          # Port Vale, Jan 22 (Agency)
    | {_PLACE}{_REGION}\s?{_AGENCY}\s?{_DASH}(?=\s)                 # Moscow (AP) —
    | {_CAPITALS}{_REGION}(?:,\s{_DATE})?\s?{_ANY_AGENCY}\s?{_DASH}(?=\s)  # BAKU (Agency) —
    | {_CAPITALS}{_REGION}(?:,\s{_DATE})?\s?(?:—|–|--|(?<=\s)-)\s{_NEXT}   # ROME, Italy -- or ROME —
    | {_CAPITALS}{_REGION},\s{_DATE}\.(?:\s?/{_NAME}/|\s{_NAME}:)?(?=\s)   # BAKU, Azerbaijan, April 27. /Agency/
    | {_ANY_AGENCY}(?:\s?{_DASH}\s|{_NEXT})                         # (The Newswire) -- or (The Newswire)Text
    | {_AGENCY}(?=\s)                                               # (CNN)
    | --(?=\s)
    """,
    re.VERBOSE,
)
_PUBLICATION = re.compile(
    rf"""
    [Dd]ate:?\s{_ISO_DATE}(?:\s(?:\|\s|-\s)?[Bb]y:?\s(?:[^\n.!?]{{1,60}}(?=\n)|(?:{_KNOWN}|{_NAME})(?=\s)))?
    | (?:First\s)?(?:[Pp]ublished|[Uu]pdated|Posted|Last\supdated|Last\smodified)\b(?=[^\n]*\d)[^\n]*[^\n.!?](?=\n)
    | (?:{_ISO_DATE}|{_DATE},?\s\d{{4}}|{_DATE})(?=\n)
    """,
    re.VERBOSE,
)
_BYLINE = re.compile(
    rf"(?:By|BY|Written\sby|Reported\sby)\s{_NAME}"
    rf"(?:,?\s(?:{_NAME}|{_ROLE}|\||{_DASH})|,\s\w+\s(?:writer|editor|reporter))*(?=\n)"
)
_PATTERNS = (("publication line", _PUBLICATION), ("byline", _BYLINE), ("dateline", _DATELINE))


def find_datelines(text: str) -> list[Finding]:
    """Return what to leave out at the start of ``text``.

    :param text: a text with single blanks and single line breaks.
    :return: in order and adjoining, each with ``dateline``, ``byline`` or ``publication line`` as its kind.
    """
    found: list[Finding] = []
    start = 0
    while len(found) < MAX_FINDINGS:
        window = text[start : start + 2 * _MAX_LINE_CHARS]
        kind, length = _opening(window)
        if not length or length > _MAX_LINE_CHARS:
            break
        end = start + length
        while end < len(text) and text[end].isspace():
            end += 1
        found.append(Finding(kind, Edit(start, end)))
        start = end
    return found


def _opening(window: str) -> tuple[str, int]:
    """Return the kind and length of what stands at the start of ``window``; length 0 where it is the story."""
    for kind, pattern in _PATTERNS:
        if match := pattern.match(window):
            return kind, match.end()
    return "", 0

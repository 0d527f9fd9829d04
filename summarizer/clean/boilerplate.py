"""Finds what stands after the last sentence of a story: credits, rights, links, invitations to subscribe."""

from __future__ import annotations

import re

from summarizer.clean.tracing import Edit, Finding

MAX_FINDINGS = 20
"""Lines and sentences that are taken off the end at the most."""
MAX_CHARS = 400
"""A longer line or sentence is no boilerplate."""

_CREDIT = (
    r"(?:Additional )?(?:[Rr]eporting|[Ww]riting|[Ee]diting|[Cc]ompiled|[Tt]ranslated|[Gg]raphics?)"
    r"(?: and (?:writing|editing))? (?:by|in)\b"
)
_INPUTS = r"[Ww]ith (?:additional )?(?:agency )?(?:inputs?|reporting)"
# Names and what joins them: a sentence that begins like a credit ("Writing in ...") has other words, and stays.
_NAMES = (
    r"(?: (?:[A-Z][\w.'’-]*[\w'’]|[A-Z]\.|and|in|by|the|of|agencies|correspondents?|additional|reporting|writing|"
    r"editing|&)[,;]?)+\.?"
)
# Each form must fill a whole line, or all that follows the last full stop.
_FORMS = (
    rf"\((?:{_CREDIT}|{_INPUTS}|This (?:story|article|report) )[^()]*\)\.?",
    rf"{_CREDIT}{_NAMES}",
    rf"[—–-]{{0,2}} ?{_INPUTS} (?:from|by){_NAMES}",
    r"[A-Z](?:[^.!?]|(?<=\b[A-Z])\.){1,160} contributed to this (?:story|report|article)\.?",
    r"(?:©|\(c\)|[Cc]opyright (?:©|\(c\)|\d{4}))[^\n.!?]{0,80}\.?",
    r"All rights reserved\.?",
    r"(?:This material|No part of this)[^.!?]*(?:published|reproduced|redistributed)[^.!?]*\.?",
    r"(?:Read|See|Watch|Also read|READ|ALSO READ|WATCH|SEE)(?: (?:more|also|MORE|ALSO))? ?[:|][^\n.!?]*[.!?]?",
    r"(?:Read|For) more (?:on|at|about|stories|news)\b[^.!?]*(?:[.!?]|\.[a-z]{2,4}[^\s]*)?",
    r"Follow (?:us|@\w+|[A-Z][\w ]{1,30}) (?:on|for)\b[^.!?]*[.!?]?",
    r"(?:Subscribe|Sign up|Click here|Download (?:our|the))[^.!?]*[.!?]?",
    r"(?:Our Standards|Related|More on this story|Share this (?:article|story)|Topics|Tags)(?:: ?[^\n.]*|)\.?",
    r"(?:ADVERTISEMENT|Advertisement|END|Ends|ENDS|###|-30-|\*{3})",
)
_PIECE = rf"(?P<piece>{'|'.join(_FORMS)})\s*\Z"
_WHOLE = re.compile(_PIECE)
# After a line break, a stop, or a stop with a quotation mark behind it. What every case begins with stands first: re
# then looks at no other place.
_TAIL = re.compile(rf"[\n.!?…,)\]](?:(?<=\n)|(?<![\n,]) ?|(?<!\n)[\"”’'] ?){_PIECE}")


def find_boilerplate(text: str) -> list[Finding]:
    """Return what to leave out at the end of ``text``.

    :param text: a text with single blanks and single line breaks.
    :return: in order, each of the kind ``boilerplate``.
    """
    found: list[Finding] = []
    end = len(text)
    while len(found) < MAX_FINDINGS:
        tail_start = max(0, end - MAX_CHARS)
        window = text[tail_start:end]
        match = _WHOLE.match(window) or _TAIL.search(window)
        if match is None or not match["piece"] or (tail_start and match.start("piece") == 0):
            break
        start = tail_start + match.start("piece")
        while start and text[start - 1].isspace():
            start -= 1
        found.append(Finding("boilerplate", Edit(start, end)))
        end = start
    return found[::-1]

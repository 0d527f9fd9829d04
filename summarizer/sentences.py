"""Splits text into sentence spans; every stage that speaks of sentences comes here.

The library sentencex finds the stops that end a sentence. It never ends one inside quotation marks or brackets, so that
one stray mark glues half a story together: it is therefore shown the text without marks, they are given back to the
sentence that they belong to, and a short quotation of several sentences is put together again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from summarizer.records import Article

MAX_QUOTED_CHARS = 240
"""A quotation or bracket of several sentences stays whole up to this length; a longer one is split at its stops."""

Span = tuple[int, int]

_LINES = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BULLETS = "•·‣▪●■◦"
_MARKS = '"“”„«»()[]‘' + _BULLETS
_MASKED = re.compile(f"[{re.escape(_MARKS)}]")
# An apostrophe inside a word stays; every other one may be a quotation mark.
_SINGLE_MARK = re.compile(r"['’](?:(?<!\w.)|(?!\w))")
_GAP = _MARKS + "'’"
_CLOSING_ONLY = "”»)]’"
_ANY_PAIR_MARK = re.compile(r'["“”«»()\[\]]')
# Which way a straight quotation mark points is read off the characters around it.
_PAIR_MARK = re.compile(r'(?P<open>[“«(\[]|(?<![^\s(\[])"(?=\S))|(?P<close>[”»)\]]|(?<=\S)")')
_PARTNER = {"”": "“", "»": "«", ")": "(", "]": "[", '"': '"'}

# A name or a number follows these: no sentence ends here.
_TITLE = re.compile(
    r"(?<![\w.])(?:Mr|Mrs|Ms|Mx|Dr|Prof|Gen|Lt|Col|Maj|Capt|Cmdr|Sgt|Cpl|Adm|Brig|Gov|Sens?|Reps?|Rev|Hon|Pres|Insp|Supt|"
    r"Det|Messrs|Mme|Mlle|Amb|Smt|Shri|St|Mt|Ft|vs|cf)\.$"
)
# These may end a sentence, but not where a number, a currency or a time zone follows.
_MAYBE = re.compile(
    r"(?<![\w.])(?:[ap]\.m|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Rs|Nos?|Art|Sec|Fig|approx|est|U\.S|A\.D)\.$",
    re.I,
)
_AFTER_MAYBE = re.compile(r"[\d$£€₹]|(?:ET|EST|EDT|PT|PST|PDT|CET|GMT|BST|IST|UTC)\b")
# Half an acronym: "anti-U." + "S. protests".
_INITIAL = re.compile(r"(?<![^\W_])[A-Z]\.$")
_INITIAL_NEXT = re.compile(r"[A-Z]\.")
_LIST_NUMBER = re.compile(r"(?:\d{1,3}|[ivx]{1,4}|[A-Za-z])\.$")
_WORD = re.compile(r"\w")
_LEAD = re.compile(rf"[\s{_BULLETS}]*")
_TAIL_CHARS = 12  # No abbreviation above is longer.


def split_sentences(text: str, language: str = "en") -> list[Span]:
    """Return the sentences of ``text``.

    A line break always ends a sentence. The time taken grows with the length of the text, whatever is in it.

    :param text: any text; one of blanks alone has no sentences.
    :param language: code such as ``en`` or ``pt-BR``; one that sentencex does not know is read like English.
    :return: half-open spans in order, without blanks around them and bullets before them, never empty or overlapping.
    """
    return list(each_sentence(text, language))


def each_sentence(text: str, language: str = "en") -> Iterator[Span]:
    """Yield the spans of ``split_sentences`` as they are asked for: who wants the first few has them sooner."""
    code = language.replace("_", "-").split("-")[0].lower() or "en"
    is_cased = not text.islower() and any(map(str.isupper, text))
    for line in _LINES.finditer(text):
        offset = line.start()
        for start, end in _split_line(line.group(), code, is_cased=is_cased):
            yield start + offset, end + offset


def sentence_spans(article: Article) -> list[Span]:
    """Return the sentence spans of the article's body, in its own language where that is known."""
    return split_sentences(article.body, article.language or "en")


def _split_line(line: str, code: str, *, is_cased: bool) -> list[Span]:
    cuts = _cuts(line, code)
    if cuts:
        held = _held_pairs(line)
        cuts = [cut for cut in cuts if not _is_held(cut, held)]
    spans: list[Span] = []
    start = 0
    for cut in [*cuts, len(line)]:
        span = _trim(line, start, cut)
        start = cut
        if span is None:
            continue
        if spans and _goes_on(line, spans[-1], span, is_cased=is_cased):
            spans[-1] = (spans[-1][0], span[1])
        else:
            spans.append(span)
    return spans


def _cuts(line: str, code: str) -> list[int]:
    """Return where sentencex ends a sentence of ``line``, its marks left out of view; the line's end is no cut."""
    from sentencex import get_sentence_boundaries

    # It takes a bullet's line for one sentence and does not know the ellipsis as a stop.
    masked = _SINGLE_MARK.sub(" ", _MASKED.sub(" ", line.replace("…", ".")))
    cuts: list[int] = []
    counted, straight_marks = 0, 0
    for boundary in get_sentence_boundaries(code, masked):
        start = end = boundary["end_index"]
        while start > counted and _is_gap(line[start - 1]):
            start -= 1
        while end < len(line) and _is_gap(line[end]):
            end += 1
        if end == len(line):
            break
        straight_marks += line.count('"', counted, start)
        counted = start
        cuts.append(start + _marks_kept_left(line[start:end], is_open=straight_marks % 2 == 1))
    return cuts


def _is_gap(char: str) -> bool:
    return char.isspace() or char in _GAP


def _marks_kept_left(gap: str, *, is_open: bool) -> int:
    """Return how many characters between two sentences belong to the first.

    :param gap: blanks and marks.
    :param is_open: a straight quotation mark waits for its partner.
    """
    kept = 0
    for char in gap:
        if char.isspace() or not (char in _CLOSING_ONLY or char == "'" or (char == '"' and (is_open or " " in gap))):
            break
        kept += 1
    return kept


def _held_pairs(line: str) -> list[Span]:
    """Return the quotations and brackets that stay whole, in order and disjoint."""
    open_at: dict[str, int] = {}
    held: list[Span] = []
    if not _ANY_PAIR_MARK.search(line):  # one look at each character, where the pattern below takes many
        return held
    for match in _PAIR_MARK.finditer(line):
        if match["open"]:
            open_at[match["open"]] = match.start()
            continue
        start = open_at.pop(_PARTNER[match["close"]], None)
        if start is None or match.end() - start > MAX_QUOTED_CHARS:
            continue
        while held and held[-1][0] >= start:
            held.pop()
        if not held or held[-1][1] <= start:
            held.append((start, match.end()))
    return held


def _is_held(cut: int, held: list[Span]) -> bool:
    index = bisect_right(held, (cut, 0)) - 1
    return index >= 0 and held[index][0] < cut < held[index][1]


def _goes_on(line: str, before: Span, after: Span, *, is_cased: bool) -> bool:
    """Return whether the sentence ``before`` goes on in ``after``."""
    first = line[after[0] : after[1]][:_TAIL_CHARS].lstrip(_GAP)
    if (is_cased and first[:1].islower()) or not _WORD.search(line, *after):
        return True
    tail = line[max(before[0], before[1] - _TAIL_CHARS) : before[1]]
    return bool(
        _TITLE.search(tail)
        or (_MAYBE.search(tail) and _AFTER_MAYBE.match(first))
        or (_INITIAL.search(tail) and _INITIAL_NEXT.match(first))
        or _LIST_NUMBER.fullmatch(line[slice(*before)].strip(_GAP))
    )


def _trim(line: str, start: int, end: int) -> Span | None:
    """Return the piece without blanks around it and bullets before it; None where nothing is left."""
    end = start + len(line[start:end].rstrip())
    lead = _LEAD.match(line, start, max(start, end))
    start = lead.end() if lead else start
    return (start, end) if start < end else None

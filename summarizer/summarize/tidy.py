"""Makes one paragraph of what a model wrote: raw text in, whole sentences out. Comes after decoding, before ``check``.

Only form is mended here: lists, markdown, openers such as "Here is a summary:", repetition, an unfinished end. What a
sentence says is left to the evidence stage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from summarizer.sentences import split_sentences

_THOUGHTS = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL | re.IGNORECASE)
_BREAK = re.compile(r"<n>|<br\s*/?>|</?(?:p|li|ul|ol|s)>", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd\u200b-\u200f\u2060\ufeff]")

_BULLET = re.compile(r"^\s*(?:[-*+•·‣▪●■◦–—]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+(?=\S)")
_QUOTE_SIGN = re.compile(r"^\s*>+\s*")
_HEADING = re.compile(r"^\s*#{1,6}\s|^\s*(?:[-*_=]\s*){3,}$|^\s*\*\*[^*]{1,80}\*\*\s*$|^\s*```\w*\s*$")
_LABEL = re.compile(
    r"^(?:article|text|brief|summary|title|headline|note|source|sources|tags?|keywords?|topics?|questions?)\s*:", re.I
)
"""Begins what a model writes after its brief: the next made-up article, a note on its own work."""

_MARKDOWN = [
    (re.compile(r"!?\[([^\]]+)\]\([^)\s]*\)"), r"\1"),
    (re.compile(r"\*\*(\S(?:.*?\S)?)\*\*"), r"\1"),
    (re.compile(r"__(\S(?:.*?\S)?)__"), r"\1"),
    (re.compile(r"(?<![\w*])\*(\S(?:[^*]*\S)?)\*(?![\w*])"), r"\1"),
    (re.compile(r"`([^`]+)`"), r"\1"),
    (re.compile(r"</?(?:b|i|em|strong|u)>", re.I), ""),
    (re.compile(r"\*\*|``+"), ""),
]

_KIND = r"(?:news\s+)?(?:brief|summary|summari[sz]ation|paragraph|recap|tl;?dr)"
_OPENERS = [
    re.compile(
        r"(?:sure|certainly|of course|absolutely|okay|ok|great)(?:\s+thing)?\s*(?:[!.:]+|,(?=\s*here\b))\s*", re.I
    ),
    re.compile(rf"here(?:['’]s|\s+is|\s+are)\s[^.:!?\n]{{0,60}}\b{_KIND}\b[^.:!?\n]{{0,60}}[.:]\s*", re.I),
    re.compile(rf"(?:the\s+|a\s+|one-paragraph\s+|short\s+)*(?:{_KIND}|in brief|answer|output)\s*:\s*", re.I),
    re.compile(r"(?:in summary|in short|in brief|to sum up|to summari[sz]e|summing up)\s*[,:]\s*", re.I),
    re.compile(
        r"(?:the|this) (?:news )?(?:article|story|text|report|passage|piece) "
        r"(?:says|states|reports|explains|notes|describes how|tells us|mentions)(?: that\s+|\s*:\s*)",
        re.I,
    ),
]

_END = re.compile(r"(?<![.…])[.!?。！？][\"”’'»)\]]*$")
_ENDS_LINE = re.compile(r"[.!?。！？:…,;][\"”’'»)\]]*$")
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|Lt|Col|Prof|St|No|vs)|(?<![\w.])[A-Z])\.$")
"""A sentence that stops here was cut after an abbreviation."""
_SPACE_BEFORE_STOP = re.compile(r"\s+([.,])(?=\s|$)")
_WORD = re.compile(r"\w+(?:[.,'’-]\w+)*")
_TELLING = re.compile(r"\d|^[^\W\d_]*[A-Z]")

MAX_NEW_SHARE = 0.15
"""A sentence repeats an earlier one where at most this share of its words is new, none of them a name or number."""


def tidy(text: str, max_words: int, *, is_finished: bool = False, language: str = "en") -> list[str]:
    """Return the whole sentences of a model's text that make one paragraph.

    :param text: what the model wrote, special tokens left out.
    :param max_words: limit on blank-separated words; the first sentence that goes over it ends the paragraph.
    :param is_finished: the model ended by itself; only then may a full stop be missing at the very end, and is added.
    :param language: of the text, for the sentence splitter.
    :return: sentences in order, each ending in a stop; none where the text has no whole sentence.
    """
    paragraph = _paragraph(text, is_finished=is_finished)
    spans = split_sentences(paragraph, language)
    sentences = [paragraph[start:end] for start, end in spans]
    if sentences and not is_finished and _ABBREVIATION.search(sentences[-1]):
        sentences.pop()
    sentences = [sentence for sentence in sentences if _is_whole(sentence)]
    return balance_quotes(_within(_distinct(sentences), max_words))


def _paragraph(text: str, *, is_finished: bool) -> str:
    """Join the lines that belong to the brief, lists and openers dissolved."""
    text = _UNPRINTABLE.sub("", _BREAK.sub("\n", _THOUGHTS.sub("", text)))
    lines = [" ".join(line.split()) for line in _lines(text)]
    if lines and is_finished and not _END.search(lines[-1]):
        lines[-1] = _stopped(lines[-1])
    joined = _SPACE_BEFORE_STOP.sub(r"\1", " ".join(lines))
    return joined[:1].upper() + joined[1:] if joined.split(" ")[0].islower() else joined


def _lines(text: str) -> Iterator[str]:
    """Yield the brief's lines; a list item that more text follows is a sentence and gets its full stop."""
    kept = _kept_lines(text)
    for position, (line, is_item) in enumerate(kept):
        is_last = position == len(kept) - 1
        leads_in = not is_last and kept[position + 1][1] and line.endswith(":")
        yield _stopped(line) if leads_in or (is_item and not is_last) else line


def _kept_lines(text: str) -> list[tuple[str, bool]]:
    """Return the lines without bullets, openers and headings, each with whether it is a list item."""
    kept: list[tuple[str, bool]] = []
    for raw in text.splitlines():
        line = _QUOTE_SIGN.sub("", raw)
        if not line.strip() and len(kept) == 1 and not kept[0][1] and not _ENDS_LINE.search(kept[0][0]):
            kept.clear()  # a headline: alone above a blank line, and no sentence
        if _HEADING.match(line):
            continue
        bare = _BULLET.sub("", line)
        is_item = bare != line
        bare = _plain(bare)
        if kept and _LABEL.match(bare):
            break
        bare = bare if kept else _without_openers(bare)
        if bare:
            kept.append((bare, is_item))
    return kept


def _plain(line: str) -> str:
    for pattern, plain in _MARKDOWN:
        line = pattern.sub(plain, line)
    return line.strip()


def _without_openers(line: str) -> str:
    """Strip the known openers, however many stand in a row."""
    before = None
    while line != before:
        before = line
        for opener in _OPENERS:
            match = opener.match(line)
            if match:
                line = line[match.end() :].lstrip()
    return line


def _stopped(line: str) -> str:
    """Return the line as a sentence with its stop."""
    return line if _END.search(line) else line.rstrip(" ,;:…").rstrip(".") + "."


def _is_whole(sentence: str) -> bool:
    letters = sum(char.isalpha() for char in sentence)
    return bool(_END.search(sentence)) and letters >= 2


def _distinct(sentences: Sequence[str]) -> list[str]:
    """Leave out each sentence that says no more than an earlier one."""
    kept: list[str] = []
    for sentence in sentences:
        if not any(_repeats(sentence, earlier) for earlier in kept):
            kept.append(sentence)
    return kept


def _repeats(sentence: str, earlier: str) -> bool:
    words = _WORD.findall(sentence)
    known = {word.lower() for word in _WORD.findall(earlier)}
    new = [word for position, word in enumerate(words) if word.lower() not in known]
    if any(_TELLING.search(word) for word in new if word != words[0]):
        return False
    return len(new) <= MAX_NEW_SHARE * len(words)


def _within(sentences: Sequence[str], max_words: int) -> list[str]:
    kept: list[str] = []
    words = 0
    for sentence in sentences:
        words += len(sentence.split())
        if words > max_words:
            break
        kept.append(sentence)
    return kept


def balance_quotes(sentences: Sequence[str]) -> list[str]:
    """Remove each double quotation mark that has no partner in the paragraph.

    A model that opens a quotation and never closes it would otherwise quote its own words; without the mark they are a
    plain claim, and checked as one.
    """
    text = "\n".join(sentences)
    orphans = set(_orphan_marks(text))
    return "".join(char for index, char in enumerate(text) if index not in orphans).split("\n") if text else []


def _orphan_marks(text: str) -> Iterator[int]:
    """Yield where a mark opens without being closed or closes without being opened."""
    opened: int | None = None
    for index, char in enumerate(text):
        if char not in '"“”':
            continue
        before, after = text[index - 1 : index] or " ", text[index + 1 : index + 2] or " "
        is_inch = char == '"' and before.isdigit() and opened is None
        if is_inch:
            continue
        opens = char == "“" or (char == '"' and not after.isspace() and (before.isspace() or before in "([—–-‘'"))
        if opens:
            if opened is not None:
                yield opened
            opened = index
        elif opened is None:
            yield index
        else:
            opened = None
    if opened is not None:
        yield opened

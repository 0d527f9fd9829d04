"""Quotations: which of a sentence's stand word for word in its article, and how the others lose their marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.evidence.source import Source, content_stems
from summarizer.evidence.words import FUNCTION_WORDS, fold, plain_words

# An apostrophe is no mark where a word stands on both its sides, and a plural's ("players'") closes nothing.
_QUOTATION = re.compile(
    r"“([^“”]+)”|(?<![\w\"])\"([^\"]+)\"|(?<!\w)[‘'](?=\w)([^‘’'\n]*(?:['’]\w[^‘’'\n]*)*)(?<=\S)[’'](?!\w)"
)
_GAP = re.compile(r"\[[^\]]*\]|\(…\)|\.\.\.+|…")
_MAX_GAP_CHARS = 600
_MAX_SENTENCES = 3
# Without its marks such a quotation would be said by the brief, or read badly.
_BOUND = re.compile(
    r"\b(?:I|[Ww]e|[Mm]e|[Mm]y|[Mm]ine|us|[Oo]urs?|[Mm]yself|[Oo]urselves|[Yy]ou|[Yy]ours?)\b|[?!\[\]…]|\.\.\.|\.\s+\S"
)


def find_unborne_quotations(sentence: str, source: Source) -> Iterator[str]:
    """Yield, in words, each quotation of ``sentence`` that does not stand word for word in the article."""
    for match in _QUOTATION.finditer(sentence):
        text = _quoted(match)
        if not _is_word_for_word(text, source):
            yield f"quotation “{text.strip()}” not word for word in the article"


def unquote(sentence: str, source: Source) -> str:
    """Return ``sentence`` without the marks of those quotations that its article has in other words' company.

    A quotation that stands word for word keeps its marks. So does one whose words do not stand together in the article,
    which nothing bears out, and one in the first or second person, whose speaker would be lost.

    :return: the sentence, which may then pass as reported speech; unchanged where no marks can go.
    """
    pieces: list[str] = []
    end = 0
    for match in _QUOTATION.finditer(sentence):
        text = _quoted(match)
        if _is_word_for_word(text, source) or _BOUND.search(text) or not _stands_together(text, source):
            continue
        opens = not sentence[: match.start()].strip()
        pieces += [sentence[end : match.start()], text if opens else _in_mid_sentence(text)]
        end = match.end()
    return "".join([*pieces, sentence[end:]])


def _quoted(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group)


def _is_word_for_word(text: str, source: Source) -> bool:
    """Return whether a quotation stands in the article; what a gap leaves out is short."""
    first, *rest = [plain_words(part) for part in _GAP.split(text) if part.strip()] or [" "]
    start = source.plain.find(first)
    while start >= 0:
        end = start + len(first) - 1
        for part in rest:
            place = source.plain.find(part, end, end + _MAX_GAP_CHARS + len(part))
            if place < 0:
                break
            end = place + len(part) - 1
        else:
            return True
        start = source.plain.find(first, start + 1)
    return False


def _stands_together(text: str, source: Source) -> bool:
    """Return whether a few sentences of the article in a row hold all that a quotation says."""
    wanted = content_stems(text)
    if not wanted:
        return False
    return any(
        wanted <= frozenset().union(*source.stems[index : index + _MAX_SENTENCES]) for index in range(len(source.stems))
    )


def _in_mid_sentence(text: str) -> str:
    """Return reported words as they stand after others: "The plan" becomes "the plan"."""
    word = text.split(maxsplit=1)[0] if text.strip() else ""
    return text[:1].lower() + text[1:] if fold(word) in FUNCTION_WORDS and word != "I" else text

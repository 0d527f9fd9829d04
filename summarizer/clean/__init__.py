"""Makes an article's text fit to read and keeps the way back; comes after reading, before everything else.

Wrong encoding, blanks, datelines and agency lines are mended on the cleaned text alone: ``Article.text`` stays as it
came in, and every character of the cleaned text knows which of the original it came from.
"""

from __future__ import annotations

import re
from dataclasses import replace

from summarizer.clean.boilerplate import find_boilerplate
from summarizer.clean.datelines import find_datelines
from summarizer.clean.encoding import find_mojibake, find_surrogates
from summarizer.clean.tracing import Edit, Finding, apply_edits, untouched
from summarizer.clean.whitespace import find_blanks
from summarizer.options import Options
from summarizer.records import Article, CleanText

__all__ = ["CleanOptions", "clean"]

_WORD = re.compile(r"\w")


class CleanOptions(Options):
    """The ``clean`` section."""

    mojibake: bool = True
    """Repair text that was decoded with the wrong encoding ('donâ€™t')."""
    datelines: bool = True
    """Leave datelines and bylines out of what the models read ('BAKU (Agency) —', 'By A. Writer')."""
    boilerplate: bool = True
    """Leave agency lines at the end out ('Reporting by ...', 'Read more:', '© ...')."""


def clean(article: Article, options: CleanOptions) -> Article:
    """Return the article with ``cleaned`` set; its ``text`` is untouched.

    Paragraphs are single lines afterwards. Every change but that of blanks is told in ``warnings``. A text of which
    cleaning would leave no word stays as it is.

    :param article: as it was read; ``text`` may be anything, empty too.
    :return: the same article with ``cleaned`` and further ``warnings``.
    """
    cleaned = untouched(article.text)
    warnings: list[str] = []
    if edits := find_surrogates(cleaned.text):
        warnings.append(f"unreadable characters replaced in {_places(edits)}")
        cleaned = apply_edits(cleaned, edits)
    if options.mojibake and (edits := find_mojibake(cleaned.text)):
        warnings.append(f"mojibake repaired in {_places(edits)}")
        cleaned = apply_edits(cleaned, edits)
    cleaned = _apply_unless_empty(cleaned, find_blanks(cleaned.text))
    if options.datelines:
        cleaned = _leave_out(cleaned, find_datelines(cleaned.text), warnings)
    if options.boilerplate:
        cleaned = _leave_out(cleaned, find_boilerplate(cleaned.text), warnings)
    return replace(article, cleaned=cleaned, warnings=(*article.warnings, *warnings))


def _places(edits: list[Edit]) -> str:
    return "1 place" if len(edits) == 1 else f"{len(edits)} places"


def _apply_unless_empty(cleaned: CleanText, edits: list[Edit]) -> CleanText:
    after = apply_edits(cleaned, edits)
    return after if _WORD.search(after.text) else cleaned


def _leave_out(cleaned: CleanText, found: list[Finding], warnings: list[str]) -> CleanText:
    """Take out what was found and say so, unless no word would be left."""
    after = _apply_unless_empty(cleaned, [finding.edit for finding in found])
    if after is not cleaned:
        for finding in found:
            warnings.append(f"{finding.kind} left out: '{cleaned.text[finding.edit.start : finding.edit.end].strip()}'")
    return after

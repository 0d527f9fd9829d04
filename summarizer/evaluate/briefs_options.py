"""The settings of ``summarizer evaluate briefs``; light to import, since config files are checked against it."""

from __future__ import annotations

from pydantic import Field

from summarizer.clean import CleanOptions
from summarizer.evidence import EvidenceOptions
from summarizer.options import Options
from summarizer.read.options import FieldNames


class BriefEvaluation(Options):
    """How to measure briefs against what people wrote of the same articles."""

    records: str
    """The records that ``summarizer run`` wrote: JSON lines, plain or .gz, or a run folder. Briefs of
    others can be measured too: a line with ``id`` and the text of the ``brief`` is enough."""
    references: str
    """The articles with the briefs that people wrote: JSON lines, CSV, Parquet or another format that
    ``input.format: auto`` reads; found by id."""
    out: str | None = None
    """Folder for what is written; null makes ``evaluation-`` and the name of ``records``."""
    overwrite: bool = False
    """Replace an earlier evaluation in ``out``."""
    brief_field: str = "summary"
    """Field that holds the human brief."""
    fields: FieldNames = FieldNames()
    """What the references call an article's other fields."""
    clean: CleanOptions = CleanOptions()
    """How the articles were cleaned when the briefs were written."""
    evidence: EvidenceOptions = EvidenceOptions()
    """How briefs are checked; ``on_unsupported`` does not matter here, since a sentence is only counted."""
    lead_words: int = Field(70, ge=1)
    """Length of the lead that is cut at a word, as summarisers are often compared with."""
    sheet: bool = False
    """Also write ``sheet.html``: articles and briefs side by side, for a person to judge."""
    sheet_articles: int = Field(50, ge=1)
    """How many articles the sheet shows; drawn by ``seed``."""
    samples: int = Field(1000, ge=100, le=100_000)
    """Bootstrap samples behind each interval."""
    seed: int = 13
    """Draws the bootstrap samples and the articles of the sheet."""

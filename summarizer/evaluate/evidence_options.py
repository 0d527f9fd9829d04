"""The settings of ``summarizer evaluate evidence``; light to import, since config files are checked against it."""

from __future__ import annotations

from pydantic import Field

from summarizer.clean import CleanOptions
from summarizer.evidence import EvidenceOptions
from summarizer.options import Options
from summarizer.runtime import RuntimeOptions


class ClaimFields(Options):
    """What the data call each field of a claim."""

    id: str = "id"
    """Name of the claim; made from file and line where there is none."""
    article: str = "document"
    """The article that the claim is about."""
    title: str = "title"
    """Its headline; may be absent."""
    claim: str = "claim"
    """A sentence, or several, that a brief might have."""
    label: str = "label"
    """Whether the article bears the claim out: true or false, 1 or 0, or the words consistent and inconsistent."""
    error_type: str = "error_type"
    """What is wrong with a claim: one kind or a list of them; may be absent."""
    source: str = "source"
    """Where a claim comes from, for the table by source; the file's name where the field is absent."""


class EvidenceEvaluation(Options):
    """How to measure the check on claims of which it is known whether their article bears them out."""

    data: str
    """Claims: JSON lines, CSV, Parquet or another format that ``input.format: auto`` reads; a folder or glob reads
    several files."""
    out: str | None = None
    """Folder for what is written; null makes ``evaluation-`` and the name of ``data``."""
    overwrite: bool = False
    """Replace an earlier evaluation in ``out``."""
    fields: ClaimFields = ClaimFields()
    """What the data call the fields."""
    only: dict[str, str] = Field({})
    """Take only claims whose fields have these values, such as ``split: test``."""
    tune: str | None = None
    """Other claims, on which the thresholds of support are chosen that tell best (balanced accuracy)."""
    tune_only: dict[str, str] = Field({})
    """As ``only``, for ``tune``."""
    threshold: float | None = Field(None, ge=0, le=1)
    """A claim with less support is unsupported; null takes those of ``tune``, and without it what a run takes:
    ``evidence.support_threshold`` or the support model's own. Without a model it then measures no threshold."""
    claims: int | None = Field(None, ge=2)
    """Draw so many claims of ``data``, and of ``tune``; null takes all."""
    clean: CleanOptions = CleanOptions()
    """How articles are cleaned before the check."""
    evidence: EvidenceOptions = EvidenceOptions()
    """How claims are checked; ``on_unsupported`` does not matter here, since a claim is only counted. With ``support:
    null`` a claim's support is the share of its content that the best sentences hold."""
    runtime: RuntimeOptions = RuntimeOptions()
    """Where and how the support model runs."""
    samples: int = Field(1000, ge=100, le=100_000)
    """Bootstrap samples behind each interval; articles are drawn, with all their claims."""
    seed: int = 13
    """Draws the claims and the bootstrap samples."""

"""The settings of ``summarizer evaluate topics``; light to import, since config files are checked against it."""

from __future__ import annotations

from pydantic import Field

from summarizer.options import Options
from summarizer.read.options import FieldNames
from summarizer.runtime import RuntimeOptions


class TopicEvaluation(Options):
    """How to measure a topic classifier."""

    model: str
    """The classifier: a shipped model's name, a folder or a Hub name."""
    data: str
    """Articles with their topics: JSON lines, CSV or another format that ``input.format: auto`` reads. An empty list of
    topics says that none fits; an article without the field is left out."""
    out: str | None = None
    """Folder for evaluation.json, evaluation.md and two plots; null makes ``evaluation-`` and the model's name."""
    overwrite: bool = False
    """Replace an earlier evaluation in ``out``."""
    train: str | None = None
    """Articles that the two baselines learn from; null fits them on ``data`` itself, five times on four fifths each,
    so that no article is scored by a baseline that has seen it."""
    backend: str = "auto"
    """``auto`` goes by the folder's summarizer.json, and takes ``encoder`` where there is none; or a backend's name."""
    topics_field: str = "topics"
    """Field that holds an article's topic ids: a list, or text with ';' or '|' between them."""
    source_field: str = "source"
    """Field that holds who published an article, for the table by source."""
    fields: FieldNames = FieldNames()
    """What the data call an article's other fields."""
    accept_precision: float | None = Field(None, gt=0, lt=1)
    """So many of the accepted tags shall be true, as in ``classify``; null takes the model's own thresholds, and shows
    them beside a target of 0.9."""
    review_recall: float | None = Field(None, gt=0, lt=1)
    """So many of the true tags shall be accepted or shown to a person, as in ``classify``; null takes the model's own
    thresholds, and shows them beside a target of 0.95."""
    samples: int = Field(1000, ge=100, le=100_000)
    """Bootstrap samples behind each interval."""
    seed: int = 13
    """Draws the bootstrap samples and the folds of the baselines."""
    runtime: RuntimeOptions = RuntimeOptions()
    """Device and threads."""

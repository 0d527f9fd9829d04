"""The settings of ``summarizer train topics --add``; light to import, since config files are checked against it."""

from __future__ import annotations

from pydantic import Field

from summarizer.classify.thresholds import ACCEPT_PRECISION, REVIEW_RECALL
from summarizer.options import Options
from summarizer.read.options import FieldNames
from summarizer.runtime import RuntimeOptions


class TopicAddition(Options):
    """How to add topics to a trained encoder, whose own topics stay as they are."""

    data: str
    """Articles with the new topics, and articles without them: JSON lines, CSV or Parquet. Topics that the base knows
    may stand there too and are left alone; an article of which none of the new topics is true has an empty list or
    topics of the base."""
    base: str = "topics-minilm"
    """The model to add to: a multi-label encoder, by name, folder or Hub name."""
    revision: str | None = None
    """The base's Hub commit, branch or tag."""
    out: str
    """Folder for the new model; new or empty."""
    topics_field: str = "topics"
    """Field that holds an article's topic ids: a list, or text with ';' or '|' between them."""
    fields: FieldNames = FieldNames()
    """What the data call an article's other fields."""
    topics_file: str | None = None
    """The new topics' names and codes, in any form that ``train topics`` takes; null: called by their ids."""
    inverse_regularization: float = Field(1.0, gt=0)
    """scikit-learn's C; smaller is smoother."""
    seed: int = 13
    """How the articles are dealt into five folds."""
    accept_precision: float = Field(ACCEPT_PRECISION, gt=0, lt=1)
    """So many accepted tags of a new topic shall be right."""
    review_recall: float = Field(REVIEW_RECALL, gt=0, lt=1)
    """So many of a new topic's articles shall be accepted or shown to a person."""
    runtime: RuntimeOptions = RuntimeOptions()
    """Device and threads."""

"""The ``updates`` section: how a story finds the earlier one that it repeats or updates. Comes before ``linker``."""

from __future__ import annotations

from pydantic import Field

from summarizer.options import Options


class UpdatesOptions(Options):
    """Links stories to earlier ones of the same run, or of an index that is kept between runs."""

    index: str | None = None
    """File that keeps stories between runs, made where there is none; null: each run knows its own stories alone."""
    similarity: float = Field(0.25, gt=0, le=1)
    """Two texts are the same story from so much on: the runs of three words that both have, of all that either has."""
    shared_sentences: float = Field(0.4, ge=0, le=1)
    """So many of the shorter text's sentences stand in the other word for word, one at least; 0 asks for none, which
    also links items of one sentence."""
    same_form: float = Field(0.3, ge=0, le=1)
    """Two texts are reports on one form, and not linked, where more than this of what they do not share is the same but
    for figures and names; 1 links them all the same."""
    form_similarity: float = Field(0.7, ge=0, le=1)
    """Texts that are as alike as this are no such reports, since a correction may be in figures alone; 0.9 where days
    or names differ, too."""
    look_back: int = Field(50_000, ge=1)
    """Articles before this one among which an earlier one is looked for."""
    within_days: int | None = Field(7, ge=0)
    """Two dates may lie so far apart, unless the publisher says that one is a version of the other; null: any."""
    tag_margin: float = Field(0.1, ge=0, le=1)
    """The earlier story's decision about a topic stands while the probability is beyond a threshold by less."""

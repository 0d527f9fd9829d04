"""Whether two texts tell one story, by what they share. Comes after ``sketch`` and ``index``, before ``linker``."""

from __future__ import annotations

from summarizer.updates.index import Story
from summarizer.updates.options import UpdatesOptions
from summarizer.updates.sketch import Sketch, shared_runs

LEAST_SHARED = 12
"""Two alike texts share at least so many runs of words: one sentence that agencies write every day is no proof."""

OTHER_DAY = 0.9
"""Texts of two days, or that differ in names, too, may be reports on one form up to so much similarity: a correction of
figures comes on the same day, and leaves the names as they are."""


def similarity(own: Sketch, story: Story) -> float:
    """Return the share of runs that both texts have, of all that either has."""
    return _share(shared_runs(own.runs, story.runs), len(own.runs), len(story.runs))


def likeness(own: Sketch, day: int | None, story: Story, options: UpdatesOptions) -> float | None:
    """Return how similar two texts are; None where neither goes on from the other.

    :param day: of the text whose sketch is given, as ``Story.day`` has it.
    """
    shared = shared_runs(own.runs, story.runs)
    alike = _share(shared, len(own.runs), len(story.runs))
    if alike < options.similarity or shared < LEAST_SHARED or not _share_sentences(own, story, options):
        return None
    is_other_day = None not in (day, story.day) and day != story.day
    most = options.form_similarity
    if is_other_day or _differ_in_names(own, story):
        most = max(OTHER_DAY, most)
    return None if alike < most and _told_by_the_form(own, story, alike) > options.same_form else alike


def _share_sentences(own: Sketch, story: Story, options: UpdatesOptions) -> bool:
    share, mine, others = options.shared_sentences, set(own.sentences), set(story.sentences)
    wanted = max(1, int(share * min(len(mine), len(others)))) if share else 0
    return len(mine & others) >= wanted


def _differ_in_names(own: Sketch, story: Story) -> bool:
    """Tell whether each text has a name that the other has not, as reports have of which one says another day."""
    return shared_runs(own.names, story.names) < min(len(own.names), len(story.names))


def _told_by_the_form(own: Sketch, story: Story, alike: float) -> float:
    """Return how much of what two texts do not share is the same once figures and names are left open.

    Of reports on one form, as those of a stock exchange on two days, that is nearly all; of a story and its update next
    to nothing, since what is new tells something else. It is nothing, too, where one text is a part of the other.
    """
    mine, others = set(own.sentences), set(story.sentences)
    if mine <= others or mine >= others or alike == 1:
        return 0.0
    on_form = _share(shared_runs(own.form, story.form), len(own.form), len(story.form))
    return (on_form - alike) / (1 - alike)


def _share(shared: int, one: int, other: int) -> float:
    return shared / max(one + other - shared, 1)

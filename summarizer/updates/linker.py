"""Links a story to the earlier one that it repeats or updates, and says what changed. Comes after ``decide``.

Stories are linked one by one in input order, after the stages; what a run was told up to a place decides alone.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from summarizer.errors import OutputError
from summarizer.records import Article, Link, Record, Tag
from summarizer.updates.chains import day_of, named_before, version_of
from summarizer.updates.compare import likeness, similarity
from summarizer.updates.index import SIDE_FILES, Story, StoryIndex
from summarizer.updates.kept import KeptIndex
from summarizer.updates.options import UpdatesOptions
from summarizer.updates.sketch import Sketch, sketch
from summarizer.updates.tags import hold

TIDY_EVERY = 1000
"""Articles between two times that a temporary index forgets what is too far back."""


@dataclass(frozen=True, slots=True)
class _Found:
    """An earlier story, and whether the publisher named it."""

    story: Story
    is_named: bool


@dataclass(frozen=True, slots=True)
class Files:
    """Where articles come in files, each of which is done at once, by a step that the index does not see.

    :param owner: tells the files' names from those of others.
    :param unfinished: names of those that an earlier process left.
    """

    owner: str
    unfinished: Container[str]


class Linker:
    """One run's links.

    :param folder_file: keeps the run's own stories with it, so that a killed run goes on with the same links; None for
        a temporary file.
    :param done: articles and failures of the run that were worked on before; what was added after them is taken out.
    :param read_only: nothing is added, as to look at a run that was made.
    :param files: what ``publish`` is told of; stories of those that were not done after all are forgotten.
    :raises OutputError: an index cannot be used, or does not reach as far as the run has come.
    """

    def __init__(
        self,
        options: UpdatesOptions,
        folder_file: Path | None = None,
        *,
        done: int = 0,
        read_only: bool = False,
        files: Files | None = None,
    ) -> None:
        self._options = options
        self._files = files
        self._read_only = read_only
        self._kept = None if options.index is None or read_only else KeptIndex(Path(options.index).expanduser())
        if folder_file is not None and not done and not read_only:
            _remove(folder_file)
        if folder_file is not None and done and not folder_file.exists():
            what = f"is gone, but {done:,} articles of the run were linked by it"
            raise OutputError(str(folder_file), what, "Restore it from a copy, or add --restart to begin anew.")
        self._index = StoryIndex(folder_file, read_only=read_only)
        if not done and not read_only:
            self._start()
        self._base: int = self._index.fact("base")
        if done and not read_only:
            self._go_on(done)

    def link(self, place: int, article: Article, record: Record) -> Record:
        """Return the record with its link and the tags that the earlier story leaves it, and keep the story.

        :param place: of the article in the run's input, from 0; each is linked once, in order.
        :param article: cleaned, as the stages read it.
        """
        at = self._base + 1 + place
        own = sketch(article)
        bands = own.bands()
        found = self._find(at, article, own, bands)
        if found is not None:
            record = self._linked(record, article, own, found)
        if not self._read_only:
            story = Story(
                place=at,
                id=article.id,
                version=version_of(article),
                title=article.title,
                day=day_of(article),
                runs=own.runs,
                form=own.form,
                names=own.names,
                sentences=own.sentences,
                decisions=None if record.tags is None else {tag.topic.id: tag.decision for tag in record.tags},
            )
            self._index.add(story, bands)
            if self._index.path is None and at % TIDY_EVERY == 0:
                self._index.drop(upto=at - self._options.look_back)
        return record

    def save(self, done: int) -> None:
        """See the stories on the disk; before the journal says that so many articles and failures are done."""
        self._index.set_facts(done=done)
        self._index.save()

    def publish(self, done: int, files: Sequence[tuple[str, int]] = ()) -> None:
        """Add the run's stories to the index that is kept between runs; each goes there once, however often asked.

        :param done: articles and failures of the run up to which that is done.
        :param files: that are about to be done, in order, each with the articles and failures up to its end.
        """
        kept, run = self._kept, self._index.fact("run")
        if kept is None:
            return
        self._index.save()
        with kept.alone():
            upto, top = kept.published(run), kept.fact("top")
            for row in self._index.rows(self._base + upto, self._base + done):
                kept.add_row((top + row[0] - self._base - upto, *row[1:]))
            if self._files is not None:
                ends = [top + end - upto for _, end in files]
                named = zip((name for name, _ in files), (top, *ends), ends, strict=False)
                kept.await_files(self._files.owner, named)
            top += max(0, done - upto)
            kept.set_facts(top=top)
            kept.published(run, max(done, upto))
            kept.drop(upto=top - self._options.look_back)

    def close(self) -> None:
        """Let go of the files."""
        self._index.close()
        if self._kept is not None:
            self._kept.close()

    def _start(self) -> None:
        """Begin with the stories of earlier runs, as they are now."""
        if self._kept is not None:
            run = self._index.fact("run")
            if self._files is not None:
                with self._kept.alone():
                    self._kept.take_back(self._files.owner, self._files.unfinished)
            self._kept.copy_to(self._index)
            self._index.set_facts(run=run, base=self._kept.fact("top"))
        self._index.save()

    def _go_on(self, done: int) -> None:
        saved = self._index.fact("done") or 0
        if saved < done:
            what = f"knows {saved:,} articles of the run, which has come to {done:,}"
            raise OutputError(str(self._index.path), what, "Restore it from a copy, or add --restart to begin anew.")
        self._index.drop(after=self._base + done)
        self.save(done)

    def _find(self, at: int, article: Article, own: Sketch, bands: Sequence[int]) -> _Found | None:
        after = max(at - 1 - self._options.look_back, 0)
        for id, has_version in named_before(article):
            for named in self._index.called(id, after=after, before=at):
                if (named.version or not has_version) and not _is_same_item(article, own, named):
                    return _Found(named, True)
        day = day_of(article)
        near = (story for story in self._index.alike(bands, after=after, before=at) if self._is_near(day, story.day))
        near = (story for story in near if not _is_same_item(article, own, story))
        rated = ((likeness(own, day, story, self._options), -story.place, story) for story in near)
        alike = [rating for rating in rated if rating[0] is not None]
        return _Found(max(alike, key=lambda rating: rating[:2])[-1], False) if alike else None

    def _is_near(self, day: int | None, other: int | None) -> bool:
        most = self._options.within_days
        return most is None or day is None or other is None or abs(day - other) <= most

    def _linked(self, record: Record, article: Article, own: Sketch, found: _Found) -> Record:
        tags = record.tags
        if tags is not None and found.story.decisions is not None:
            tags = hold(tags, found.story.decisions, self._options.tag_margin)
        needs_review = record.needs_review if tags is None else _needs_review(tags, record)
        return replace(record, link=_link(article, own, found), tags=tags, needs_review=needs_review)


def _is_same_item(article: Article, own: Sketch, story: Story) -> bool:
    """Tell whether a story is the article itself, which came in before, as when an answer was lost on its way."""
    is_called_so = story.id == article.id and story.version == version_of(article) and story.title == article.title
    return is_called_so and story.sentences == own.sentences


def _link(article: Article, own: Sketch, found: _Found) -> Link:
    """Say what changed.

    A story without a new sentence is the same; where the publisher made a new version of it, a sentence or a title
    that was taken back is news too.
    """
    story = found.story
    known = set(story.sentences)
    pairs = zip(own.spans, own.sentences, strict=True)
    sentences = tuple(article.evidence(*span) for span, number in pairs if number not in known)
    gone = len(known.difference(own.sentences))
    title_was = story.title if story.title != article.title else ""
    version = version_of(article)
    is_changed = bool(sentences) or (found.is_named and bool(gone or title_was))
    return Link(
        kind="updates" if is_changed else "same_as",
        id=story.id,
        similarity=similarity(own, story),
        sentences=sentences,
        gone=gone,
        title_was=title_was,
        version_was=story.version if story.version != version else "",
    )


def _needs_review(tags: Sequence[Tag], record: Record) -> bool:
    return bool(record.tag_warnings) or not any(tag.decision == "accepted" for tag in tags)


def _remove(file: Path) -> None:
    for ending in SIDE_FILES:
        file.with_name(file.name + ending).unlink(missing_ok=True)

"""One run in a run folder: begun, or gone on with from where it was stopped. ``folder`` keeps what it does.

The reader is asked to skip what is done; no model runs twice over an article, save those of the window in hand.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from summarizer.config import RunConfig
from summarizer.errors import InputError, OutputError, UsageError
from summarizer.job.folder import RunFolder
from summarizer.job.identity import (
    EXTEND_MEND,
    MEND,
    Identity,
    changes,
    find_models,
    identify,
    model_changes,
    only_adds,
    refuse_changes,
)
from summarizer.job.journal import BEGINNING, Point
from summarizer.job.kept import LINKS_FILE, called, read_run, used_ids
from summarizer.read import read, take_articles
from summarizer.records import Article, Failure, Record
from summarizer.report import Report
from summarizer.scale import Engine, load_runner

COMMIT_SECONDS = 0.5
"""Windows that take less are put on the disk together, since each time costs two or three waits for it."""
COMMIT_ARTICLES = 512
"""No more wait for that, however quick they are: each is held with its text and what it came from."""

OnWindow = Callable[[Sequence[Record | Failure], Report], None]


Begin = Literal["go-on", "extend", "restart"]


def run_in_folder(config: RunConfig, *, begin: Begin, stop: Callable[[], bool], on_window: OnWindow) -> Report:
    """Run a config into the run folder that ``output.path`` names; see ``run_job``.

    :raises SummarizerError: what the run was begun with has changed, another process is at work in the folder, or the
        input, a model or the folder cannot be used at all.
    """
    _refuse_other_outputs(config)
    folder = RunFolder(Path(config.output.path).expanduser())
    runner: Engine | None = None
    try:
        now = identify(config)
        kept = None if begin == "restart" else read_run(folder.path)
        point, journal_end = (BEGINNING, 0) if kept is None else _find_point(folder, config, kept, now, begin)
        if point.finished:
            return _finished(point)
        items = _remaining(config, point)
        runner = load_runner(config)
        now = replace(now, models=runner.made_by.models)
        if kept is None:
            folder.move_aside()
            folder.begin(config, now)
        else:
            _refuse(folder.path, model_changes(kept.models, now.models))
        if point.done:
            runner.remember(used_ids(folder.path, point))
            runner.report.go_on_from(point.report)
        runner.ledger.find_links_in(folder.path / LINKS_FILE, done=point.done)
        folder.open(point, journal_end)
        if kept is not None and changes(kept, now):  # it is extended: first of all it is not finished any more
            folder.commit([], runner.report)
            folder.begin(config, replace(now, started=kept.started))
        if point.done:
            on_window([], runner.report)
        _work(folder, runner, _Intake(items, config.runtime.window_articles, stop), on_window)
        return runner.report
    finally:
        if runner is not None:
            runner.ledger.close()
        folder.close()


def _refuse(folder: Path, changed: Sequence[str], mend: str = MEND) -> None:
    refuse_changes(folder, "this run cannot go on, since it was begun with something else", changed, mend)


def _find_point(folder: RunFolder, config: RunConfig, kept: Identity, now: Identity, begin: Begin) -> tuple[Point, int]:
    """Return where to go on, and the size of the journal up to there.

    :raises UsageError: the run was begun with something else.
    """
    changed = changes(kept, now)
    is_longer = bool(changed) and only_adds(kept, now, config.input)
    if begin != "extend" or not is_longer:
        _refuse(folder.path, changed, EXTEND_MEND if is_longer else MEND)
    point, journal_end = folder.find_point()
    if point.finished and not changed:
        _refuse(folder.path, model_changes(kept.models, find_models(config)))
        return point, journal_end
    return replace(point, finished=False), journal_end


def _refuse_other_outputs(config: RunConfig) -> None:
    if config.output.format not in ("auto", "jsonl"):
        what = f"a run folder holds JSON lines, not {config.output.format}"
        raise UsageError("output.format", what, "Leave it away, or name a file as output.path.")
    if config.output.overwrite:
        what = "a run folder is never overwritten: the run goes on where it was"
        raise UsageError("output.overwrite", what, "Leave it away; add --restart to begin anew.")


def _finished(point: Point) -> Report:
    report = Report()
    report.go_on_from(point.report)
    report.was_finished = True
    return report


def _remaining(config: RunConfig, point: Point) -> Iterator[Article | Failure]:
    """Return what is still to be done.

    :raises InputError: the input does not begin with what was done, as a data set on the Hub may have changed unseen.
    """
    options, limit = config.input, config.input.limit
    if not point.done:
        return read(options)
    items = read(options.model_copy(update={"limit": None}), skip=point.done - 1)
    last = next(items, None)
    seen = "nothing" if last is None else f"'{called(last)}'"
    if last is None or called(last) != point.last:
        what = f"no longer begins as when the run began: article {point.done} was '{point.last}', now {seen}"
        raise InputError(options.path, what, MEND.lstrip())
    unread = point.report["failures_by_stage"].get("read", 0)
    return take_articles(items, None if limit is None else limit - (point.done - unread))


class _Intake:
    """Hands on what is read a whole window at a time, so that an interrupted run stops between two windows.

    :param stop: asked after each article is read; what was read of a window by then is read again another time.
    """

    def __init__(self, items: Iterator[Article | Failure], size: int, stop: Callable[[], bool]) -> None:
        self.taken = 0
        self.stopped = False
        self._items = items
        self._size = size
        self._stop = stop

    def __iter__(self) -> Iterator[Article | Failure]:
        window: list[Article | Failure] = []
        for item in self._items:
            window.append(item)
            if self._stop():
                self.stopped = True
                return
            if len(window) == self._size:
                yield from self._hand_on(window)
                window = []
        yield from self._hand_on(window)

    def _hand_on(self, window: list[Article | Failure]) -> list[Article | Failure]:
        self.taken += len(window)
        return window


def _work(folder: RunFolder, runner: Engine, intake: _Intake, on_window: OnWindow) -> None:
    report = runner.report
    before = folder.point.done
    waiting: list[Record | Failure] = []

    def commit() -> None:
        with report.timed("write"):
            runner.ledger.save_links()  # first: what is not in the journal is taken out again, not the other way round
            folder.commit(waiting, report)
        on_window(waiting, report)
        waiting.clear()

    committed = time.monotonic()
    for results in runner.windows(intake):
        waiting += results
        if time.monotonic() - committed >= COMMIT_SECONDS or len(waiting) >= COMMIT_ARTICLES:
            commit()
            committed = time.monotonic()
    if waiting:
        commit()
    report.interrupted = intake.stopped
    report.read = before + intake.taken
    folder.write_report(report)
    done = folder.point.done
    if report.read != done:
        what = f"read {report.read} articles but wrote {done} records and failures"
        raise OutputError(str(folder.path), what, "Please report this; what was written is right as far as it goes.")
    if not intake.stopped:
        runner.ledger.publish_links()  # once, however often the run is killed here
        folder.commit([], report, finished=True)

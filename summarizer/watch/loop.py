"""Watches a folder: takes what has come in, has the runner work on it, and answers, until it is told to stop."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from summarizer.apart import Apart
from summarizer.config import RunConfig
from summarizer.errors import InputError, UsageError
from summarizer.read import InputOptions, read
from summarizer.records import Article, Failure, Record
from summarizer.report import Report
from summarizer.runner import Runner
from summarizer.updates import Files
from summarizer.watch.answer import Answer
from summarizer.watch.folders import Folders
from summarizer.watch.incoming import Incoming
from summarizer.write import FORMATS

OnWindow = Callable[[Sequence[Record | Failure], Report], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchOptions:
    """How a folder is watched.

    :param settle_seconds: a file that has not changed for so long is complete.
    :param poll_seconds: between two looks at the folder.
    :param once: end when nothing is left, and no file is waited for.
    """

    settle_seconds: float = 1.0
    poll_seconds: float = 0.5
    once: bool = False


def watch(
    config: RunConfig,
    folder: Path,
    out: Path,
    options: WatchOptions,
    *,
    stop: Callable[[], bool] = lambda: False,
    on_window: OnWindow = lambda *_: None,
) -> Report:
    """Answer each file that comes into a folder, once.

    :param config: ``input`` says how files are read, ``output.format`` in what form they are answered.
    :param stop: asked between two windows and two looks; once true, what was not worked on is left to come in again.
    :param on_window: is shown the records and failures of each window, with the counts so far.
    :return: the counts.
    :raises SummarizerError: a folder or a model cannot be used, or the disk is full.
    """
    if not folder.is_dir():
        raise InputError(str(folder), "is no folder that is there", "Make it, or name another one.")
    if config.runtime.engine != "local":
        what = f"a watch works in its own process, not on '{config.runtime.engine}'"
        raise UsageError("runtime.engine", what, "Add --set runtime.engine=local.")
    format = "jsonl" if config.output.format == "auto" else config.output.format
    ending = next(iter(FORMATS[format].endings), f".{format}")
    folders = Folders(folder, out, ending)
    try:
        worker = _Worker(config, folders, format, stop, on_window)
        worker.answer(folders.left_over())
        incoming = Incoming(folders.folder, options.settle_seconds)
        while not stop():
            complete = incoming.complete()
            names = [folders.claim(name) for name in complete[: config.runtime.window_articles]]
            worker.answer([name for name in names if name is not None])
            if options.once and incoming.is_empty:
                break
            if not names:
                time.sleep(options.poll_seconds)
        worker.report.interrupted = stop()
        worker.close()
        return worker.report
    finally:
        folders.close()


class _Worker:
    """The runner, and the claimed files that it works on."""

    def __init__(
        self, config: RunConfig, folders: Folders, format: str, stop: Callable[[], bool], on_window: OnWindow
    ) -> None:
        self._config = config
        self._folders = folders
        self._format = format
        self._stop = stop
        self._on_window = on_window
        self._runner = Runner(config)
        self._apart = Apart()
        self._input = config.input.model_copy(update={"limit": None})
        self._ends: dict[str, int] = {}
        self.report = self._runner.report
        files = Files(str(folders.folder), frozenset(os.listdir(folders.claimed)))
        self._runner.ledger.find_links_in(None, files=files)

    def answer(self, names: Sequence[str]) -> None:
        """Work on claimed files, in windows that go on from one file to the next, and put them away."""
        answers: dict[str, Answer] = {}
        waiting = list(names)
        try:
            for window, ended in self._windows(waiting, answers):
                self._work(window, answers)
                self._finish(ended, answers)
        finally:
            for answer in answers.values():
                answer.close()
        for name in waiting:
            self._folders.give_back(name)

    def close(self) -> None:
        """Let go of what links are made by."""
        self._runner.ledger.close()

    def _windows(
        self, waiting: list[str], answers: dict[str, Answer]
    ) -> Iterator[tuple[list[tuple[str, Article | Failure]], list[str]]]:
        """Yield articles with the file of each, and the files that end with them; takes names off ``waiting``."""
        window: list[tuple[str, Article | Failure]] = []
        ended: list[str] = []
        while waiting and not self._stop():
            name = waiting.pop(0)
            encoder = FORMATS[self._format].load()
            answers[name] = Answer(encoder, self._folders.answer_of(name), self._folders.failures_of(name))
            for item in self._apart.read(read_file(self._folders.claimed / name, self._input), name):
                if len(window) == self._config.runtime.window_articles:
                    yield window, ended
                    window, ended = [], []
                    if self._stop():
                        waiting.insert(0, name)
                        return
                window.append((name, item))
            ended.append(name)
        yield window, ended

    def _work(self, window: Sequence[tuple[str, Article | Failure]], answers: dict[str, Answer]) -> None:
        if not window:
            return
        results = self._apart.work(self._runner.work, [item for _, item in window])
        ledger = self._runner.ledger
        begun, results = ledger.place, ledger.link([item for _, item in window], results)
        for place, ((name, _), result) in enumerate(zip(window, results, strict=True), begun + 1):
            answers[name].add([result])
            self._ends[name] = place
            self.report.count(result)
        self._on_window(results, self.report)

    def _finish(self, ended: Iterable[str], answers: dict[str, Answer]) -> None:
        done = {name: answers.pop(name) for name in ended}
        for answer in done.values():
            answer.complete()
        ends = [(name, self._ends.pop(name)) for name in done if name in self._ends]
        if ends:
            # Before the files are put away, so that none is forgotten; those that are not, after all, are taken back.
            self._runner.ledger.publish_links(ends)
        if done:
            self._folders.finish([(name, "done" if answer.records else "failed") for name, answer in done.items()])


def read_file(path: Path, options: InputOptions) -> Iterator[Article | Failure]:
    """Yield the articles of one file, and failures; what they say of where they were is the file's name alone.

    A file that cannot be read at all is one failure.
    """
    try:
        for item in read(options.model_copy(update={"path": str(path)})):
            if isinstance(item, Failure):
                yield replace(item, where=_by_name(item.where, path))
            else:
                yield replace(item, source=_by_name(item.source, path))
    except InputError as error:
        fault = error.fault
        yield Failure(_by_name(fault.where, path), "read", fault.what, fault.mend)


def _by_name(where: str, path: Path) -> str:
    return where.replace(str(path), path.name, 1)

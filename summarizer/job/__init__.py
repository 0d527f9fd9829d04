"""One run from input to output: reads, lets the runner work, writes each window and keeps the count.

A run to a file ends in this module; one to a run folder, which can be killed and goes on, in ``resumable``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from summarizer.config import RunConfig
from summarizer.errors import UsageError
from summarizer.job.kept import is_run_folder
from summarizer.job.resumable import Begin, run_in_folder
from summarizer.read import read
from summarizer.records import Article, Failure, Record
from summarizer.report import Report
from summarizer.runner import Runner
from summarizer.scale import Engine, load_runner
from summarizer.write import open_output

__all__ = ["Begin", "is_run_folder", "run_in_folder", "run_job"]


def run_job(
    config: RunConfig,
    *,
    stdin: BinaryIO,
    stdout: BinaryIO,
    begin: Begin = "go-on",
    stop: Callable[[], bool] = lambda: False,
    at_hand: Callable[[], bool] = lambda: True,
    on_window: Callable[[Sequence[Record | Failure], Report], None] = lambda *_: None,
) -> Report:
    """Run a config.

    An output file is written under another name and takes its own when the run is complete; an interrupted run leaves
    ``NAME.partial`` with every record of the windows that were finished. A run folder takes up where it was left.

    :param begin: of a run folder: ``restart`` begins anew and keeps the old files aside, ``extend`` goes on although
        articles were added at the end of the input.
    :param stop: asked before each article is read; once true, the window in hand is finished and the run ends.
    :param at_hand: asked whether more of the input is there at the moment; where not, the window in hand is worked on
        at once. For standard input and the local engine.
    :param on_window: is shown the records and failures of each window once written, with the counts so far; and at the
        beginning, with none, where a run goes on.
    :return: the counts of the whole run; ``report.interrupted`` says whether ``stop`` ended it,
        ``report.was_finished`` whether there was nothing to do.
    :raises SummarizerError: the input, a model or the output cannot be used at all.
    """
    if is_run_folder(config.output.path):
        return run_in_folder(config, begin=begin, stop=stop, on_window=on_window)
    if begin != "go-on":
        mend = "Use --overwrite for a file, or end output.path in '/' for a run folder."
        raise UsageError(f"--{begin}", f"'{config.output.path}' is no run folder", mend)
    output = open_output(config.output, stdout)  # before the models: a refused output should not cost their loading
    finished = False
    runner: Engine | None = None
    try:
        runner = load_runner(config)
        report = runner.report
        # what answers line by line is at its end whenever it is told so; a file that took lines is not
        is_cut = config.input.path == "-" and config.output.path != "-"
        items = _until(stop, read(config.input, stdin=stdin), report, is_cut=is_cut)
        for results in runner.windows(items, at_hand) if isinstance(runner, Runner) else runner.windows(items):
            with report.timed("write"):
                for result in results:
                    output.fail(result) if isinstance(result, Failure) else output.write(result)
                output.flush()
            if config.output.path == "-":  # whoever reads a stream has the records already
                runner.ledger.publish_links()
            on_window(results, report)
        if not report.interrupted:
            output.finish()
            runner.ledger.publish_links()
            finished = True
        return report
    finally:
        if not finished:
            output.abandon()
        if runner is not None:
            runner.ledger.close()


def _until(
    stop: Callable[[], bool], items: Iterator[Article | Failure], report: Report, *, is_cut: bool
) -> Iterator[Article | Failure]:
    for item in items:
        yield item
        if stop():
            report.interrupted = True
            return
    # standard input ends where it is told to stop while nothing comes; a file's end is its end
    report.interrupted = is_cut and stop()

"""One run from input to output: reads, lets the runner work, writes each window and keeps the count."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from summarizer.config import RunConfig
from summarizer.read import read
from summarizer.records import Article, Failure, Record
from summarizer.report import Report
from summarizer.runner import Runner
from summarizer.write import open_output


def run_job(
    config: RunConfig,
    *,
    stdin: BinaryIO,
    stdout: BinaryIO,
    stop: Callable[[], bool] = lambda: False,
    on_window: Callable[[Sequence[Record | Failure], Report], None] = lambda *_: None,
) -> Report:
    """Run a config.

    The output file is written under another name and takes its own when the run is complete; an interrupted run leaves
    ``NAME.partial`` with every record of the windows that were finished.

    :param stop: asked before each article is read; once true, the window in hand is finished and the run ends.
    :param on_window: is shown the records and failures of each window once written, with the counts so far.
    :return: the counts; ``report.interrupted`` says whether ``stop`` ended it.
    :raises SummarizerError: the input, a model or the output cannot be used at all.
    """
    output = open_output(config.output, stdout)  # before the models: a refused output should not cost their loading
    finished = False
    try:
        runner = Runner(config)
        report = runner.report
        for results in runner.windows(_until(stop, read(config.input, stdin=stdin), report)):
            with report.timed("write"):
                for result in results:
                    output.fail(result) if isinstance(result, Failure) else output.write(result)
                output.flush()
            on_window(results, report)
        if not report.interrupted:
            output.finish()
            finished = True
        return report
    finally:
        if not finished:
            output.abandon()


def _until(stop: Callable[[], bool], items: Iterator[Article | Failure], report: Report) -> Iterator[Article | Failure]:
    for item in items:
        yield item
        if stop():
            report.interrupted = True
            return

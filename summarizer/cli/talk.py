"""What the verbs say on stderr: complaints, a progress bar on a terminal, heartbeat lines elsewhere."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from summarizer.records import Failure, Record
    from summarizer.report import Report

HEARTBEAT_SECONDS = 15.0
SHOWN_FAILURES = 20
"""Failures told on stderr before the rest is only counted; all of them are in the failures file."""

Overrides = Annotated[
    list[str] | None, typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Override a config key; repeatable.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 1 when an article failed or an id was used twice.")]


def complain(text: str) -> None:
    """Print an error on stderr."""
    typer.echo(f"summarizer: {text}", err=True)


class Progress:
    """Shows how a run goes; a context manager.

    :param total: number of articles to come, where it is known.
    :param quiet: shows nothing.
    :param failures_are_kept: false when there is no failures file, so that every failure is told here.
    """

    def __init__(self, total: int | None, *, quiet: bool, failures_are_kept: bool) -> None:
        self._total = total
        self._quiet = quiet
        self._failures_are_kept = failures_are_kept
        self._told = 0
        self._last = time.monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Progress:
        if not self._quiet and sys.stderr.isatty():
            from rich import progress
            from rich.console import Console

            self._bar = progress.Progress(
                progress.TextColumn("{task.description}"),
                progress.BarColumn(),
                progress.MofNCompleteColumn(),
                progress.TextColumn("{task.fields[rate]}"),
                progress.TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._task = self._bar.add_task("articles", total=self._total, rate="")
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def update(self, results: Sequence[Record | Failure], report: Report) -> None:
        """Show a window's failures and the counts so far."""
        from summarizer.records import Failure

        for failure in (result for result in results if isinstance(result, Failure)):
            self._tell(failure)
        rate = report.rate
        if self._bar is not None:
            self._bar.update(self._task, completed=report.read, rate=f"{rate:.1f} articles/s")
        elif not self._quiet and time.monotonic() - self._last >= HEARTBEAT_SECONDS:
            self._last = time.monotonic()
            self._say(self._heartbeat(report, rate))

    def go_on(self, report: Report) -> None:
        """Show where a run that was stopped goes on."""
        if self._bar is not None:
            self._bar.update(self._task, completed=report.read)
        if not self._quiet:
            self._say(f"{report.read} articles are done; going on with the next")

    def _heartbeat(self, report: Report, rate: float) -> str:
        line = f"{report.read}" + (f" of {self._total}" if self._total else "") + f" articles, {rate:.2f} articles/s"
        if self._total and rate:
            line += f", {(self._total - report.read) / rate:.0f} s to go"
        return line + (f", {report.failed} failed" if report.failed else "")

    def _tell(self, failure: Failure) -> None:
        self._told += 1
        if self._failures_are_kept and (self._quiet or self._told > SHOWN_FAILURES):
            return
        self._say(f"failed: {failure}")

    def _say(self, line: str) -> None:
        if self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False)
        else:
            typer.echo(line, err=True)


class Interrupt:
    """Ctrl-C: the first asks the run to end after the window in hand, the second ends it at once."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self) -> bool:
        """Return whether the run was asked to end."""
        return self.asked

    def handle(self, _signal: int, _frame: FrameType | None) -> None:
        """Take the signal."""
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        typer.echo("\nfinishing the articles in hand; press Ctrl-C again to stop at once", err=True)


@contextmanager
def interruptible() -> Iterator[Interrupt]:
    """Give a flag that the first Ctrl-C (or SIGTERM) sets."""
    interrupt = Interrupt()
    before = {name: signal.signal(name, interrupt.handle) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupt
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)

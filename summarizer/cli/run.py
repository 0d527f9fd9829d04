"""``summarizer run``: a config over its input, records to its output."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.talk import Overrides, Progress, Quiet, Strict, complain, interruptible

if TYPE_CHECKING:
    from summarizer.config import RunConfig
    from summarizer.job import Begin
    from summarizer.records import Failure, Record
    from summarizer.report import Report


def run(
    config: Annotated[Path, typer.Argument(help="The run's YAML file; 'summarizer init' writes a starter.")],
    inputs: Annotated[str | None, typer.Argument(metavar="[INPUT]", help="Read this instead of input.path.")] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", help="Write here instead of output.path: a file, '-', or a folder with '/' behind."
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an output file that exists.")] = False,
    restart: Annotated[bool, typer.Option("--restart", help="Begin a run folder anew; old files are kept.")] = False,
    extend: Annotated[bool, typer.Option("--extend", help="Go on with articles added at the input's end.")] = False,
    limit: Annotated[int | None, typer.Option(help="Stop after this many articles.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read everything, load and write nothing.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Also print each brief and its tags on stdout.")] = False,
    strict: Strict = False,
    quiet: Quiet = False,
    overrides: Overrides = None,
) -> None:
    """Run a config: read articles, write briefs and tags."""
    from summarizer.config import load_config

    settings = list(overrides or ())
    flags = {"input.path": inputs, "output.path": output, "input.limit": limit, "output.overwrite": overwrite or None}
    settings += [f"{key}={_quoted(value)}" for key, value in flags.items() if value is not None]
    loaded = load_config(config, settings)
    require_a_stage(config, loaded)
    if dry_run:
        raise typer.Exit(_dry_run(loaded, strict=strict))
    raise typer.Exit(_run(loaded, begin=_begin(restart, extend), show=show, strict=strict, quiet=quiet))


def _begin(restart: bool, extend: bool) -> Begin:
    from summarizer.errors import UsageError

    if restart and extend:
        raise UsageError("--restart", "excludes --extend", "Begin anew, or go on with what was added.")
    return "restart" if restart else "extend" if extend else "go-on"


def _quoted(value: object) -> str:
    import json

    return json.dumps(value)  # a JSON scalar is a YAML scalar, whatever the path holds


def require_a_stage(path: Path, config: RunConfig) -> None:
    """Refuse a config that makes nothing.

    :raises ConfigError: it has neither of the two stages.
    """
    from summarizer.errors import ConfigError, Fault

    if config.summarize is None and config.classify is None:
        mend = "Add a section 'summarize:' for briefs, 'classify:' for tags, or both."
        raise ConfigError([Fault(str(path), "neither summarizes nor classifies", mend)])


def _run(config: RunConfig, *, begin: Begin, show: bool, strict: bool, quiet: bool) -> int:
    from summarizer.cli.live import open_stdin
    from summarizer.errors import UsageError
    from summarizer.job import run_job
    from summarizer.read import count_articles

    to_file = config.output.path != "-"
    if show and not to_file:
        raise UsageError("--show", "the records go to stdout already", "Name a file with --output.")
    total = None if quiet else count_articles(config.input)
    with interruptible() as stop, Progress(total, quiet=quiet, failures_are_kept=to_file) as progress:

        def on_window(results: Sequence[Record | Failure], report: Report) -> None:
            if results:
                progress.update(results, report)
            else:
                progress.go_on(report)
            if show:
                _show(results)

        stdin, at_hand = open_stdin(stop) if config.input.path == "-" else (sys.stdin.buffer, lambda: True)
        streams = {"stdin": stdin, "stdout": sys.stdout.buffer}
        report = run_job(config, **streams, begin=begin, stop=stop, at_hand=at_hand, on_window=on_window)
    if not quiet:
        _tell(report, config)
    return _exit_code(report, strict=strict)


def _show(results: Sequence[Record | Failure]) -> None:
    from rich.console import Console

    from summarizer.cli.pretty import show_record
    from summarizer.records import Record

    console = Console(width=min(Console().width, 110))
    for result in results:
        if isinstance(result, Record):
            show_record(result, console)


def _tell(report: Report, config: RunConfig) -> None:
    from summarizer.job import is_run_folder

    path = config.output.path
    if report.was_finished:
        typer.echo(f"{path}: this run is finished already; nothing was done (--restart begins anew)", err=True)
    for line in report.lines():
        typer.echo(line, err=True)
    if path == "-":
        return
    if not report.interrupted:
        typer.echo(f"records in {path}", err=True)
    elif is_run_folder(path):
        typer.echo(f"interrupted; the same command goes on from there in {path}", err=True)
    else:
        typer.echo(f"interrupted; what was finished is in {path}.partial", err=True)


def _exit_code(report: Report, *, strict: bool) -> int:
    if report.interrupted:
        return 130
    if report.read != report.written + report.failed:
        complain(f"read {report.read} articles but accounted for {report.written + report.failed}; please report this")
        return 1
    if report.read and not report.written:
        return 1
    return 1 if strict and report.losses else 0


def _dry_run(config: RunConfig, *, strict: bool) -> int:
    from summarizer.read import read
    from summarizer.records import Failure

    read_count = failed = words = 0
    for item in read(config.input, stdin=sys.stdin.buffer):
        if isinstance(item, Failure):
            failed += 1
            typer.echo(f"failed: {item}", err=True)
        else:
            read_count += 1
            words += len(item.text.split())
    typer.echo(f"would work on {read_count} articles of {words} words; {failed} cannot be read", err=True)
    return 1 if failed and (strict or not read_count) else 0

"""``summarizer watch``: each file that comes into a folder is answered, until it is told to end."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.talk import Overrides, Progress, Quiet, interruptible


def watch(
    folder: Annotated[Path, typer.Argument(help="Where files come in; what was worked on goes to done/ or failed/.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where each file's records go, as NAME.jsonl.")],
    config: Annotated[Path | None, typer.Option("--config", "-c", help="A run's YAML file.")] = None,
    settle: Annotated[float, typer.Option(help="Seconds without a change that make a file complete.", min=0)] = 1.0,
    once: Annotated[bool, typer.Option("--once", help="End when no file is left.")] = False,
    quiet: Quiet = False,
    overrides: Overrides = None,
) -> None:
    """Watch a folder: read each file that comes in, write its briefs and tags. Killed and started again, it goes on."""
    from summarizer.cli.run import require_a_stage
    from summarizer.config import load_config
    from summarizer.models import shipped_folder
    from summarizer.watch import WatchOptions
    from summarizer.watch import watch as answer_files

    path = config or shipped_folder("configs") / "wire.yaml"
    loaded = load_config(path, overrides or ())
    require_a_stage(path, loaded)
    options = WatchOptions(settle_seconds=settle, once=once)
    with interruptible() as stop, Progress(None, quiet=quiet, failures_are_kept=True) as progress:
        if not quiet:
            typer.echo(f"watching {folder}; answers go to {out}, Ctrl-C ends it", err=True)
        report = answer_files(loaded, folder, out, options, stop=stop, on_window=progress.update)
    if not quiet:
        for line in report.lines():
            typer.echo(line, err=True)

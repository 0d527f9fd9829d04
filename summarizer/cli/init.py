"""``summarizer init``: a commented starter config."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("summarizer.yaml"),
    full: Annotated[bool, typer.Option("--full", help="Every key there is, instead of the usual ones.")] = False,
) -> None:
    """Write a commented starter config."""
    from summarizer.errors import OutputError, UsageError
    from summarizer.models import shipped_folder

    starter = shipped_folder("configs") / ("default.yaml" if full else "wire.yaml")
    if path.exists():
        raise UsageError(str(path), "exists already", "Name another file, or delete it first.")
    try:
        path.write_text(starter.read_text(encoding="utf-8"), encoding="utf-8")
    except OSError as error:
        raise OutputError(
            str(path), f"cannot be written ({error.strerror})", "Name a folder you may write to."
        ) from error
    typer.echo(f"wrote {path}; now: summarizer run {path}", err=True)

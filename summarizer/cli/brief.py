"""``summarizer brief``: one article from a file, a saved web page or standard input; a brief on the screen."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.talk import Overrides, complain

if TYPE_CHECKING:
    from summarizer.config import RunConfig
    from summarizer.records import Failure, Record


def brief(
    path: Annotated[str, typer.Argument(help="A text, Markdown or HTML file; '-' is standard input.")] = "-",
    config: Annotated[Path | None, typer.Option("--config", "-c", help="A run's YAML file.")] = None,
    form: Annotated[
        str | None, typer.Option("--format", help="Read it as this instead of going by its ending.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print records as JSON lines.")] = False,
    overrides: Overrides = None,
) -> None:
    """Write the brief of one article, with its tags and the evidence for each sentence."""
    from summarizer.config import load_config
    from summarizer.models import shipped_folder

    form = form or ("text" if path == "-" else "auto")
    settings = [f"input.path={json.dumps(path)}", f"input.format={json.dumps(form)}", "input.limit=null"]
    loaded = load_config(config or shipped_folder("configs") / "wire.yaml", [*settings, *(overrides or ())])
    raise typer.Exit(_brief(loaded, as_json=as_json))


def _brief(config: RunConfig, *, as_json: bool) -> int:
    from summarizer.read import read
    from summarizer.records import Failure
    from summarizer.runner import Runner

    items = list(read(config.input, stdin=sys.stdin.buffer))  # before the models, so that a wrong path says so at once
    failed = [item for item in items if isinstance(item, Failure)]
    if len(failed) == len(items):
        results: list[Record | Failure] = list(failed)
    else:
        results = Runner(config).process(items)
    for result in results:
        if isinstance(result, Failure):
            complain(f"failed: {result}")
        else:
            _show(result, as_json=as_json)
    return int(any(isinstance(result, Failure) for result in results))


def _show(record: Record, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(record.to_dict(), ensure_ascii=False))
        return
    from rich.console import Console

    from summarizer.cli.pretty import show_record

    show_record(record, Console(width=min(Console().width, 110)), evidence=True)

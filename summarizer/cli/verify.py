"""``summarizer verify``: would a run's articles get the same records again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.talk import complain


def verify(
    run: Annotated[Path, typer.Argument(help="A run folder, as 'summarizer run ... --output runs/today/' writes one.")],
    articles: Annotated[int, typer.Option(min=1, help="How many of its articles to work on again.")] = 20,
    seed: Annotated[int, typer.Option(help="Chooses them.")] = 13,
) -> None:
    """Work on some of a run's articles again, one by one, and compare with its records byte for byte."""
    from summarizer.job.verify import verify_run

    found = verify_run(run, articles=articles, seed=seed)
    if not found.compared:
        complain(f"{run}: nothing is done of it yet")
        raise typer.Exit(1)
    typer.echo(f"{found.same} of {found.compared} articles are the same")
    if found.first_difference:
        typer.echo(f"first difference: {found.first_difference}")
        raise typer.Exit(1)

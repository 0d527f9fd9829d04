"""``summarizer train``: a model of your own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.settings import Config, Settings, read_options, teller
from summarizer.cli.talk import Quiet

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _train() -> None:
    """Train a model of your own."""


Out = Annotated[str | None, typer.Option("--out", help="The new model's folder.")]


@app.command()
def topics(
    data: Annotated[str | None, typer.Argument(help="JSON lines, CSV or Parquet with a 'topics' column.")] = None,
    out: Out = None,
    base: Annotated[str | None, typer.Option("--from", metavar="BASE", help="The encoder to start from.")] = None,
    add: Annotated[
        str | None,
        typer.Option("--add", metavar="DATA", help="Add this data's further topics to BASE, which stays as it is."),
    ] = None,
    config: Config = None,
    quiet: Quiet = False,
    overrides: Settings = None,
) -> None:
    """Train a topic classifier on articles of yours; started again after a kill it goes on where it was."""
    from summarizer.train.topics import train_topics
    from summarizer.train.topics_options import TopicTraining

    if add is not None:
        _add_topics(data, {"data": add, "out": out, "base": base}, config, quiet, overrides)
        return
    given = {"data": data, "out": out, "base": base}
    options = read_options(TopicTraining, "train topics", config, given, overrides)
    typer.echo(json.dumps(train_topics(options, teller(quiet=quiet)), indent=1))


def _add_topics(
    data: str | None, given: dict[str, str | None], config: Path | None, quiet: bool, overrides: list[str] | None
) -> None:
    from summarizer.errors import UsageError
    from summarizer.train.topics_add import add_topics
    from summarizer.train.topics_add_options import TopicAddition

    if data is not None:
        raise UsageError("--add", f"given beside DATA ('{data}')", "Name the data once: train anew on it, or add it.")
    options = read_options(TopicAddition, "train topics --add", config, given, overrides)
    typer.echo(json.dumps(add_topics(options, teller(quiet=quiet))["added"], indent=1))


@app.command()
def brief(
    data: Annotated[
        list[str] | None, typer.Argument(help="Files of JSON lines, CSV or Parquet with a 'summary' column.")
    ] = None,
    out: Out = None,
    val: Annotated[
        list[str] | None, typer.Option("--val", metavar="DATA", help="Held-out articles, by which the best is kept.")
    ] = None,
    base: Annotated[str | None, typer.Option("--from", metavar="BASE", help="The model to adapt.")] = None,
    config: Config = None,
    quiet: Quiet = False,
    overrides: Settings = None,
) -> None:
    """Train an adapter that writes briefs like yours; started again after a kill it goes on where it was."""
    from summarizer.train.brief import train_brief
    from summarizer.train.brief_options import BriefTraining

    given = {"data": data or None, "out": out, "val": val or None, "base": base}
    options = read_options(BriefTraining, "train brief", config, given, overrides)
    typer.echo(json.dumps(train_brief(options, teller(quiet=quiet)), indent=1))


@app.command()
def support(
    data: Annotated[
        list[str] | None, typer.Argument(help="Claims: JSON lines, CSV or Parquet with document, claim and label.")
    ] = None,
    out: Out = None,
    config: Config = None,
    quiet: Quiet = False,
    overrides: Settings = None,
) -> None:
    """Train a model that tells whether evidence bears a sentence out; started again it goes on where it was."""
    from summarizer.train.support import train_support
    from summarizer.train.support_options import SupportTraining

    options = read_options(SupportTraining, "train support", config, {"data": data or None, "out": out}, overrides)
    typer.echo(json.dumps(train_support(options, teller(quiet=quiet)), indent=1))


@app.command()
def salience(
    data: Annotated[
        list[str] | None, typer.Argument(help="Files of JSON lines, CSV or Parquet with a 'summary' column.")
    ] = None,
    out: Out = None,
    dev: Annotated[
        list[str] | None, typer.Option("--dev", metavar="DATA", help="Held-out articles, by which the best is kept.")
    ] = None,
    config: Config = None,
    quiet: Quiet = False,
    overrides: Settings = None,
) -> None:
    """Train a model that picks an article's telling sentences; started again after a kill it goes on where it was."""
    from summarizer.train.salience import train_salience
    from summarizer.train.salience_options import SalienceTraining

    given = {"data": data or None, "out": out, "dev": dev or None}
    options = read_options(SalienceTraining, "train salience", config, given, overrides)
    typer.echo(json.dumps(train_salience(options, teller(quiet=quiet)), indent=1))

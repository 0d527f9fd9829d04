"""``summarizer train``: a model of your own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from summarizer.cli.talk import Quiet

if TYPE_CHECKING:
    from summarizer.options import Options

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _train() -> None:
    """Train a model of your own."""


Settings = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Override a key; repeatable.")]
Config = Annotated[Path | None, typer.Option("--config", "-c", help="A YAML file of all keys.")]
Out = Annotated[str | None, typer.Option("--out", help="The new model's folder.")]
Kind = TypeVar("Kind", bound="Options")


def _options(
    kind: type[Kind], verb: str, config: Path | None, given: dict[str, str | None], overrides: list[str] | None
) -> Kind:
    from summarizer.config import parse_config, read_text

    settings = [f"{key}={json.dumps(value)}" for key, value in given.items() if value is not None]
    text = read_text(config) if config else ""
    return parse_config(text, kind, name=str(config or verb), overrides=[*settings, *(overrides or ())])


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
    options = _options(TopicTraining, "train topics", config, given, overrides)
    typer.echo(json.dumps(train_topics(options, _say_nothing if quiet else _say), indent=1))


def _add_topics(
    data: str | None, given: dict[str, str | None], config: Path | None, quiet: bool, overrides: list[str] | None
) -> None:
    from summarizer.errors import UsageError
    from summarizer.train.topics_add import add_topics
    from summarizer.train.topics_add_options import TopicAddition

    if data is not None:
        raise UsageError("--add", f"given beside DATA ('{data}')", "Name the data once: train anew on it, or add it.")
    options = _options(TopicAddition, "train topics --add", config, given, overrides)
    typer.echo(json.dumps(add_topics(options, _say_nothing if quiet else _say)["added"], indent=1))


@app.command()
def brief(
    data: Annotated[str | None, typer.Argument(help="JSON lines, CSV or Parquet with a 'summary' column.")] = None,
    out: Out = None,
    config: Config = None,
    quiet: Quiet = False,
    overrides: Settings = None,
) -> None:
    """Train an adapter that writes briefs like yours; started again after a kill it goes on where it was."""
    from summarizer.train.brief import train_brief
    from summarizer.train.brief_options import BriefTraining

    options = _options(BriefTraining, "train brief", config, {"data": data, "out": out}, overrides)
    typer.echo(json.dumps(train_brief(options, _say_nothing if quiet else _say), indent=1))


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _say_nothing(_line: str) -> None:
    pass

"""How the verbs that take their keys from a file, arguments and ``--set`` read them, and how they talk meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from summarizer.config import Kind

Config = Annotated[Path | None, typer.Option("--config", "-c", help="A YAML file of all keys.")]
Settings = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Override a key; repeatable.")]


def read_options(
    kind: type[Kind], verb: str, config: Path | None, given: Mapping[str, Any], overrides: Sequence[str] | None
) -> Kind:
    """Put file, arguments and overrides together.

    :param verb: stands for the file in messages where there is none.
    :param given: the arguments by their keys; one that is None was not given and overrides nothing.
    :raises ConfigError: with every fault.
    """
    from summarizer.config import parse_config, read_text

    settings = [f"{key}={json.dumps(value)}" for key, value in given.items() if value is not None]
    text = read_text(config) if config else ""
    return parse_config(text, kind, name=str(config or verb), overrides=[*settings, *(overrides or ())])


def teller(*, quiet: bool) -> Callable[[str], None]:
    """Return what a work of some minutes tells its progress to, a line at a time."""
    return _hush if quiet else _say


def _hush(_line: str) -> None:
    pass


def _say(line: str) -> None:
    typer.echo(line, err=True)

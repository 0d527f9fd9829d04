"""``summarizer check``: is a config right, what does it come to, and what would it load."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.talk import Overrides, complain

if TYPE_CHECKING:
    from summarizer.config import RunConfig


def check(
    config: Annotated[Path, typer.Argument(help="The run's YAML file.")],
    overrides: Overrides = None,
) -> None:
    """Check a config: print it with every default filled in, and the models that it would load."""
    from ruamel.yaml import YAML

    from summarizer.config import load_config

    loaded = load_config(config, overrides or ())
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.dump(loaded.model_dump(mode="json"), typer.get_text_stream("stdout"))
    if not all([_model_is_there(key, loaded) for key in ("summarize", "classify")]):
        raise typer.Exit(1)


def _model_is_there(stage: str, config: RunConfig) -> bool:
    from summarizer.errors import ModelError
    from summarizer.models import find_model

    options = getattr(config, stage)
    name = getattr(options, "model", None)
    if name is None:
        return True
    try:
        offline = config.runtime.model_copy(update={"download": False})
        found = find_model(name, offline, revision=options.revision)
    except ModelError as error:
        complain(f"{stage}.model: {error}")
        return False
    typer.echo(f"{stage}.model: {name} is {found.path} ({found.identity})", err=True)
    return True

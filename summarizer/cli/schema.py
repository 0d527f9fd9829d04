"""``summarizer schema``: the config's JSON Schema, for editors that complete and check YAML."""

from __future__ import annotations

import json

import typer


def schema() -> None:
    """Print the JSON Schema of a config."""
    from summarizer.config import RunConfig

    typer.echo(json.dumps(RunConfig.model_json_schema(), indent=2))

"""``summarizer models``: what is on this machine, what it is, whether it is whole; and fetching from the Hub."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from summarizer.cli.talk import complain

app = typer.Typer(help="List, show, verify and fetch models.", no_args_is_help=True, rich_markup_mode=None)
Name = Annotated[str, typer.Argument(help="A shipped model, a folder, or a Hub name such as facebook/bart-large-cnn.")]
Revision = Annotated[str | None, typer.Option(help="Branch, tag or commit of a Hub model.")]


@app.command("list")
def list_models() -> None:
    """List the models that ship and the Hub models that are on this machine."""
    from huggingface_hub import scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    from summarizer.models import read_manifest, shipped_models

    for name, folder in shipped_models().items():
        typer.echo(f"{name}\t{read_manifest(folder).get('task', '')}\t{folder}")
    try:
        cached = scan_cache_dir().repos
    except CacheNotFound:
        return
    for repo in sorted(cached, key=lambda repo: repo.repo_id):
        if repo.repo_type == "model":
            typer.echo(f"{repo.repo_id}\thub\t{repo.repo_path}")


@app.command()
def show(name: Name, revision: Revision = None) -> None:
    """Show where a model is, its hash, its manifest and its card."""
    from summarizer.models import find_model
    from summarizer.runtime import RuntimeOptions

    found = find_model(name, RuntimeOptions(), revision=revision)
    typer.echo(f"{name}\n  folder    {found.path}\n  identity  {found.identity}")
    if found.manifest:
        typer.echo(json.dumps(found.manifest, indent=1, ensure_ascii=False))
    card = found.path / "README.md"
    if card.is_file():
        typer.echo("\n" + card.read_text(encoding="utf-8"))


@app.command()
def verify(
    names: Annotated[list[str] | None, typer.Argument(help="Models to verify; none means all that ship.")] = None,
) -> None:
    """Compare each model's files with their checksums."""
    from summarizer.errors import ModelError
    from summarizer.models import find_model, shipped_models
    from summarizer.runtime import RuntimeOptions

    failed = False
    for name in names or shipped_models():
        try:
            found = find_model(name, RuntimeOptions())
        except ModelError as error:
            complain(str(error))
            failed = True
        else:
            checked = len(found.manifest.get("files", {}))
            typer.echo(
                f"{name}: {checked} files as they should be" if checked else f"{name}: has no checksums to compare"
            )
    raise typer.Exit(int(failed))


@app.command()
def fetch(name: Name, revision: Revision = None) -> None:
    """Fetch a Hub model (safetensors only), or convert a shipped model's base weights.

    After it runs need no network, and write nothing of models.
    """
    from summarizer.models import find_model
    from summarizer.runtime import RuntimeOptions
    from summarizer.summarize.loading import make_ready

    runtime = RuntimeOptions(download=True)
    found = find_model(name, runtime, revision=revision)
    make_ready(found, runtime)
    typer.echo(f"{name} is ready: {found.path} ({found.identity})")

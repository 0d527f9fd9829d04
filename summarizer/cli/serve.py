"""``summarizer serve``: a config as a service over HTTP, until it is told to end."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.talk import Overrides, Quiet

TOKEN_VARIABLE = "SUMMARIZER_TOKEN"
PACKAGES = ("fastapi", "uvicorn", "prometheus_client")


def serve(
    config: Annotated[
        Path, typer.Argument(help="A run's YAML file; what it says of input and output paths is unused.")
    ],
    host: Annotated[
        str, typer.Option(help="Address to listen at; any but a loopback one needs a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at; 0 takes any that is free.", min=0, max=65535)] = 8650,
    queue: Annotated[int, typer.Option(help="Articles that may wait before requests get 503.", min=1)] = 256,
    most_articles: Annotated[int, typer.Option(help="Articles in one request.", min=1)] = 100,
    most_characters: Annotated[int, typer.Option(help="Characters in one article's text.", min=1)] = 200_000,
    most_megabytes: Annotated[int, typer.Option(help="Length of one request's body.", min=1)] = 8,
    signoffs: Annotated[
        Path, typer.Option(help="SQLite file of what editors sign off at the desk, the page at '/'.")
    ] = Path("signoffs.sqlite"),
    quiet: Quiet = False,
    overrides: Overrides = None,
) -> None:
    """Serve a config over HTTP: briefs and tags of articles that are posted to /v1/records, and the editor's desk.

    The environment variable SUMMARIZER_TOKEN holds the bearer token that clients must have; without it there is none.
    """
    from summarizer.config import load_config
    from summarizer.errors import UsageError
    from summarizer.serve.limits import Limits

    _require_packages()
    if most_articles > queue:
        what = f"{most_articles} articles in one request would never fit into a queue of {queue}"
        raise UsageError("--most-articles", what, "Lower it, or raise --queue.")
    loaded = load_config(config, overrides or ())
    from summarizer.cli.run import require_a_stage
    from summarizer.serve.server import address_of, bind, run

    require_a_stage(config, loaded)
    token = os.environ.get(TOKEN_VARIABLE, "").strip()
    taken = bind(host, port, token)
    with taken:
        from summarizer.desk import SignOffStore
        from summarizer.serve.app import make_app
        from summarizer.serve.service import Service

        limits = Limits(
            queue_articles=queue,
            articles=most_articles,
            article_characters=most_characters,
            body_bytes=most_megabytes << 20,
        )
        store = SignOffStore(signoffs)
        try:
            app = make_app(Service(loaded, limits), token=token, signoffs=store)
            if not quiet:
                told = f"serving {config} at {address_of(taken)}; Ctrl-C ends it; sign-offs in {store.path}"
                typer.echo(told, err=True)
            run(app, taken, limits, log_requests=not quiet)
        finally:
            store.close()


def _require_packages() -> None:
    from importlib.util import find_spec

    from summarizer.errors import UsageError

    missing = [name.replace("_", "-") for name in PACKAGES if find_spec(name) is None]
    if missing:
        what = f"the service needs packages that are not installed ({', '.join(missing)})"
        raise UsageError("serve", what, "Install them: pip install 'summarizer[serve]'")

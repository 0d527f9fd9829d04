"""``summarizer desk``: the editor's page over the records of a run, on this machine only."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.talk import Overrides

if TYPE_CHECKING:
    from fastapi import FastAPI

    from summarizer.config import RunConfig

HOST = "127.0.0.1"
MOST_CONNECTIONS = 64


def desk(
    run: Annotated[
        Path | None, typer.Argument(help="A run folder, or the JSON lines that a run wrote; none to paste only.")
    ] = None,
    articles: Annotated[
        str | None, typer.Option(help="Where the articles of the records are; a run folder knows by itself.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="How to read what is pasted; a run folder knows by itself.")
    ] = None,
    signoffs: Annotated[
        Path | None, typer.Option(help="SQLite file of the sign-offs; otherwise in the run folder or beside the file.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Of the page; 0 takes any that is free.")] = 8765,
    overrides: Overrides = None,
) -> None:
    """Open the editor's desk: briefs beside their sources, to correct and sign off in a browser."""
    from summarizer.desk import SignOffStore
    from summarizer.desk.opening import LateWork, open_shelf, signoffs_beside, topics_of
    from summarizer.desk.recheck import SentenceCheck

    _require_server()
    loaded = _config(run, config, overrides)
    topics = topics_of(loaded)
    shelf = open_shelf(run, articles, topics) if run is not None else None
    store = SignOffStore(signoffs or signoffs_beside(run))
    try:
        from fastapi import FastAPI

        from summarizer.desk import add_desk

        app = FastAPI(title="summarizer desk", docs_url=None, redoc_url=None, openapi_url=None)
        add_desk(app, LateWork(loaded), store, shelf=shelf, topics=topics, check=SentenceCheck(loaded))
        if shelf is not None and shelf.bad_lines:
            typer.echo(f"{shelf.path}: {shelf.bad_lines} lines that are no records were passed over", err=True)
        _serve(app, port, f"sign-offs in {store.path}")
    finally:
        store.close()


def _config(run: Path | None, config: Path | None, overrides: list[str] | None) -> RunConfig:
    from summarizer.config import load_config
    from summarizer.desk.opening import run_config
    from summarizer.errors import UsageError
    from summarizer.models import shipped_folder

    kept = run_config(run) if run is not None and config is None else None
    if kept is None:
        return load_config(config or shipped_folder("configs") / "wire.yaml", list(overrides or ()))
    if overrides:
        raise UsageError("--set", f"would change what {run} was made with", "Add --config to read with another config.")
    return kept


def _require_server() -> None:
    from importlib.util import find_spec

    from summarizer.errors import UsageError

    missing = [name for name in ("fastapi", "uvicorn") if find_spec(name) is None]
    if missing:
        raise UsageError("desk", f"needs {' and '.join(missing)}", "Install them: pip install 'summarizer[serve]'.")


def _serve(app: FastAPI, port: int, note: str) -> None:
    """Serve until interrupted."""
    import contextlib

    import uvicorn

    with _bound(port) as listening:
        address = f"http://{HOST}:{listening.getsockname()[1]}/"
        typer.echo(f"the desk is at {address} (Ctrl-C ends it); {note}", err=True)
        settings = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_graceful_shutdown=10,
        )
        with contextlib.suppress(KeyboardInterrupt):  # raised once uvicorn has ended in good order
            uvicorn.Server(settings).run(sockets=[listening])


def _bound(port: int) -> socket.socket:
    """Return a socket on the loopback address.

    :raises UsageError: the port is taken.
    """
    from summarizer.errors import UsageError

    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()  # before the address is told, so that whoever calls at once waits instead of failing
    except OSError as error:
        listening.close()
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"{HOST}:{port}", f"cannot be used ({reason})", "Give another with --port.") from error
    return listening

"""A service over invented articles: brief by ``lead``, tags by a tiny linear model; and a client of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from summarizer.config import RunConfig, parse_config
from summarizer.desk import SignOffStore
from summarizer.serve.app import make_app
from summarizer.serve.limits import Limits
from summarizer.serve.service import Service

ADDRESS = "http://127.0.0.1:8650"
JSON = {"Content-Type": "application/json"}


def both(model: Path, *overrides: str) -> RunConfig:
    """A config of brief and tags."""
    text = (
        "summarize: {backend: lead, max_words: 20, min_source_words: 5}\n"
        f"classify: {{backend: linear, model: {model}}}\n"
        "runtime: {window_articles: 16}\n"
    )
    return parse_config(text, RunConfig, overrides=overrides)


def story(number: int) -> dict[str, Any]:
    """An article that is told by its number, in its text and so in its brief."""
    text = (
        f"Norvia and Tessland signed accord {number} in Orma. It runs for {number} years. The ministers met an envoy."
    )
    return {"id": f"w{number}", "title": f"Accord {number}", "text": text, "desk": number}


@contextmanager
def client_of(
    config: RunConfig, token: str = "", signoffs: SignOffStore | None = None, **limits: Any
) -> Iterator[TestClient]:
    service = Service(config, Limits(**limits))
    app = make_app(service, token=token, signoffs=signoffs)
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as client:
        client.service = service  # type: ignore[attr-defined]
        yield client


def post(client: TestClient, content: Any, path: str = "/v1/records", **headers: str) -> Any:
    """Post JSON, or bytes as they are."""
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(path, content=data, headers=JSON | {name.replace("_", "-"): v for name, v in headers.items()})

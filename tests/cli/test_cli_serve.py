"""``summarizer serve``: what it refuses before anything is loaded."""

from __future__ import annotations

import importlib.util
import socket
from pathlib import Path

import pytest


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "serve.yaml"
    path.write_text("summarize: {backend: lead}\n")
    return path


@pytest.fixture(autouse=True)
def no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUMMARIZER_TOKEN", raising=False)


def test_cli_serve_refuses_another_address_without_a_token(call, config: Path):
    code, out, err = call("serve", config, "--host", "0.0.0.0")
    assert (code, out) == (2, "")
    assert "Set the environment variable SUMMARIZER_TOKEN" in err


def test_cli_serve_says_that_a_port_is_taken(call, config: Path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        code, _, err = call("serve", config, "--port", other.getsockname()[1])
    assert code == 1
    assert "this address cannot be taken" in err


def test_cli_serve_names_the_extra_that_is_missing(call, config: Path, monkeypatch: pytest.MonkeyPatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "uvicorn" else find(name, *rest)
    )
    code, _, err = call("serve", config)
    assert code == 2
    assert "not installed (uvicorn)" in err
    assert "pip install 'summarizer[serve]'" in err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--queue", 10], "would never fit into a queue of 10"),
        (["--set", "summarize=null"], "neither summarizes nor classifies"),
        (["--set", "runtime.engine=ray"], "works in its own process"),
        (["--set", "summarize.max_word=3"], "Did you mean 'max_words'?"),
    ],
)
def test_cli_serve_refuses_what_cannot_be(call, config: Path, arguments: list[object], says: str):
    code, _, err = call("serve", config, "--port", 0, *arguments)
    assert code == 2
    assert says in err

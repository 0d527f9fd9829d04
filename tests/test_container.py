"""The Dockerfile: what it copies makes the package, what it starts exists, and its health check tells the truth."""

from __future__ import annotations

import importlib
import inspect
import re
import shlex
import subprocess
import sys
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from typer.main import get_command

from summarizer.cli import app
from summarizer.cli.serve import serve

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def deploy():
    """The modules of ``deploy/`` that read the Dockerfile and carry it out."""
    sys.path.append(str(ROOT / "deploy"))
    return importlib.import_module("dockerfile"), importlib.import_module("sandbox")


@pytest.fixture(scope="module")
def stages(deploy):
    return deploy[0].read_stages(ROOT / "Dockerfile")


@pytest.fixture(scope="module")
def image(stages):
    """The last stage's instructions that come once, by name."""
    return {one.name: one for one in stages[-1]}


def test_container_copies_what_the_package_is_made_of(deploy, stages, tmp_path: Path):
    builder = pytest.importorskip("hatchling.builders.wheel").WheelBuilder
    if not (ROOT / ".git").exists():
        pytest.skip("what belongs to the project is told by git")
    reader, sandbox = deploy
    source = sandbox.Stage(tmp_path / "stage")
    copies = [one for one in stages[0] if one.name in ("COPY", "WORKDIR")]
    source.build(copies, reader.Context(ROOT), {})
    [made] = builder(str(source.inside("."))).build(directory=str(tmp_path), versions=["standard"])
    shipped = {name for name in zipfile.ZipFile(made).namelist() if "/_shipped/" in name}
    tracked = subprocess.check_output(["git", "ls-files", "models", "configs"], cwd=ROOT, text=True).split()
    assert shipped == {f"summarizer/_shipped/{name}" for name in tracked}


@pytest.mark.parametrize(
    ("path", "is_there"),
    [
        ("models/brief-gemma/NOTICE", True),
        ("deploy/install.sh", True),
        ("tests", False),
        (".git", False),
        ("deploy/install.txt", False),
    ],
)
def test_container_context_holds_what_is_needed_alone(deploy, path: str, is_there: bool):
    assert deploy[0].Context(ROOT).has(path) is is_there


def test_container_context_leaves_out_by_the_last_pattern_that_fits(deploy, tmp_path: Path):
    (tmp_path / "kept" / "__pycache__").mkdir(parents=True)
    (tmp_path / "other").mkdir()
    (tmp_path / ".dockerignore").write_text("# all but one\n*\n!kept\n**/__pycache__\n")
    context = deploy[0].Context(tmp_path)
    assert [context.has(name) for name in ("kept", "other", "kept/__pycache__")] == [True, False, False]
    assert context.leaves_out(str(tmp_path), ["kept", "other"]) == {"other"}


def test_container_reader_refuses_what_it_does_not_know(deploy, tmp_path: Path):
    (tmp_path / "Dockerfile").write_text("FROM base\nONBUILD RUN true\n")
    with pytest.raises(ValueError, match="cannot carry out \\(ONBUILD\\)"):
        deploy[0].read_stages(tmp_path / "Dockerfile")


def test_container_command_is_one_that_asks_for_a_token_and_nothing_else(call, stages, image, monkeypatch):
    monkeypatch.delenv("SUMMARIZER_TOKEN", raising=False)
    placed = {one.words[1]: str(ROOT / one.words[0]) for one in stages[-1] if one.name == "COPY" and not one.flags}
    code, _, err = call(*(placed.get(word, word) for word in image["CMD"].words))
    assert code == 2
    assert "Set the environment variable SUMMARIZER_TOKEN" in err


@pytest.mark.parametrize("unit", sorted((ROOT / "deploy").glob("*.service")), ids=lambda unit: unit.stem)
def test_container_units_call_commands_with_options_that_exist(unit: Path):
    [started] = re.findall(r"^ExecStart=/opt/summarizer/bin/summarizer (\S+) (.*)$", unit.read_text(), re.MULTILINE)
    command = get_command(app).commands[started[0]]
    with command.make_context(started[0], shlex.split(started[1])) as context:
        assert "/etc/summarizer/wire.yaml" in map(str, context.params.values())


def test_container_runs_without_rights_and_without_a_shell(image):
    assert all(int(number) >= 1000 for number in image["USER"].value.split(":"))
    assert image["ENTRYPOINT"].words == ["summarizer"]


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1), (None, 1)])
def test_container_health_check_tells_health(image, status: int | None, code: int):
    command = health_command(image["HEALTHCHECK"])
    port = str(inspect.signature(serve).parameters["port"].default)
    assert port in command[2]

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            assert self.path == "/health"
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object):
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        if status is None:
            server.server_close()  # nobody listens, as while models load
        else:
            Thread(target=server.serve_forever, daemon=True).start()
        checked = command[2].replace(port, str(server.server_address[1]))
        asked = subprocess.run([sys.executable, command[1], checked], capture_output=True, check=False)
        if status is not None:
            server.shutdown()
    assert asked.returncode == code


def health_command(check) -> list[str]:
    """The words of a health check's command."""
    kind, _, command = check.value.partition(" ")
    assert kind == "CMD"
    return type(check)("CMD", {}, command).words

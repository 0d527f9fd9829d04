"""A desk over a fake runner, in a test client and in a browser."""

from __future__ import annotations

import shutil
import socket
import threading
from importlib.util import find_spec

import pytest
from desk_cases import make_app


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: needs Chromium and playwright")


def missing(*modules: str) -> str:
    """Say which modules are not installed."""
    return ", ".join(name for name in modules if find_spec(name) is None)


class Caller:
    """A test client that calls as the desk's own page does."""

    def __init__(self, app) -> None:
        from starlette.testclient import TestClient

        self.client = TestClient(app, raise_server_exceptions=True)

    def get(self, path: str, **options):
        return self.client.get(path, **options)

    def post(self, path: str, **options):
        headers = {"Origin": "http://testserver"} | options.pop("headers", {})
        return self.client.post(path, headers=headers, **options)

    def paste(self, text: str, title: str = "") -> dict:
        answer = self.post("/desk/api/articles", json={"title": title, "text": text})
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def call_desk(tmp_path):
    """Return a function that makes an app and gives a caller of it; the stores are closed at the end."""
    if lacking := missing("fastapi", "httpx2"):
        pytest.skip(f"not installed: {lacking}")
    stores = []

    def make(**options):
        folder = options.pop("folder", tmp_path)
        app, store = make_app(folder, **options)
        stores.append(store)
        caller = Caller(app)
        caller.store = store
        return caller

    yield make
    for store in stores:
        store.close()


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser():
    """A headless Chromium; the tests are skipped where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    if lacking := missing("playwright", "fastapi", "uvicorn"):
        pytest.skip(f"not installed: {lacking}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def served(tmp_path):
    """Return a function that serves a desk on the loopback address and gives its address and store."""
    import uvicorn

    running = []

    def serve(**options):
        app, store = make_app(tmp_path, **options)
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        running.append((server, thread, store, listening))
        return f"http://127.0.0.1:{listening.getsockname()[1]}/", store

    yield serve
    for server, thread, store, listening in running:
        server.should_exit = True
        thread.join(20)
        listening.close()
        store.close()

"""Who may call the service, and from where."""

from __future__ import annotations

from pathlib import Path

import pytest
from services import both, client_of, post, story

from summarizer.errors import SummarizerError, UsageError
from summarizer.serve.guard import is_loopback
from summarizer.serve.server import address_of, bind

TOKEN = "a-long-random-text"
GUARDED = [
    ("POST", "/v1/records"),
    ("POST", "/v1/brief"),
    ("POST", "/v1/tags"),
    ("GET", "/v1/topics"),
    ("GET", "/metrics"),
]


@pytest.fixture(scope="module")
def closed(linear_folder: Path):
    with client_of(both(linear_folder), TOKEN) as client:
        yield client


@pytest.fixture(scope="module")
def open_(linear_folder: Path):
    with client_of(both(linear_folder)) as client:
        yield client


@pytest.mark.parametrize(("method", "path"), GUARDED)
@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer \u00e4"]
)
def test_serve_without_the_token_is_401(closed, method: str, path: str, given: str | None):
    headers = {} if given is None else {"Authorization": given.encode("latin-1")}
    answer = closed.request(method, path, headers=headers, content=b"{}")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


def test_serve_with_the_token_answers(closed):
    for scheme in ("Bearer", "bearer"):
        assert post(closed, story(1), Authorization=f"{scheme} {TOKEN}").status_code == 200


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_serve_probes_need_no_token(closed, path: str):
    assert closed.get(path).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "localhost:9000"}, 200),
        ({"Host": "[::1]:8650"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:8650"}, 200),
        ({"Host": ""}, 421),
    ],
)
def test_serve_without_a_token_keeps_pages_of_other_sites_out(open_, headers: dict[str, str], status: int):
    answer = open_.get("/v1/topics", headers=headers)
    assert answer.status_code == status


def test_serve_with_a_token_may_be_called_by_any_name(closed):
    headers = {"Authorization": f"Bearer {TOKEN}", "Host": "wire.example", "Origin": "https://desk.example"}
    assert closed.get("/v1/topics", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False),
     ("192.0.2.7", False), ("", False), ("no.such.invalid", False)],
)  # fmt: skip
def test_serve_knows_what_is_loopback(host: str, local: bool):
    assert is_loopback(host) == local


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])
def test_serve_binds_nothing_but_loopback_without_a_token(host: str):
    with pytest.raises(UsageError, match="SUMMARIZER_TOKEN"):
        bind(host, 0, "")


def test_serve_binds_other_addresses_with_a_token():
    with bind("0.0.0.0", 0, TOKEN) as taken:
        assert taken.getsockname()[0] == "0.0.0.0"


def test_serve_says_that_an_address_is_taken():
    with bind("127.0.0.1", 0, "") as taken:
        taken.listen()
        port = taken.getsockname()[1]
        assert address_of(taken) == f"http://127.0.0.1:{port}"
        with pytest.raises(SummarizerError, match="cannot be taken"):
            bind("127.0.0.1", port, "")

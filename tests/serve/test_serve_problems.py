"""What the service answers to requests that are not as they should be: always a problem, never a 5xx."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path

import pytest
from services import JSON, both, client_of, post, story

XXE = (
    '<?xml version="1.0"?><!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<nitf><body><body.content><p>&x;</p></body.content></body></nitf>"
)
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<rss version='2.0'><channel><item><title>&b;</title></item></channel></rss>"
)


@pytest.fixture(scope="module")
def client(linear_folder: Path):
    limits = {"body_bytes": 20_000, "articles": 5, "queue_articles": 8, "body_seconds": 0.3}
    with client_of(both(linear_folder), **limits) as client:
        yield client


def problem(answer) -> str:
    """Check the form of a problem; return what it says."""
    assert answer.headers["content-type"] == "application/problem+json"
    content = answer.json()
    assert content["status"] == answer.status_code
    assert content["title"]
    return str(content["detail"])


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "is empty"),
        (b"{", "cut off"),
        (b'{"text": "a"', "cut off"),
        (b"nonsense", "not JSON"),
        (b"[1, 2", "not JSON"),
        (b'"text"', "not a JSON object but a string"),
        (b'{"id": "a"}', "no field 'text'"),
        (b'{"text": null}', "must be text"),
        (b'{"text": "  "}', "blank"),
        (b'{"id": [], "text": "a"}', "the id must be text"),
        ('{"text": "caf\u00e9 na\u00efve \u00fcber \u00e4 \u00f6"}'.encode() + b"\xff", "not utf-8"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a PNG image"),
        (b'{"text": "a\0b"}', ""),
        (b"[" * 10_000, "cut off"),
        (b'{"a":' * 3_000, "recursion"),
        (b'{"text": "a", "n": ' + b"9" * 5_000 + b"}", "exceeds the limit"),
    ],
)
def test_serve_a_body_that_cannot_be_read_is_422(client, body: bytes, says: str):
    answer = post(client, body)
    assert answer.status_code == 422
    assert says in problem(answer)


def test_serve_a_list_without_one_article_that_can_be_read_is_422(client):
    answer = post(client, [{"id": "a"}, {"id": "b", "text": ""}])
    assert answer.status_code == 422
    assert "(and 1 others)" in problem(answer)
    assert [failure["where"] for failure in answer.json()["failures"]] == ["body:1", "body:2"]


def test_serve_fields_nested_too_deep_are_422_and_cost_no_neighbour(client):
    deep = {"id": "deep", "text": story(1)["text"], "a": json.loads("[" * 40 + "]" * 40)}
    answer = post(client, deep)
    assert answer.status_code == 422
    assert "nested more than 32 deep" in problem(answer)
    assert answer.json()["failures"][0]["id"] == "deep"
    assert [row["id"] for row in post(client, [story(1), deep, story(2)]).json()] == ["w1", "deep", "w2"]


@pytest.mark.parametrize("body", [XXE, LAUGHS])
def test_serve_entities_are_422_and_never_expanded(client, body: str):
    answer = client.post("/v1/records", content=body.encode(), headers={"Content-Type": "application/xml"})
    assert answer.status_code == 422
    assert "declares entities of its own" in problem(answer)
    assert "root:" not in answer.text


def test_serve_a_long_body_is_413_whether_it_says_so_or_not(client):
    long = json.dumps(story(1) | {"pad": "x" * 20_000}).encode()
    pieces = (long[start : start + 1000] for start in range(0, len(long), 1000))
    answers = [post(client, long), client.post("/v1/records", content=pieces, headers=JSON)]
    assert [answer.status_code for answer in answers] == [413, 413]
    assert all("the limit is 20000" in problem(answer) for answer in answers)
    assert client.service.bodies.held_bytes == 0


def test_serve_a_long_article_is_422_and_costs_no_neighbour(linear_folder: Path):
    with client_of(both(linear_folder), article_characters=200) as client:
        long = story(1) | {"id": "long", "text": "x" * 201}
        assert "201 characters, the limit is 200" in problem(post(client, long))
        assert [row["id"] for row in post(client, [story(1), long]).json()] == ["w1", "long"]


def test_serve_many_articles_are_413(client):
    assert "more than 5 articles" in problem(post(client, [story(1)] * 6))


def test_serve_gzip_is_unpacked_within_the_limit(client):
    packed = gzip.compress(json.dumps(story(1)).encode())
    assert post(client, packed, Content_Encoding="gzip").json()["id"] == "w1"
    bomb = gzip.compress(b'{"text": "' + b"a" * 50_000_000 + b'"}')
    assert len(bomb) > 20_000  # so it is cut, which the limit on what comes in would not have let through
    answer = post(client, gzip.compress(b'{"text": "' + b"a" * 10_000_000 + b'"}'), Content_Encoding="gzip")
    assert answer.status_code == 413
    assert "unpacks to more than 20000 bytes" in problem(answer)


@pytest.mark.parametrize("cut", [slice(0, -4), slice(0, 12), slice(3, None)])
def test_serve_broken_gzip_is_422(client, cut: slice):
    packed = gzip.compress(json.dumps(story(1)).encode())
    assert post(client, packed[cut], Content_Encoding="gzip").status_code == 422


def test_serve_gzip_with_more_behind_it_is_422(client):
    packed = gzip.compress(json.dumps(story(1)).encode())
    assert "goes on behind its end" in problem(post(client, packed + packed, Content_Encoding="gzip"))


@pytest.mark.parametrize("packing", ["deflate", "br", "gzip, gzip", "zstd"])
def test_serve_other_packings_are_415(client, packing: str):
    answer = post(client, zlib.compress(b"{}"), Content_Encoding=packing)
    assert answer.status_code == 415
    assert answer.headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    "media_type",
    ["", "application/octet-stream", "multipart/form-data; boundary=x", "image/png", "json", "\u00e4/\u00f6", ";", "/"],
)
def test_serve_other_media_types_are_415(client, media_type: str):
    headers = [(b"content-type", media_type.encode("latin-1"))]
    assert client.post("/v1/records", content=b"{}", headers=headers).status_code == 415


@pytest.mark.parametrize("charset", ["nonsense", "rot13", "base64", "utf-8\0", "'"])
def test_serve_unknown_charsets_are_415(client, charset: str):
    headers = {"Content-Type": f'application/json; charset="{charset}"'}
    assert client.post("/v1/records", content=b"{}", headers=headers).status_code in (415, 422)


def test_serve_a_charset_that_the_body_is_not_in_is_422(client):
    answer = client.post(
        "/v1/records", content=b'{"text": "\x80"}', headers={"Content-Type": "text/plain; charset=ascii"}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/records", 405),
        ("DELETE", "/v1/topics", 405),
        ("POST", "/health", 405),
        ("GET", "/v2/records", 404),
        ("GET", "/v1/records/../../etc/passwd", 404),
        ("POST", "/%00", 404),
    ],
)
def test_serve_what_is_not_there_is_a_problem_too(client, method: str, path: str, status: int):
    answer = client.request(method, path)
    assert answer.status_code == status
    problem(answer)
    assert ("allow" in answer.headers) == (status == 405)


def test_serve_lone_surrogates_come_back_as_text(client):
    answer = post(client, b'{"id": "\\ud800", "title": "\\udfff", "text": "The ministers met an envoy."}')
    assert answer.status_code == 200
    assert answer.json()["id"] == "\ufffd"
    assert post(client, b'{"id": "\\ud800", "text": ""}').status_code == 422


def test_serve_answers_problems_in_the_words_of_the_reader(client):
    answer = post(client, {"id": "a", "body": "The ministers met."})
    assert "Did you mean 'body'?" in problem(answer)
    assert answer.json()["failures"][0]["where"].startswith("body:1")

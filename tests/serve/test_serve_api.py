"""What the endpoints answer."""

import json
from pathlib import Path

import pytest
from services import JSON, both, client_of, post, story


@pytest.fixture(scope="module")
def client(linear_folder: Path):
    with client_of(both(linear_folder)) as client:
        yield client


def test_serve_one_article_gives_its_record(client):
    answer = post(client, story(3))
    assert answer.status_code == 200
    record = answer.json()
    assert (record["id"], record["title"], record["fields"]) == ("w3", "Accord 3", {"desk": 3})
    assert "accord 3" in record["brief"]["text"]
    assert {tag["topic"] for tag in record["tags"]} <= {"defence", "diplomacy", "energy"}
    span = record["brief"]["sentences"][0]["evidence"][0]
    assert story(3)["text"][span["start"] : span["end"]] == span["text"]


def test_serve_a_list_gives_a_list_with_failures_in_their_places(client):
    answer = post(client, [story(1), {"id": "x", "text": ""}, story(2), "no object"])
    assert answer.status_code == 200
    first, failure, second, other = answer.json()
    assert [first["id"], second["id"]] == ["w1", "w2"]
    assert (failure["id"], failure["where"], failure["stage"]) == ("x", "body:2", "read")
    assert other["what"] == "not a JSON object but a string"


@pytest.mark.parametrize("content", [[], [story(1)]])
def test_serve_a_list_gives_a_list_however_short(client, content):
    assert [record["id"] for record in post(client, content).json()] == [row["id"] for row in content]


def test_serve_makes_ids_where_there_are_none_never_twice(client):
    row = {"text": story(1)["text"]}
    ids = [record["id"] for _ in range(2) for record in post(client, [row, row]).json()]
    assert len(set(ids)) == 4


def test_serve_the_same_id_again_is_no_warning(client):
    answers = [post(client, story(5)).json() for _ in range(2)]
    assert [answer.get("warnings") for answer in answers] == [None, None]


def test_serve_brief_has_no_tags_and_tags_no_brief(client):
    brief, tags = (post(client, story(7), path).json() for path in ("/v1/brief", "/v1/tags"))
    assert ("brief" in brief, "tags" in brief) == (True, False)
    assert ("brief" in tags, "tags" in tags) == (False, True)
    assert brief["made_by"]["models"] == {}
    assert brief["made_by"]["config"] != tags["made_by"]["config"]


@pytest.mark.parametrize(
    ("media_type", "body", "title"),
    [
        ("text/plain", "The ministers met an envoy in Orma on Monday.\n", ""),
        ("application/x-ndjson", json.dumps(story(1)) + "\n" + json.dumps(story(2)) + "\n", "Accord 1"),
        (
            "application/ninjs+json",
            json.dumps({"uri": "urn:x:1", "type": "text", "headline": "Accord", "body_text": story(1)["text"]}),
            "Accord",
        ),
        (
            "text/vnd.iptc.nitf; charset=utf-8",
            "<nitf><body><body.head><hedline><hl1>Accord</hl1></hedline></body.head>"
            f"<body.content><p>{story(1)['text']}</p></body.content></body></nitf>",
            "Accord",
        ),
        (
            "application/rss+xml",
            "<rss version='2.0'><channel><title>Wire</title><item><title>Accord</title><guid>urn:x:1</guid>"
            f"<description>{story(1)['text']}</description></item></channel></rss>",
            "Accord",
        ),
        ("text/x-iptc7901", "\x01ags0123 4 pol 30 Accord\n\x02Accord =\n" + story(1)["text"] + "\n\x03\x04", "Accord"),
    ],
)
def test_serve_reads_formats_by_content_type(client, media_type: str, body: str, title: str):
    answer = client.post("/v1/records", content=body.encode(), headers={"Content-Type": media_type})
    assert answer.status_code == 200, answer.text
    records = answer.json() if isinstance(answer.json(), list) else [answer.json()]
    assert records[0].get("title", "") == title
    assert records[0]["brief"]["text"]


def test_serve_reads_what_the_charset_says(client):
    row = story(1) | {"title": "Präsident trifft Gäste"}
    body = json.dumps(row, ensure_ascii=False).encode("latin-1")
    answer = client.post("/v1/records", content=body, headers={"Content-Type": "application/json; charset=latin-1"})
    assert answer.json()["title"] == row["title"]


def test_serve_lists_topics_with_their_thresholds(client):
    rows = client.get("/v1/topics").json()
    assert [row["topic"] for row in rows] == ["defence", "diplomacy", "energy"]
    assert all(row["review"] <= (row["accept"] or 1) for row in rows)


@pytest.mark.parametrize(("path", "section"), [("/v1/brief", "summarize"), ("/v1/tags", "classify")])
def test_serve_what_the_config_leaves_out_is_not_there(linear_folder: Path, path: str, section: str):
    with client_of(both(linear_folder, f"{section}=null")) as client:
        answer = post(client, story(1), path)
        assert (answer.status_code, section in answer.json()["detail"]) == (404, True)
        assert post(client, story(1)).status_code == 200


def test_serve_metrics_count_what_was_done(client):
    post(client, [story(101), {"id": "x", "text": ""}])
    lines = client.get("/metrics").text.splitlines()
    counts = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}
    assert counts['summarizer_requests_total{endpoint="/v1/records",status="200"}'] >= 1
    assert counts["summarizer_records_total"] >= 1
    assert counts['summarizer_failures_total{stage="read"}'] >= 1
    assert counts['summarizer_sentences_total{origin="verbatim"}'] >= 1
    assert counts["summarizer_queue_articles"] == 0
    assert counts['summarizer_stage_seconds_total{stage="summarize"}'] >= 0
    assert any(key.startswith('summarizer_decisions_total{decision="') for key in counts)
    assert counts["process_resident_memory_bytes"] > 1 << 20


def test_serve_is_alive_and_ready(client):
    assert client.get("/health").json() == {"status": "ok"}
    assert client.get("/ready").json() == {"status": "ready"}


def test_serve_is_not_ready_after_its_end(linear_folder: Path):
    with client_of(both(linear_folder)) as client:
        pass
    assert client.get("/ready").status_code == 503
    assert post(client, story(1)).status_code == 503


def test_serve_describes_itself_with_examples_that_work(client):
    described = client.get("/openapi.json").json()
    for path in ("/v1/records", "/v1/brief", "/v1/tags"):
        operation = described["paths"][path]["post"]
        asked = operation["requestBody"]["content"]["application/json"]["examples"]
        given = operation["responses"]["200"]["content"]["application/json"]["examples"]
        assert {"401", "413", "415", "422", "503"} <= set(operation["responses"])
        one, several = (post(client, asked[name]["value"], path) for name in ("one", "several"))
        assert set(one.json()) <= set(given["one"]["value"]) | {"warnings"}
        assert len(several.json()) == 2


def test_serve_has_no_page_that_fetches_from_elsewhere(client):
    assert [client.get(path).status_code for path in ("/docs", "/redoc")] == [404, 404]


def test_serve_names_each_request(client):
    names = {client.get("/health").headers["x-request-id"] for _ in range(3)}
    assert len(names) == 3


def test_serve_desk_can_work_from_a_thread(client):
    from concurrent.futures import ThreadPoolExecutor

    from summarizer.records import Article, Record

    article = Article(id="a", text=story(9)["text"])
    with ThreadPoolExecutor(1) as pool:
        [record] = pool.submit(client.service.work, [article]).result(timeout=30)
    assert isinstance(record, Record)


def test_serve_content_type_is_needed(client):
    answer = client.post("/v1/records", content=b"{}", headers={})
    assert answer.status_code == 415
    assert "application/json" in answer.headers["accept-post"]
    assert JSON["Content-Type"] in answer.json()["detail"]

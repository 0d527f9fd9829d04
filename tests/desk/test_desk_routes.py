import gzip
import json

import pytest
from desk_cases import TEXT, TITLE, accord, record_of
from test_desk_routes_signing import signing

from summarizer.desk import routes
from summarizer.desk.guard import POLICY
from summarizer.desk.shelf import Shelf
from summarizer.errors import ModelError


def test_desk_page_and_files_allow_nothing_from_elsewhere(call_desk):
    desk = call_desk()
    for path in ("/", "/desk/main.js", "/desk/desk.css", "/desk/icon.svg", "/desk/api/about"):
        answer = desk.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert "unsafe" not in POLICY
    assert "http" not in desk.get("/").text.replace("http-equiv", "")


def test_desk_files_are_not_sent_twice(call_desk):
    desk = call_desk()
    tag = desk.get("/desk/main.js").headers["etag"]
    again = desk.get("/desk/main.js", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/desk/../store.py", "/desk/%2e%2e/store.py", "/desk/__init__.py", "/desk/x.js"])
def test_desk_serves_its_page_files_only(call_desk, path):
    assert call_desk().get(path).status_code == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver:8080", "testserver.evil.example", "", "[::1", "testserver:9z"]
)
def test_desk_is_not_known_by_another_name(call_desk, host):
    desk = call_desk()
    for path in ("/", "/desk/api/about"):
        answer = desk.get(path, headers={"Host": host})
        assert answer.status_code == 421
        assert answer.headers["content-type"] == "application/problem+json"


def test_desk_is_known_by_the_names_that_it_is_given(call_desk):
    desk = call_desk(hosts=["Desk.Example", "other.example:8443"])
    status = {
        host: desk.get("/", headers={"Host": host}).status_code
        for host in ("desk.example", "desk.example:99", "other.example:8443", "other.example")
    }
    assert status == {"desk.example": 200, "desk.example:99": 200, "other.example:8443": 200, "other.example": 421}
    assert call_desk(hosts=["*"]).get("/", headers={"Host": "any.example"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": ""},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://testserver:81"},
        {"Origin": "http://testserver.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/desk/api/articles", "/desk/api/signoffs"])
def test_desk_takes_nothing_from_another_sites_page(call_desk, headers, path):
    desk = call_desk()
    assert desk.post(path, headers=headers, json={"text": TEXT}).status_code == 403
    assert desk.store.recent(5) == []


def test_desk_shows_nothing_to_another_sites_page(call_desk):
    desk = call_desk()
    assert desk.get("/desk/api/about", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert desk.get("/", headers=link).status_code == 200
    assert desk.get("/desk/api/export/audit.jsonl", headers=link).status_code == 403


def test_desk_reads_what_is_pasted(call_desk):
    [shown] = call_desk().paste(TEXT, TITLE)["records"]
    assert shown["article"]["text"] == TEXT
    assert [sentence["origin"] for sentence in shown["record"]["brief"]["sentences"]] == [
        "generated",
        "verbatim",
        "replaced",
        "generated",
    ]
    assert shown["names"]["defence-cooperation"] == "defence cooperation"


def test_desk_shows_a_record_again(call_desk, tmp_path):
    desk = call_desk()
    [shown] = desk.paste(TEXT, TITLE)["records"]
    later = call_desk()  # as after a crash
    assert later.get(f"/desk/api/records/{shown['key']}").json() == shown
    assert [one["key"] for one in later.get("/desk/api/about").json()["recent"]] == [shown["key"]]


@pytest.mark.parametrize(
    "name", ["story", "story.txt", "../../story.txt", "C:\\wire\\story.txt", ".hidden/story.txt.gz"]
)
def test_desk_reads_a_file_whatever_it_is_called(call_desk, name):
    body = gzip.compress(TEXT.encode()) if name.endswith(".gz") else TEXT.encode()
    answer = call_desk().post("/desk/api/articles", params={"name": name}, content=body).json()
    assert [shown["article"]["id"] for shown in answer["records"]] == ["story"]
    assert answer["failures"] == []


def test_desk_reads_several_articles_and_tells_what_failed(call_desk):
    lines = [{"id": "a", "text": TEXT}, {"id": "b", "text": "Word"}, {"id": "c", "text": TEXT}]
    body = "\n".join(map(json.dumps, lines)) + "\nnot json\n"
    answer = call_desk().post("/desk/api/articles", params={"name": "wire.jsonl"}, content=body).json()
    assert [shown["article"]["id"] for shown in answer["records"]] == ["a", "c"]
    assert [failure["where"] for failure in answer["failures"]] == ["wire.jsonl:2", "wire.jsonl:4"]


def test_desk_reads_no_more_articles_than_one_can_look_at(call_desk):
    body = "\n".join(json.dumps({"id": str(number), "text": TEXT}) for number in range(40))
    answer = call_desk().post("/desk/api/articles", params={"name": "wire.jsonl"}, content=body).json()
    assert len(answer["records"]) == 25
    assert "more than 25 articles" in answer["failures"][-1]["what"]


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("story.exe", b"MZ", "does not read EXE files"),
        ("story.docx", b"PK", "copy the story and paste it here"),
        ("story", b"%PDF-1.4 " * 20, "looks like a PDF file"),
        ("story.txt", b"x" * 200_001, "200,001 characters, more than the desk reads at once (200,000)"),
        ("story.txt.gz", gzip.compress(b" " * (40 << 20)), "more than 32 MB when unpacked"),
        ("story.txt.gz", gzip.compress(TEXT.encode())[:200], "damaged gzip file"),
        ("", b'{"text": " "}', "no text"),
        ("", b'{"text": "' + b"x" * 200_001 + b'"}', "200,001 characters"),
        ("", b'{"text": 7}', "text"),
        ("", b'{"txt": "a"}', "text"),
        ("", b"[" * 100_000, "JSON"),
        ("", b"\xff\xfe", "JSON"),
        ("", b'{"text": "\\ud83d"}', "JSON"),
    ],
    ids=[
        "ending",
        "office",
        "bare",
        "long",
        "bomb",
        "cut",
        "blank",
        "long-paste",
        "number",
        "unknown-key",
        "deep",
        "bytes",
        "surrogate",
    ],
)
def test_desk_tells_what_it_cannot_read(call_desk, name, body, told):
    answer = call_desk().post("/desk/api/articles", params={"name": name}, content=body)
    if answer.status_code == 200:  # a reader's own failure
        assert answer.json()["records"] == []
        assert told in str(answer.json()["failures"])
        assert answer.json()["failures"]
    else:
        assert answer.status_code == 422
        assert told in answer.json()["detail"]
        assert "/tmp" not in answer.text


def test_desk_takes_no_more_than_its_limit(call_desk, monkeypatch):
    monkeypatch.setattr(routes, "MOST_FILE_BYTES", 1000)
    desk = call_desk()
    parts = (b"x" * 400 for _ in range(3))  # sent in pieces, so that no length is announced
    for content in (b"x" * 1001, parts):
        answer = desk.post("/desk/api/articles", params={"name": "a.txt"}, content=content)
        assert (answer.status_code, answer.json()["title"]) == (413, "Too large")


def test_desk_tells_that_models_are_missing(call_desk):
    def broken(items):
        raise ModelError("models/mine", "is missing", "Train it.")

    answer = call_desk(work=broken).post("/desk/api/articles", json={"text": TEXT})
    assert (answer.status_code, answer.json()["detail"]) == (503, "models/mine: is missing. Train it.")
    assert call_desk(work=None).post("/desk/api/articles", json={"text": TEXT}).status_code == 503


def test_desk_lists_and_opens_the_records_of_a_run(call_desk, tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_text(json.dumps(record_of(accord()).to_dict()) + "\n")
    shelf = Shelf(path, lambda _: accord())
    desk = call_desk(shelf=shelf)
    listed = desk.get("/desk/api/run").json()
    assert [(row["number"], row["id"], row["signed"]) for row in listed["rows"]] == [(0, "accord", None)]
    shown = desk.get("/desk/api/run/0").json()
    assert shown["article"]["text"] == TEXT
    desk.post("/desk/api/signoffs", json=signing(shown["key"]))
    assert desk.get("/desk/api/run").json()["signed"] == 1
    assert desk.get("/desk/api/run", params={"only": "open"}).json()["rows"] == []
    assert desk.get("/desk/api/run/1").status_code == 404
    assert desk.get("/desk/api/run/x").status_code == 422
    assert desk.get("/desk/api/run", params={"count": 10**6}).status_code == 422
    shelf.close()


def test_desk_takes_out_evidence_that_does_not_fit(call_desk, tmp_path):
    from dataclasses import replace

    path = tmp_path / "records.jsonl"
    path.write_text(json.dumps(record_of(accord()).to_dict()) + "\n")
    shelf = Shelf(path, lambda _: replace(accord(), text="Update. " + TEXT))
    shown = call_desk(shelf=shelf).get("/desk/api/run/0").json()
    assert shown["lost"] == 4
    assert all(sentence["evidence"] == [] for sentence in shown["record"]["brief"]["sentences"])
    shelf.close()


def test_desk_guards_its_data_with_the_apps_own_check(call_desk):
    from fastapi import Depends, HTTPException, Request

    def need_token(request: Request) -> None:
        if request.headers.get("authorization") != "Bearer right":
            raise HTTPException(401)

    desk = call_desk(dependencies=[Depends(need_token)])
    assert desk.get("/").status_code == 200
    for path in ("/desk/api/about", "/desk/api/export/audit.jsonl"):
        assert desk.get(path).status_code == 401
        assert desk.get(path, headers={"Authorization": "Bearer right"}).status_code == 200
    assert desk.post("/desk/api/articles", json={"text": TEXT}).status_code == 401


def test_desk_works_with_a_runner(call_desk, tmp_path, runtime):
    from tiny_topics import tiny_linear

    from summarizer.config import RunConfig
    from summarizer.runner import Runner

    folder, _ = tiny_linear(tmp_path / "topics")
    config = RunConfig.model_validate(
        {
            "summarize": {"backend": "lead"},
            "classify": {"backend": "linear", "model": str(folder), "review": 0.0},
            "runtime": runtime.model_dump(),
        }
    )
    desk = call_desk(work=Runner(config).work)
    [shown] = desk.paste(TEXT * 2, TITLE)["records"]
    assert shown["record"]["brief"]["backend"] == "lead"
    answers = {tag["topic"]: "rejected" for tag in shown["record"]["tags"] if tag["decision"] == "review"}
    assert desk.post("/desk/api/signoffs", json=signing(shown["key"], tags=answers)).status_code == 200

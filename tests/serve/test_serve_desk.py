"""The desk as the service mounts it: at '/', with the service's models, behind its token."""

from __future__ import annotations

from pathlib import Path

import pytest
from services import ADDRESS, both, client_of, post, story

from summarizer.desk import SignOffStore

OWN = {"Origin": ADDRESS, "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def store(tmp_path: Path):
    with_signoffs = SignOffStore(tmp_path / "signoffs.sqlite")
    yield with_signoffs
    with_signoffs.close()


def test_service_has_the_desk_work_with_its_models(linear_folder: Path, store: SignOffStore):
    with client_of(both(linear_folder), signoffs=store) as client:
        page = client.get("/")
        assert page.status_code == 200
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        answer = client.post("/desk/api/articles", headers=OWN, json={"title": "Accord", "text": story(3)["text"]})
        [shown] = answer.json()["records"]
        assert shown["record"]["brief"]["sentences"][0]["origin"] == "verbatim"
        assert len(store.recent(5)) == 1
        assert post(client, story(4)).status_code == 200


def test_service_has_the_desk_ask_for_its_token(linear_folder: Path, store: SignOffStore):
    with client_of(both(linear_folder), token="secret", signoffs=store) as client:
        assert client.get("/").status_code == 200
        assert client.get("/desk/api/about", headers=OWN).status_code == 401
        asked = OWN | {"Authorization": "Bearer secret"}
        assert client.get("/desk/api/about", headers=asked).status_code == 200
        assert client.get("/desk/api/about", headers=asked | {"Host": "desk.example"}).status_code == 200


def test_service_without_a_store_has_no_desk(linear_folder: Path):
    with client_of(both(linear_folder)) as client:
        assert client.get("/").status_code == 404


def test_service_checks_what_an_editor_writes(linear_folder: Path, store: SignOffStore):
    with client_of(both(linear_folder, "evidence.support=null"), signoffs=store) as client:
        answer = client.post("/desk/api/articles", headers=OWN, json={"title": "Accord", "text": story(3)["text"]})
        asked = {
            "key": answer.json()["records"][0]["key"],
            "sentences": ["It runs for 3 years.", "It runs for 9 years."],
        }
        right, wrong = client.post("/desk/api/checks", headers=OWN, json=asked).json()["sentences"]
        assert (right["origin"], right["unsupported"]) == ("verbatim", [])
        assert "9 years" in wrong["unsupported"][0]

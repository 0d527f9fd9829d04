"""Records of the service are linked to earlier ones, in the order in which they came, across a kill of the process."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from services import both, client_of, post

from summarizer.config import RunConfig
from summarizer.errors import OutputError
from summarizer.records import Article
from summarizer.serve.limits import Limits
from summarizer.serve.service import Service


def story(number: int, more: str = "") -> dict[str, Any]:
    """A story that shares no words with another number's."""
    chance = random.Random(number)
    words = ["".join(chance.choices("abdefgiklmnoprstuv", k=7)) for _ in range(60)]
    text = " ".join(" ".join(["The", *words[start : start + 12]]) + "." for start in range(0, 60, 12))
    return {"id": f"w{number}", "text": f"{text} {more}".strip()}


def update(number: int) -> dict[str, Any]:
    return {**story(number, "The envoy spoke to the crowd."), "id": f"w{number}b"}


def configured(linear_folder: Path, index: Path | None = None) -> RunConfig:
    return both(linear_folder, "updates={}" if index is None else f"updates.index={index}")


def test_service_links_a_story_to_the_one_before(linear_folder: Path):
    with client_of(configured(linear_folder)) as client:
        first, second = (post(client, body).json() for body in (story(1), update(1)))
        assert "updates" not in first
        assert second["updates"] == "w1"
        assert [sentence["text"] for sentence in second["changes"]["sentences"]] == ["The envoy spoke to the crowd."]


def test_service_links_within_a_request_and_of_many_clients_at_once(linear_folder: Path):
    with client_of(configured(linear_folder)) as client:
        rows = post(client, [story(1), update(1), story(2)]).json()
        assert [row.get("updates") for row in rows] == [None, "w1", None]
        with ThreadPoolExecutor(8) as clients:
            list(clients.map(lambda number: post(client, story(number)), range(10, 40)))
            rows = list(clients.map(lambda number: post(client, update(number)).json(), range(10, 40)))
        assert [row.get("updates") for row in rows] == [f"w{number}" for number in range(10, 40)]


def test_service_without_the_section_and_other_endpoints_link_nothing(linear_folder: Path):
    with client_of(both(linear_folder)) as client:
        assert [post(client, body).json().get("updates") for body in (story(1), update(1))] == [None, None]
    with client_of(configured(linear_folder)) as client:
        post(client, story(1), "/v1/tags")
        assert "updates" not in post(client, update(1)).json()


def test_service_that_was_killed_knows_what_it_answered_and_links_no_story_to_itself(
    linear_folder: Path, tmp_path: Path
):
    config = configured(linear_folder, tmp_path / "stories.sqlite")
    service = Service(config, Limits())  # never closed, as one that was killed
    service._works["records"]([Article(**story(1))])
    with client_of(config) as client:
        again, second, third = (post(client, body).json() for body in (story(1), update(1), update(1)))
    assert not {"same_as", "updates"} & set(again)
    assert second["updates"] == third["updates"] == "w1"
    assert third["changes"] == second["changes"]


def test_service_with_an_index_that_cannot_be_used_does_not_start(linear_folder: Path, tmp_path: Path):
    with pytest.raises(OutputError, match="stories"):
        Service(configured(linear_folder, tmp_path / "nowhere" / "stories.sqlite"), Limits())

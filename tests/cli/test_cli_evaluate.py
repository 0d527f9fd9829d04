"""``summarizer evaluate``: the table on stdout, talk on stderr, mistakes without a traceback."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from tiny_topics import invent, tiny_linear, write_rows


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return tiny_linear(tmp_path / "tiny")[0]


@pytest.fixture
def call(call):
    return partial(call, "evaluate", "topics")


def test_cli_evaluate_prints_the_table_and_writes_the_folder(
    call, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data = write_rows(tmp_path / "held.jsonl", invent(30, seed=4))
    train = write_rows(tmp_path / "train.jsonl", invent(40, seed=3))
    code, out, err = call(model, data, "--train", train, "--set", "samples=100")
    assert code == 0
    assert out.startswith("|  | model | linear | most frequent topics |\n")
    assert "30 of 30 articles scored" in err
    assert (tmp_path / "evaluation-tiny" / "evaluation.md").is_file()


def test_cli_evaluate_takes_keys_from_a_file(call, model: Path, tmp_path: Path) -> None:
    data = write_rows(tmp_path / "held.jsonl", [{**row, "tags": row.pop("topics")} for row in invent(30, seed=4)])
    config = tmp_path / "evaluation.yaml"
    config.write_text(f"model: {model}\ndata: {data}\nout: {tmp_path / 'e'}\nsamples: 100\ntopics_field: tags\n")
    code, _, err = call("--config", config, "--quiet")
    assert (code, err) == (0, "")
    assert (tmp_path / "e" / "evaluation.json").is_file()


def test_cli_evaluate_names_unknown_topics(call, model: Path, tmp_path: Path) -> None:
    data = write_rows(tmp_path / "held.jsonl", [{"text": "Words.", "topics": ["sport"]}])
    code, out, err = call(model, data, "--out", tmp_path / "e")
    assert (code, out) == (1, "")
    assert "unknown topics (number of articles: 'sport' on 1)" in err


def test_cli_evaluate_without_data_is_wrong_usage(call, model: Path) -> None:
    code, _, err = call(model)
    assert code == 2
    assert "data" in err

"""Training an adapter on briefs: its loss falls, a killed run is taken up, the ``causal`` backend loads the result."""

import json
from pathlib import Path

import pytest

from summarizer.config import RunConfig, parse_config
from summarizer.errors import InputError
from summarizer.records import Article, Record
from summarizer.runner import Runner
from summarizer.train import brief as training
from summarizer.train.brief import train_brief
from summarizer.train.brief_options import BriefTraining

STORY = "The ministers of Norvia and Tessland signed an accord in Orma on Tuesday. It runs for five years."


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.jsonl"
    pairs = [{"id": str(n), "text": f"{STORY} Day {n}.", "summary": "Norvia and Tessland signed."} for n in range(12)]
    path.write_text("".join(json.dumps(pair) + "\n" for pair in pairs))
    return path


def options(data: Path, base: Path, out: Path, **changes) -> BriefTraining:
    settings = {"batch_articles": 2, "warmup_steps": 1, "learning_rate": 1e-2, "lora_rank": 2, "save_every_steps": 2}
    return BriefTraining(data=str(data), base=str(base), out=str(out), **settings | changes)


def weights(folder: Path) -> bytes:
    return (folder / "adapter_model.safetensors").read_bytes()


def test_train_brief_loss_falls_and_the_adapter_writes_briefs(data: Path, llama_folder: Path, tmp_path: Path):
    out = tmp_path / "mine"
    one = train_brief(options(data, llama_folder, tmp_path / "one", max_steps=1), lambda _: None)
    many = train_brief(options(data, llama_folder, out, epochs=8), lambda _: None)
    assert (many["examples"], many["steps"]) == (12, 48)
    assert many["loss"] < one["loss"]
    assert not (out / "checkpoint").exists()
    config = parse_config(f"summarize:\n  backend: causal\n  model: {out}\n  min_source_words: 5\n", RunConfig)
    [result] = Runner(config).run([Article(id="1", text=STORY * 2)])
    assert isinstance(result, Record)
    assert result.brief is not None
    assert result.made_by.models[str(out)].startswith("sha256:")


def test_train_brief_killed_run_ends_as_an_unbroken_one(
    data: Path, llama_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    train_brief(options(data, llama_folder, tmp_path / "whole"), lambda _: None)
    steps = 0
    loss = training._loss

    def dies_at_the_fourth(*arguments):
        nonlocal steps
        steps += 1
        if steps == 4:
            raise KeyboardInterrupt
        return loss(*arguments)

    monkeypatch.setattr(training, "_loss", dies_at_the_fourth)
    with pytest.raises(KeyboardInterrupt):
        train_brief(options(data, llama_folder, tmp_path / "broken"), lambda _: None)
    monkeypatch.setattr(training, "_loss", loss)
    said: list[str] = []
    train_brief(options(data, llama_folder, tmp_path / "broken"), said.append)
    assert any("starting at step 2" in line for line in said)
    assert weights(tmp_path / "broken") == weights(tmp_path / "whole")


def test_train_brief_keeps_the_prompt_with_the_adapter(data: Path, llama_folder: Path, tmp_path: Path):
    train_brief(options(data, llama_folder, tmp_path / "mine", max_steps=1), lambda _: None)
    manifest = json.loads((tmp_path / "mine" / "summarizer.json").read_text())
    assert manifest["prompt"] == "Article: {text}\n\nBrief:"
    assert manifest["task"] == "brief"


def test_train_brief_rows_without_a_brief_are_told_and_left_out(data: Path, llama_folder: Path, tmp_path: Path):
    data.write_text(data.read_text() + json.dumps({"text": STORY}) + "\n")
    said: list[str] = []
    measured = train_brief(options(data, llama_folder, tmp_path / "mine", max_steps=1), said.append)
    assert measured["examples"] == 12
    assert any(f"{data}:13: has no 'summary'" in line for line in said)


def test_train_brief_articles_that_do_not_fit_are_an_error(data: Path, llama_folder: Path, tmp_path: Path):
    with pytest.raises(InputError, match="no article with a brief fits 16 tokens"):
        train_brief(options(data, llama_folder, tmp_path / "mine", max_article_tokens=16), lambda _: None)

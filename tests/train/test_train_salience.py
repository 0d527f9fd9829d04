"""Training a salience model from invented articles; six to some dozen steps on the CPU."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from invented_briefs import ARTICLE, write_lines
from safetensors.torch import load_file

from summarizer.errors import InputError, OutputError, UsageError
from summarizer.records import Article
from summarizer.runtime import RuntimeOptions
from summarizer.salience.model import SalienceModel
from summarizer.train.salience import train_salience
from summarizer.train.salience_data import read_pairs, without_repeats
from summarizer.train.salience_fit import Fit
from summarizer.train.salience_options import SalienceTraining

HEAD = "Two ministers met the harbour council."


class Killed(BaseException):
    """Stands for a kill in the middle of a run."""


def ignore(_line: str) -> None:
    pass


def row(number: int) -> dict[str, str]:
    """An article whose brief is its first sentence, and that has no eight words in a row in common with another."""
    text = " ".join(f"{word} {number}" if place % 4 == 1 else word for place, word in enumerate(ARTICLE.split()))
    return {"id": str(number), "text": f"{HEAD} {text}", "summary": HEAD}


@pytest.fixture
def options(bert_folder: Path, runtime: RuntimeOptions, tmp_path: Path) -> SalienceTraining:
    return SalienceTraining(
        data=[write_lines(tmp_path / "train.jsonl", [row(number) for number in range(12)])],
        dev=[write_lines(tmp_path / "dev.jsonl", [row(number) for number in range(100, 103)])],
        out=str(tmp_path / "model"),
        base=str(bert_folder),
        layers=2,
        adapted_layers=1,
        max_tokens=64,
        max_windows=8,
        lora_rank=2,
        lora_alpha=4,
        epochs=2,
        batch_tokens=512,
        save_every_steps=2,
        head_learning_rate=5e-3,
        runtime=runtime,
    )


def test_train_salience_makes_a_model_that_scores(options, runtime):
    said: list[str] = []
    measured = train_salience(options, said.append)
    out = Path(options.out)
    assert {file.name for file in out.iterdir()} == {
        "adapter_config.json",
        "adapter_model.safetensors",
        "head.safetensors",
        "summarizer.json",
    }
    manifest = json.loads((out / "summarizer.json").read_text())
    assert manifest["task"] == "salience"
    assert manifest["base"]["layers"] == 2
    assert manifest["training"] == measured
    assert measured["articles"] == 12
    assert measured["epochs"] == 2
    assert "12 articles to learn from, 3 held out" in said
    names = load_file(out / "adapter_model.safetensors")
    assert names
    assert all(".layer.1." in name for name in names)
    scores = SalienceModel(options.out, runtime).score([Article(id="a", text=row(200)["text"])])[0]
    assert len(scores) == 6


def test_train_salience_learns_where_the_brief_stands(options, runtime):
    train_salience(options.model_copy(update={"epochs": 12, "patience": 12}), ignore)
    scores = SalienceModel(options.out, runtime).score([Article(id="a", text=row(200)["text"])])[0]
    assert scores[0] == max(scores)
    assert scores[0] > 2 * sum(scores[1:]) / len(scores[1:])


@pytest.mark.parametrize("kept_steps", [2, 4])
def test_train_salience_goes_on_where_a_kill_stopped_it(options, tmp_path, monkeypatch, kept_steps):
    whole = options.model_copy(update={"out": str(tmp_path / "whole")})
    train_salience(whole, ignore)
    save = Fit._save

    def save_and_die(self, progress, *, epoch_ended):
        save(self, progress, epoch_ended=epoch_ended)
        if progress.step >= kept_steps:
            raise Killed

    monkeypatch.setattr(Fit, "_save", save_and_die)
    with pytest.raises(Killed):
        train_salience(options, ignore)
    monkeypatch.setattr(Fit, "_save", save)
    said: list[str] = []
    train_salience(options, said.append)
    assert any(line.startswith("taken up after step") for line in said)
    for file in ("adapter_model.safetensors", "head.safetensors"):
        one, two = load_file(Path(whole.out) / file), load_file(Path(options.out) / file)
        assert one.keys() == two.keys()
        assert all((one[name] - two[name]).abs().max() < 1e-3 for name in one)


def test_train_salience_refuses_other_settings_for_an_unfinished_run(options, monkeypatch):
    monkeypatch.setattr(Fit, "run", lambda *_: (_ for _ in ()).throw(Killed))
    with pytest.raises(Killed):
        train_salience(options, ignore)
    with pytest.raises(OutputError, match="unfinished run with other settings"):
        train_salience(options.model_copy(update={"seed": 14}), ignore)


def test_train_salience_refuses_a_folder_that_holds_something(options):
    Path(options.out).mkdir()
    Path(options.out, "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="is not empty"):
        train_salience(options, ignore)


def test_train_salience_refuses_more_layers_than_there_are(options):
    with pytest.raises(UsageError, match="adapted_layers: 3 is more than the 2"):
        train_salience(options.model_copy(update={"adapted_layers": 3}), ignore)


def test_train_salience_refuses_data_without_briefs(options, tmp_path):
    data = write_lines(tmp_path / "bare.jsonl", [{"id": "1", "text": ARTICLE}])
    with pytest.raises(InputError, match="no article with a 'summary'"):
        train_salience(options.model_copy(update={"data": [data]}), ignore)


def test_salience_data_leave_out_what_repeats_a_held_out_article(options, tmp_path):
    repeated = {**row(100), "id": "again", "text": row(100)["text"] + " One more sentence stands here."}
    titled = {**row(5), "id": "titled", "title": "Old Bridge closes!"}
    data = write_lines(tmp_path / "more.jsonl", [row(1), repeated, titled])
    held = write_lines(tmp_path / "held.jsonl", [row(100), {**row(101), "title": "old bridge closes"}])
    pairs, held_out = (read_pairs([path], options, ignore) for path in (data, held))
    assert [article.id for article, _brief in without_repeats(pairs, held_out)] == ["1"]

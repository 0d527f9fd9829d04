from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from invented_briefs import ARTICLE, HUMAN, write_lines
from safetensors.torch import load_file

from summarizer.encoder_adapter import ADAPTER_FILE, HEAD_FILE
from summarizer.errors import InputError, OutputError
from summarizer.evidence.support import SupportModel
from summarizer.runtime import RuntimeOptions
from summarizer.train.support import train_support
from summarizer.train.support_data import Kept, read_given, read_kept
from summarizer.train.support_options import SupportTraining

TRUE = "They agreed to close the old bridge."
FALSE = "They agreed to open the old bridge."


class Killed(BaseException):
    """Stands for a kill in the middle of a run."""


def ignore(_line: str) -> None:
    pass


def article(number: int) -> str:
    """Return an article that has no eight words in a row in common with another."""
    return " ".join(f"{word} {number}" if place % 4 == 0 else word for place, word in enumerate(ARTICLE.split()))


def rows(numbers: range) -> list[dict[str, Any]]:
    return [
        {"document": article(number), "claim": claim, "label": claim == TRUE}
        for number in numbers
        for claim in (TRUE, FALSE)
    ]


@pytest.fixture
def options(bert_folder: Path, runtime: RuntimeOptions, tmp_path: Path) -> SupportTraining:
    """Two epochs of few steps."""
    brief = {"title": "", "text": ARTICLE, "summary": HUMAN}
    return SupportTraining(
        data=[write_lines(tmp_path / "claims.jsonl", rows(range(4)))],
        dev=[write_lines(tmp_path / "dev.jsonl", rows(range(10, 14)))],
        briefs=[write_lines(tmp_path / "briefs.jsonl", [brief])],
        faithful=[write_lines(tmp_path / "faithful.jsonl", [brief])],
        out=str(tmp_path / "model"),
        base=str(bert_folder),
        layers=2,
        max_tokens=56,
        lora_rank=2,
        lora_alpha=4,
        epochs=2,
        batch_pairs=4,
        runtime=runtime,
    )


def test_train_support_makes_a_model_that_scores(options: SupportTraining, runtime: RuntimeOptions) -> None:
    measured = train_support(options, ignore)
    model = SupportModel(options.out, runtime)
    assert {path.name for path in Path(options.out).iterdir()} == {
        "adapter_config.json", "adapter_model.safetensors", "head.safetensors", "metrics.json", "summarizer.json"
    }  # fmt: skip
    assert model.threshold == measured["threshold"] <= measured["threshold_balanced"]
    assert (measured["claims"], measured["dev"]["dev.jsonl"]["claims"]) == (8, 8)
    assert json.loads((Path(options.out) / "metrics.json").read_text()) == measured
    assert all(0 < score < 1 for score in model.score([(ARTICLE, TRUE), (ARTICLE, FALSE)]))


def test_train_support_goes_on_after_a_kill_as_if_there_was_none(options: SupportTraining, tmp_path: Path) -> None:
    def kill(line: str) -> None:
        if line.startswith("epoch 2 step"):
            raise Killed

    whole = options.model_copy(update={"out": str(tmp_path / "whole")})
    train_support(whole, ignore)
    with pytest.raises(Killed):
        train_support(options, kill)
    said: list[str] = []
    train_support(options, said.append)
    assert "taken up after epoch 1 of 2" in said
    for file in (ADAPTER_FILE, HEAD_FILE):
        one, other = (load_file(Path(folder) / file) for folder in (whole.out, options.out))
        assert all(one[name].equal(other[name]) for name in one)


def test_train_support_refuses_a_finished_model(options: SupportTraining, tmp_path: Path) -> None:
    shutil.copytree(Path(options.base), options.out)
    with pytest.raises(OutputError, match="is not empty"):
        train_support(options, ignore)


def test_train_support_learns_nothing_about_articles_that_measure(options: SupportTraining, tmp_path: Path) -> None:
    lower = [{**row, "document": row["document"].lower()} for row in rows(range(4))]
    options = options.model_copy(update={"apart_from": [write_lines(tmp_path / "test.jsonl", lower)]})
    said: list[str] = []
    different = write_lines(tmp_path / "other.jsonl", [{"document": "Rain fell.", "claim": "It rained.", "label": 1}])
    kept = read_kept(options, ignore)
    assert len(read_given([different], kept, options, said.append)) == 1
    with pytest.raises(InputError, match=r"8 read, all about articles of apart_from"):
        read_given(options.data, kept, options, said.append)


def test_support_data_kept_knows_an_article_however_it_is_written(options: SupportTraining, tmp_path: Path) -> None:
    kept = Kept()
    kept.add_file(options.data[0], options, ignore)
    assert kept.has(article(2).upper().replace(".", " ."))
    assert not kept.has("A wholly different story about a harvest in the valley, where rain came early in spring.")

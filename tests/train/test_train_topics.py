from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.numpy import load_file
from tiny_topics import TOPICS, as_articles, invent, write_rows

from summarizer.classify import EncoderOptions, LinearOptions, load_classifier
from summarizer.classify.base import Scores
from summarizer.classify.decide import decide
from summarizer.cli import main
from summarizer.errors import InputError, ModelError, OutputError, UsageError
from summarizer.models import find_model
from summarizer.records import Topic
from summarizer.runtime import RuntimeOptions
from summarizer.train.topics import train_topics
from summarizer.train.topics_model import StartingModel, make_model
from summarizer.train.topics_options import TopicTraining
from summarizer.train.topics_stopping import Score

FILES = {"model.safetensors", "topics.yaml", "metrics.json", "README.md", "summarizer.json"}
FILES |= {"thresholds.json", "held_out.json", "calibration.json"}
ENCODER_FILES = {"config.json", "tokenizer.json", "tokenizer_config.json", "scope.safetensors"}


class Killed(BaseException):
    """Stands for a kill in the middle of a run."""


def ignore(_line: str) -> None:
    pass


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_rows(tmp_path_factory.mktemp("data") / "train.jsonl", invent(60))


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_rows(tmp_path_factory.mktemp("data") / "dev.jsonl", invent(30, seed=2))


@pytest.fixture(scope="module")
def linear_folder(data: str, dev: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("models") / "linear"
    train_topics(TopicTraining(data=data, dev=dev, test=dev, out=str(out), backend="linear"), ignore)
    return out


@pytest.fixture
def six_steps(bert_folder: Path, runtime: RuntimeOptions, tmp_path: Path) -> TopicTraining:
    """Two epochs of three steps."""
    data = write_rows(tmp_path / "few.jsonl", invent(12))
    return TopicTraining(
        data=data,
        dev=write_rows(tmp_path / "held.jsonl", invent(9, seed=3)),
        out=str(tmp_path / "model"),
        base=str(bert_folder),
        epochs=2,
        least_steps=1,
        batch_articles=4,
        max_tokens=32,
        runtime=runtime,
    )


def elsewhere(options: TopicTraining, name: str, **changes: Any) -> TopicTraining:
    return options.model_copy(update={"out": str(Path(options.out).with_name(name)), **changes})


def weights_of(options: TopicTraining) -> dict[str, Any]:
    return load_file(Path(options.out) / "model.safetensors")


def same_weights(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one.keys() == other.keys() and all((one[name] == other[name]).all() for name in one)


def test_train_linear_learns_invented_topics(linear_folder: Path, runtime: RuntimeOptions) -> None:
    options = LinearOptions(model=str(linear_folder))
    classifier = load_classifier(options, runtime)
    rows = invent(30, seed=9)
    right = 0
    for row, scores in zip(rows, classifier.score(as_articles(rows)), strict=True):
        assert isinstance(scores, Scores)
        tags = decide(scores, classifier, options).tags
        right += {tag.topic.id for tag in tags if tag.decision == "accepted"} == set(row["topics"])
    assert right >= 25


def test_train_linear_writes_its_files(linear_folder: Path) -> None:
    assert {path.name for path in linear_folder.iterdir()} == FILES | {"linear.json"}


def test_train_lets_others_read_the_weights(linear_folder: Path) -> None:
    modes = {path.stat().st_mode for path in linear_folder.iterdir()}
    assert len(modes) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "topics.yaml",
            "- {id: energy, name: Energy, iptc: 'medtop:1', about: power}\n- id: defence\n- id: diplomacy\n",
        ),
        ("topics.csv", "id,name,code\nenergy,Energy,medtop:1\ndefence,,\ndiplomacy,,\n"),
    ],
)
def test_train_keeps_names_codes_and_order_of_a_topics_file(
    data: str, tmp_path: Path, runtime: RuntimeOptions, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text)
    out = tmp_path / "model"
    options = TopicTraining(data=data, topics_file=str(tmp_path / name), out=str(out), backend="linear")
    train_topics(options, ignore)
    topics = load_classifier(LinearOptions(model=str(out)), runtime).topics
    assert topics == [
        Topic("energy", "Energy", "medtop:1"),
        Topic("defence", "defence"),
        Topic("diplomacy", "diplomacy"),
    ]
    assert ("about: power" in (out / "topics.yaml").read_text()) is (name == "topics.yaml")


def test_train_measures_dev_and_test(linear_folder: Path) -> None:
    metrics = json.loads((linear_folder / "metrics.json").read_text())
    assert metrics["dev"] == metrics["test"]
    assert metrics["dev"]["micro_f1"] > 0.9


def test_train_card_has_numbers_and_no_paths(linear_folder: Path, data: str) -> None:
    card = (linear_folder / "README.md").read_text()
    metrics = json.loads((linear_folder / "metrics.json").read_text())
    assert f"{metrics['test']['micro_f1']:g}" in card
    assert "60 to learn from, 30 held out" in card
    assert str(Path(data).parent) not in card
    assert "Story" not in card


def test_train_encoder_writes_its_files(six_steps: TopicTraining, runtime: RuntimeOptions) -> None:
    metrics = train_topics(six_steps, ignore)
    out = Path(six_steps.out)
    assert metrics["steps"] == 6
    assert {path.name for path in out.iterdir()} >= (FILES - {"calibration.json"}) | ENCODER_FILES
    assert not (out / "unfinished").exists()
    assert find_model(str(out), runtime).manifest["max_tokens"] == 32
    assert {str(weight.dtype) for weight in weights_of(six_steps).values()} == {"float16"}


def test_train_encoder_gives_a_model_that_classifies(six_steps: TopicTraining, runtime: RuntimeOptions) -> None:
    train_topics(six_steps, ignore)
    classifier = load_classifier(EncoderOptions(model=six_steps.out), runtime)
    assert [topic.id for topic in classifier.topics] == TOPICS
    assert all(isinstance(scores, Scores) for scores in classifier.score(as_articles(invent(3))))


def test_train_encoder_lowers_the_loss(six_steps: TopicTraining) -> None:
    fast = {"learning_rate": 1e-2, "head_learning_rate": 3e-2, "patience": None}
    short = train_topics(elsewhere(six_steps, "short", epochs=1, **fast), ignore)
    long = train_topics(elsewhere(six_steps, "long", epochs=40, **fast), ignore)
    assert long["loss"] < short["loss"] * 0.8


def test_train_encoder_same_seed_same_model(six_steps: TopicTraining) -> None:
    runs = [elsewhere(six_steps, "one"), elsewhere(six_steps, "two"), elsewhere(six_steps, "three", seed=14)]
    for run in runs:
        train_topics(run, ignore)
    one, two, three = (weights_of(run) for run in runs)
    assert same_weights(one, two)
    assert not same_weights(one, three)


def test_train_encoder_taken_up_again_ends_the_same(six_steps: TopicTraining) -> None:
    def kill_at_the_end(line: str) -> None:
        if line.startswith("step 6/6"):
            raise Killed

    whole = elsewhere(six_steps, "whole")
    expected = train_topics(whole, ignore)
    with pytest.raises(Killed):
        train_topics(six_steps, kill_at_the_end)
    said: list[str] = []
    assert train_topics(six_steps, said.append) == expected
    assert "taken up after epoch 1 of 2" in said
    assert same_weights(weights_of(six_steps), weights_of(whole))


def test_train_refuses_an_unfinished_run_of_other_settings(six_steps: TopicTraining) -> None:
    def kill_at_once(line: str) -> None:
        if "to learn from" in line:
            raise Killed

    with pytest.raises(Killed):
        train_topics(six_steps, kill_at_once)
    with pytest.raises(OutputError, match="unfinished run with epochs 2, now 3"):
        train_topics(six_steps.model_copy(update={"epochs": 3}), ignore)


def test_train_encoder_keeps_the_head_of_the_same_topics(six_steps: TopicTraining, bert_folder: Path) -> None:
    still = {"epochs": 1, "learning_rate": 1e-12, "head_learning_rate": 1e-12}
    run = six_steps.model_copy(update=still)
    train_topics(run, ignore)
    before = load_file(bert_folder / "model.safetensors")["classifier.weight"]
    assert weights_of(run)["classifier.weight"] == pytest.approx(before, abs=1e-4)


def test_train_encoder_makes_a_new_head_for_other_topics(six_steps: TopicTraining, tmp_path: Path) -> None:
    rows = [{**row, "topics": [f"my-{name}" for name in row["topics"] if name != "energy"]} for row in invent(12)]
    data = write_rows(tmp_path / "mine.jsonl", [row for row in rows if row["topics"]])
    run = six_steps.model_copy(update={"data": data, "dev": None, "dev_fraction": 0.3})
    train_topics(run, ignore)
    assert weights_of(run)["classifier.weight"].shape[0] == 2
    assert json.loads((Path(run.out) / "config.json").read_text())["id2label"] == {
        "0": "my-defence",
        "1": "my-diplomacy",
    }


def test_train_encoder_stops_where_the_loss_is_no_number(six_steps: TopicTraining) -> None:
    with pytest.raises(ModelError, match="learning_rate: the loss is no number any more"):
        train_topics(six_steps.model_copy(update={"learning_rate": 1e30}), ignore)


def test_train_encoder_out_of_memory_names_the_key(six_steps: TopicTraining, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_settings: object) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr("transformers.BertForSequenceClassification.forward", fail)
    with pytest.raises(ModelError, match=r"batch_articles: 4 articles of \d+ tokens do not fit the memory of cpu"):
        train_topics(six_steps, ignore)


def test_train_mean_pooling_starts_as_the_mean(
    six_steps: TopicTraining, bert_folder: Path, runtime: RuntimeOptions
) -> None:
    options = six_steps.model_copy(update={"pooling": "mean"})
    folder = find_model(str(bert_folder), runtime)
    start = make_model(folder, ["a", "b"], "multi_label_classification", options)
    inputs = start.tokenizer("The envoy spoke of the gas pipeline", return_tensors="pt")
    with torch.inference_mode():
        *_, before, after = start.model.eval()(**inputs, output_hidden_states=True).hidden_states  # (1, tokens, width)
    summed = before[0].mean(0) + before[0, 0]
    wanted = torch.nn.functional.layer_norm(summed, summed.shape)
    assert after[0, 0].tolist() == pytest.approx(wanted.tolist(), abs=1e-3)


def test_train_mean_pooling_adds_a_layer_that_loads(six_steps: TopicTraining, tmp_path: Path) -> None:
    rows = [{**row, "topics": [f"my-{name}" for name in row["topics"]]} for row in invent(12)]
    data = write_rows(tmp_path / "mine.jsonl", rows)
    train_topics(six_steps.model_copy(update={"data": data, "dev": None, "pooling": "mean"}), ignore)
    classifier = load_classifier(EncoderOptions(model=six_steps.out), six_steps.runtime)
    assert len({name.split(".")[3] for name in weights_of(six_steps) if "encoder.layer" in name}) == 3
    assert isinstance(classifier.score(as_articles(invent(1)))[0], Scores)


def test_train_damaged_base(six_steps: TopicTraining, bert_folder: Path, tmp_path: Path) -> None:
    base = Path(shutil.copytree(bert_folder, tmp_path / "base"))
    whole = (base / "model.safetensors").read_bytes()
    (base / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match="cannot be loaded"):
        train_topics(six_steps.model_copy(update={"base": str(base)}), ignore)


def test_train_refuses_a_folder_with_something_in_it(six_steps: TopicTraining) -> None:
    Path(six_steps.out).mkdir()
    (Path(six_steps.out) / "letter.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"is not empty \(1 files or folders\)"):
        train_topics(six_steps, ignore)
    assert (Path(six_steps.out) / "letter.txt").read_text() == "mine"


def test_train_refuses_a_finished_model(linear_folder: Path, data: str) -> None:
    with pytest.raises(OutputError, match="holds a finished model"):
        train_topics(TopicTraining(data=data, out=str(linear_folder), backend="linear"), ignore)


def test_train_finds_out_that_each_article_has_one_topic(tmp_path: Path) -> None:
    data = write_rows(tmp_path / "one.jsonl", invent(99, most_topics=1))
    out = tmp_path / "model"
    metrics = train_topics(TopicTraining(data=data, out=str(out), backend="linear"), ignore)
    assert metrics["problem_type"] == "single_label_classification"
    limits = json.loads((out / "thresholds.json").read_text())
    assert all(entry["accept"] >= 0.5 for entry in limits.values())


def test_train_refuses_single_where_articles_have_several(data: str, tmp_path: Path) -> None:
    options = TopicTraining(data=data, out=str(tmp_path / "model"), backend="linear", labels="single")
    with pytest.raises(UsageError, match="labels: is 'single', but"):
        train_topics(options, ignore)


def test_train_faulty_data_leaves_no_folder(tmp_path: Path) -> None:
    rows = [{"text": "Some words.", "topics": ["a"]}]
    options = TopicTraining(data=write_rows(tmp_path / "a.jsonl", rows), out=str(tmp_path / "m"), backend="linear")
    with pytest.raises(InputError, match=r"fewer than 2 articles \(a: 1\)"):
        train_topics(options, ignore)
    assert not (tmp_path / "m").exists()


def test_train_linear_refuses_a_topic_of_every_article(tmp_path: Path) -> None:
    rows = [{**row, "topics": ["news", *row["topics"]]} for row in invent(30)]
    options = TopicTraining(data=write_rows(tmp_path / "a.jsonl", rows), out=str(tmp_path / "m"), backend="linear")
    with pytest.raises(InputError, match="every article to learn from has the topic 'news'"):
        train_topics(options, ignore)


def test_train_encoder_refuses_more_tokens_than_the_base_reads(six_steps: TopicTraining) -> None:
    with pytest.raises(UsageError, match="65 is more than the 64"):
        train_topics(six_steps.model_copy(update={"max_tokens": 65}), ignore)


def test_train_encoder_learns_from_partial_and_unlabelled_articles(
    six_steps: TopicTraining, linear_folder: Path, tmp_path: Path
) -> None:
    rows = [{**row, "topics": row["topics"][:1]} for row in invent(8, seed=5)]
    more = {
        "partial": write_rows(tmp_path / "partial.jsonl", rows),
        "unlabelled": write_rows(tmp_path / "unlabelled.jsonl", invent(4, seed=6)),
        "teacher": str(linear_folder),
        "labels": "multi",
    }
    metrics = train_topics(six_steps.model_copy(update=more), ignore)
    assert (metrics["train_articles"], metrics["further_articles"], metrics["teacher"]) == (12, 12, "linear")
    assert metrics["steps"] == 12


def script_scores(monkeypatch: pytest.MonkeyPatch, *qualities: float) -> list[dict[str, Any]]:
    """Let the held-out articles score so after each epoch; return the list that each epoch's weights will come to."""
    left, weights = iter(qualities), []

    def score(start: StartingModel, _held_out: object) -> Score:
        weights.append({name: tensor.half().numpy() for name, tensor in start.model.state_dict().items()})
        return Score(next(left), 1.0)

    monkeypatch.setattr("summarizer.train.topics_encoder._score", score)
    return weights


def test_train_encoder_ends_with_the_weights_of_the_best_epoch(
    six_steps: TopicTraining, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = script_scores(monkeypatch, 0.5, 0.9, 0.8, 0.7)
    metrics = train_topics(six_steps.model_copy(update={"epochs": 8}), ignore)
    assert (metrics["best_epoch"], metrics["epochs"], metrics["steps"]) == (2, 4, 12)
    final = weights_of(six_steps)
    assert same_weights(final, {name: seen[1][name] for name in final})
    assert not same_weights(final, {name: seen[3][name] for name in final})


def test_train_encoder_taken_up_after_the_best_epoch_ends_the_same(
    six_steps: TopicTraining, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill_in_epoch_3(line: str) -> None:
        if line.startswith("epoch 3"):
            raise Killed

    whole = elsewhere(six_steps, "whole", epochs=8)
    script_scores(monkeypatch, 0.9, 0.5, 0.4)
    expected = train_topics(whole, ignore)
    assert (expected["best_epoch"], expected["epochs"]) == (1, 3)
    killed = elsewhere(six_steps, "killed", epochs=8)
    script_scores(monkeypatch, 0.9, 0.5, 0.4)
    with pytest.raises(Killed):
        train_topics(killed, kill_in_epoch_3)
    script_scores(monkeypatch, 0.4)
    assert train_topics(killed, ignore) == expected
    assert same_weights(weights_of(killed), weights_of(whole))


def test_train_encoder_killed_after_its_end_only_finishes(
    six_steps: TopicTraining, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise Killed

    expected = train_topics(elsewhere(six_steps, "whole"), ignore)
    with monkeypatch.context() as patch:
        patch.setattr("summarizer.train.topics.finish", fail)
        with pytest.raises(Killed):
            train_topics(six_steps, ignore)
    said: list[str] = []
    assert train_topics(six_steps, said.append) == expected
    assert not [line for line in said if line.startswith("step")]


def test_train_encoder_says_how_each_epoch_scores(six_steps: TopicTraining, monkeypatch: pytest.MonkeyPatch) -> None:
    script_scores(monkeypatch, 0.5, 0.25)
    said: list[str] = []
    train_topics(six_steps, said.append)
    assert [line for line in said if line.startswith("epoch")] == [
        "epoch 1 of 2: mean average precision 0.5000, loss 1.0000 on the held-out articles; the best so far",
        "epoch 2 of 2: mean average precision 0.2500, loss 1.0000 on the held-out articles; epoch 1 was better",
    ]


def test_train_encoder_without_patience_runs_to_the_end(six_steps: TopicTraining) -> None:
    metrics = train_topics(six_steps.model_copy(update={"patience": None, "epochs": 5}), ignore)
    assert metrics["epochs"] == 5
    assert "best_epoch" not in metrics


def test_train_encoder_few_articles_get_more_epochs(six_steps: TopicTraining) -> None:
    metrics = train_topics(six_steps.model_copy(update={"patience": None, "least_steps": 10}), ignore)
    assert (metrics["epochs"], metrics["steps"]) == (4, 12)


@pytest.mark.parametrize("backend", ["linear", "encoder"])
def test_train_takes_hierarchical_topics(six_steps: TopicTraining, tmp_path: Path, backend: str) -> None:
    rows = [{**row, "topics": [f"world/{name}" for name in row["topics"]]} for row in invent(30)]
    data = write_rows(tmp_path / "mine.jsonl", rows)
    run = six_steps.model_copy(update={"data": data, "dev": None, "backend": backend})
    train_topics(run, ignore)
    options = LinearOptions(model=run.out) if backend == "linear" else EncoderOptions(model=run.out)
    classifier = load_classifier(options, run.runtime)
    assert [topic.id for topic in classifier.topics] == [f"world/{name}" for name in TOPICS]
    assert [topic.name for topic in classifier.topics] == TOPICS
    assert set(json.loads((Path(run.out) / "thresholds.json").read_text())) == {f"world/{name}" for name in TOPICS}


def test_train_learns_what_the_data_use_of_a_vocabulary(data: str, tmp_path: Path, runtime: RuntimeOptions) -> None:
    lines = [f"<http://example.org/{name}>\t{name.title()}\n" for name in ["aviation", *TOPICS, "zoology"]]
    (tmp_path / "topics.tsv").write_text("".join(lines))
    out = tmp_path / "model"
    said: list[str] = []
    options = TopicTraining(data=data, topics_file=str(tmp_path / "topics.tsv"), out=str(out), backend="linear")
    train_topics(options, said.append)
    topics = load_classifier(LinearOptions(model=str(out)), runtime).topics
    assert topics == [Topic(name, name.title(), f"http://example.org/{name}") for name in TOPICS]
    assert any("2 of 5 concepts left out" in line for line in said)


def options_of(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> TopicTraining:
    """Return what the command line asks ``train_topics`` for."""
    asked: list[TopicTraining] = []
    monkeypatch.setattr("summarizer.train.topics.train_topics", lambda options, _say: asked.append(options) or {})
    monkeypatch.setattr("sys.argv", ["summarizer", "train", "topics", *arguments])
    with pytest.raises(SystemExit):
        main()
    return asked[0]


def test_train_command_takes_the_base_from_its_flag(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "train.yaml"
    config.write_text("data: a.jsonl\nout: models/mine\nbase: models/older\n")
    assert options_of(monkeypatch, "--config", str(config)).base == "models/older"
    assert options_of(monkeypatch, "--config", str(config), "--from", "owner/encoder").base == "owner/encoder"
    assert options_of(monkeypatch, "a.jsonl", "--out", "m").base == "topics-minilm"


def test_train_command_sets_hierarchical_topics(monkeypatch: pytest.MonkeyPatch) -> None:
    setting = "partial_topics.Votes=politics/elections"
    options = options_of(monkeypatch, "a.jsonl", "--out", "m", "--set", setting)
    assert options.partial_topics == {"Votes": "politics/elections"}

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tiny_topics import TOPICS, invent, tiny_linear, write_rows

from summarizer.errors import InputError, OutputError, UsageError
from summarizer.evaluate.topics import evaluate_topics
from summarizer.evaluate.topics_options import TopicEvaluation
from summarizer.evaluate.topics_plots import plot_coverage
from summarizer.evaluate.topics_report import write_report
from summarizer.runtime import RuntimeOptions

FILES = {"evaluation.json", "evaluation.md", "reliability.png", "coverage_precision.png"}


def ignore(_line: str) -> None:
    pass


def labelled() -> list[dict[str, Any]]:
    """Return 40 articles of two sources; two of them have no topic."""
    rows = [{**row, "source": "Orma Post" if i % 4 else "Tessland Wire"} for i, row in enumerate(invent(38, seed=5))]
    return [*rows, *({"id": f"n{i}", "text": f"Recipe {i}: flour and plums", "topics": []} for i in range(2))]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_linear(tmp_path_factory.mktemp("models") / "tiny")[0]


@pytest.fixture(scope="module")
def options(model: Path, tmp_path_factory: pytest.TempPathFactory, runtime: RuntimeOptions) -> TopicEvaluation:
    folder = tmp_path_factory.mktemp("evaluation")
    data = write_rows(folder / "held.jsonl", labelled())
    return TopicEvaluation(model=str(model), data=data, out=str(folder / "out"), samples=100, runtime=runtime)


@pytest.fixture(scope="module")
def evaluation(options: TopicEvaluation) -> dict[str, Any]:
    """The evaluation that is drawn, too."""
    return evaluate_topics(options, ignore)


@pytest.fixture(autouse=True)
def without_plots(evaluation: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes most of the time, and is the same for every other evaluation."""
    for name in ("plot_reliability", "plot_coverage"):
        monkeypatch.setattr(f"summarizer.evaluate.topics.{name}", lambda _evaluation, path: path.write_bytes(b"PNG"))


def again(options: TopicEvaluation, out: Path, **changes: Any) -> TopicEvaluation:
    return options.model_copy(update={"out": str(out), **changes})


def other_data(options: TopicEvaluation, folder: Path, rows: list[dict[str, Any]], **changes: Any) -> TopicEvaluation:
    return again(options, folder / "out", data=write_rows(folder / "other.jsonl", rows), **changes)


def test_evaluate_writes_report_and_plots(evaluation: dict[str, Any], options: TopicEvaluation) -> None:
    out = Path(str(options.out))
    assert {path.name for path in out.iterdir()} == FILES
    assert json.loads((out / "evaluation.json").read_text()) == evaluation
    assert all((out / name).read_bytes().startswith(b"\x89PNG") for name in FILES if name.endswith(".png"))


def test_evaluate_stands_beside_two_baselines(evaluation: dict[str, Any]) -> None:
    scores = {name: entry["micro_f1"]["value"] for name, entry in evaluation["overall"].items()}
    assert list(scores) == ["model", "linear", "most frequent topics"]
    assert scores["model"] > scores["most frequent topics"]
    assert 0.2 < scores["most frequent topics"] < 0.7


def test_evaluate_keeps_articles_without_a_topic(evaluation: dict[str, Any]) -> None:
    assert (evaluation["data"]["articles"], evaluation["data"]["untagged"]) == (40, 2)


def test_evaluate_intervals_contain_the_numbers(evaluation: dict[str, Any]) -> None:
    entries = [evaluation["topics"][topic][key] for topic in TOPICS for key in ("precision", "recall", "f1")]
    entries += [evaluation["overall"]["model"]["macro_f1"], evaluation["decisions"]["accepted_precision"]]
    assert all(entry["low"] <= entry["value"] <= entry["high"] for entry in entries)


def test_evaluate_tells_sources_apart(evaluation: dict[str, Any]) -> None:
    counts = {name: entry["articles"] for name, entry in evaluation["sources"].items()}
    assert counts == {"Orma Post": 28, "Tessland Wire": 10, "(no source)": 2}


def test_evaluate_report_holds_numbers_and_no_text(evaluation: dict[str, Any], options: TopicEvaluation) -> None:
    report = (Path(str(options.out)) / "evaluation.md").read_text()
    micro = evaluation["overall"]["model"]["micro_f1"]
    assert f"| micro F1 | {micro['value']:.3f} ({micro['low']:.3f}–{micro['high']:.3f}) |" in report
    assert "cross-fitted on these articles" in report
    assert "flour" not in report + json.dumps(evaluation)


def test_evaluate_same_seed_same_numbers(evaluation: dict[str, Any], options: TopicEvaluation, tmp_path: Path) -> None:
    assert evaluate_topics(again(options, tmp_path / "again"), ignore) == evaluation


def test_evaluate_baselines_learn_from_training_data(
    evaluation: dict[str, Any], options: TopicEvaluation, tmp_path: Path
) -> None:
    train = write_rows(tmp_path / "train.jsonl", invent(150, seed=8))
    learned = evaluate_topics(again(options, tmp_path / "out", train=train), ignore)
    assert learned["data"]["train_articles"] == 150
    assert "fitted on 150 articles of train.jsonl" in write_report(learned)
    assert learned["overall"]["model"] == evaluation["overall"]["model"]
    better, crossed = (entry["calibration"]["linear"]["brier"] for entry in (learned, evaluation))
    assert better < crossed


def test_evaluate_refuses_unknown_topics_with_their_numbers(options: TopicEvaluation, tmp_path: Path) -> None:
    rows = [{"text": "Words.", "topics": [name]} for name in ("defense", "defense", "energy", "sport")]
    with pytest.raises(InputError) as caught:
        evaluate_topics(other_data(options, tmp_path, rows), ignore)
    assert "'defense' on 2, 'sport' on 1" in caught.value.fault.what
    assert "Did you mean 'defence'?" in caught.value.fault.mend


def test_evaluate_refuses_data_without_any_topic(options: TopicEvaluation, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no article has a topic \(0 of 2\)"):
        evaluate_topics(other_data(options, tmp_path, [{"text": "Words.", "topics": []}] * 2), ignore)


def test_evaluate_topic_without_articles_has_no_scores(options: TopicEvaluation, tmp_path: Path) -> None:
    rows = [row for row in invent(60, seed=6) if "energy" not in row["topics"]]
    evaluation = evaluate_topics(other_data(options, tmp_path, rows), ignore)
    entry = evaluation["topics"]["energy"]
    nothing = {"value": None, "low": None, "high": None}
    assert (entry["articles"], entry["f1"], entry["average_precision"]) == (0, nothing, nothing)
    known = [evaluation["topics"][topic]["f1"]["value"] for topic in ("defence", "diplomacy")]
    assert evaluation["overall"]["model"]["macro_f1"]["value"] == pytest.approx(sum(known) / 2, abs=1e-4)
    assert "(given 0 times)" in write_report(evaluation)


def test_evaluate_topic_that_every_article_has(options: TopicEvaluation, tmp_path: Path) -> None:
    rows = [row for row in invent(60, seed=6) if "energy" in row["topics"]]
    evaluation = evaluate_topics(other_data(options, tmp_path, rows), ignore)
    assert evaluation["topics"]["energy"]["average_precision"]["value"] == 1
    assert evaluation["overall"]["linear"]["micro_f1"]["value"] > 0


def test_evaluate_leaves_out_articles_that_the_model_fails_on(
    options: TopicEvaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from summarizer.classify import linear
    from summarizer.records import Failure

    score = linear.Linear.score

    def fail_on_first(self: Any, articles: Any) -> Any:
        return [Failure("held.jsonl:1", "classify", "no number", id=articles[0].id), *score(self, articles)[1:]]

    monkeypatch.setattr(linear.Linear, "score", fail_on_first)
    said: list[str] = []
    evaluation = evaluate_topics(again(options, tmp_path / "out"), said.append)
    assert evaluation["data"]["articles"] == 39
    assert [failure["id"] for failure in evaluation["data"]["left_out"]] == ["a0"]
    assert any("1 of 40 left out: the model failed on them" in line for line in said)


def test_evaluate_calibration_changes_probabilities_only_after(options: TopicEvaluation, tmp_path: Path) -> None:
    folder = tmp_path / "calibrated"
    shutil.copytree(options.model, folder)
    maps = {topic: {"slope": 0.01, "intercept": 0.0} for topic in TOPICS}
    (folder / "calibration.json").write_text(json.dumps({"method": "platt", "topics": maps}))
    evaluation = evaluate_topics(again(options, tmp_path / "out", model=str(folder)), ignore)
    before, after = evaluation["calibration"]["before"], evaluation["calibration"]["after"]
    assert (evaluation["model"]["calibration"], after["bins"]["pairs"]) == ("platt", [120])
    assert after["bins"]["predicted"] == pytest.approx([0.5], abs=0.05)
    assert len(before["bins"]["pairs"]) > 5


def test_evaluate_topic_that_is_never_accepted_is_named(options: TopicEvaluation, tmp_path: Path) -> None:
    folder = tmp_path / "careful"
    shutil.copytree(options.model, folder)
    (folder / "thresholds.json").write_text(json.dumps({topic: {"accept": None, "review": 0.2} for topic in TOPICS}))
    evaluation = evaluate_topics(again(options, tmp_path / "out", model=str(folder)), ignore)
    decisions = evaluation["decisions"]
    assert (decisions["accepted_tags"], decisions["accepted_precision"]["value"]) == (0, None)
    assert decisions["articles_without_accepted"]["value"] == 1
    assert f"promised: {', '.join(TOPICS)}." in write_report(evaluation)
    plot_coverage(evaluation, tmp_path / "coverage.png")
    assert (tmp_path / "coverage.png").stat().st_size > 10_000


def test_evaluate_refuses_to_replace_an_evaluation(evaluation: dict[str, Any], options: TopicEvaluation) -> None:
    with pytest.raises(OutputError, match=r"holds an evaluation already.*--overwrite"):
        evaluate_topics(options, ignore)
    assert evaluate_topics(options.model_copy(update={"overwrite": True}), ignore) == evaluation


def test_evaluate_refuses_an_unknown_backend(options: TopicEvaluation, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Did you mean 'linear'"):
        evaluate_topics(again(options, tmp_path / "out", backend="linera"), ignore)

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from invented_briefs import ARTICLE, GOOD, WRITTEN, write_lines
from tiny_support import tiny_support

from summarizer.errors import InputError, OutputError
from summarizer.evaluate.evidence import evaluate_evidence
from summarizer.evaluate.evidence_data import read_claims
from summarizer.evaluate.evidence_options import EvidenceEvaluation
from summarizer.evaluate.evidence_report import write_evidence_report
from summarizer.evidence import EvidenceOptions
from summarizer.evidence.source import Source
from summarizer.evidence.support import SupportModel, evidence_text
from summarizer.records import Article
from summarizer.runtime import RuntimeOptions

FALSE = "The bridge closes for 45 weeks."
WITHOUT_MODEL = {"support": None}
SWAPPED = "Two ministers closed the council for 14 weeks."


def ignore(_line: str) -> None:
    pass


def claim(text: str, label: Any, number: int = 0, **more: Any) -> dict[str, Any]:
    return {"document": ARTICLE if number == 0 else f"{ARTICLE} Page {number}.", "claim": text, "label": label, **more}


def some_claims() -> list[dict[str, Any]]:
    """Per article one wrong number, which the check finds, one swap, which it does not, and two consistent claims."""
    rows = []
    for number in range(1, 7):
        source = {"source": "Orma" if number % 3 else "Tess", "split": "test" if number % 2 else "val"}
        rows += [
            claim(FALSE, False, number, error_type=["number"], **source),
            claim(SWAPPED, False, number, error_type="relation;number", **source),
            claim(GOOD, True, number, **source),
            claim(WRITTEN, True, number, **source),
        ]
    return rows


def options_of(folder: Path, rows: list[Any], **keys: Any) -> EvidenceEvaluation:
    data = write_lines(folder / "claims.jsonl", rows)
    given = {"data": data, "out": str(folder / "out"), "samples": 100, "evidence": WITHOUT_MODEL, **keys}
    return EvidenceEvaluation(**given)


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> EvidenceEvaluation:
    folder = tmp_path_factory.mktemp("claims")
    options = options_of(folder, some_claims())
    return options.model_copy(update={"tune": options.data, "tune_only": {"split": "val"}})


@pytest.fixture(scope="module")
def evaluation(options: EvidenceEvaluation) -> dict[str, Any]:
    """The evaluation that is drawn, too."""
    return evaluate_evidence(options, ignore)


@pytest.fixture(autouse=True)
def without_plot(evaluation: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes most of the time, and is the same for every other evaluation."""
    monkeypatch.setattr("summarizer.evaluate.evidence.plot_evidence", lambda _evaluation, path: path.touch())


def test_evaluate_evidence_writes_the_folder(evaluation: dict[str, Any], options: EvidenceEvaluation) -> None:
    out = Path(str(options.out))
    assert {path.name for path in out.iterdir()} == {"evaluation.json", "evaluation.md", "roc.png"}
    assert json.loads((out / "evaluation.json").read_text()) == evaluation
    assert (out / "roc.png").read_bytes().startswith(b"\x89PNG")


def test_evaluate_evidence_scores_the_check(evaluation: dict[str, Any]) -> None:
    scores = {key: entry["value"] for key, entry in evaluation["decisions"]["check"].items() if key != "flagged"}
    assert evaluation["decisions"]["check"]["flagged"] == 6
    assert scores == {"balanced_accuracy": 0.75, "precision": 1, "recall": 0.5, "specificity": 1, "f1": 0.6667}
    assert (evaluation["claims"], evaluation["inconsistent"], evaluation["data"]["articles"]) == (24, 12, 6)


def test_evaluate_evidence_draws_articles_with_all_their_claims(evaluation: dict[str, Any]) -> None:
    # every article has the same claims, so that every draw of articles gives the same number
    recall = evaluation["decisions"]["check"]["recall"]
    assert (recall["low"], recall["high"]) == (0.5, 0.5)


def test_evaluate_evidence_ranks_by_support(evaluation: dict[str, Any]) -> None:
    areas = {name: entry["value"] for name, entry in evaluation["areas"].items()}
    assert 0.5 < areas["support"] <= areas["check or support"]
    assert sum(map(sum, evaluation["supports"].values())) == 24
    assert set(evaluation["curves"]) == set(areas)


def test_evaluate_evidence_tells_errors_apart(evaluation: dict[str, Any]) -> None:
    found = {name: (entry["claims"], entry["check"]["value"]) for name, entry in evaluation["error_types"].items()}
    assert found == {"number": (12, 0.5), "relation": (6, 0)}
    assert list(evaluation["reasons"]) == ["number"]


def test_evaluate_evidence_tells_sources_apart(evaluation: dict[str, Any]) -> None:
    assert {name: entry["claims"] for name, entry in evaluation["sources"].items()} == {"Orma": 16, "Tess": 8}
    assert evaluation["sources"]["Tess"]["decisions"]["check"]["precision"]["value"] == 1


def test_evaluate_evidence_chooses_thresholds_on_other_claims(evaluation: dict[str, Any]) -> None:
    assert evaluation["settings"]["tune"] == {"name": "claims.jsonl", "claims": 12}
    assert list(evaluation["decisions"]) == ["check", "support", "check or support"]
    either, check = (evaluation["decisions"][name]["recall"]["value"] for name in ("check or support", "check"))
    assert either >= check


@pytest.mark.parametrize(("threshold", "flagged"), [(0.0, 0), (1.0, 6)], ids=["nothing", "all that lacks a word"])
def test_evaluate_evidence_takes_a_threshold(tmp_path: Path, threshold: float, flagged: int) -> None:
    rows = [row for row in some_claims() if row["claim"] != WRITTEN]
    chosen = options_of(tmp_path, rows, threshold=threshold)
    evaluation = evaluate_evidence(chosen, ignore)
    assert evaluation["decisions"]["support"]["flagged"] == flagged
    assert evaluation["thresholds"] == {"support": threshold, "check or support": threshold}


def test_evaluate_evidence_takes_some_claims_only(options: EvidenceEvaluation, tmp_path: Path) -> None:
    changes = {"only": {"split": "test", "source": "Tess"}, "tune": None, "out": str(tmp_path / "out")}
    evaluation = evaluate_evidence(options.model_copy(update=changes), ignore)
    assert (evaluation["claims"], evaluation["sources"], evaluation["thresholds"]) == (4, {}, {})
    report = write_evidence_report(evaluation)
    assert "4 claims of 1 articles from claims.jsonl (split test, source Tess), 2 of them inconsistent." in report
    assert "No threshold of support was measured" in report


def test_evaluate_evidence_report_holds_numbers_and_no_text(
    evaluation: dict[str, Any], options: EvidenceEvaluation
) -> None:
    report = (Path(str(options.out)) / "evaluation.md").read_text()
    assert "| check | 6 | 0.750 (0.750–0.750) | 1.000 (1.000–1.000) | 0.500 (0.500–0.500) |" in report
    assert "Thresholds were chosen on 12 claims of claims.jsonl (split val)." in report
    assert "bridge" not in report + json.dumps(evaluation)


def test_evaluate_evidence_refuses_to_replace_an_evaluation(options: EvidenceEvaluation) -> None:
    with pytest.raises(OutputError, match="holds an evaluation already"):
        evaluate_evidence(options, ignore)


@pytest.fixture(scope="module")
def support_folder(tmp_path_factory: pytest.TempPathFactory, bert_folder: Path) -> str:
    return str(tiny_support(tmp_path_factory.mktemp("models") / "support", bert_folder, threshold=0.6))


def test_evaluate_evidence_takes_the_learned_score_and_its_threshold(
    tmp_path: Path, support_folder: str, runtime: RuntimeOptions
) -> None:
    two = f"{GOOD} {FALSE}"
    rows = [claim(GOOD, True), claim(FALSE, False), claim(two, False)]
    options = options_of(tmp_path, rows, evidence={"support": support_folder}, runtime=runtime)
    evaluation = evaluate_evidence(options, ignore)
    model, source = SupportModel(support_folder, runtime), Source(Article(id="a", text=ARTICLE))
    good, false = model.score([(evidence_text(text, source), text) for text in (GOOD, FALSE)])
    wanted = [score < model.threshold for score in (good, false, min(good, false))]
    assert evaluation["thresholds"] == {"support": 0.6, "check or support": 0.6}
    assert evaluation["decisions"]["support"]["flagged"] == sum(wanted)
    assert evaluation["settings"]["models"] == model.models
    assert "Support is the probability, by" in write_evidence_report(evaluation)


@pytest.mark.parametrize(("threshold", "flagged"), [(0.0, 0), (1.0, 24)])
def test_evaluate_evidence_takes_a_runs_threshold(
    tmp_path: Path, support_folder: str, runtime: RuntimeOptions, threshold: float, flagged: int
) -> None:
    evidence = {"support": support_folder, "support_threshold": threshold}
    options = options_of(tmp_path, some_claims(), evidence=evidence, runtime=runtime)
    assert evaluate_evidence(options, ignore)["decisions"]["support"]["flagged"] == flagged


@pytest.mark.parametrize("true", [True, 1, "true", "TRUE", "1", "consistent", 1.0])
@pytest.mark.parametrize("false", [False, 0, "False", "0", "inconsistent", 0.0])
def test_evidence_data_reads_labels(tmp_path: Path, true: Any, false: Any) -> None:
    options = options_of(tmp_path, [claim(GOOD, true), claim(FALSE, false)])
    claims, left_out = read_claims(options.data, {}, options, ignore)
    assert ([own.is_consistent for own in claims], left_out.counts) == ([True, False], {})


def test_evidence_data_names_what_is_left_out(tmp_path: Path) -> None:
    rows = [claim(GOOD, True), claim(FALSE, False), claim(FALSE, "perhaps", id="p"), claim(" ", True, id="e"), "{no"]
    options = options_of(tmp_path, [*rows, claim(GOOD, None, id="n")])
    said: list[str] = []
    claims, left_out = read_claims(options.data, {}, options, said.append)
    assert len(claims) == 2
    assert left_out.names["'label' is neither true nor false"] == ["p", "n"]
    assert left_out.names["no 'claim'"] == ["e"]
    assert sum(left_out.counts.values()) == 4
    assert any("2 left out: 'label' is neither true nor false (first: p)" in line for line in said)


def test_evidence_data_needs_both_labels(tmp_path: Path) -> None:
    options = options_of(tmp_path, [claim(GOOD, True)] * 2)
    with pytest.raises(InputError, match=r"both labels \(2 consistent, 0 inconsistent\)"):
        read_claims(options.data, {}, options, ignore)


def test_evidence_data_reads_csv_with_other_names(tmp_path: Path) -> None:
    data = tmp_path / "claims.csv"
    with data.open("w", newline="", encoding="utf-8") as file:
        rows = [["story", "says", "ok"], [ARTICLE, GOOD, "yes"], [ARTICLE, FALSE, "no"]]
        csv.writer(file).writerows(rows)
    fields = {"article": "story", "claim": "says", "label": "ok"}
    options = EvidenceEvaluation(data=str(data), fields=fields)
    claims, _ = read_claims(str(data), {}, options, ignore)
    assert [(own.text, own.is_consistent, own.source) for own in claims] == [
        (GOOD, True, "claims.csv"),
        (FALSE, False, "claims.csv"),
    ]


def test_evidence_data_several_files_are_sources(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_lines(tmp_path / f"{name}.jsonl", [claim(GOOD, True), claim(FALSE, False)])
    options = EvidenceEvaluation(
        data=str(tmp_path), out=str(tmp_path / "out"), samples=100, evidence=EvidenceOptions(support=None)
    )
    assert list(evaluate_evidence(options, ignore)["sources"]) == ["one.jsonl", "two.jsonl"]


def test_evidence_data_draws_the_same_claims_for_a_seed(options: EvidenceEvaluation) -> None:
    drawn = [
        [(own.article.id, own.text) for own in read_claims(options.data, {}, chosen, ignore)[0]]
        for chosen in (options.model_copy(update={"claims": 10, "seed": seed}) for seed in (1, 1, 2))
    ]
    assert len(drawn[0]) == 10
    assert drawn[0] == drawn[1] != drawn[2]

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from invented_briefs import ARTICLE, HUMAN, record, reference, some_records, write_lines

from summarizer.errors import OutputError
from summarizer.evaluate import briefs_tables
from summarizer.evaluate.briefs import evaluate_briefs
from summarizer.evaluate.briefs_data import read_pairs
from summarizer.evaluate.briefs_options import BriefEvaluation
from summarizer.evaluate.briefs_report import write_brief_report
from summarizer.evaluate.briefs_rouge import score_rouge
from summarizer.evaluate.briefs_systems import lay_out
from summarizer.evaluate.briefs_tables import tabulate_briefs
from summarizer.evidence import EvidenceOptions

COUNT = 12


def ignore(_line: str) -> None:
    pass


def options_of(folder: Path, records: list[Any], **keys: Any) -> BriefEvaluation:
    references = [reference(row["id"]) for row in records]
    return BriefEvaluation(
        records=write_lines(folder / "out.jsonl", records),
        references=write_lines(folder / "human.jsonl", references),
        **{"out": str(folder / "evaluation"), "samples": 100, **keys},
    )


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> BriefEvaluation:
    return options_of(tmp_path_factory.mktemp("briefs"), some_records(COUNT), sheet=True, sheet_articles=5)


@pytest.fixture(scope="module")
def evaluation(options: BriefEvaluation) -> dict[str, Any]:
    """The evaluation that is drawn, too."""
    return evaluate_briefs(options, ignore)


@pytest.fixture(autouse=True)
def without_plot(evaluation: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes most of the time, and is the same for every other evaluation."""
    monkeypatch.setattr("summarizer.evaluate.briefs.plot_briefs", lambda _evaluation, _rows, path: path.touch())


def test_evaluate_briefs_writes_the_folder(evaluation: dict[str, Any], options: BriefEvaluation) -> None:
    out = Path(str(options.out))
    files = {"evaluation.json", "evaluation.md", "articles.jsonl", "briefs.png", "sheet.html"}
    assert {path.name for path in out.iterdir()} == files
    assert json.loads((out / "evaluation.json").read_text()) == evaluation
    assert (out / "briefs.png").read_bytes().startswith(b"\x89PNG")
    assert (out / "sheet.html").read_text().count('<section class="pair">') == 5
    rows = [json.loads(line) for line in (out / "articles.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rows] == [f"w{number}" for number in range(COUNT)]


def test_evaluate_briefs_stands_beside_leads(evaluation: dict[str, Any]) -> None:
    systems = evaluation["systems"]
    assert list(systems) == [
        "brief",
        "draft",
        "human",
        "lead_3_sentences",
        "lead_whole_sentences",
        "lead_same_words",
        "lead_words",
    ]
    mean = evaluation["settings"]["mean_words"]
    assert systems["lead_same_words"]["words"]["value"] == mean == round(systems["brief"]["words"]["value"])
    assert list(evaluation["differences"]) == [name for name in systems if name.startswith("lead")]


def test_evaluate_briefs_differences_are_of_the_same_articles(evaluation: dict[str, Any]) -> None:
    for lead, gains in evaluation["differences"].items():
        for kind, gain in gains.items():
            brief, own = (evaluation["systems"][name][kind]["value"] for name in ("brief", lead))
            assert gain["value"] == pytest.approx(brief - own, abs=2e-4)


def test_evaluate_briefs_pairs_in_each_draw(options: BriefEvaluation, monkeypatch: pytest.MonkeyPatch) -> None:
    """A brief that is better by the same on every article is so in every draw, however scores spread."""
    scores = np.random.default_rng(1).random((COUNT, 3)) / 2
    turn = iter([scores + 0.1, *[scores] * 5])
    monkeypatch.setattr(briefs_tables, "score_rouge", lambda *_: next(turn))
    pairs, _ = read_pairs(options, ignore)
    tables = tabulate_briefs(pairs, lay_out(pairs, 70)[0], EvidenceOptions(), (200, 1), ignore).evaluation
    assert tables["differences"]["lead_3_sentences"]["rouge1"] == {"value": 0.1, "low": 0.1, "high": 0.1}
    brief = tables["systems"]["brief"]["rouge1"]
    assert brief["high"] - brief["low"] > 0.05
    assert tables["systems"]["draft"]["rouge1"]["value"] == pytest.approx(brief["value"] - 0.1, abs=1e-4)


def test_evaluate_briefs_scores_are_means(evaluation: dict[str, Any], options: BriefEvaluation) -> None:
    briefs = [row["brief"]["text"] for row in some_records(COUNT)]
    means = score_rouge(briefs, [HUMAN] * COUNT).mean(axis=0)
    entry = evaluation["systems"]["brief"]
    for kind, mean in zip(("rouge1", "rouge2", "rougeLsum"), means, strict=True):
        assert entry[kind]["value"] == pytest.approx(mean, abs=1e-4)
        assert entry[kind]["low"] < entry[kind]["value"] < entry[kind]["high"]


def test_evaluate_briefs_counts_origins(evaluation: dict[str, Any]) -> None:
    # of seven sentences of four briefs three are generated, one each verbatim, replaced and dropped
    origins = {name: entry["value"] for name, entry in evaluation["origins"].items()}
    assert origins["generated"] == pytest.approx(4 / 7, abs=1e-4)
    assert [origins[name] for name in ("verbatim", "replaced", "dropped")] == pytest.approx([1 / 7] * 3, abs=1e-4)
    assert (origins["flagged"], origins["briefs_changed"]) == (0, 0.25)


def test_evaluate_briefs_checks_what_went_out_and_the_draft(evaluation: dict[str, Any]) -> None:
    claims = evaluation["claims"]
    assert claims["brief"]["any"]["value"] == 0
    assert claims["draft"]["number"]["value"] == pytest.approx(1 / 7, abs=1e-4)
    assert claims["draft"]["name"]["value"] == pytest.approx(1 / 7, abs=1e-4)
    assert claims["draft"]["briefs"]["value"] == 0.25
    assert evaluation["unsupported_articles"] == []


def test_evaluate_briefs_names_briefs_with_unsupported_claims(tmp_path: Path) -> None:
    records = [{"id": "a", "brief": "The bridge closes for 45 weeks."}, {"id": "b", "brief": "Ferries carry cars."}]
    evaluation = evaluate_briefs(options_of(tmp_path, records), ignore)
    assert evaluation["unsupported_articles"] == ["a"]
    assert "Briefs with such a sentence: a." in write_brief_report(evaluation)
    assert (evaluation["origins"], evaluation["data"]["models"]) == ({}, {})
    assert "draft" not in evaluation["systems"]


def test_evaluate_briefs_spans_are_verified(evaluation: dict[str, Any], tmp_path: Path) -> None:
    assert evaluation["spans"] == {"wrong": 0, "all": COUNT // 4 * 6}
    options = options_of(tmp_path, some_records(4))
    write_lines(tmp_path / "human.jsonl", [reference(f"w{number}", text=f"Now: {ARTICLE}") for number in range(4)])
    spans = evaluate_briefs(options, ignore)["spans"]
    assert spans["wrong"] == spans["all"] == 6


def test_evaluate_briefs_takes_an_empty_brief(tmp_path: Path) -> None:
    evaluation = evaluate_briefs(options_of(tmp_path, [record("a"), *some_records(3)], sheet=True), ignore)
    rows = [json.loads(line) for line in (tmp_path / "evaluation" / "articles.jsonl").read_text().splitlines()]
    assert (rows[0]["words"]["brief"], rows[0]["rouge"]["brief"]["rouge1"]) == (0, 0)
    assert evaluation["copying"]["brief"]["coverage"]["value"] > 0.8  # of the three that have words


def test_evaluate_briefs_all_empty_have_no_shares(tmp_path: Path) -> None:
    evaluation = evaluate_briefs(options_of(tmp_path, [record("a"), record("b")]), ignore)
    nothing = {"value": None, "low": None, "high": None}
    assert evaluation["copying"]["brief"]["coverage"] == evaluation["claims"]["brief"]["any"] == nothing
    assert "| any of these | – |" in write_brief_report(evaluation)


def test_evaluate_briefs_report_holds_numbers_and_no_text(evaluation: dict[str, Any], options: BriefEvaluation) -> None:
    report = (Path(str(options.out)) / "evaluation.md").read_text()
    own = evaluation["systems"]["brief"]["rouge1"]
    value = f"{100 * own['value']:.1f} ({100 * own['low']:.1f}–{100 * own['high']:.1f})"
    assert f"| brief | {value} |" in report
    assert "tiny `sha256:12`" in report
    assert "bridge" not in report + json.dumps(evaluation)


def test_evaluate_briefs_report_says_what_was_left_out(tmp_path: Path) -> None:
    options = options_of(tmp_path, some_records(2))
    write_lines(tmp_path / "human.jsonl", [reference(name) for name in ("w0", "w1", "lost")])
    report = write_brief_report(evaluate_briefs(options, ignore))
    assert "- Left out: 1 (reference without a brief: lost)." in report


def test_evaluate_briefs_same_seed_same_numbers(
    evaluation: dict[str, Any], options: BriefEvaluation, tmp_path: Path
) -> None:
    again = evaluate_briefs(options.model_copy(update={"out": str(tmp_path / "again")}), ignore)
    assert again == evaluation
    assert (tmp_path / "again" / "sheet.html").read_text() == (Path(str(options.out)) / "sheet.html").read_text()


def test_evaluate_briefs_refuses_to_replace_an_evaluation(options: BriefEvaluation) -> None:
    with pytest.raises(OutputError, match=r"holds an evaluation already.*--overwrite"):
        evaluate_briefs(options, ignore)

"""``summarizer evaluate briefs`` and ``evidence``: tables on stdout, talk on stderr, mistakes without a traceback."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pytest
from invented_briefs import ARTICLE, GOOD, reference, some_records, write_lines

from summarizer.cli import main


@pytest.fixture
def call(call):
    return partial(call, "evaluate")


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    monkeypatch.chdir(tmp_path)
    references = [reference(f"w{number}") for number in range(5)]
    return write_lines(tmp_path / "wire.jsonl", some_records(4)), write_lines(tmp_path / "human.jsonl", references)


def test_cli_evaluate_briefs_prints_tables_and_writes_the_folder(call, files, tmp_path: Path) -> None:
    code, out, err = call("briefs", *files, "--set", "samples=100")
    assert code == 0
    assert out.startswith("|  | ROUGE-1 | ROUGE-2 | ROUGE-Lsum | words |\n")
    assert "| brief less | ROUGE-1 |" in out
    assert "1 left out: reference without a brief (first: w4)" in err
    assert {path.name for path in (tmp_path / "evaluation-wire").iterdir()} == {
        "evaluation.json",
        "evaluation.md",
        "articles.jsonl",
        "briefs.png",
    }


def test_cli_evaluate_briefs_of_a_run(call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What ``summarizer run`` writes can be measured as it is."""
    human = write_lines(tmp_path / "human.jsonl", [reference(f"w{number}") for number in range(3)])
    config = tmp_path / "lead.yaml"
    config.write_text("summarize: {backend: lead, max_words: 21, min_source_words: 10}\n")
    arguments = ["run", str(config), human, "-o", str(tmp_path / "out.jsonl"), "--quiet"]
    monkeypatch.setattr(sys, "argv", ["summarizer", *arguments])
    with pytest.raises(SystemExit) as caught:
        main()
    assert not caught.value.code
    sheet = ("--sheet", "--out", tmp_path / "e", "--set", "samples=100", "--quiet")
    code, _, err = call("briefs", tmp_path / "out.jsonl", human, *sheet)
    assert (code, err) == (0, "")
    report = (tmp_path / "e" / "evaluation.md").read_text()
    assert "- Evidence: 0 of 6 spans do not hold the text that they say." in report
    assert "| the source's own words | 100.0 (100.0–100.0) |" in report
    assert (tmp_path / "e" / "sheet.html").read_text().count('<li class="verbatim">\n') == 6


def test_cli_evaluate_briefs_without_references_is_wrong_usage(call, files) -> None:
    code, _, err = call("briefs", files[0])
    assert code == 2
    assert "references" in err


def test_cli_evaluate_briefs_says_that_nothing_matches(call, files, tmp_path: Path) -> None:
    other = write_lines(tmp_path / "other.jsonl", [reference("x")])
    code, out, err = call("briefs", files[0], other)
    assert (code, out) == (1, "")
    assert "no id of its 4 briefs is among the 1" in err


def test_cli_evaluate_evidence_prints_tables_and_writes_the_folder(call, tmp_path: Path) -> None:
    texts = {GOOD: True, "The bridge closes for 45 weeks.": False}
    rows = [{"document": ARTICLE, "claim": text, "label": label} for text, label in texts.items()]
    data = write_lines(tmp_path / "claims.jsonl", rows)
    code, out, err = call("evidence", data, "--out", tmp_path / "e", "--tune", data, "--set", "samples=100")
    assert code == 0
    assert "| check | 1 | 1.000" in out
    assert "| support alone | 1.000" in out
    assert "2 of 2 claims checked" in err
    assert {path.name for path in (tmp_path / "e").iterdir()} == {"evaluation.json", "evaluation.md", "roc.png"}

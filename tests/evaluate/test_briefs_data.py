from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from invented_briefs import ARTICLE, GOOD, HUMAN, WRITTEN, record, reference, sentence, some_records, write_lines

from summarizer.errors import InputError
from summarizer.evaluate.briefs_data import LeftOut, Pair, draft_of, read_pairs
from summarizer.evaluate.briefs_options import BriefEvaluation


def pairs_of(
    folder: Path, records: list[Any], references: list[Any], **keys: Any
) -> tuple[list[Pair], LeftOut, list[str]]:
    said: list[str] = []
    paths = {
        "records": write_lines(folder / "out.jsonl", records),
        "references": write_lines(folder / "human.jsonl", references),
    }
    pairs, left_out = read_pairs(BriefEvaluation(**paths, **keys), said.append)
    return pairs, left_out, said


def test_briefs_data_pairs_by_id_in_the_order_of_the_references(tmp_path: Path) -> None:
    records = some_records(4)
    pairs, left_out, said = pairs_of(tmp_path, records, [reference(f"w{number}") for number in (2, 0, 3, 1)])
    assert [pair.article.id for pair in pairs] == ["w2", "w0", "w3", "w1"]
    assert [pair.brief.to_dict() for pair in pairs] == [records[number]["brief"] for number in (2, 0, 3, 1)]
    assert (pairs[0].reference, pairs[0].article.text, pairs[0].identity) == (HUMAN, ARTICLE, "sha256:12")
    assert (left_out.counts, said) == ({}, [])


def test_briefs_data_names_what_has_no_partner(tmp_path: Path) -> None:
    records = [*some_records(3), {"id": "tags", "tags": []}, "{broken", '["a list"]', record("w1")]
    references = [reference("w0"), reference("other"), reference("w0"), reference("bare", summary=" "), {"id": "none"}]
    pairs, left_out, said = pairs_of(tmp_path, records, references)
    assert [pair.article.id for pair in pairs] == ["w0"]
    found = {reason: (left["count"], left["first"]) for reason, left in left_out.to_dict().items()}
    folder = tmp_path / "out.jsonl"
    unreadable = next(reason for reason in found if reason.startswith("reference that cannot be read"))
    assert found.pop(unreadable)[0] == 1
    assert found == {
        "record without a brief": (1, ["tags"]),
        "line that is not JSON": (1, [f"{folder}:5"]),
        "line that is no record": (1, [f"{folder}:6"]),
        "second record of an id": (1, ["w1"]),
        "reference without a brief": (1, ["other"]),
        "second reference of an id": (1, ["w0"]),
        "reference without 'summary'": (1, ["bare"]),
        "record without a reference": (2, ["w1", "w2"]),
    }
    assert "2 left out: record without a reference (first: w1)" in said


def test_briefs_data_first_record_of_an_id_counts(tmp_path: Path) -> None:
    pairs, *_ = pairs_of(tmp_path, [record("a", sentence(GOOD)), record("a", sentence(WRITTEN))], [reference("a")])
    assert pairs[0].brief.text == GOOD


def test_briefs_data_damaged_record_says_where(tmp_path: Path) -> None:
    damaged = record("b", {**sentence(GOOD), "support": "much"})
    _, left_out, _ = pairs_of(tmp_path, [damaged, *some_records(1)], [reference("w0"), reference("b")])
    assert left_out.names["record that is damaged at brief.sentences.0.support"] == ["b"]


@pytest.mark.parametrize("brief", [f"{GOOD} {WRITTEN}", {"text": f"{GOOD} {WRITTEN}"}], ids=["text", "object"])
def test_briefs_data_takes_briefs_of_others(tmp_path: Path, brief: Any) -> None:
    pairs, *_ = pairs_of(tmp_path, [{"id": "w0", "brief": brief}], [reference("w0")])
    assert [own.text for own in pairs[0].brief.sentences] == [GOOD, WRITTEN]
    assert (pairs[0].brief.backend, pairs[0].identity) == ("", "")


def test_briefs_data_without_a_common_id_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no id of its 2 briefs is among the 1 of .*fields\.id"):
        pairs_of(tmp_path, some_records(2), [reference("x")])


def test_briefs_data_reads_gzip_and_csv_with_other_names(tmp_path: Path) -> None:
    records, references = tmp_path / "out.jsonl.gz", tmp_path / "human.csv"
    records.write_bytes(gzip.compress("\n".join(map(json.dumps, some_records(2))).encode()))
    with references.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([["key", "body", "brief"], ["w0", ARTICLE, HUMAN], ["w1", ARTICLE, HUMAN]])
    fields = {"id": "key", "text": "body"}
    options = BriefEvaluation(records=str(records), references=str(references), brief_field="brief", fields=fields)
    pairs, left_out = read_pairs(options, lambda _line: None)
    assert ([pair.article.id for pair in pairs], left_out.counts) == (["w0", "w1"], {})


def test_briefs_data_reads_a_run_folder(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    write_lines(tmp_path / "run" / "records.jsonl", some_records(1))
    human = write_lines(tmp_path / "human.jsonl", [reference("w0")])
    options = BriefEvaluation(records=str(tmp_path / "run"), references=human)
    assert len(read_pairs(options, lambda _line: None)[0]) == 1


def test_briefs_data_missing_records_are_an_error(tmp_path: Path) -> None:
    human = write_lines(tmp_path / "human.jsonl", [reference("a")])
    with pytest.raises(InputError, match="cannot be read"):
        read_pairs(BriefEvaluation(records=str(tmp_path / "no.jsonl"), references=human), lambda _line: None)


def test_briefs_data_draft_has_the_models_own_words(tmp_path: Path) -> None:
    pairs, *_ = pairs_of(tmp_path, some_records(2), [reference("w0"), reference("w1")])
    assert draft_of(pairs[0].brief) == WRITTEN
    assert draft_of(pairs[1].brief) == f"{WRITTEN} The bridge closes for 45 weeks. Korvat was born in Orma."


def test_briefs_data_draft_of_several_stand_ins_is_told_once(tmp_path: Path) -> None:
    lost = {"text": "All is wrong.", "unsupported": ["name 'X' not in the article"]}
    stand_ins = [sentence(text, "replaced", replaces="All is wrong.") for text in (GOOD, "Ferries carry cars")]
    pairs, *_ = pairs_of(tmp_path, [record("a", *stand_ins, dropped=[lost])], [reference("a")])
    assert draft_of(pairs[0].brief) == "All is wrong."

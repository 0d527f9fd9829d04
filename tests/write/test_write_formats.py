"""What each format's file holds, for records that say everything, nothing, and things that files cannot hold."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from written import TEXT, record

from summarizer.records import Record, Tag, Topic
from summarizer.write import FORMATS, OutputOptions, open_output, pick_format
from summarizer.write.jsonl import JsonLines, json_line
from summarizer.write.plain import MAX_DEPTH, TOO_DEEP, plain, utf8

NAMES = {"jsonl": "wire.jsonl", "csv": "wire.csv", "parquet": "wire.parquet", "markdown": "wire.md"}


def written(path: Path, records: list[Record], window: int = 2) -> bytes:
    """Write records in windows and return the finished file."""
    output = open_output(OutputOptions(path=str(path)), io.BytesIO())
    for number, item in enumerate(records, 1):
        output.write(item)
        if number % window == 0:
            output.flush()
    output.finish()
    return path.read_bytes()


def parquet_rows(data: bytes) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    rows: list[dict[str, Any]] = pq.read_table(io.BytesIO(data)).to_pylist()
    return rows


def csv_rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_formats_are_those_that_the_config_knows() -> None:
    known = get_args(OutputOptions.model_fields["format"].annotation)
    assert set(known) == {"auto", *FORMATS}


def test_jsonl_is_the_record_one_a_line(tmp_path: Path) -> None:
    records = [record(1), record(2, bare=True), record(3)]
    lines = written(tmp_path / "wire.jsonl", records).decode().splitlines()
    assert [json.loads(line) for line in lines] == [item.to_dict() for item in records]


def test_jsonl_keeps_letters_readable(tmp_path: Path) -> None:
    assert "Łódź" in written(tmp_path / "wire.jsonl", [record(title="Łódź")]).decode()


@pytest.mark.parametrize("mark", ["\n", "\r", "\u0085", "\u2028", "\u2029", "\x0b", "\x1c"])
def test_jsonl_never_breaks_a_line(tmp_path: Path, mark: str) -> None:
    lines = written(tmp_path / "wire.jsonl", [record(title=f"a{mark}b")]).decode().splitlines()
    assert len(lines) == 1
    assert json.loads(lines[0])["title"] == f"a{mark}b"


@pytest.mark.parametrize("name", ["wire.jsonl.gz", "wire.csv.gz", "wire.md.gz"])
def test_gzip_holds_what_the_plain_file_holds(tmp_path: Path, name: str) -> None:
    records = [record(number) for number in range(5)]
    plain_bytes = written(tmp_path / name.removesuffix(".gz"), records)
    assert gzip.decompress(written(tmp_path / name, records)) == plain_bytes


def test_gzip_of_the_same_records_is_the_same_file(tmp_path: Path) -> None:
    assert written(tmp_path / "a.jsonl.gz", [record()]) == written(tmp_path / "b.jsonl.gz", [record()])


def test_csv_is_flat(tmp_path: Path) -> None:
    row = csv_rows(written(tmp_path / "wire.csv", [record()]))[0]
    assert row == {
        "id": "wire-1",
        "title": "Ministers sign accord",
        "date": "2026-03-10",
        "language": "en",
        "brief": "Norland and Vestria signed an accord. It covers joint patrols.",
        "words": "10",
        "topics": "defence-cooperation;diplomacy",
        "review_topics": "energy",
        "needs_review": "true",
        "warnings": "one line was garbled | read 22 of 40 tokens",
        "verbatim": "0",
        "generated": "1",
        "replaced": "1",
        "dropped": "1",
        **dict.fromkeys(("same_as", "updates", "similarity", "new_sentences", "gone"), ""),
        **dict.fromkeys(("title_was", "version_was", "own_decisions"), ""),
    }


def test_csv_leaves_columns_of_absent_stages_empty(tmp_path: Path) -> None:
    row = csv_rows(written(tmp_path / "wire.csv", [record(bare=True)]))[0]
    assert {key for key, value in row.items() if value} == {"id"}


def test_csv_quotes_what_would_break_a_row(tmp_path: Path) -> None:
    title = 'He said "no, never",\nthen left'
    assert csv_rows(written(tmp_path / "wire.csv", [record(title=title)]))[0]["title"] == title


def test_parquet_is_the_record_nested(tmp_path: Path) -> None:
    expected = record().to_dict()
    row = parquet_rows(written(tmp_path / "wire.parquet", [record()]))[0]
    assert json.loads(row.pop("fields")) == expected.pop("fields")
    models = {item["name"]: item["version"] for item in row["made_by"].pop("models")}
    assert models == expected["made_by"].pop("models")
    # Keys that the JSON form leaves out are null in a column.
    assert row["brief"]["sentences"][0].pop("replaces") is None
    assert [tag.pop("code") for tag in row["tags"][1:]] == [None, None, None]
    assert {tag.pop(name) for tag in row["tags"] for name in ("own_decision", "evidence")} == {None}
    assert [row.pop(name) for name in ("same_as", "updates", "changes")] == [None, None, None]
    assert row == expected


def test_parquet_holds_records_that_say_nothing(tmp_path: Path) -> None:
    rows = parquet_rows(written(tmp_path / "wire.parquet", [record(1, bare=True), record(2), record(3, bare=True)]))
    assert [row["brief"] is None for row in rows] == [True, False, True]
    assert rows[0]["tags"] is None
    assert rows[0]["warnings"] == []
    assert rows[0]["fields"] is None


def test_parquet_has_a_row_group_a_window(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    data = written(tmp_path / "wire.parquet", [record(number) for number in range(5)], window=2)
    groups = pq.ParquetFile(io.BytesIO(data))
    assert [groups.metadata.row_group(i).num_rows for i in range(groups.num_row_groups)] == [2, 2, 1]


def test_markdown_reads_well(tmp_path: Path) -> None:
    assert (
        written(tmp_path / "wire.md", [record()]).decode()
        == f"""# Briefs

## Ministers sign accord

wire-1 · 2026-03-10 · en · 10 words

Norland and Vestria signed an accord. It covers joint patrols.

**Topics:** Defence cooperation 97% · Diplomacy 61% · Energy 40% (to review)

**To check**

- one line was garbled
- read 22 of 40 tokens
- sentence 2 stands for “It covers 12 ships.”: 12 ships: no such number in the article
- taken out: “Oslo cheered.”: Oslo: no such name in the article

**Evidence**

1. written, support 93%
   > “{TEXT[:83]}” (characters 0–83)
2. put in for one that failed the check, support 100%
   > “{TEXT[84:108]}” (characters 84–108)
   >
   > “{TEXT[4:21]}” (characters 4–21)
"""
    )


def test_markdown_names_an_article_without_title_by_its_id(tmp_path: Path) -> None:
    text = written(tmp_path / "wire.md", [record(title="")]).decode()
    assert text.startswith("# Briefs\n\n## wire-1\n\n2026-03-10 · en · 10 words\n")
    assert text.count("wire-1") == 1


def test_markdown_leaves_no_empty_blocks(tmp_path: Path) -> None:
    records = [record(1, bare=True), record(2, bare=True)]
    assert written(tmp_path / "wire.md", records).decode() == "# Briefs\n\n## wire-1\n\n## wire-2\n"


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("# Not a heading", r"## \# Not a heading"),
        ("1. Not a list", r"## 1\. Not a list"),
        ("- Not a list", r"## \- Not a list"),
        ("*Stars* and _lines_", r"## \*Stars\* and \_lines\_"),
        ("<script>x</script>", r"## \<script\>x\</script\>"),
        ("[a](http://b)", r"## \[a\](http://b)"),
        ("AT&T and &lt;", r"## AT&T and \&lt;"),
        ("two\nlines", "## two lines"),
        ("Up 3.5 points - at last", "## Up 3.5 points - at last"),
    ],
)
def test_markdown_acts_on_nothing_in_the_text(tmp_path: Path, title: str, line: str) -> None:
    assert line in written(tmp_path / "wire.md", [record(title=title)]).decode().splitlines()


@pytest.mark.parametrize("name", NAMES.values())
def test_lone_surrogates_become_the_replacement_character(tmp_path: Path, name: str) -> None:
    data = written(tmp_path / name, [record(title="a\ud800b", fields={"\udc00": "\udfff"})])
    text = json.dumps(parquet_rows(data), ensure_ascii=False) if name.endswith("parquet") else data.decode()
    assert "a\ufffdb" in text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (dt.datetime(2026, 3, 10, 8, 30), "2026-03-10T08:30:00"),
        (dt.date(2026, 3, 10), "2026-03-10"),
        (dt.timedelta(minutes=2), 120.0),
        (Decimal("12.50"), "12.50"),
        (b"caf\xc3\xa9", "café"),
        (b"\xff\x00", "/wA="),
        (float("nan"), None),
        (float("-inf"), None),
        ({"a": (1, {2})}, {"a": [1, [2]]}),
        ({dt.date(2026, 3, 10): 1}, {"2026-03-10": 1}),
        (True, True),
        (3 + 4j, "(3+4j)"),
    ],
)
def test_plain_converts_what_json_cannot_hold(value: Any, expected: Any) -> None:
    assert plain(value) == expected


def test_plain_converts_arrays() -> None:
    import numpy as np

    assert plain({"a": np.array([1.5, np.nan]), "b": np.int64(3)}) == {"a": [1.5, None], "b": 3}


def test_plain_cuts_off_what_is_nested_too_deep() -> None:
    value: Any = "core"
    for _ in range(5000):
        value = [value]
    text = json.dumps(plain(value))
    assert text == "[" * MAX_DEPTH + json.dumps(TOO_DEEP) + "]" * MAX_DEPTH


@pytest.mark.parametrize("name", NAMES.values())
def test_odd_fields_stop_no_format(tmp_path: Path, name: str) -> None:
    fields = {"when": dt.date(2026, 3, 10), "rate": float("nan"), "price": Decimal("1.10"), "raw": b"\xff"}
    assert written(tmp_path / name, [record(fields=fields)])


@pytest.mark.parametrize("name", [*NAMES.values(), "wire.jsonl.gz"])
def test_no_records_make_a_readable_file(tmp_path: Path, name: str) -> None:
    data = written(tmp_path / name, [])
    if name.endswith("parquet"):
        assert parquet_rows(data) == []
    elif name.endswith("csv"):
        assert data.startswith(b"id,title,")
    elif name.endswith("gz"):
        # gunzip takes a file of no bytes for a damaged one.
        assert data
        assert gzip.decompress(data) == b""
    else:
        assert data in (b"", b"# Briefs\n")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("out/wire.jsonl", "jsonl"),
        ("WIRE.NDJSON.GZ", "jsonl"),
        ("wire.csv", "csv"),
        ("wire.pq", "parquet"),
        ("wire.v2.markdown", "markdown"),
        ("-", "jsonl"),
    ],
)
def test_pick_format_goes_by_the_ending(path: str, name: str) -> None:
    assert pick_format(OutputOptions(path=path)) == name


def test_pick_format_takes_the_config_over_the_ending() -> None:
    assert pick_format(OutputOptions(path="wire.jsonl", format="csv")) == "csv"


DEEP: Any = "core"
for _ in range(MAX_DEPTH + 3):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "fields",
    [
        {"deep": DEEP},
        {"when": dt.date(2026, 3, 10), "rate": float("nan"), "raw": b"\xff", "set": {1}},
        {1: "a", None: "b", False: "c", 1.5: "d"},
        {"half": "\ud800", "break": "a\u2028b\u0085c"},
        {},
    ],
)
def test_jsonl_writes_a_record_as_any_other_row(fields: dict[Any, Any]) -> None:
    made = record(title="a\ud800b", fields=fields)
    assert JsonLines().encode([made]) == utf8([json_line(made.to_dict())])


def test_jsonl_writes_a_probability_that_is_no_number_as_null() -> None:
    tag = Tag(Topic("energy", "Energy"), float("nan"), "review")
    line = JsonLines().encode([replace(record(), tags=(tag,))])
    assert json.loads(line)["tags"][0]["probability"] is None

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from read_cases import STORY, articles, failures, read_all

HEADER = "id,title,text,desk\n"


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_delimited_rows_become_articles(tmp_path: Path) -> None:
    path = write(tmp_path / "wire.csv", HEADER + f'a,"Bridge, open",{STORY},city\r\n\n,,"Two\r\nlines ""here""",\n')
    first, second = articles(read_all(path))
    assert (first.id, first.title, first.text, first.fields) == ("a", "Bridge, open", STORY, {"desk": "city"})
    assert (second.id, second.text, second.source) == ("wire-4", 'Two\r\nlines "here"', f"{path}:4")


@pytest.mark.parametrize(
    ("name", "delimiter"),
    [("wire.csv", ";"), ("wire.csv", "\t"), ("wire.tsv", "\t"), ("wire.tsv", ","), ("wire.csv", "|")],
)
def test_delimited_takes_the_delimiter_that_names_the_text(tmp_path: Path, name: str, delimiter: str) -> None:
    path = tmp_path / name
    with path.open("w", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([["id", "text"], ["a", STORY], ["b", f"x{delimiter}y"]])
    [first, _] = articles(read_all(path))
    assert (first.id, first.text) == ("a", STORY)


@pytest.mark.parametrize(("row", "columns"), [("a,b", 2), ("a,b,c,d,e", 5)])
def test_delimited_ragged_row_fails_alone(tmp_path: Path, row: str, columns: int) -> None:
    path = write(tmp_path / "wire.csv", HEADER + f"x,,{STORY},\n{row}\ny,,{STORY},\n")
    before, failure, after = read_all(path)
    assert [entry.id for entry in articles([before, after])] == ["x", "y"]
    assert failures([failure])[0].what == f"{columns} columns, expected 4 as in the first row"
    assert failures([failure])[0].where == f"{path}:3"


@pytest.mark.parametrize(
    "bad",
    ['m,,"not closed,\n', 'm,"not closed,text,city\n', 'm,"say "hello" now",text,city\n', 'm,,"one\ntwo" three,\n'],
)
def test_delimited_bad_quoting_spoils_its_own_row_only(tmp_path: Path, bad: str) -> None:
    rows = "".join(f'r{i},"A, title","{STORY}",city\n' for i in range(3))
    path = write(tmp_path / "wire.csv", HEADER + f"x,,{STORY},\n" + bad + rows)
    entries = read_all(path)
    assert [article.id for article in articles(entries)] == ["x", "r0", "r1", "r2"]
    assert failures(entries)[0].where == f"{path}:3"
    assert "not CSV" in failures(entries)[0].what


def test_delimited_quote_open_to_the_end_loses_no_row(tmp_path: Path) -> None:
    path = write(tmp_path / "wire.csv", HEADER + 'm,,"not closed,\n' + "".join(f"r{i},,{STORY},\n" for i in range(50)))
    entries = read_all(path)
    assert len(articles(entries)) == 50
    assert len(failures(entries)) == 1


def test_delimited_row_over_the_limit_fails_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.read.decode.MAX_BYTES", 20_000)
    rows = "".join(f"r{i},,{STORY},\n" for i in range(1000))
    path = write(tmp_path / "wire.csv", HEADER + 'm,,"not closed,\n' + rows)
    entries = read_all(path)
    assert len(articles(entries)) == 1000
    assert "a row of more than 0.0 MB" in failures(entries)[0].what


def test_delimited_unquoted_tsv_keeps_quotation_marks(tmp_path: Path) -> None:
    path = write(tmp_path / "wire.tsv", 'id\ttext\na\t"Yes," he said.\nb\t"Open to the end\nc\t' + STORY + "\n")
    assert [article.text for article in articles(read_all(path))] == ['"Yes," he said.', '"Open to the end', STORY]


def test_delimited_quoted_tsv_is_unquoted(tmp_path: Path) -> None:
    path = write(tmp_path / "wire.tsv", 'id\ttext\na\t"Two\nlines"\n')
    assert articles(read_all(path))[0].text == "Two\nlines"


@pytest.mark.parametrize("cell", ["caf\u00e9 {}", 'caf\u00e9 " {}'])
def test_delimited_damaged_line_fails_alone(tmp_path: Path, cell: str) -> None:
    bad = cell.format("Größe").encode().replace(b"G", b"\xff")
    data = (HEADER + f"x,,{STORY},\n").encode() + b"m,," + bad + b",\n" + f'y,"a","{STORY}",\nz,,"{STORY}",\n'.encode()
    path = tmp_path / "wire.csv"
    path.write_bytes(data)
    entries = read_all(path)
    assert [article.id for article in articles(entries)] == ["x", "y", "z"]
    assert [failure.where for failure in failures(entries)] == [f"{path}:3"]
    assert "not utf-8" in failures(entries)[0].what


def test_delimited_damaged_line_within_a_quoted_cell_fails_its_row(tmp_path: Path) -> None:
    path = tmp_path / "wire.csv"
    path.write_bytes((HEADER + f'm,,"one\nGrößeX\nthree",\ny,,{STORY},\n').encode().replace(b"X", b"\xff"))
    entries = read_all(path)
    assert [article.id for article in articles(entries)] == ["y"]
    assert [failure.where for failure in failures(entries)] == [f"{path}:3"]


def test_delimited_line_over_the_limit_keeps_quoting_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.read.decode.MAX_BYTES", 1 << 20)
    path = write(tmp_path / "wire.csv", HEADER + f'm,,"{"word " * 300_000}\nend",\ny,,{STORY},\n')
    entries = read_all(path)
    assert [article.id for article in articles(entries)] == ["y"]
    assert "a line of 1.4 MB, the limit is 1.0 MB" in failures(entries)[0].what


def test_delimited_latin_1_is_read_and_said(tmp_path: Path) -> None:
    path = write(tmp_path / "wire.csv", "id;text\na;Größere Züge\nb;plain\n", "latin-1")
    first, second = articles(read_all(path))
    assert (first.text, first.warnings) == ("Größere Züge", ("read as cp1252 (detected), not UTF-8",))
    assert second.warnings == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_delimited_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "wire.csv", f"text,id\n{STORY},a\n", encoding)
    assert [article.id for article in articles(read_all(path))] == ["a"]


def test_delimited_carriage_returns_alone_are_named(tmp_path: Path) -> None:
    [failure] = failures(read_all(write(tmp_path / "wire.csv", f"text\r{STORY}\r")))
    assert failure.what == "not CSV (its lines end in carriage returns alone)"


def test_delimited_without_the_text_column_fails_once(tmp_path: Path) -> None:
    path = write(tmp_path / "wire.csv", "id,body\n" + f"a,{STORY}\n" * 5)
    [failure] = failures(read_all(path))
    assert failure.what == "no column 'text' (fields seen: id, body)"
    assert "Did you mean 'body'?" in failure.mend


def test_delimited_repeated_names_lose_no_column(tmp_path: Path) -> None:
    path = write(tmp_path / "wire.csv", f"text,x,x,x.2\n{STORY},1,2,3\n")
    assert articles(read_all(path))[0].fields == {"x": "1", "x.2": "2", "x.2.2": "3"}


def test_delimited_empty_text_fails_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "wire.csv", HEADER + f"x,A,,\n,,,\ny,,{STORY},\n")
    entries = read_all(path)
    assert [failure.what for failure in failures(entries)] == ["field 'text' is empty"]
    assert [article.id for article in articles(entries)] == ["y"]


@pytest.mark.parametrize(("text", "what"), [("", "is empty"), (HEADER, "holds no articles")])
def test_delimited_without_rows_fails(tmp_path: Path, text: str, what: str) -> None:
    assert failures(read_all(write(tmp_path / "wire.csv", text)))[0].what == what


def test_delimited_long_cell_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "wire.csv", 'text\n"' + "word " * 250_000 + '"\n')
    assert len(articles(read_all(path))[0].text) == 1_250_000

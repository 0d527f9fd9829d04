from __future__ import annotations

import datetime
import gzip
from pathlib import Path

import pytest
from read_cases import STORY, articles, failures, read_all


def write(path: Path, **columns: object) -> Path:
    import pyarrow
    from pyarrow import parquet

    parquet.write_table(pyarrow.table(columns), path, row_group_size=100)
    return path


def test_parquet_rows_become_articles(tmp_path: Path) -> None:
    day = datetime.date(2026, 3, 4)
    columns = {"id": [7, None], "text": [STORY, "B"], "date": [day, None], "tags": [["x"], []], "seen": [day, day]}
    first, second = articles(read_all(write(tmp_path / "wire.parquet", **columns)))
    assert (first.id, first.text, first.date, first.fields) == ("7", STORY, "2026-03-04", {"tags": ["x"], "seen": day})
    assert (second.id, second.date, second.source) == ("wire-2", None, f"{tmp_path / 'wire.parquet'}:2")


def test_parquet_many_batches_keep_order(tmp_path: Path) -> None:
    path = write(tmp_path / "wire.parquet", text=[f"story {i}" for i in range(1000)])
    assert [article.text for article in articles(read_all(path))] == [f"story {i}" for i in range(1000)]


@pytest.mark.parametrize(("value", "what"), [(None, "got null"), ("", "is empty"), ("  ", "is blank")])
def test_parquet_bad_text_fails_alone(tmp_path: Path, value: str | None, what: str) -> None:
    path = write(tmp_path / "wire.parquet", text=[STORY, value, STORY])
    _, failure, _ = read_all(path)
    assert what in failures([failure])[0].what
    assert failures([failure])[0].where == f"{path}:2"


def test_parquet_text_that_is_not_utf8_fails_alone(tmp_path: Path) -> None:
    import pyarrow

    broken = pyarrow.array([b"fine", b"caf\xe9", b"fine"]).view(pyarrow.string())
    entries = read_all(write(tmp_path / "wire.parquet", text=broken))
    assert len(articles(entries)) == 2
    assert "cannot be read" in failures(entries)[0].what


def test_parquet_without_the_text_column_fails_once(tmp_path: Path) -> None:
    path = write(tmp_path / "wire.parquet", article=[STORY, STORY])
    [failure] = failures(read_all(path))
    assert failure.what == "no column 'text' (fields seen: article)"


def test_parquet_of_numbers_fails_row_by_row(tmp_path: Path) -> None:
    assert len(failures(read_all(write(tmp_path / "wire.parquet", text=[1, 2])))) == 2


@pytest.mark.parametrize(("data", "what"), [(b"", "is empty"), (b"no parquet at all", "not Parquet that can be read")])
def test_parquet_damaged_file_fails(tmp_path: Path, data: bytes, what: str) -> None:
    path = tmp_path / "wire.parquet"
    path.write_bytes(data)
    assert what in failures(read_all(path))[0].what


def test_parquet_cut_off_file_fails(tmp_path: Path) -> None:
    path = write(tmp_path / "wire.parquet", text=[STORY] * 300)
    path.write_bytes(path.read_bytes()[:-20])
    assert "not Parquet" in failures(read_all(path))[0].what


def test_parquet_without_rows_fails(tmp_path: Path) -> None:
    import pyarrow

    path = write(tmp_path / "wire.parquet", text=pyarrow.array([], pyarrow.string()))
    assert failures(read_all(path))[0].what == "holds no articles"


def test_parquet_gzip_is_unpacked(tmp_path: Path) -> None:
    path = write(tmp_path / "wire.parquet", text=[STORY])
    packed = tmp_path / "packed.parquet.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert [article.id for article in articles(read_all(packed))] == ["packed-1"]

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from read_cases import STORY, articles, failures, line, read_all

from summarizer import read as stage
from summarizer.errors import UsageError
from summarizer.read import ENDINGS, FORMATS, InputOptions, read
from summarizer.records import Article


class Endless(io.RawIOBase):
    """A pipe that never ends and counts how many lines were asked for."""

    def __init__(self) -> None:
        self.lines = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        self.lines += 1
        return line(id=self.lines).encode()


def stdin(data: bytes | str) -> io.BytesIO:
    return io.BytesIO(data.encode() if isinstance(data, str) else data)


def read_stdin(data: bytes | str, **options: object) -> list[object]:
    return list(read(InputOptions(**options), stdin=stdin(data)))


def test_read_standard_input_is_json_lines_by_default() -> None:
    first, failure, third = read_stdin(line(id="a") + "{\n" + line())
    assert isinstance(first, Article)
    assert isinstance(third, Article)
    assert (first.id, first.source, third.id, third.source) == ("a", "stdin:1", "stdin-3", "stdin:3")
    assert failures([failure])[0].where == "stdin:2"


@pytest.mark.parametrize("format", ["auto", "jsonl", "csv"])
def test_read_standard_input_answers_line_by_line(format: str) -> None:
    fields = (line(id=1), line(id=2)) if format != "csv" else (f'a,"{STORY}"\n', f"b,{STORY}\n")
    ends = os.pipe()
    with os.fdopen(ends[0], "rb") as pipe, os.fdopen(ends[1], "wb", buffering=0) as writer:
        entries = read(InputOptions(format=format), stdin=pipe)
        if format == "csv":
            writer.write(b"id,text\n")
        for text in fields:
            writer.write(text.encode())
            assert isinstance(next(entries), Article)  # would wait for ever if more had to be read first


def test_read_standard_input_in_latin_1_answers_line_by_line() -> None:
    ends = os.pipe()
    with os.fdopen(ends[0], "rb") as pipe, os.fdopen(ends[1], "wb", buffering=0) as writer:
        entries = read(InputOptions(), stdin=pipe)
        writer.write(line(text="Größere Züge").encode("latin-1"))
        article = next(entries)
    assert isinstance(article, Article)
    assert article.text == "Größere Züge"


def test_read_standard_input_is_not_read_ahead() -> None:
    pipe = Endless()
    entries = read(InputOptions(), stdin=pipe)  # type: ignore[arg-type]
    for _ in range(5):
        next(entries)
    assert pipe.lines == 5


@pytest.mark.parametrize(
    ("format", "data"),
    [
        ("text", STORY),
        ("markdown", f"# Title\n\n{STORY}"),
        ("html", f"<html><body><article><p>{STORY * 8}</p></article></body></html>"),
    ],
)
def test_read_standard_input_as_one_article(format: str, data: str) -> None:
    [article] = read_stdin(data, format=format)
    assert isinstance(article, Article)
    assert (article.id, article.source) == ("stdin", "stdin")
    assert STORY in article.text


def test_read_standard_input_is_left_open() -> None:
    stream = stdin(line())
    list(read(InputOptions(), stdin=stream))
    assert not stream.closed


@pytest.mark.parametrize(("data", "what"), [(b"", "is empty"), (gzip.compress(b"x"), "gzip data")])
def test_read_standard_input_that_is_no_text_fails(data: bytes, what: str) -> None:
    [failure] = failures(read_stdin(data))  # type: ignore[arg-type]
    assert what in failure.what
    assert failure.where == "stdin"


@pytest.mark.parametrize("format", ["parquet", "dataset"])
def test_read_standard_input_is_refused_where_it_cannot_be_streamed(format: str) -> None:
    with pytest.raises(UsageError, match=f"input.format: {format} cannot be read from standard input"):
        read(InputOptions(format=format), stdin=stdin(b""))


@pytest.mark.parametrize("encoding", ["latin-99", "rot13"])
def test_read_unknown_encoding_is_refused(encoding: str) -> None:
    with pytest.raises(UsageError, match=f"input.encoding: unknown encoding '{encoding}'"):
        read(InputOptions(encoding=encoding), stdin=stdin(b""))


def test_read_limit_counts_articles_over_files(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{\n" + line(id=1) + "{\n" + line(id=2))
    (tmp_path / "b.jsonl").write_text(line(id=3) + line(id=4))
    entries = read_all(tmp_path, limit=3)
    assert [article.id for article in articles(entries)] == ["1", "2", "3"]
    assert len(failures(entries)) == 2


def test_read_limit_closes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(line() * 5)
    assert len(read_all(path, limit=2)) == 2  # an unclosed file would warn, and a warning fails the test


def lines_of(count: int) -> Iterator[bytes]:
    return (line(id=i, title="Bridge").encode() for i in range(count))


@pytest.mark.parametrize(("name", "count"), [("wire.jsonl", 50_000), ("wire.csv", 20_000), ("wire.jsonl.gz", 20_000)])
def test_read_memory_does_not_grow_with_the_file(tmp_path: Path, name: str, count: int) -> None:
    path = tmp_path / name
    rows = lines_of(count) if "jsonl" in name else (f"{i},{STORY}\n".encode() for i in range(count))
    with gzip.open(path, "wb", 1) if name.endswith(".gz") else path.open("wb") as file:
        file.write(b"id,text\n" if "csv" in name else b"")
        file.writelines(rows)
    entries = read(InputOptions(path=str(path)))
    next(entries)  # what is imported stays
    tracemalloc.start()
    seen = sum(isinstance(entry, Article) for entry in entries)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seen == count - 1
    assert peak < 1_000_000


def test_read_formats_are_those_of_the_options() -> None:
    named = InputOptions.model_fields["format"].annotation.__args__  # type: ignore[union-attr]
    assert {"auto", *FORMATS} == set(named)
    assert len(ENDINGS) == sum(len(known.endings) for known in FORMATS.values())
    assert all(callable(known.load()) for known in FORMATS.values())


def test_read_exports() -> None:
    assert stage.__all__ == sorted(stage.__all__)


def test_read_import_is_light() -> None:
    code = "import sys, summarizer.read; print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout.replace("'", '"')))
    assert loaded.isdisjoint({"pyarrow", "datasets", "trafilatura", "charset_normalizer", "numpy", "torch"})

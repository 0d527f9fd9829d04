"""CSV and TSV, one article a row below a row of column names. Comes after ``rows_of_cells``, before ``rows``."""

from __future__ import annotations

from collections.abc import Iterator

from summarizer.read.cells import Row, rows_of_cells
from summarizer.read.lines import read_lines
from summarizer.read.options import InputOptions
from summarizer.read.rows import missing_column, to_article
from summarizer.read.source import Source
from summarizer.records import Article, Failure

DELIMITERS = {"csv": ",", "tsv": "\t"}


def read_delimited(source: Source, options: InputOptions) -> Iterator[Article | Failure]:
    """Yield the article, or the failure, of each row; ids are made from the number of the row's first line."""
    with source.open() as stream:
        lines = read_lines(source, stream, options.encoding)
        rows = rows_of_cells(lines, DELIMITERS[source.format], options.fields.text)
        header = next(rows, None)
        if header is None:
            return
        names = _names(header.cells)
        fault = (header.fault, header.mend) if header.fault else missing_column(names, options.fields)
        if fault is not None:
            yield source.failure(*fault, number=header.number)
            return
        for row in rows:
            yield _read_row(source, row, names, options)


def _read_row(source: Source, row: Row, names: list[str], options: InputOptions) -> Article | Failure:
    if row.fault:
        return source.failure(row.fault, row.mend, number=row.number)
    if len(row.cells) != len(names):
        what = f"{len(row.cells)} columns, expected {len(names)} as in the first row"
        return source.failure(what, "Put text that holds the separator into quotation marks.", number=row.number)
    cells = dict(zip(names, row.cells, strict=True))
    return to_article(cells, source, options.fields, number=row.number, warnings=row.warnings)


def _names(cells: list[str]) -> list[str]:
    """Return the column names; one that comes again is numbered, so that no column is lost."""
    names: list[str] = []
    for cell in cells:
        name, copy = cell.strip(), 1
        while (f"{name}.{copy}" if copy > 1 else name) in names:
            copy += 1
        names.append(f"{name}.{copy}" if copy > 1 else name)
    return names

"""Parquet, one article a row, read batch by batch. Comes after ``files``, before ``rows``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from summarizer.errors import ArticleError
from summarizer.read.options import InputOptions
from summarizer.read.rows import missing_column, to_article
from summarizer.read.source import Source
from summarizer.records import Article, Failure

BATCH_ROWS = 256


def read_parquet(source: Source, options: InputOptions) -> Iterator[Article | Failure]:
    """Yield the article, or the failure, of each row; ids are made from row numbers, from 1.

    :raises ArticleError: the file is empty, damaged or not Parquet; what came before was yielded.
    """
    import pyarrow
    from pyarrow import parquet

    number = 0
    with source.open() as stream:
        if not stream.peek(1):  # type: ignore[attr-defined]
            raise ArticleError(source.at(), "is empty")
        try:
            file = parquet.ParquetFile(stream)
            missing = missing_column(file.schema_arrow.names, options.fields)
            if missing is not None:
                yield source.failure(*missing)
                return
            for batch in file.iter_batches(BATCH_ROWS):
                for row in _rows(batch):
                    number += 1
                    yield (
                        source.failure(f"row cannot be read ({row})", number=number)
                        if isinstance(row, ValueError)
                        else to_article(row, source, options.fields, number=number)
                    )
        except (pyarrow.ArrowException, OSError) as error:
            where = source.at(number + 1 if number else None)
            raise ArticleError(
                where, f"not Parquet that can be read ({_short(error)})", "Fetch the file again."
            ) from error


def _rows(batch: Any) -> Iterator[dict[str, Any] | ValueError]:
    """Yield the rows of a batch; one that Python has no values for (bytes that are not UTF-8) comes as its error."""
    try:
        yield from batch.to_pylist()
        return
    except ValueError:
        pass
    for i in range(batch.num_rows):
        try:
            row = batch.slice(i, 1).to_pylist()[0]
        except ValueError as error:
            row = error
        yield row


def _short(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")

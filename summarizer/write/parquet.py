"""Writes Parquet for data work: the record's JSON form as nested columns, a row group a window; after ``plain``.

It differs from the JSON form where a column must have one type: ``fields`` is JSON text, ``made_by.models`` is a list
of name and version, and lists that have nothing to say are empty instead of left out. Other keys without a value are
null. The file can be read only when complete: a run that is killed outright leaves nothing readable.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

from summarizer.records import Record
from summarizer.write.plain import plain


class Parquet:
    """Encoder of Parquet, with zstd compression."""

    whole_only = True

    def __init__(self) -> None:
        import pyarrow.parquet as pq

        self._schema = record_schema()
        self._sink = _Sink()
        self._writer = pq.ParquetWriter(self._sink, self._schema, compression="zstd")

    def start(self) -> bytes:
        """Return the magic bytes."""
        return self._sink.take()

    def encode(self, records: Sequence[Record]) -> bytes:
        """Return a row group."""
        import pyarrow as pa

        rows = [_row(record) for record in records]
        self._writer.write_table(pa.Table.from_pylist(rows, schema=self._schema), row_group_size=len(rows))
        return self._sink.take()

    def end(self) -> bytes:
        """Return the footer."""
        self._writer.close()
        return self._sink.take()


class _Sink(io.RawIOBase):
    """A file that hands out what was written to it, and knows how much that was in all."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._taken = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._data += data
        return len(data)

    def tell(self) -> int:
        return self._taken + len(self._data)

    def take(self) -> bytes:
        data = bytes(self._data)
        self._taken += len(data)
        self._data.clear()
        return data


def _row(record: Record) -> dict[str, Any]:
    row: dict[str, Any] = plain(record.to_dict())
    row.setdefault("warnings", [])
    if "brief" in row:
        row["brief"].setdefault("dropped", [])
    if "fields" in row:
        row["fields"] = json.dumps(row["fields"], ensure_ascii=False, allow_nan=False)
    models = row["made_by"]["models"]
    row["made_by"]["models"] = [{"name": name, "version": version} for name, version in models.items()]
    return row


def record_schema() -> Any:
    """Return the ``pyarrow.Schema`` of a record."""
    import pyarrow as pa

    text, texts = pa.string(), pa.list_(pa.string())
    evidence = pa.struct({"start": pa.int64(), "end": pa.int64(), "text": text})
    sentence = {
        "text": text,
        "origin": text,
        "support": pa.float64(),
        "evidence": pa.list_(evidence),
        "unsupported": texts,
        "replaces": text,
    }
    brief = {
        "text": text,
        "words": pa.int64(),
        "backend": text,
        "model": text,
        "source_tokens": pa.struct({"read": pa.int64(), "total": pa.int64()}),
        "sentences": pa.list_(pa.struct(sentence)),
        "dropped": pa.list_(pa.struct({"text": text, "unsupported": texts})),
    }
    tag = {"topic": text, "code": text, "probability": pa.float64(), "decision": text, "own_decision": text}
    changes = {
        "similarity": pa.float64(),
        "sentences": pa.list_(evidence),
        "gone": pa.int64(),
        "title_was": text,
        "version_was": text,
    }
    # A list and not a map: the `datasets` library cannot read maps.
    models = pa.list_(pa.struct({"name": text, "version": text}))
    return pa.schema(
        {
            "schema": pa.int32(),
            **dict.fromkeys(("id", "title", "date", "language", "same_as", "updates"), text),
            "changes": pa.struct(changes),
            "brief": pa.struct(brief),
            "tags": pa.list_(pa.struct({**tag, "evidence": pa.list_(evidence)})),
            "needs_review": pa.bool_(),
            "warnings": texts,
            "fields": text,
            "made_by": pa.struct({"summarizer": text, "config": text, "models": models}),
        }
    )

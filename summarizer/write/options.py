"""The ``output`` section."""

from __future__ import annotations

from typing import Literal

from summarizer.options import Options


class OutputOptions(Options):
    """Where the records go."""

    path: str = "-"
    """A file, a run folder that ends in '/', or '-' for standard output. A run folder goes on after it was stopped.
    Failures go to NAME.failures.jsonl beside a file, to stderr for '-'."""
    format: Literal["auto", "jsonl", "csv", "parquet", "markdown"] = "auto"
    """'auto' goes by the file's ending (standard output: JSON lines)."""
    overwrite: bool = False
    """Replace an output file that exists; false refuses to start."""

"""The ``output`` section."""

from __future__ import annotations

from typing import Literal

from summarizer.options import Options

FileFormat = Literal["jsonl", "csv", "parquet", "markdown"]
NewsFormat = Literal["ninjs", "ninjs-2", "newsml-g2", "nitf", "rss", "atom"]


class OutputOptions(Options):
    """Where the records go."""

    path: str = "-"
    """A file, a run folder that ends in '/', or '-' for standard output. A run folder goes on after it was stopped.
    Failures go to NAME.failures.jsonl beside a file, to stderr for '-'."""
    format: Literal["auto", FileFormat, NewsFormat] = "auto"
    """'auto' goes by the file's ending (standard output: JSON lines). 'ninjs' is version 3, 'ninjs-2' version 2."""
    overwrite: bool = False
    """Replace an output file that exists; false refuses to start."""

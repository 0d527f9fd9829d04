"""The ``input`` section."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from summarizer.options import Options

FileFormat = Literal["jsonl", "csv", "tsv", "parquet", "text", "markdown", "html", "dataset"]
NewsFormat = Literal["ninjs", "xml", "newsml-g2", "nitf", "feed", "iptc7901"]


class FieldNames(Options):
    """What the input calls each field of an article; every further field travels through untouched."""

    id: str = "id"
    """Unique name of the article; made from file and line where the input has none."""
    title: str = "title"
    """Headline; may be absent."""
    text: str = "text"
    """The article itself; the one field that must be there."""
    date: str = "date"
    """Date of publication, passed on as it is; may be absent."""
    language: str = "language"
    """Language code, passed on as it is; may be absent."""


class InputOptions(Options):
    """What to read."""

    path: str = "-"
    """A file, a folder, a glob such as 'wire/*.jsonl.gz', '-' for standard input, or the name of a data set. In
    a folder hidden files and the likes of README.md are passed over, files of an unknown format reported."""
    format: Literal["auto", FileFormat, NewsFormat] = "auto"
    """'auto' goes by each file's ending (standard input: JSON lines) and, for news formats, by what the file holds;
    'xml' is NewsML-G2, NITF, RSS or Atom by the root element, 'feed' RSS or Atom, 'iptc7901' also ANPA 1312. 'dataset'
    is a folder saved by `datasets`, or a name on the Hugging Face Hub, which is then fetched over the network."""
    encoding: str = "auto"
    """'auto' takes UTF-8 and detects anything else, which the record then says; or the name of an encoding, such as
    latin-1, or iso646-de (-es, -fr, -gb, -it, -no, -pt, -se) for wires of seven bits."""
    fields: FieldNames = FieldNames()
    """The names of the fields in the input."""
    split: str = "train"
    """Which split of a data set."""
    limit: int | None = Field(None, ge=1)
    """Stop after this many articles; null reads all."""

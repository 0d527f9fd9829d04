"""The write stage: records in, a file or standard output out. Comes last, after ``decide``.

A new format is one file beside this one with an encoder like the others, and one line in ``FORMATS``; its name goes
into ``OutputOptions.format``, too, so that a config may say it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from summarizer.errors import UsageError
from summarizer.write.base import Encoder, Output
from summarizer.write.file import open_file
from summarizer.write.options import OutputOptions
from summarizer.write.stream import STDOUT, StreamOutput, open_device

__all__ = ["FORMATS", "Encoder", "Format", "Output", "OutputOptions", "open_output", "pick_format"]


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is written.

    :param encoder: ``module:class`` in this package; imported when it is first used.
    :param endings: the file endings that stand for it, in lower case.
    :param is_streamable: whether it can go to standard output, and be gzipped.
    """

    encoder: str
    endings: tuple[str, ...]
    is_streamable: bool = True

    def load(self) -> Encoder:
        """Import the encoder and make one."""
        module, _, name = self.encoder.partition(":")
        return cast(Encoder, getattr(import_module(f"{__name__}.{module}"), name)())


FORMATS = {
    "jsonl": Format("jsonl:JsonLines", (".jsonl", ".ndjson")),
    "csv": Format("csv:Csv", (".csv",)),
    "parquet": Format("parquet:Parquet", (".parquet", ".pq"), is_streamable=False),
    "markdown": Format("markdown:Markdown", (".md", ".markdown")),
    "ninjs": Format("ninjs:Ninjs", (".ninjs", ".ninjs.json")),
    "ninjs-2": Format("ninjs:Ninjs2", ()),
    "newsml-g2": Format("newsml:NewsML", (".newsml", ".newsml.xml")),
    "nitf": Format("nitf:Nitf", (".nitf", ".nitf.xml")),
    "rss": Format("feed:Rss", (".rss", ".rss.xml")),
    "atom": Format("feed:Atom", (".atom", ".atom.xml")),
}
GZIP = ".gz"


def open_output(options: OutputOptions, stdout: BinaryIO | TextIO) -> Output:
    """Open where the records go; nothing that exists is touched before the records are complete.

    :param options: the ``output`` section.
    :param stdout: used for the path ``-``: a binary stream or a text stream with a ``buffer``, such as ``sys.stdout``.
    :raises UsageError: the path has no known ending, exists without ``overwrite``, is a folder, or the format cannot go
        to standard output or be gzipped.
    :raises OutputError: the file cannot be made.
    """
    name = pick_format(options)
    gzipped = options.path.lower().endswith(GZIP)
    if not FORMATS[name].is_streamable and (gzipped or options.path == "-"):
        what = "be gzipped again" if gzipped else "go to standard output"
        mend = f"Set output.path to a file that ends in {FORMATS[name].endings[0]}."
        raise UsageError("output.path", f"{name} cannot {what} ('{options.path}')", mend)
    encoder = FORMATS[name].load()
    if options.path == "-":
        return StreamOutput(encoder, cast(BinaryIO, getattr(stdout, "buffer", stdout)), where=STDOUT)
    path = Path(options.path).expanduser()
    if _is_device(path):
        return open_device(encoder, path)
    return open_file(encoder, path, gzipped=gzipped, overwrite=options.overwrite)


def pick_format(options: OutputOptions) -> str:
    """Return the name of the format in ``FORMATS``.

    :raises UsageError: the format is ``auto`` and the file's ending tells none.
    """
    if options.format != "auto":
        return options.format
    path = options.path.lower()
    bare = path.removesuffix(GZIP)
    found = [name for name, row in FORMATS.items() if bare.endswith(row.endings)]
    if found:
        return found[0]
    if path == "-" or _is_device(Path(options.path)):
        return "jsonl"
    known = ", ".join(ending for row in FORMATS.values() for ending in row.endings)
    mend = f"Known: {known}, each but Parquet also with {GZIP}; or set output.format."
    raise UsageError("output.path", f"the ending tells no format ('{options.path}')", mend)


def _is_device(path: Path) -> bool:
    # os.path and not Path: a name that the system does not even look at, such as one too long, is simply not there.
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)

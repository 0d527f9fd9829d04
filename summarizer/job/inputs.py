"""What the input was when a run began: its files with their sizes and a hash of both ends. ``identity`` compares them.

Files are called by their path below what ``input.path`` names, so that a moved input is still the same. A change in the
middle of a large file that keeps its size is not seen.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from summarizer.errors import UsageError
from summarizer.read import InputOptions, find_sources
from summarizer.read.source import Source
from summarizer.records import Failure

END_BYTES = 1 << 20
SHOWN_CHANGES = 5
LINE_FORMATS = ("jsonl", "csv", "tsv")
LINE_ENDINGS = (".jsonl", ".ndjson", ".csv", ".tsv", ".tab")
"""Of files that can have lines added to them; a ``.json`` file may be one array, a ``.gz`` file has no lines."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file of the input.

    :param size: in bytes; None where it cannot be read, or is no file but a data set on the Hub.
    :param ends: hash of the first and the last megabyte; all of a file that is no larger than both.
    """

    name: str
    size: int | None
    ends: str


def list_input(options: InputOptions) -> list[InputFile]:
    """Return the files of the input, in the order in which they are read.

    :raises InputError: nothing is there.
    :raises UsageError: the input cannot be read a second time, as standard input.
    """
    path = os.path.expanduser(options.path)
    if path == "-" or (os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)):
        what = f"a run folder needs an input that can be read again ('{options.path}')"
        raise UsageError("input.path", what, "Save it to a file first, or name a file as output.path.")
    sources = find_sources(options)
    root = _root(path, sources)
    return [_look(name, root) for source in sources for name in _files(source)]


def _root(path: str, sources: Sequence[Source | Failure]) -> str:
    """Return the folder that names are relative to; a data set's own name counts, since ids are made from it."""
    is_dataset = any(isinstance(source, Source) and source.format == "dataset" for source in sources)
    if os.path.isdir(path) and not is_dataset:
        return path
    folder = os.path.dirname(path.rstrip("/"))
    while glob.has_magic(folder):
        folder = os.path.dirname(folder)
    return folder or "."


def _files(source: Source | Failure) -> Iterator[str]:
    if isinstance(source, Failure):
        yield source.where
    elif source.format == "dataset" and os.path.isdir(source.name):
        for folder, folders, names in os.walk(source.name):
            folders.sort()
            yield from (os.path.join(folder, name) for name in sorted(names))
    else:
        yield source.name


def _look(path: str, root: str, size: int | None = None) -> InputFile:
    """Look at a file as it is, or as it was when it had ``size`` bytes."""
    if not os.path.exists(path):  # a name on the Hub
        return InputFile(path, None, "")
    name = os.path.relpath(path, root)
    try:
        with open(path, "rb") as stream:
            size = os.fstat(stream.fileno()).st_size if size is None else size
            digest = hashlib.sha256(stream.read(min(END_BYTES, size)))
            stream.seek(max(END_BYTES, size - END_BYTES))
            digest.update(stream.read(max(0, size - stream.tell())))
    except OSError:  # the reader says what is wrong with it
        return InputFile(name, None, "")
    return InputFile(name, size, digest.hexdigest())


def has_only_grown(before: Sequence[InputFile], now: Sequence[InputFile], options: InputOptions) -> bool:
    """Tell whether articles were added at the end and nowhere else: lines to the last file, or files after it."""
    if len(now) < len(before) or not before or tuple(before[:-1]) != tuple(now[: len(before) - 1]):
        return False
    was, is_now = before[-1], now[len(before) - 1]
    if was == is_now:
        return True
    if was.name != is_now.name or was.size is None or is_now.size is None or not 0 < was.size < is_now.size:
        return False
    path = os.path.expanduser(options.path)
    sources = find_sources(options)
    root = _root(path, sources)
    source = sources[len(before) - 1] if len(sources) == len(now) else None
    if not isinstance(source, Source) or source.format not in LINE_FORMATS or not source.name.endswith(LINE_ENDINGS):
        return False
    return _look(source.name, root, was.size) == was and _line_ends_at(source.name, was.size)


def _line_ends_at(path: str, size: int) -> bool:
    with open(path, "rb") as stream:
        stream.seek(size - 1)
        return stream.read(1) == b"\n"


def to_lines(files: Iterable[InputFile]) -> bytes:
    """Return JSON lines of files."""
    return "".join(json.dumps(asdict(file)) + "\n" for file in files).encode()


def from_lines(data: bytes) -> list[InputFile]:
    """Return the files that ``to_lines`` wrote."""
    return [InputFile(**json.loads(line)) for line in data.splitlines()]


def input_changes(before: Sequence[InputFile], now: Sequence[InputFile]) -> list[str]:
    """Say which files are not what they were."""
    was, is_now = {file.name: file for file in before}, {file.name: file for file in now}
    changed = [
        f"input {name}: {_change(was.get(name), is_now.get(name))}"
        for name in sorted({*was, *is_now})
        if was.get(name) != is_now.get(name)
    ]
    more = len(changed) - SHOWN_CHANGES
    return changed if more <= 0 else [*changed[:SHOWN_CHANGES], f"input: {more} more files likewise"]


def _change(was: InputFile | None, now: InputFile | None) -> str:
    if was is None:
        return "is new"
    if now is None:
        return "is gone"
    if was.size == now.size:
        return f"its content changed ({_bytes(now)} as before)"
    return f"was {_bytes(was)}, now {_bytes(now)}"


def _bytes(file: InputFile) -> str:
    return "unreadable" if file.size is None else f"{file.size:,} bytes"

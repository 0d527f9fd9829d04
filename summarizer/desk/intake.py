"""Reads what an editor pastes or drops with the package's own readers; comes before the runner's work."""

from __future__ import annotations

import gzip
import io
from dataclasses import replace
from hashlib import sha256
from itertools import islice
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from summarizer.errors import InputError, UsageError
from summarizer.read import FORMATS, InputOptions, read
from summarizer.read.lines import BREAKS
from summarizer.read.source import GZIP
from summarizer.records import Article, Failure

MOST_ARTICLES = 25
"""Of one file: a desk is for looking at articles one by one; more of them are a run."""
MOST_CHARACTERS = 200_000
"""Of one article: the models read no further than its first pages, and it would hold up everybody else's."""
MOST_UNPACKED_BYTES = 32 << 20
MEND = "Open it, copy the story and paste it here, or save it as plain text (.txt) or as a web page (.html)."
ENDINGS = tuple(ending for known in FORMATS.values() for ending in known.endings)


def pasted_article(title: str, text: str) -> Article:
    """Return the article that was pasted; its id is made from what it says.

    :raises UsageError: there is no text, or too much.
    """
    if not text.strip():
        raise UsageError("the article", "has no text (0 letters)", "Paste the story itself, not only its title.")
    if len(text) > MOST_CHARACTERS:
        raise UsageError("the article", _too_long(text), "Paste the part that is to be briefed.")
    name = sha256(f"{title}\n{text}".encode("utf-8", "replace")).hexdigest()[:12]
    return Article(id=f"desk-{name}", title=title.strip(), text=text, source="pasted")


def read_file(name: str, data: bytes) -> list[Article | Failure]:
    """Read a file that was dropped or picked.

    :param name: as it is called on the editor's machine; its ending says what it is.
    :return: at most ``MOST_ARTICLES`` articles and the failures between them, and a failure for what is left unread.
    :raises UsageError: it is too large when unpacked.
    :raises InputError: it is in no known format.
    """
    name = _file_name(name)
    if data.startswith(GZIP):
        data, name = _unpack(data, name), name.removesuffix(".gz")
    if "." not in name:
        name += ".txt"  # the reader of text says what it is where it is none
    if not name.lower().endswith(ENDINGS):
        raise InputError(name, f"the desk does not read {_kind(name)} files", MEND)
    with TemporaryDirectory(prefix="desk-") as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        try:
            items = list(islice(read(InputOptions(path=str(path))), MOST_ARTICLES + 1))
        except InputError as error:
            fault = error.fault
            raise InputError(name, fault.what, fault.mend) from error
        shown = [_short_enough(_named(item, folder)) for item in items[:MOST_ARTICLES]]
    if len(items) > MOST_ARTICLES:
        what = f"has more than {MOST_ARTICLES} articles, which the desk reads at once"
        shown.append(Failure(name, "read", what, "Make a run of it: summarizer run, then summarizer desk."))
    return shown


def _short_enough(item: Article | Failure) -> Article | Failure:
    if isinstance(item, Failure) or len(item.text) <= MOST_CHARACTERS:
        return item
    return Failure(item.source or item.id, "read", _too_long(item.text), "Paste the part that is to be briefed.")


def _too_long(text: str) -> str:
    return f"has {len(text):,} characters, more than the desk reads at once ({MOST_CHARACTERS:,})"


def _kind(name: str) -> str:
    return name.rpartition(".")[2].upper()


def _file_name(name: str) -> str:
    """Return the last part of a name, whatever the system it comes from, so that it stays in its folder."""
    last = PurePosixPath(name.replace("\\", "/")).name.replace("\0", "").lstrip(".")
    stem, dot, ending = last.rpartition(".")
    safe = f"{stem[:100]}{dot}{ending[:20]}"
    return safe.encode("utf-8", "replace").decode() or "article.txt"


def _unpack(data: bytes, name: str) -> bytes:
    """Return what a gzip file holds, never more than the limit."""
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            unpacked = stream.read(MOST_UNPACKED_BYTES + 1)
    except BREAKS as error:
        raise InputError(name, f"is a damaged gzip file ({error})", "Fetch it again.") from error
    if len(unpacked) > MOST_UNPACKED_BYTES:
        what = f"holds more than {MOST_UNPACKED_BYTES >> 20} MB when unpacked, the limit"
        raise UsageError(name, what, "Make a run of it: summarizer run, then summarizer desk.")
    return unpacked


def _named(item: Article | Failure, folder: str) -> Article | Failure:
    """Call the file what the editor calls it."""
    prefix = f"{folder}/"
    if isinstance(item, Failure):
        return replace(item, where=item.where.replace(prefix, ""), what=item.what.replace(prefix, ""))
    return replace(item, source=item.source.replace(prefix, ""))

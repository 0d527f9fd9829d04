"""A data set of the ``datasets`` library: a folder that ``save_to_disk`` wrote, or a name on the Hugging Face Hub.

Comes after ``files``, before ``rows``. The network is used for Hub names alone, and a name is one only where the
format is given as ``dataset``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from summarizer.errors import InputError, did_you_mean
from summarizer.read.options import InputOptions
from summarizer.read.rows import missing_column, to_article
from summarizer.read.source import Source
from summarizer.records import Article, Failure

SAVED = ("dataset_dict.json", "dataset_info.json")
"""Files by which a folder is known to be a saved data set: with splits, or without."""


def is_saved_dataset(folder: str) -> bool:
    """Tell whether ``save_to_disk`` wrote a folder."""
    return any(os.path.isfile(os.path.join(folder, name)) for name in SAVED)


def read_dataset(source: Source, options: InputOptions) -> Iterator[Article | Failure]:
    """Yield the article, or the failure, of each row of the split; ids are made from row numbers, from 1.

    :raises InputError: there is no such data set or split, or the Hub cannot be reached.
    """
    rows = _from_disk(source.name, options) if os.path.isdir(source.name) else _from_hub(source.name, options)
    if rows.column_names is not None:  # a stream without a schema does not know them
        missing = missing_column(rows.column_names, options.fields)
        if missing is not None:
            yield source.failure(*missing)
            return
    for number, row in enumerate(_iterate(rows, source.name), start=1):
        yield to_article(row, source, options.fields, number=number)


def _from_disk(folder: str, options: InputOptions) -> Any:
    from datasets import Dataset, load_from_disk

    if not is_saved_dataset(folder):
        mend = "Leave input.format away to read the files in it, or name a folder that save_to_disk wrote."
        raise InputError(folder, f"not a saved data set (it holds neither {' nor '.join(SAVED)})", mend)
    try:
        saved = load_from_disk(folder)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(folder, f"a saved data set that cannot be read ({_short(error)})", "Save it again.") from error
    if isinstance(saved, Dataset):
        return saved
    if options.split not in saved:
        what = f"no split '{options.split}' (splits: {', '.join(saved)})"
        raise InputError(folder, what, f"Set input.split. {did_you_mean(options.split, saved)}")
    return saved[options.split]


def _from_hub(name: str, options: InputOptions) -> Any:
    from datasets import load_dataset
    from datasets.exceptions import DatasetsError

    try:
        return load_dataset(name, split=options.split, streaming=True)
    except (DatasetsError, OSError, ValueError, RuntimeError) as error:
        raise _unreachable(name, error) from error


def _iterate(rows: Any, name: str) -> Iterator[dict[str, Any]]:
    from datasets.exceptions import DatasetsError

    try:
        yield from rows
    except (DatasetsError, OSError, ValueError, RuntimeError) as error:
        raise _unreachable(name, error) from error


def _unreachable(name: str, error: Exception) -> InputError:
    mend = "Check the name and the network, or save it where there is one (save_to_disk) and name that folder."
    what = f"the data set cannot be loaded ({_short(error)})"
    return InputError(name, what, "Save it again." if os.path.isdir(name) else mend)


def _short(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")[:200]

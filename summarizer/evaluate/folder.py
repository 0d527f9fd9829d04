"""The folder of an evaluation: checked before anything costs time, written when all is measured."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from summarizer.errors import OutputError

EVALUATION_FILE = "evaluation.json"
REPORT_FILE = "evaluation.md"


def free_folder(path: str, files: Sequence[str], *, overwrite: bool) -> Path:
    """Return the folder to write into; it need not be there yet.

    :param files: what will be written into it.
    :param overwrite: whether these may be there already.
    :raises OutputError: it is a file, or holds an evaluation already and ``overwrite`` is false.
    """
    out = Path(path)
    if out.exists() and not out.is_dir():
        raise OutputError(str(out), "is a file, and an evaluation is a folder", "Name another folder.")
    if (seen := [name for name in files if (out / name).exists()]) and not overwrite:
        what = f"holds an evaluation already ({seen[0]})"
        raise OutputError(str(out), what, "Name another folder, or add --overwrite.")
    return out


def default_folder(path: str) -> str:
    """Return ``evaluation-wire`` for ``out/wire.jsonl.gz``."""
    return f"evaluation-{Path(path).name.split('.')[0] or 'data'}"


def write_text(out: Path, name: str, text: str) -> None:
    """Write one file; half a character that JSON may hold becomes a question mark."""
    (out / name).write_text(text, encoding="utf-8", errors="replace")


def write_json(out: Path, evaluation: Mapping[str, Any]) -> None:
    """Write ``evaluation.json``; it comes last, so that a folder that has it is whole."""
    text = json.dumps(evaluation, indent=1, ensure_ascii=False, allow_nan=False)
    write_text(out, EVALUATION_FILE, text + "\n")


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Make the folder, and let what is written into it inside the block fail in our words.

    :raises OutputError: the system refuses to write.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise OutputError(str(out), f"cannot be written ({error.strerror})", "Name another folder.") from error

"""Guards a training's output folder, so that no finished model is ever written over."""

from __future__ import annotations

from pathlib import Path

from summarizer.errors import OutputError
from summarizer.models import MANIFEST

UNFINISHED = "unfinished"
SETTINGS_FILE = "settings.json"


def refuse_occupied(out: Path) -> None:
    """Let a new or empty folder pass, and one of an unfinished run.

    :raises OutputError: it is a file, or holds something else.
    """
    if not out.exists() or (out / UNFINISHED / SETTINGS_FILE).is_file():
        return
    if not out.is_dir():
        raise OutputError(str(out), "is a file, and a model is a folder", "Name another folder.")
    if count := sum(1 for _ in out.iterdir()):
        what = "holds a finished model" if (out / MANIFEST).is_file() else f"is not empty ({count} files or folders)"
        raise OutputError(str(out), what, "Name another folder, or move this one away.")

"""What a training that was stopped is known by: its settings, kept in its folder until it is done."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from summarizer.errors import OutputError


def begin(out: Path, file: Path, settings: Mapping[str, Any]) -> None:
    """Note what a training is, or check that the unfinished one is the same.

    :param out: the new model's folder, for messages.
    :param file: where the settings are kept.
    :param settings: everything that the result hangs on, as JSON has it.
    :raises OutputError: the folder cannot be written, or the unfinished training has other settings.
    """
    if not file.is_file():
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(settings, indent=1), encoding="utf-8")
        except OSError as error:
            raise OutputError(str(out), f"cannot be written ({error.strerror})", "Name another folder.") from error
        return
    seen = json.loads(file.read_text(encoding="utf-8"))
    for key, value in settings.items():
        if seen.get(key) != value:
            what = f"holds an unfinished run with {key} {seen.get(key)!r}, now {value!r}"
            raise OutputError(str(out), what, "Use the same settings and data, or name another folder.")

"""What decides a run's records: config, models, input and package version. Kept in ``run.json``; compared to go on."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from summarizer import __version__
from summarizer.config import RunConfig
from summarizer.errors import ModelError, UsageError
from summarizer.job.inputs import InputFile, has_only_grown, input_changes, list_input
from summarizer.models import find_model
from summarizer.read import InputOptions

RUNTIME_KEYS = ("device", "dtype", "seed")
"""Of the section ``runtime``: the others (threads, batches, windows) may change between a stop and going on."""
MEND = "\nPut it back as it was, name another folder, or add --restart to begin anew (the old files are kept aside)."
EXTEND_MEND = "\nArticles were only added: add --extend to go on with them, or --restart to begin anew."


@dataclass(frozen=True, slots=True)
class Identity:
    """One run's, as it was begun or as it would be now.

    :param config: every key, as JSON.
    :param models: each model's hash or Hub commit by its name; empty before they are known.
    :param working_folder: where relative paths of the config start; does not count.
    :param started: when the run was begun, UTC; does not count.
    """

    version: str
    config: Mapping[str, Any]
    files: tuple[InputFile, ...]
    models: Mapping[str, str]
    working_folder: str
    started: str


def identify(config: RunConfig) -> Identity:
    """Return what can be told without loading a model.

    :raises InputError: the input is not there.
    """
    files = tuple(list_input(config.input))
    started = datetime.now(timezone.utc).isoformat(timespec="seconds")
    return Identity(__version__, config.model_dump(mode="json"), files, {}, os.getcwd(), started)


def changes(before: Identity, now: Identity) -> list[str]:
    """Say what is not as it was, key by key; models are not compared."""
    versions = [] if before.version == now.version else [f"summarizer: was {before.version}, now {now.version}"]
    keys = list(_differences(_deciding(before.config), _deciding(now.config)))
    return [*versions, *keys, *input_changes(before.files, now.files)]


def only_adds(before: Identity, now: Identity, options: InputOptions) -> bool:
    """Tell whether nothing changed but that articles were added: at the input's end, or by a higher ``input.limit``."""
    was, limit = before.config["input"]["limit"], options.limit
    is_raised = was == limit or (was is not None and (limit is None or limit > was))
    old_input = {**now.config["input"], "limit": was}
    rest = replace(now, config={**now.config, "input": old_input}, files=before.files)
    return is_raised and not changes(before, rest) and has_only_grown(before.files, now.files, options)


def model_changes(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Say which models are not what they were."""
    return [
        f"model {name}: was {_short(before[name])}, now {_short(now[name])}"
        for name in before
        if name in now and before[name] != now[name]
    ]


def refuse_changes(folder: Path, what: str, changed: Sequence[str], mend: str = "") -> None:
    """Raise ``UsageError`` with what has changed, a line each; where nothing has, do nothing.

    :param what: cannot be done for it.
    """
    if changed:
        raise UsageError(str(folder), f"{what}:" + "".join(f"\n  {change}" for change in changed), mend)


def find_models(config: RunConfig) -> dict[str, str]:
    """Return the hashes of a config's models, unloaded; one that is not on this machine is left out."""
    found = {}
    for section in (config.summarize, config.classify):
        name = getattr(section, "model", None)
        if name is None:
            continue
        try:
            offline = config.runtime.model_copy(update={"download": False})
            found[name] = find_model(name, offline, revision=getattr(section, "revision", None)).identity
        except ModelError:  # a run that is complete needs no model any more
            continue
    return found


def _deciding(config: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what does not bear on the records; where the input lies does not, what is in it does."""
    kept = {name: section for name, section in config.items() if name != "output"}
    kept["input"] = {name: value for name, value in config["input"].items() if name != "path"}
    kept["runtime"] = {name: config["runtime"][name] for name in RUNTIME_KEYS}
    return kept


def _differences(before: Any, now: Any, key: str = "") -> Iterator[str]:
    if not (isinstance(before, Mapping) and isinstance(now, Mapping)):
        if before != now:
            yield f"{key}: was {_value(before)}, now {_value(now)}"
        return
    names = list(dict.fromkeys([*before, *now]))
    if before.get("backend") != now.get("backend"):  # the section's other keys are the backend's own
        names = ["backend"]
    for name in names:
        yield from _differences(before.get(name), now.get(name), f"{key}.{name}" if key else name)


def _value(value: Any) -> str:
    return (
        f"a section ({value.get('backend')})" if isinstance(value, Mapping) else json.dumps(value, ensure_ascii=False)
    )


def _short(identity: str) -> str:
    kind, _, digest = identity.partition(":")
    return f"{kind}:{digest[:12]}"

"""Says pydantic's errors in our words: where in the file, what was seen, how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, get_args

from pydantic import BaseModel

from summarizer.config_tree import ConfigTree, KeyPath
from summarizer.errors import Fault, did_you_mean

LIMITS = {"greater_than_equal": "ge", "less_than_equal": "le", "greater_than": "gt", "less_than": "lt"}


def explain(error: Any, kind: type[BaseModel], values: dict[str, Any], tree: ConfigTree) -> Fault:
    """Turn one item of ``ValidationError.errors()`` into a fault.

    :param kind: the options class that was validated.
    :param values: what it was validated on.
    :param tree: knows the lines.
    """
    path = _user_path(error["loc"], values)
    seen, context = error["input"], error.get("ctx", {})
    where = tree.where(path)
    if error["type"] == "extra_forbidden":
        return Fault(where, "unknown key", did_you_mean(str(path[-1]), _known_keys(kind, path[:-1], values)))
    if error["type"] == "union_tag_invalid":
        known = re.findall(r"'([^']+)'", context["expected_tags"])
        where = tree.where((*path, "backend"))
        return Fault(where, f"unknown backend '{context['tag']}'", did_you_mean(str(context["tag"]), known))
    if error["type"] == "union_tag_not_found":
        return Fault(where, "has no backend", f"Add 'backend:'. Known: {', '.join(_backends(kind, path[0]))}.")
    if error["type"] == "literal_error":
        known = re.findall(r"'([^']+)'", context["expected"])
        return Fault(where, f"'{seen}' is not one of its values", did_you_mean(str(seen), known))
    if error["type"] == "missing":
        return Fault(where, "is missing", "Give it a value.")
    if error["type"] in ("model_type", "model_attributes_type"):
        return Fault(where, f"must be a section of keys, got {seen!r}", "Indent its keys below it.")
    message = re.sub(r"^(Input|String|Value) should", "must", error["msg"]).replace("Value error, ", "")
    got = "" if isinstance(seen, dict) else f", got {seen!r}"
    return Fault(where, message + got, _mend(error))


def _mend(error: Any) -> str:
    if error["type"] in LIMITS:
        return f"Use {error['ctx'][LIMITS[error['type']]]} or another value within the limit."
    return "'summarizer schema' prints what each key takes."


def _user_path(loc: Iterable[str | int], values: Any) -> KeyPath:
    """Drop the backend's name, which pydantic puts into the path of a section with several backends."""
    parts = tuple(loc)
    section = values.get(parts[0]) if parts and isinstance(values, dict) else None
    if len(parts) > 1 and isinstance(section, dict) and parts[1] == section.get("backend"):
        parts = parts[:1] + parts[2:]
    return parts


def _backends(kind: type[BaseModel], section: str | int) -> dict[str, type[BaseModel]]:
    """Return the backends' option classes of a section, by backend name; empty for a section without backends."""
    if section not in kind.model_fields:
        return {}
    classes = [c for c in _classes(kind.model_fields[str(section)].annotation) if "backend" in c.model_fields]
    return {c.model_fields["backend"].default: c for c in classes}


def _classes(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type):
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [found for part in get_args(annotation) for found in _classes(part)]


def _known_keys(kind: type[BaseModel], path: KeyPath, values: Any) -> list[str]:
    for i, part in enumerate(path):
        backends = _backends(kind, part) if i == 0 else {}
        found = backends[values[part]["backend"]] if backends else None
        kind = found or _classes(kind.model_fields[str(part)].annotation)[0]
    return list(kind.model_fields)

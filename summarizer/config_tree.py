"""A config file as a tree that knows its lines: YAML, overrides and environment references; comes before pydantic.

The file is read as YAML 1.2, so that ``no`` stays a word and ``1e-5`` is a number.
"""

from __future__ import annotations

import os
import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from summarizer.errors import ConfigError, Fault

ENV_REFERENCE = re.compile(r"\$\{env:([^}]*)\}")
KeyPath = tuple[str | int, ...]


class ConfigTree:
    """What a config file says, with the line of each key.

    :param text: the file's content.
    :param name: stands for the file in messages.
    :raises ConfigError: it is not YAML, or no mapping.
    """

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self._root = _parse_yaml(text, name)
        self._overridden: dict[KeyPath, str] = {}

    def override(self, setting: str) -> list[Fault]:
        """Apply ``section.key=value``, the value in YAML; return what is wrong with it."""
        key, equals, value = setting.partition("=")
        keys = key.split(".")
        if not equals or not all(keys):
            mend = "For example --set summarize.max_words=60."
            return [Fault(f"--set {setting}", "not of the form section.key=value", mend)]
        section: Any = self._root
        for part in keys[:-1]:
            if not isinstance(section.get(part), CommentedMap):
                section[part] = CommentedMap()
            section = section[part]
        section[keys[-1]] = _scalar(value)
        self._overridden[tuple(keys)] = f"--set {key}"
        return []

    def values(self, faults: list[Fault]) -> dict[str, Any]:
        """Return plain Python values with ``${env:NAME}`` put in; a variable that is not set is added to ``faults``."""
        plain: dict[str, Any] = self._resolve(self._root, (), faults)
        return plain

    def _resolve(self, value: Any, path: KeyPath, faults: list[Fault]) -> Any:
        if isinstance(value, dict):
            return {str(key): self._resolve(item, (*path, str(key)), faults) for key, item in value.items()}
        if isinstance(value, list):
            return [self._resolve(item, (*path, i), faults) for i, item in enumerate(value)]
        if not isinstance(value, str):
            return value
        for variable in ENV_REFERENCE.findall(value):
            if variable not in os.environ:
                what = f"the environment has no variable '{variable}'"
                faults.append(Fault(self.where(path), what, f"Set it: export {variable}=..."))
        whole = ENV_REFERENCE.sub(lambda match: os.environ.get(match[1], ""), value)
        return _scalar(whole) if ENV_REFERENCE.fullmatch(value) else whole

    def where(self, path: KeyPath) -> str:
        """Return ``file:line: key``, with the line of the deepest part of ``path`` in the file, or the override."""
        if path in self._overridden:
            return self._overridden[path]
        line, node = None, self._root
        for part in path:
            known = isinstance(node, CommentedMap | CommentedSeq) and part in (node.lc.data or {})
            if not known:
                break
            line = node.lc.data[part][0] + 1
            node = node[part]
        key = ".".join(str(part) for part in path)
        return f"{self.name}:{line}: {key}" if line else f"{self.name}: {key}"


def in_file_order(faults: list[Fault]) -> list[Fault]:
    """Sort faults by line; those without one come last."""

    def line(fault: Fault) -> int:
        match = re.search(r":(\d+)(: |$)", fault.where)
        return int(match[1]) if match else 1 << 30

    return sorted(faults, key=line)


def _parse_yaml(text: str, name: str) -> CommentedMap:
    try:
        tree = YAML().load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}:{mark.line + 1}" if mark else name
        what = f"not YAML ({(error.problem or 'cannot be read').splitlines()[0]})"
        raise ConfigError([Fault(where, what, "Check indentation, colons and quotes on this line.")]) from error
    except YAMLError as error:
        what = f"not YAML ({str(error).splitlines()[0]})"
        raise ConfigError([Fault(name, what, "Write plain UTF-8 text.")]) from error
    if tree is None:
        return CommentedMap()
    if not isinstance(tree, CommentedMap):
        what = f"the top level must be sections such as 'input:', got a {_kind(tree)}"
        raise ConfigError([Fault(f"{name}:1", what, "Run 'summarizer init' for a starter.")])
    return tree


def _kind(value: Any) -> str:
    return {CommentedSeq: "list", str: "text", int: "number", float: "number"}.get(type(value), type(value).__name__)


def _scalar(text: str) -> Any:
    """Type a value that comes from outside the file as YAML would: ``5`` is a number, ``true`` a truth value."""
    if text == "-":  # standard input or output, not a list of nothing
        return text
    try:
        return YAML(typ="safe", pure=True).load(text)
    except YAMLError:
        return text

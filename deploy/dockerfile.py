"""Reads the Dockerfile and ``.dockerignore``, as far as this project uses them, for the rehearsal and the tests."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from string import Template

KNOWN = {
    *("ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "RUN", "STOPSIGNAL"),
    *("USER", "VOLUME", "WORKDIR"),
}


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction.

    :param name: in capitals.
    :param flags: its ``--key=value`` words.
    :param value: what follows them, on one line.
    """

    name: str
    flags: Mapping[str, str]
    value: str

    @property
    def words(self) -> list[str]:
        """The words of a value: a JSON list where it is one, otherwise split as a shell would."""
        return json.loads(self.value) if self.value.startswith("[") else shlex.split(self.value)

    def pairs(self, known: Mapping[str, str]) -> dict[str, str]:
        """Return the values of ENV, ARG or LABEL, with ``$NAME`` filled in from what is known."""
        split = (word.partition("=") for word in self.words)
        return {key: Template(value).safe_substitute(known) for key, _, value in split}


def read_stages(path: Path) -> list[list[Instruction]]:
    """Return each stage's instructions, FROM first; an ARG before the first FROM stands in front of it.

    :raises ValueError: there is an instruction that this reader does not know.
    """
    stages: list[list[Instruction]] = [[]]
    for line in _logical_lines(path.read_text(encoding="utf-8")):
        name, _, rest = line.partition(" ")
        if name not in KNOWN:
            raise ValueError(f"{path}: an instruction that the rehearsal cannot carry out ({name}).")
        flags = {}
        while rest.startswith("--"):
            flag, _, rest = rest.partition(" ")
            key, _, value = flag[2:].partition("=")
            flags[key] = value
            rest = rest.lstrip()
        if name == "FROM" and any(one.name == "FROM" for one in stages[-1]):
            stages.append([])
        stages[-1].append(Instruction(name, flags, rest))
    return stages


def _logical_lines(text: str) -> Iterator[str]:
    held = ""
    for line in text.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.endswith("\\"):
            held += line[:-1].rstrip() + " "
            continue
        yield held + line
        held = ""


class Context:
    """What of a checkout the build gets to see.

    :param root: the folder with ``.dockerignore``; of two patterns that fit, the later one counts, and a pattern that
        fits a folder counts for all that is in it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        lines = (line.strip() for line in (root / ".dockerignore").read_text(encoding="utf-8").splitlines())
        self._patterns = [line for line in lines if line and not line.startswith("#")]

    def has(self, path: str) -> bool:
        """Whether a file or folder, named from the root, is part of it."""
        if not (self.root / path).exists():
            return False
        seen = True
        for pattern in self._patterns:
            if _fits(path, pattern.removeprefix("!")):
                seen = pattern.startswith("!")
        return seen

    def leaves_out(self, folder: str, names: list[str]) -> set[str]:
        """Return the names in a folder that are no part of it, as ``shutil.copytree`` asks for them."""
        inside = Path(folder).relative_to(self.root)
        return {name for name in names if not self.has(str(inside / name))}


def _fits(path: str, pattern: str) -> bool:
    parts = PurePosixPath(path).parts
    if pattern.startswith("**/"):
        return any(PurePosixPath(part).match(pattern[3:]) for part in parts)
    if "/" in pattern:
        raise ValueError(f".dockerignore: a pattern that the rehearsal cannot follow ({pattern}).")
    return PurePosixPath(parts[0]).match(pattern)

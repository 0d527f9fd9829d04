"""What the benchmarks of this folder share: systems that take turns, their rates, and what machine that was on."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from summarizer.records import Article


@dataclass(frozen=True, slots=True)
class System:
    """A way to work on articles: ``run`` works through those that it is given."""

    run: Callable[[Sequence[Article]], Any]
    articles: Sequence[Article]
    note: str = ""


def measure(
    systems: Mapping[str, System], rounds: int, warm_up_articles: int
) -> tuple[dict[str, list[float]], dict[str, Any]]:
    """Warm every system up, then let all take turns, so that a slow spell of the machine hits each alike.

    :return: each system's seconds an article, one figure a round; and what it returned in the last round.
    """
    for system in systems.values():
        system.run(system.articles[:warm_up_articles])
    seconds: dict[str, list[float]] = {name: [] for name in systems}
    returned: dict[str, Any] = {}
    for _ in range(rounds):
        for name, system in systems.items():
            start = time.perf_counter()
            returned[name] = system.run(system.articles)
            seconds[name].append((time.perf_counter() - start) / len(system.articles))
    return seconds, returned


def rates(seconds: Sequence[float]) -> dict[str, float]:
    """Return articles a second: the median of the rounds, the slowest and the fastest."""
    return {
        "articles_per_second": round(1 / median(seconds), 3),
        "slowest": round(1 / max(seconds), 3),
        "fastest": round(1 / min(seconds), 3),
    }


def machine(threads: int, device: str = "cpu") -> dict[str, Any]:
    """Return what a figure was measured on.

    :param device: of the models; with a GPU its name is told.
    """
    where = {"cpu": cpu_name(), "threads": threads, "python": platform.python_version()}
    if not device.startswith("cuda"):
        return where
    import torch

    return where | {"gpu": torch.cuda.get_device_name(device)}


def cpu_name() -> str:
    """Return the processor's name, where the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def versions(packages: Sequence[str]) -> dict[str, str]:
    """Return the installed version of each package."""
    return {name: version(name) for name in packages}


def result_name(name: str, device: str) -> str:
    """Return the name of a result's files: those of a GPU stand beside those of the CPU."""
    return f"{name}_gpu" if device.startswith("cuda") else name


def where_in_words(machine: Mapping[str, Any]) -> str:
    """Return what computed, for a page."""
    gpu = [machine["gpu"]] if "gpu" in machine else []
    return ", ".join([*gpu, machine["cpu"], f"{machine['threads']} threads"])


def footer(result: Mapping[str, Any], script: str) -> str:
    """Return the last line of a page: versions, and what made it."""
    packages = ", ".join(f"{name} {number}" for name, number in result["packages"].items())
    return f"{packages}, Python {result['machine']['python']}. Made by `benchmarks/{script}`.\n"


def write(result: Mapping[str, Any], page: str, folder: Path, name: str) -> None:
    """Write ``NAME.json`` and ``NAME.md``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    (folder / f"{name}.md").write_text(page, encoding="utf-8")

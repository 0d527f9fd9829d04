"""The most memory that each system of a benchmark takes while it runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
RESET_PEAK = "5"


class Peaks:
    """Of a GPU: what torch has allocated. Of a CPU: what the process holds, where the system tells it (Linux)."""

    def __init__(self, device: Any) -> None:
        self._device = device
        self._bytes: dict[str, int | None] = {}

    def watched(self, name: str, run: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Return ``run``, with its highest peak so far kept under ``name``; it ends when the device has ended."""

        def watch(given: Any) -> Any:
            self._reset()
            returned = run(given)
            peak = self._peak()
            self._bytes[name] = None if peak is None else max(self._bytes.get(name) or 0, peak)
            return returned

        return watch

    def gib(self, name: str) -> float | None:
        """Return the peak in GiB; None where it is not known."""
        peak = self._bytes.get(name)
        return None if peak is None else round(peak / 2**30, 2)

    def _reset(self) -> None:
        if self._device.type == "cuda":
            import torch

            torch.cuda.reset_peak_memory_stats(self._device)
        elif RESET.exists():
            RESET.write_text(RESET_PEAK)

    def _peak(self) -> int | None:
        if self._device.type == "cuda":
            import torch

            torch.cuda.synchronize(self._device)
            return int(torch.cuda.max_memory_allocated(self._device))
        if not STATUS.exists():
            return None
        (line,) = [line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) * 1024

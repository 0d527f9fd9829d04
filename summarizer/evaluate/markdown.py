"""Numbers with their intervals, and tables, in Markdown; what every report is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

NOTHING = "–"
"""Stands for what cannot be said."""


def interval(estimate: Mapping[str, float | None], *, scale: float = 1, digits: int = 3, sign: bool = False) -> str:
    """Return ``0.807 (0.782–0.829)``.

    :param estimate: as ``bootstrap.estimate`` returns it.
    :param scale: 100 writes a share in per cent.
    :param sign: write a plus, as for a difference.
    """
    value, low, high = estimate["value"], estimate["low"], estimate["high"]
    if value is None:
        return NOTHING
    form = f"{'+' if sign else ''}.{digits}f"
    dash = " to " if sign else "–"
    text = f"{value * scale:{form}}"
    return text if low is None or high is None else f"{text} ({low * scale:{form}}{dash}{high * scale:{form}})"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; the first row is its head."""
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    lines.insert(1, " | ".join(["---"] * len(rows[0])))
    return "\n".join(f"| {line} |" for line in lines)

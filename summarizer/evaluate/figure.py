"""Figures in the look that all plots share, made without a display."""

from __future__ import annotations

from typing import Any

COLORS = ("#1f4e79", "#c8702a", "#8a8a8a", "#2e7d32")
"""What is measured first, then what stands beside it; apart in grey too."""
LINE_STYLES = ("-", "--", ":", "-.")
DOTS_PER_INCH = 120


def new_figure(rows: int, columns: int, size: tuple[float, float], **settings: Any) -> tuple[Any, Any]:
    """Make a figure without pyplot, which would keep it and look for a display.

    :param size: width and height in inches.
    :return: the figure and its axes, always a matrix of ``rows`` and ``columns``.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(rows, columns, squeeze=False, **settings)
    for axis in axes.flat:
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(color="#e5e5e5", linewidth=0.6)
        axis.set_axisbelow(True)
    return figure, axes


def plain(text: str) -> str:
    """Return text that is not set as a formula where it has a pair of dollars."""
    return text.replace("$", r"\$")

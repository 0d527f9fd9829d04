"""Draws the ROC curves of an evaluation of the check, and how support is spread; comes beside ``evidence_report``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from summarizer.evaluate.evidence_report import AREAS
from summarizer.evaluate.evidence_tables import SUPPORT, SUPPORT_BINS
from summarizer.evaluate.figure import COLORS, DOTS_PER_INCH, LINE_STYLES, new_figure, plain

MARKERS = ("*", "s", "D")


def plot_evidence(evaluation: Mapping[str, Any], path: Path) -> None:
    """Draw both curves with the points that decisions lead to, and the support of consistent and other claims."""
    figure, rows = new_figure(1, 2, (11, 5.4))
    _draw_curves(rows[0][0], evaluation)
    _draw_supports(rows[0][1], evaluation)
    figure.suptitle(f"{plain(evaluation['data']['name'])}: {evaluation['claims']} claims", fontsize=12)
    figure.savefig(path, dpi=DOTS_PER_INCH)


def _draw_curves(axis: Any, evaluation: Mapping[str, Any]) -> None:
    for i, (name, title) in enumerate(AREAS.items()):
        curve, area = evaluation["curves"][name], evaluation["areas"][name]["value"]
        style = {"color": COLORS[i], "linestyle": LINE_STYLES[i], "linewidth": 1.8}
        axis.plot(curve["false_alarms"], curve["recall"], label=f"{title}: area {area:.3f}", **style)
    for i, (name, scores) in enumerate(evaluation["decisions"].items()):
        x, y = 1 - scores["specificity"]["value"], scores["recall"]["value"]
        label = f"{name}: balanced accuracy {scores['balanced_accuracy']['value']:.3f}"
        size = 13 if MARKERS[i] == "*" else 7
        axis.plot(
            x, y, MARKERS[i], color="#b71c1c", markersize=size, markeredgecolor="white", linestyle="none", label=label
        )
    axis.plot([0, 1], [0, 1], color=COLORS[2], linestyle=":", linewidth=1)
    axis.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01), aspect="equal")
    axis.set(xlabel="share of the consistent claims flagged", ylabel="share of the inconsistent claims flagged")
    axis.legend(loc="lower right", fontsize=8, frameon=False)


def _draw_supports(axis: Any, evaluation: Mapping[str, Any]) -> None:
    edges = [place / SUPPORT_BINS for place in range(SUPPORT_BINS + 1)]
    for i, (name, counts) in enumerate(evaluation["supports"].items()):
        shares = [100 * count / max(1, sum(counts)) for count in counts]
        axis.stairs(shares, edges, color=COLORS[i], fill=True, alpha=0.25)
        axis.stairs(shares, edges, color=COLORS[i], linewidth=1.6, label=f"{name} ({sum(counts)})")
    if threshold := evaluation["thresholds"].get(SUPPORT):
        axis.axvline(threshold, color="#b71c1c", linestyle="-.", linewidth=1, label=f"threshold {threshold:.3f}")
    axis.set(xlim=(0, 1), xlabel="support", ylabel="per cent of such claims")
    axis.legend(loc="upper left", fontsize=8, frameon=False)

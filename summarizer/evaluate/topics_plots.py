"""Draws the two plots of a topic evaluation from what ``evaluation.json`` holds; comes beside ``topics_report``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from summarizer.evaluate.figure import COLORS, DOTS_PER_INCH, LINE_STYLES, new_figure, plain

LEAST_PAIRS = 20
"""A bin with fewer pairs is drawn hollow: its share is mostly chance."""


def plot_reliability(evaluation: Mapping[str, Any], path: Path) -> None:
    """Draw predicted probability against observed share, before and after calibration, and the pairs in each bin."""
    figure, axes = new_figure(2, 2, (10, 6.5), height_ratios=[3, 1], sharex=True)
    titles = {"before": "before calibration", "after": f"after calibration ({evaluation['model']['calibration']})"}
    for column, (key, title) in enumerate(titles.items()):
        scores = evaluation["calibration"][key]
        diagram, counts = axes[0][column], axes[1][column]
        _draw_bins(diagram, scores["bins"])
        errors = f"error {scores['ece_equal_width']:.3f} (equal width), {scores['ece_equal_mass']:.3f} (equal mass)"
        diagram.set_title(f"{title}\n{errors}", fontsize=10)
        diagram.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), ylabel="share that is true")
        pairs = scores["bins"]["pairs"]
        bars = counts.bar(scores["bins"]["predicted"], pairs, width=0.03, color=COLORS[0])
        counts.bar_label(bars, fontsize=6, padding=1)
        counts.set(yscale="log", ylim=(0.5, 6 * max(pairs)), ylabel="pairs", xlabel="predicted probability")
    axes[0][0].legend(loc="upper left", fontsize=8, frameon=False)
    figure.suptitle(f"{_name(evaluation)}: what a probability means", fontsize=12)
    figure.savefig(path, dpi=DOTS_PER_INCH)


def _draw_bins(axis: Any, bins: Mapping[str, Any]) -> None:
    axis.plot([0, 1], [0, 1], color="#8a8a8a", linestyle="--", linewidth=1, label="as it should be")
    axis.plot(bins["predicted"], bins["observed"], color=COLORS[0], linewidth=1.2)
    points = list(zip(bins["predicted"], bins["observed"], bins["pairs"], strict=True))
    kinds = {
        f"{LEAST_PAIRS} pairs or more": ([p for p in points if p[2] >= LEAST_PAIRS], COLORS[0]),
        "fewer": ([p for p in points if p[2] < LEAST_PAIRS], "white"),
    }
    for label, (chosen, fill) in kinds.items():
        if chosen:
            x, y, _ = zip(*chosen, strict=True)
            axis.plot(x, y, "o", color=COLORS[0], markerfacecolor=fill, markersize=5, label=label)


def plot_coverage(evaluation: Mapping[str, Any], path: Path) -> None:
    """Draw precision against the share of true tags, and of articles with a tag, as one threshold for all moves.

    Lines mark the user's targets, and points what the model's own thresholds lead to.
    """
    figure, rows = new_figure(1, 2, (11, 5.2), sharey=True)
    axes = rows[0]
    settings, decisions = evaluation["settings"], evaluation["decisions"]
    titles = {"true_tags": "share of the true tags", "articles": "share of the articles with such a tag"}
    for axis, (key, title) in zip(axes, titles.items(), strict=True):
        for i, (name, coverage) in enumerate(evaluation["coverage"].items()):
            curve, style = coverage["curve"], {"color": COLORS[i], "linestyle": LINE_STYLES[i]}
            marker = "o" if len(curve[key]) == 1 else None
            axis.plot(curve[key], curve["precision"], label=name, linewidth=1.8, marker=marker, **style)
        target = settings["accept_precision"]
        axis.axhline(target, color="#2e7d32", linewidth=1, linestyle="-.", label=f"target: precision {target:.2f}")
        axis.set(xlim=(0, 1.01), ylim=(0, 1.02), xlabel=title)
    target = settings["review_recall"]
    axes[0].axvline(target, color="#7b1fa2", linewidth=1, linestyle="-.", label=f"target: recall {target:.2f}")
    without = decisions["articles_without_accepted"]["value"]
    _mark(axes[0], decisions["true_tags_accepted"], decisions["accepted_precision"], "*", "accepted tags")
    _mark(axes[0], decisions["true_tags_shown"], decisions["shown_precision"], "D", "accepted or to be reviewed")
    _mark(axes[1], {"value": 1 - without}, decisions["accepted_precision"], "*", "accepted tags")
    axes[0].set_ylabel("share of these tags that are true")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4, fontsize=8, frameon=False)
    figure.suptitle(f"{_name(evaluation)}: coverage against precision", fontsize=12)
    figure.savefig(path, dpi=DOTS_PER_INCH)


def _mark(axis: Any, x: Mapping[str, Any], y: Mapping[str, Any], marker: str, label: str) -> None:
    """Mark what a decision leads to; where no tag is given there is nothing to mark."""
    if x["value"] is not None and y["value"] is not None:
        size = 14 if marker == "*" else 7
        axis.plot(
            x["value"], y["value"], marker, color="#b71c1c", markersize=size, markeredgecolor="white", label=label
        )


def _name(evaluation: Mapping[str, Any]) -> str:
    return plain(str(evaluation["model"]["name"]))

"""Draws briefs against a lead of their length, article by article, and the lengths; comes beside ``briefs_report``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from summarizer.evaluate.briefs_systems import BRIEF, HUMAN, LEAD_SAME
from summarizer.evaluate.figure import COLORS, DOTS_PER_INCH, new_figure, plain

KIND = "rougeLsum"
BIN_WORDS = 5


def plot_briefs(evaluation: Mapping[str, Any], articles: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Draw ROUGE-Lsum of each brief against that of its lead, and how long briefs and human briefs are.

    :param articles: a row of numbers for each article.
    """
    figure, rows = new_figure(1, 2, (11, 5.4), width_ratios=[1, 1])
    _draw_scores(rows[0][0], evaluation, articles)
    _draw_lengths(rows[0][1], articles)
    figure.suptitle(f"{plain(evaluation['data']['records'])}: {len(articles)} briefs", fontsize=12)
    figure.savefig(path, dpi=DOTS_PER_INCH)


def _draw_scores(axis: Any, evaluation: Mapping[str, Any], articles: Sequence[Mapping[str, Any]]) -> None:
    points = [
        (100 * row["rouge"][LEAD_SAME][KIND], 100 * row["rouge"][BRIEF][KIND], row["changed"]) for row in articles
    ]
    kinds = {"as the model wrote it": (False, "o"), "a sentence replaced or dropped": (True, "D")}
    for i, (label, (is_changed, marker)) in enumerate(kinds.items()):
        chosen = [point for point in points if point[2] == is_changed]
        if chosen:
            x, y, _ = zip(*chosen, strict=True)
            axis.scatter(
                x, y, s=16, marker=marker, color=COLORS[i], alpha=0.55, linewidth=0, label=f"{label} ({len(x)})"
            )
    top = max(max(x, y) for x, y, _ in points) + 4
    axis.plot([0, top], [0, top], color=COLORS[2], linestyle="--", linewidth=1)
    better = sum(y > x for x, y, _ in points)
    gain = evaluation["differences"][LEAD_SAME][KIND]
    limits = "" if gain["low"] is None else f" ({100 * gain['low']:+.1f} to {100 * gain['high']:+.1f})"
    title = f"brief better on {better} of {len(points)}, mean difference {100 * gain['value']:+.1f}{limits}"
    axis.set_title(title, fontsize=10)
    lead = evaluation["systems"][LEAD_SAME]["title"]
    axis.set(xlim=(0, top), ylim=(0, top), aspect="equal", xlabel=f"ROUGE-Lsum of the {lead}", ylabel="of the brief")
    axis.legend(loc="upper left", fontsize=8, frameon=False)


def _draw_lengths(axis: Any, articles: Sequence[Mapping[str, Any]]) -> None:
    lengths = {key: [row["words"][key] for row in articles] for key in (BRIEF, HUMAN)}
    most = max(max(words) for words in lengths.values())
    bins = range(0, most + 2 * BIN_WORDS, BIN_WORDS)
    for i, (key, title) in enumerate({BRIEF: "brief", HUMAN: "human brief"}.items()):
        words = lengths[key]
        label = f"{title}, mean {sum(words) / len(words):.0f} words"
        axis.hist(words, bins=bins, color=COLORS[i], alpha=0.25)
        axis.hist(words, bins=bins, color=COLORS[i], histtype="step", linewidth=1.6, label=label)
    axis.set(xlabel="words", ylabel="briefs")
    axis.set_title(f"length, in steps of {BIN_WORDS} words", fontsize=10)
    axis.legend(loc="upper left", fontsize=8, frameon=False)

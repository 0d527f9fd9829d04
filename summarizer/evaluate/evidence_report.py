"""Writes ``evaluation.md`` about the check of claims; comes after ``evidence_tables``. Numbers only, no text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from summarizer.evaluate.evidence_tables import CHECK, EITHER, SUPPORT
from summarizer.evaluate.markdown import interval, table

PLOT = "roc.png"
SCORES = {
    "balanced_accuracy": "balanced accuracy",
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "specificity": "specificity",
}
AREAS = {SUPPORT: "support alone", EITHER: "what the check flags first, then by support"}
ABOUT = (
    "What is sought is the unsupported claim: precision is the share of the flagged claims that are inconsistent, "
    "recall the share of the inconsistent claims that are flagged, specificity the share of the consistent ones that "
    "are not, balanced accuracy the mean of the last two. In brackets stands the 95 % interval: {samples} bootstrap "
    "samples of the articles, each with all its claims."
)
ABOUT_CHECK = (
    "`check` flags a claim with a name, number, date or quotation that the article lacks, as `summarizer run` does"
)

ABOUT_LEARNED = "Support is the probability, by {model}, that the article bears out a claim's least supported sentence."
ABOUT_OVERLAP = "Support is the share of a claim's content that the best sentences of the article hold."


def write_evidence_report(evaluation: Mapping[str, Any]) -> str:
    """Return the report in Markdown.

    :param evaluation: as ``evaluate_evidence`` returns it.
    """
    parts = [
        f"# Evaluation of the check on {evaluation['data']['name']}",
        _facts(evaluation),
        "## Scores\n\n" + ABOUT.format(samples=evaluation["settings"]["samples"]),
        decision_table(evaluation),
        _about_ways(evaluation["thresholds"], evaluation["settings"]["models"]),
        area_table(evaluation),
        f"![ROC, and support]({PLOT})",
        *_reasons(evaluation["reasons"]),
        *_error_types(evaluation["error_types"]),
        *_sources(evaluation["sources"]),
    ]
    return "\n\n".join(parts) + "\n"


def decision_table(evaluation: Mapping[str, Any]) -> str:
    """Return the scores of each way to flag claims."""
    rows = [["", "flagged", *SCORES.values()]]
    for name, scores in evaluation["decisions"].items():
        rows.append([name, str(scores["flagged"]), *(interval(scores[key]) for key in SCORES)])
    return table(rows)


def area_table(evaluation: Mapping[str, Any]) -> str:
    """Return the areas under the ROC curves."""
    rows = [["claims ranked by", "area under the ROC curve"]]
    rows += [[title, interval(evaluation["areas"][name])] for name, title in AREAS.items()]
    return table(rows)


def _facts(evaluation: Mapping[str, Any]) -> str:
    data = evaluation["data"]
    lines = [
        f"- Data: {evaluation['claims']} claims of {data['articles']} articles from {data['name']}"
        f"{_where(data['only'])}, {evaluation['inconsistent']} of them inconsistent"
        f"{', drawn at random' if data['drawn'] else ''}."
    ]
    for reason, left in data["left_out"].items():
        first = ", ".join(left["first"][:5]) + (" ..." if left["count"] > 5 else "")
        lines.append(f"- Left out: {left['count']} ({reason}: {first}).")
    if tuned := evaluation["settings"]["tune"]:
        where = _where(evaluation["settings"]["tune_only"])
        lines.append(f"- Thresholds were chosen on {tuned['claims']} claims of {tuned['name']}{where}.")
    return "\n".join(lines)


def _where(only: Mapping[str, str]) -> str:
    return f" ({', '.join(f'{name} {value}' for name, value in only.items())})" if only else ""


def _about_ways(thresholds: Mapping[str, float], models: Mapping[str, str]) -> str:
    kind = ABOUT_LEARNED.format(model=next(iter(models))) if models else ABOUT_OVERLAP
    return f"{_about_decisions(thresholds)} {kind}"


def _about_decisions(thresholds: Mapping[str, float]) -> str:
    if not thresholds:
        return f"{ABOUT_CHECK}. No threshold of support was measured: `tune` or `threshold` gives one."
    return (
        f"{ABOUT_CHECK}; `{SUPPORT}` flags one with a support below {thresholds[SUPPORT]:.3f}; `{EITHER}` flags what "
        f"`{CHECK}` does, and what has a support below {thresholds[EITHER]:.3f}."
    )


def _reasons(reasons: Mapping[str, Any]) -> list[str]:
    if not reasons:
        return ["The check flagged no claim."]
    rows = [["kind of reason", "claims flagged", "precision", "recall"]]
    for kind, scores in reasons.items():
        rows.append([kind, str(scores["flagged"]), interval(scores["precision"]), interval(scores["recall"])])
    return ["## Reasons\n\nA claim may be flagged for several.", table(rows)]


def _error_types(kinds: Mapping[str, Any]) -> list[str]:
    if not kinds:
        return []
    ways = [name for name in next(iter(kinds.values())) if name != "claims"]
    rows = [["error", "claims", *(f"found by {way}" for way in ways)]]
    for name, found in kinds.items():
        rows.append([name, str(found["claims"]), *(interval(found[way]) for way in ways)])
    return ["## Kinds of error\n\nShare of such claims that are flagged; a claim may have several errors.", table(rows)]


def _sources(sources: Mapping[str, Any]) -> list[str]:
    if not sources:
        return []
    rows = [["source", "claims", "inconsistent", "way", "balanced accuracy", "precision", "recall", "area by support"]]
    for name, scores in sources.items():
        for way, own in scores["decisions"].items():
            cells = [interval(own[key]) for key in ("balanced_accuracy", "precision", "recall")]
            counts = [str(scores["claims"]), str(scores["inconsistent"])]
            rows.append([name, *counts, way, *cells, interval(scores["areas"][SUPPORT])])
    return ["## Sources", table(rows)]

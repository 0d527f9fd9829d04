"""Writes ``evaluation.md`` about briefs; comes after ``briefs_tables``. Numbers and article ids only, no text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from summarizer.evaluate.briefs_systems import BRIEF
from summarizer.evaluate.markdown import NOTHING, interval, table

PLOT = "briefs.png"
ROUGE = {"rouge1": "ROUGE-1", "rouge2": "ROUGE-2", "rougeLsum": "ROUGE-Lsum"}
COPYING = {
    "coverage": "coverage: share of the words in copied fragments",
    "density": "density: mean length of the fragment that a word is in",
    "novel_1": "words that the article lacks",
    "novel_2": "word pairs that the article lacks",
    "novel_3": "word triples that the article lacks",
    "repeated_3": "word triples that stand in the brief before",
    "says_twice": "briefs with two sentences that say the same",
}
PLAIN = ("density",)
"""Numbers that are no shares."""
CLAIMS = {
    "name": "name",
    "number": "number",
    "date": "date",
    "quotation": "quotation",
    "role": "role",
    "speaker": "speaker",
    "relation": "who did what to whom",
    "negation": "negation",
    "meaning": "meaning (learned support)",
    "other": "something else",
    "any": "any of these",
    "briefs": "briefs with such a sentence",
}
ORIGINS = {
    "generated": "written by the model and borne out",
    "flagged": "written by the model, not borne out and flagged",
    "verbatim": "the source's own words",
    "replaced": "replaced by a sentence of the source",
    "dropped": "dropped",
    "briefs_changed": "briefs with a sentence replaced or dropped",
}
ABOUT_ROUGE = (
    "F1 in per cent, rouge-score with stemming, sentences on lines, mean over the articles. In brackets stands the "
    "95 % interval: {samples} bootstrap samples of the articles. The leads are of the cleaned article, as the models "
    "read it; their lengths are limits, the column says what they come to."
)
ABOUT_DIFFERENCES = (
    "What the briefs have more than each lead on the same articles, in points; a difference whose interval holds 0 may "
    "be chance."
)
ABOUT_COPYING = (
    "Coverage and density as in Grusky et al. 2018 (Newsroom), over words without punctuation; the length of a "
    "fragment is in words, all else in per cent."
)
ABOUT_CLAIMS = (
    "Share of the sentences, in per cent, with something that the check does not find in the article, whatever the run "
    "did about it: every sentence is checked as if a model had just written it. What the check finds in human briefs "
    "is mostly background that their writers knew, and its own mistakes."
)


def write_brief_report(evaluation: Mapping[str, Any]) -> str:
    """Return the report in Markdown.

    :param evaluation: as ``evaluate_briefs`` returns it.
    """
    parts = [
        f"# Evaluation of {evaluation['data']['records']}",
        _facts(evaluation),
        "## ROUGE\n\n" + ABOUT_ROUGE.format(samples=evaluation["settings"]["samples"]),
        score_table(evaluation),
        ABOUT_DIFFERENCES,
        difference_table(evaluation),
        f"![ROUGE-Lsum of each article, and lengths]({PLOT})",
        "## Copying and repetition\n\n" + ABOUT_COPYING,
        _share_table(evaluation, "copying", COPYING),
        "## Claims\n\n" + ABOUT_CLAIMS,
        _share_table(evaluation, "claims", CLAIMS),
        _about_claims(evaluation),
        *_origins(evaluation["origins"]),
    ]
    return "\n\n".join(parts) + "\n"


def score_table(evaluation: Mapping[str, Any]) -> str:
    """Return length and ROUGE of every system."""
    rows = [["", *ROUGE.values(), "words"]]
    for system in evaluation["systems"].values():
        scores = [interval(system[kind], scale=100, digits=1) if kind in system else NOTHING for kind in ROUGE]
        rows.append([system["title"], *scores, interval(system["words"], digits=1)])
    return table(rows)


def difference_table(evaluation: Mapping[str, Any]) -> str:
    """Return what the briefs have more than each lead."""
    rows = [["brief less", *ROUGE.values()]]
    for key, gains in evaluation["differences"].items():
        cells = [interval(gains[kind], scale=100, digits=1, sign=True) for kind in ROUGE]
        rows.append([evaluation["systems"][key]["title"], *cells])
    return table(rows)


def _facts(evaluation: Mapping[str, Any]) -> str:
    data, spans = evaluation["data"], evaluation["spans"]
    lines = [f"- Data: {data['articles']} articles that are in both {data['records']} and {data['references']}."]
    if data["models"]:
        made = ", ".join(f"{name} `{identity}`" for name, identity in data["models"].items())
        lines.append(f"- Models: {made}.")
    for reason, left in data["left_out"].items():
        first = ", ".join(left["first"][:5]) + (" ..." if left["count"] > 5 else "")
        lines.append(f"- Left out: {left['count']} ({reason}: {first}).")
    if spans["all"]:
        lines.append(f"- Evidence: {spans['wrong']} of {spans['all']} spans do not hold the text that they say.")
    return "\n".join(lines)


def _share_table(evaluation: Mapping[str, Any], part: str, titles: Mapping[str, str]) -> str:
    systems = evaluation[part]
    rows = [["", *(evaluation["systems"][key]["title"] for key in systems)]]
    for name, title in titles.items():
        scale = 1 if name in PLAIN else 100
        rows.append([title, *(interval(numbers[name], scale=scale, digits=1) for numbers in systems.values())])
    return table(rows)


def _about_claims(evaluation: Mapping[str, Any]) -> str:
    named = evaluation["unsupported_articles"]
    if not named:
        return "No brief has such a sentence."
    count = round(evaluation["claims"][BRIEF]["briefs"]["value"] * evaluation["data"]["articles"])
    more = f" and {count - len(named)} more" if count > len(named) else ""
    return f"Briefs with such a sentence: {', '.join(named)}{more}."


def _origins(origins: Mapping[str, Any]) -> list[str]:
    if not origins:
        return []
    rows = [["sentences", "per cent"]]
    rows += [[title, interval(origins[name], scale=100, digits=1)] for name, title in ORIGINS.items()]
    return ["## Origin of the sentences\n\nAs the records say.", table(rows)]

"""Writes ``evaluation.md`` about a topic classifier; comes after ``topics_tables``.

Numbers, topics and article ids only, no text of an article.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from summarizer.evaluate.markdown import NOTHING, interval, table

RELIABILITY_PLOT = "reliability.png"
COVERAGE_PLOT = "coverage_precision.png"
OVERALL = {
    "micro_f1": "micro F1",
    "macro_f1": "macro F1",
    "weighted_f1": "weighted F1",
    "mean_average_precision": "mean average precision",
}
CALIBRATION = {
    "ece_equal_mass": "calibration error, equal mass",
    "ece_equal_width": "calibration error, equal width",
    "brier": "Brier score",
}
TOPIC_SCORES = {"precision": "precision", "recall": "recall", "f1": "F1", "average_precision": "average precision"}
ABOUT_INTERVALS = (
    "In brackets stands the 95 % interval: {samples} bootstrap samples of the articles. F1 is taken at each topic's "
    "threshold of best F1 on articles held out in training. The model's probabilities are calibrated, those of the "
    "baselines stand as fitted."
)


def write_report(evaluation: Mapping[str, Any]) -> str:
    """Return the report in Markdown.

    :param evaluation: as ``evaluate_topics`` returns it.
    """
    parts = [
        f"# Evaluation of {evaluation['model']['name']}",
        _facts(evaluation),
        "## Scores\n\n" + ABOUT_INTERVALS.format(samples=evaluation["settings"]["samples"]),
        summary_table(evaluation),
        "## Decisions\n\n" + _about_decisions(evaluation),
        decision_table(evaluation),
        "## Calibration\n\nOver all pairs of a topic and an article, in 15 bins of equal width or of equal mass.",
        _calibration_table(evaluation["calibration"]),
        f"![Reliability]({RELIABILITY_PLOT})",
        "## Coverage against precision\n\nOne threshold for all topics, read off the curve on these articles: what "
        "could be had at best, not a promise.",
        _coverage_table(evaluation),
        f"![Coverage against precision]({COVERAGE_PLOT})",
        "## Topics\n\n" + _about_topics(evaluation),
        _topic_table(evaluation["topics"]),
        *_sources(evaluation["sources"]),
        "## Most frequent mistakes\n\n" + _confusion_table(evaluation["confusions"]),
    ]
    return "\n\n".join(parts) + "\n"


def summary_table(evaluation: Mapping[str, Any]) -> str:
    """Return the classifier's overall scores beside those of the baselines."""
    columns = list(evaluation["overall"])
    rows = [["", *columns]]
    rows += [
        [title, *(interval(evaluation["overall"][name][key]) for name in columns)] for key, title in OVERALL.items()
    ]
    scores = {**evaluation["calibration"], columns[0]: evaluation["calibration"]["after"]}
    rows += [[title, *(f"{scores[name][key]:.3f}" for name in columns)] for key, title in CALIBRATION.items()]
    return table(rows)


def decision_table(evaluation: Mapping[str, Any]) -> str:
    """Return what the classifier's own thresholds lead to."""
    decisions, targets = evaluation["decisions"], evaluation["settings"]
    rows = [
        ["", "share", "target"],
        ["accepted tags that are true", decisions["accepted_precision"], f"{targets['accept_precision']:.2f}"],
        ["true tags accepted", decisions["true_tags_accepted"], ""],
        ["true tags accepted or to be reviewed", decisions["true_tags_shown"], f"{targets['review_recall']:.2f}"],
        ["articles without an accepted tag", decisions["articles_without_accepted"], ""],
        ["articles out of the model's scope", decisions["articles_out_of_scope"], ""],
        ["articles that need review (one or the other)", decisions["articles_to_review"], ""],
    ]
    return table([row if isinstance(row[1], str) else [row[0], interval(row[1]), row[2]] for row in rows])


def _facts(evaluation: Mapping[str, Any]) -> str:
    model, data, settings = evaluation["model"], evaluation["data"], evaluation["settings"]
    lines = [
        f"- Model: {model['name']}, backend {model['backend']}, calibration {model['calibration']}, "
        f"{len(evaluation['topics'])} topics, `{model['identity']}`.",
        f"- Data: {data['articles']} articles of {data['name']} with {data['true_tags']} tags; "
        f"{data['untagged']} of them have no topic.",
    ]
    if data["left_out"]:
        lines += [f"- {len(data['left_out'])} articles are left out because the model failed on them."]
    if settings["train"] is None:
        lines += [
            "- Baselines: no training data were given, so they were cross-fitted on these articles (five folds); with "
            "more articles to learn from they would be better."
        ]
    else:
        lines += [f"- Baselines: fitted on {data['train_articles']} articles of {settings['train']}."]
    return "\n".join(lines)


def _about_decisions(evaluation: Mapping[str, Any]) -> str:
    decisions = evaluation["decisions"]
    text = f"At the model's own thresholds {decisions['accepted_tags']} tags are accepted and "
    text += f"{decisions['review_tags']} shown to a person."
    never = [topic for topic, entry in evaluation["topics"].items() if not entry["can_be_accepted"]]
    if never:
        text += f" Never accepted, for want of held-out articles that show it can be promised: {', '.join(never)}."
    return text


def _calibration_table(calibration: Mapping[str, Any]) -> str:
    rows = [["", "before calibration", "after"]]
    rows += [
        [title, f"{calibration['before'][key]:.4f}", f"{calibration['after'][key]:.4f}"]
        for key, title in CALIBRATION.items()
    ]
    return table(rows)


def _coverage_table(evaluation: Mapping[str, Any]) -> str:
    targets = evaluation["settings"]
    at = {
        "at_accept_precision": f"precision {targets['accept_precision']:.2f}",
        "at_review_recall": f"{targets['review_recall']:.0%} of the true tags",
    }
    rows = [["", "read at", "threshold", "precision", "true tags", "articles with such a tag"]]
    for name, coverage in evaluation["coverage"].items():
        for key, title in at.items():
            point = coverage[key]
            values = [f"{point[part]:.3f}" for part in point] if point else [NOTHING] * 4
            rows.append([name, title, *values])
    return table(rows)


def _about_topics(evaluation: Mapping[str, Any]) -> str:
    without = [topic for topic, entry in evaluation["topics"].items() if not entry["articles"]]
    if not without:
        return "Every topic has articles here."
    listed = ", ".join(
        f"{topic} (given {entry['given']} times)" for topic, entry in evaluation["topics"].items() if topic in without
    )
    return f"Topics without an article here have no score and are left out of all means: {listed}."


def _topic_table(topics: Mapping[str, Any]) -> str:
    rows = [["topic", "articles", "given", *TOPIC_SCORES.values()]]
    for topic, entry in topics.items():
        rows.append(
            [topic, str(entry["articles"]), str(entry["given"]), *(interval(entry[key]) for key in TOPIC_SCORES)]
        )
    return table(rows)


def _sources(sources: Mapping[str, Any]) -> list[str]:
    if not sources:
        return []
    rows = [["source", "articles", "tags", "micro F1", "macro F1", "accepted tags that are true", "true tags accepted"]]
    keys = ("micro_f1", "macro_f1", "accepted_precision", "true_tags_accepted")
    for source, entry in sources.items():
        counts = [str(entry["articles"]), str(entry["true_tags"])]
        rows.append([source, *counts, *(interval(entry[key]) for key in keys)])
    return ["## Sources", table(rows)]


def _confusion_table(pairs: Sequence[Mapping[str, Any]]) -> str:
    if not pairs:
        return "No topic was given in the place of another."
    rows = [["topic missed", "topic given instead", "articles", "ids"]]
    rows += [[pair["missed"], pair["given"], str(pair["articles"]), _ids(pair)] for pair in pairs]
    return table(rows)


def _ids(pair: Mapping[str, Any]) -> str:
    more = pair["articles"] - len(pair["ids"])
    return ", ".join(pair["ids"]) + (f" and {more} more" if more else "")

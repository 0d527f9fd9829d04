"""Writes a topic classifier's card: what it is, what it learned from, how good it is and what it gets wrong.

Numbers and topic ids only, no text of an article and no path of the machine that trained it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from summarizer.records import Topic
from summarizer.train.topics_options import TopicTraining

WORST_TOPICS = 8
HEADS = {
    "kept": "with its own head",
    "first": "with a new head",
    "mean": "with a new head over a further layer that starts as the mean of the token vectors",
}
SCORES = {
    "articles": "articles",
    "micro_f1": "micro F1",
    "macro_f1": "macro F1",
    "mean_average_precision": "mean average precision",
    "review_share": "share of articles without an accepted tag",
}


def write_card(name: str, topics: Sequence[Topic], metrics: Mapping[str, Any], options: TopicTraining) -> str:
    """Return the card in Markdown.

    :param metrics: as ``train_topics`` returns them.
    """
    is_single = metrics["problem_type"] == "single_label_classification"
    how = "exactly one topic" if is_single else "any number of topics"
    parts = [
        f"# {name}\n\nTags a news article with {how} out of {len(topics)}.",
        "## How it was made\n\n" + _recipe(metrics, options),
        "## How good it is\n\nAt the thresholds in `thresholds.json`, which were chosen on the held-out articles.\n\n"
        + _score_table(metrics),
        "## What it gets wrong\n\n" + _weaknesses(metrics.get("test") or metrics["dev"]),
        "## Topics\n\n" + _topic_table(topics, metrics.get("test") or metrics["dev"]),
    ]
    return "\n\n".join(parts) + "\n"


def _recipe(metrics: Mapping[str, Any], options: TopicTraining) -> str:
    lines = [f"- Articles: {metrics['train_articles']} to learn from, {metrics['dev']['articles']} held out."]
    if options.backend == "encoder":
        lines += [
            f"- Base: {metrics['base']}, {HEADS[metrics['head']]}, fine-tuned for {options.epochs} epochs, "
            f"{options.batch_articles} articles a step, "
            f"learning rate {options.learning_rate:g} (head {options.head_learning_rate:g}), "
            f"seed {options.seed}.",
            f"- It reads the title and the beginning of the text, {options.max_tokens} tokens together: a long story "
            "is judged by its beginning.",
        ]
    else:
        read = "all" if options.max_words is None else f"the first {options.max_words} words"
        lines += [
            "- TF-IDF of words and word pairs (English stop words left out) with logistic regression, "
            f"C {options.inverse_regularization:g}.",
            f"- It reads {read} of title and text.",
        ]
    return "\n".join(lines)


def _score_table(metrics: Mapping[str, Any]) -> str:
    parts = [part for part in ("dev", "test") if part in metrics]
    titles = {"dev": "held out", "test": "test"}
    rows = [["", *(titles[part] for part in parts)], ["---"] * (len(parts) + 1)]
    rows += [[title, *(f"{metrics[part][key]:g}" for part in parts)] for key, title in SCORES.items()]
    return _table(rows)


def _weaknesses(scores: Mapping[str, Any]) -> str:
    worst = sorted(scores["topics"].items(), key=lambda item: item[1]["f1"])[:WORST_TOPICS]
    listed = ", ".join(f"{topic} ({entry['f1']:.2f} on {entry['articles']})" for topic, entry in worst)
    rows = [["topic missed", "topic given instead", "articles"], ["---"] * 3]
    rows += [[pair["missed"], pair["given"], str(pair["articles"])] for pair in scores["confusions"]]
    text = f"Lowest F1: {listed}."
    return f"{text}\n\nMost frequent confusions:\n\n{_table(rows)}" if scores["confusions"] else text


def _topic_table(topics: Sequence[Topic], scores: Mapping[str, Any]) -> str:
    rows = [["id", "name", "code", "articles", "precision", "recall", "F1", "average precision"], ["---"] * 8]
    for topic in topics:
        entry = scores["topics"].get(topic.id)
        keys = ("precision", "recall", "f1", "average_precision")
        numbers = [str(entry["articles"]), *(f"{entry[key]:.3f}" for key in keys)] if entry else ["0", *["-"] * 4]
        rows.append([topic.id, topic.name, topic.code, *numbers])
    return _table(rows)


def _table(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)

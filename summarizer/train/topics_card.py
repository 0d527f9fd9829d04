"""Writes a topic classifier's card: what it is, what it learned from, how good it is and what it gets wrong.

Numbers and topic ids only, no text of an article and no path of the machine that trained it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from summarizer.evaluate.markdown import table
from summarizer.records import Topic
from summarizer.train.topics_options import TopicTraining

WORST_TOPICS = 8
HEADS = {
    "kept": "with its own head",
    "first": "with a new head",
    "mean": "with a new head over a further layer that starts as the mean of the token vectors",
}
METHODS = {
    "none": "left as the model gives them: no method did better",
    "temperature": "calibrated by one temperature",
    "shared": "calibrated by one line on the log-odds, the same for all topics (Platt)",
    "platt": "calibrated by a line on the log-odds for each topic (Platt)",
    "isotonic": "calibrated by isotonic regression for each topic",
}
SCORES = {
    "articles": "articles",
    "micro_f1": "micro F1",
    "macro_f1": "macro F1",
    "mean_average_precision": "mean average precision",
    "ece_equal_mass": "expected calibration error (equal mass)",
    "brier": "Brier score",
    "accepted_precision": "precision of accepted tags",
    "true_tags_accepted": "share of the true tags that are accepted",
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
        "## How good it is\n\n" + _promise(metrics, options) + "\n\n" + _score_table(metrics),
        "## What it gets wrong\n\n" + _weaknesses(metrics.get("test") or metrics["dev"]),
        "## Topics\n\n" + _topic_table(topics, metrics.get("test") or metrics["dev"]),
    ]
    return "\n\n".join(parts) + "\n"


def _recipe(metrics: Mapping[str, Any], options: TopicTraining) -> str:
    lines = [f"- Articles: {metrics['train_articles']} to learn from, {metrics['dev']['articles']} held out."]
    if options.backend == "encoder":
        lines += [
            *_further(metrics),
            f"- Base: {metrics['base']}, {HEADS[metrics['head']]}, fine-tuned for {_epochs(metrics, options)}, "
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


def _epochs(metrics: Mapping[str, Any], options: TopicTraining) -> str:
    done = metrics.get("epochs", options.epochs)
    best = metrics.get("best_epoch", done)
    return f"{done} epochs" + (f" (the weights of epoch {best} were best on the held-out ones)" if best != done else "")


def _further(metrics: Mapping[str, Any]) -> list[str]:
    """Say what was learned from besides fully labelled articles."""
    if not metrics.get("further_articles"):
        return []
    unknown = f"what {metrics['teacher']} says" if "teacher" in metrics else "left open"
    return [f"- Further {metrics['further_articles']} articles whose topics are partly unknown; those are {unknown}."]


def _promise(metrics: Mapping[str, Any], options: TopicTraining) -> str:
    """Say what calibration and thresholds are for, and of which topics nothing can be promised."""
    text = (
        f"Probabilities are {METHODS[metrics['calibration']['method']]}. F1 is at each topic's best threshold, "
        f"`best_f1` in `thresholds.json`. A tag is accepted where {options.accept_precision:.0%} of such tags were "
        f"right, and shown to a person where that finds {options.review_recall:.0%} of a topic's articles. All of this "
        "was chosen on the held-out articles, so that only the test says how it carries over."
    )
    if unpromised := metrics.get("never_accepted"):
        text += f" Never accepted, for want of held-out articles or of precision: {', '.join(unpromised)}."
    return text


def added_card(
    name: str, before: str, base: str, topics: Sequence[Topic], scores: Mapping[str, Any], *, articles: int
) -> str:
    """Return the card of a model with added topics: what was added, then the base's own card.

    :param before: the base's card, or empty.
    :param base: the base's name.
    :param scores: what ``measure`` says of the new topics, by five-fold cross-validation.
    :param articles: how many articles they were learned from.
    """
    own = before.removeprefix("---\n").partition("\n---\n")[2] if before.startswith("---\n") else before
    added = (
        f"# {name}\n\n{base} with {len(topics)} more topics. The encoder and its other topics are as they were; "
        f"each new topic is a logistic regression on {articles} articles. Scores by five-fold cross-validation:\n\n"
        + _topic_table(topics, scores)
    )
    return f"{added}\n\nWhat follows is the card of {base}.\n\n{own.strip()}\n" if own.strip() else added + "\n"


def _score_table(metrics: Mapping[str, Any]) -> str:
    parts = [part for part in ("dev", "test") if part in metrics]
    titles = {"dev": "held out", "test": "test"}
    rows = [["", *(titles[part] for part in parts)]]
    rows += [[title, *(_number(metrics[part][key]) for part in parts)] for key, title in SCORES.items()]
    return table(rows)


def _weaknesses(scores: Mapping[str, Any]) -> str:
    worst = sorted(scores["topics"].items(), key=lambda item: item[1]["f1"])[:WORST_TOPICS]
    listed = ", ".join(f"{topic} ({entry['f1']:.2f} on {entry['articles']})" for topic, entry in worst)
    rows = [["topic missed", "topic given instead", "articles"]]
    rows += [[pair["missed"], pair["given"], str(pair["articles"])] for pair in scores["confusions"]]
    text = f"Lowest F1: {listed}."
    return f"{text}\n\nMost frequent confusions:\n\n{table(rows)}" if scores["confusions"] else text


def _topic_table(topics: Sequence[Topic], scores: Mapping[str, Any]) -> str:
    rows = [["id", "name", "code", "articles", "precision", "recall", "F1", "average precision"]]
    for topic in topics:
        entry = scores["topics"].get(topic.id)
        keys = ("precision", "recall", "f1", "average_precision")
        numbers = [str(entry["articles"]), *(_number(entry[key]) for key in keys)] if entry else ["0", *["-"] * 4]
        rows.append([topic.id, topic.name, topic.code, *numbers])
    return table(rows)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value}" if isinstance(value, int) else f"{value:.3f}"

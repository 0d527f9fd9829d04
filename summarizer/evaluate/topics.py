"""Measures a topic classifier on labelled articles and writes ``evaluation.json``, ``evaluation.md`` and two plots.

Comes after training; nothing is chosen on the articles that are measured.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from summarizer.classify import BACKENDS, Classifier, ClassifySection, Scores, load_classifier
from summarizer.classify.decide import is_in_scope
from summarizer.classify.thresholds import ACCEPT_PRECISION, REVIEW_RECALL
from summarizer.errors import InputError, UsageError, did_you_mean
from summarizer.evaluate.folder import (
    EVALUATION_FILE,
    REPORT_FILE,
    free_folder,
    write_json,
    write_text,
    writing,
)
from summarizer.evaluate.topics_baselines import Labelled, run_baselines
from summarizer.evaluate.topics_metrics import Limits
from summarizer.evaluate.topics_options import TopicEvaluation
from summarizer.evaluate.topics_plots import plot_coverage, plot_reliability
from summarizer.evaluate.topics_report import COVERAGE_PLOT, RELIABILITY_PLOT, write_report
from summarizer.evaluate.topics_tables import Answers, Draws, tabulate
from summarizer.models import find_model
from summarizer.records import Article, Failure
from summarizer.train.topics_data import TopicArticle, check_topics, read_articles, targets_of

if TYPE_CHECKING:
    pass

FILES = (EVALUATION_FILE, REPORT_FILE, RELIABILITY_PLOT, COVERAGE_PLOT)
WINDOW_ARTICLES = 256
"""Articles scored between two lines of progress."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The articles that the model could score, with what it said of each, and what became of the others."""

    articles: list[TopicArticle]
    scores: list[Scores]
    failures: list[Failure]


def evaluate_topics(options: TopicEvaluation, say: Callable[[str], None]) -> dict[str, Any]:
    """Measure the model beside two baselines and write the folder.

    :param say: is told, a line at a time, what was left out and how far it is.
    :return: what ``evaluation.json`` holds: ``model``, ``data``, ``settings`` and the tables of ``tabulate``.
    :raises InputError: the data cannot be used, or have topics that the model does not know.
    :raises ModelError: the model is missing or damaged.
    :raises OutputError: ``out`` is occupied or cannot be written.
    """
    out = free_folder(options.out or f"evaluation-{Path(options.model).name}", FILES, overwrite=options.overwrite)
    backend = _backend(options)
    classifier = _load(options, backend)
    topic_ids = [topic.id for topic in classifier.topics]
    articles = _read(options.data, topic_ids, options, say)
    train = _read(options.train, topic_ids, options, say) if options.train else None
    scored = _score(classifier, articles, options.data, say)

    answers = _answers(classifier, scored, topic_ids)
    say("fitting the baselines")
    learned_from = None if train is None else _labelled(options.train, train, topic_ids)
    baselines = run_baselines(_labelled(options.data, scored.articles, topic_ids), learned_from, options.seed)
    targets = {
        "accept_precision": options.accept_precision or ACCEPT_PRECISION,
        "review_recall": options.review_recall or REVIEW_RECALL,
    }
    evaluation = {
        "model": _model(classifier, options, backend),
        "data": _data(options, scored, train),
        "settings": {
            **{"train": None if options.train is None else Path(options.train).name},
            **targets,
            **{"samples": options.samples, "seed": options.seed},
        },
        **tabulate(answers, Limits.of(classifier.thresholds), baselines, Draws(options.samples, options.seed), targets),
    }
    _write(out, evaluation)
    say(f"wrote {', '.join(FILES)} into {out}")
    return evaluation


def _backend(options: TopicEvaluation) -> str:
    backend = options.backend
    if backend == "auto":
        backend = str(find_model(options.model, options.runtime).manifest.get("backend", "encoder"))
    if backend not in BACKENDS:
        raise UsageError("backend", f"no such backend ('{backend}')", did_you_mean(backend, ["auto", *BACKENDS]))
    return backend


def _load(options: TopicEvaluation, backend: str) -> Classifier:
    section = {
        "backend": backend,
        "model": options.model,
        "accept_precision": options.accept_precision,
        "review_recall": options.review_recall,
    }
    return load_classifier(TypeAdapter(ClassifySection).validate_python(section), options.runtime)


def _read(
    path: str, topic_ids: Sequence[str], options: TopicEvaluation, say: Callable[[str], None]
) -> list[TopicArticle]:
    articles = read_articles(path, options, say, source_field=options.source_field, keep_untagged=True)
    check_topics(articles, topic_ids, path)
    if not any(article.topics for article in articles):
        what = f"no article has a topic (0 of {len(articles)})"
        raise InputError(path, what, f"Fill '{options.topics_field}' with the topics of each article.")
    return articles


def _score(classifier: Classifier, articles: Sequence[TopicArticle], where: str, say: Callable[[str], None]) -> Scored:
    scored = Scored([], [], [])
    for start in range(0, len(articles), WINDOW_ARTICLES):
        window = articles[start : start + WINDOW_ARTICLES]
        for article, scores in zip(window, classifier.score([_as_article(a) for a in window]), strict=True):
            if isinstance(scores, Failure):
                scored.failures.append(scores)
            else:
                scored.articles.append(article)
                scored.scores.append(scores)
        say(f"{start + len(window)} of {len(articles)} articles scored")
    if scored.failures:
        count = f"{len(scored.failures)} of {len(articles)}"
        say(f"{where}: {count} left out: the model failed on them (first: {scored.failures[0]})")
    if not any(article.topics for article in scored.articles):
        what = f"the model scored no article that has a topic ({len(scored.failures)} of {len(articles)} failed)"
        raise InputError(where, what, f"The first failure: {scored.failures[0]}.")
    return scored


def _as_article(article: TopicArticle) -> Article:
    """``text`` is all that a classifier reads, the title included."""
    return Article(id=article.id, text=article.text)


def _labelled(path: str | None, articles: Sequence[TopicArticle], topic_ids: Sequence[str]) -> Labelled:
    return Labelled(str(path), [article.text for article in articles], targets_of(articles, topic_ids) > 0)


def _answers(classifier: Classifier, scored: Scored, topic_ids: Sequence[str]) -> Answers:
    import numpy as np

    uncalibrated = np.array([scores.probabilities for scores in scored.scores])
    knows_scope = all(scores.strangeness is not None for scores in scored.scores)
    return Answers(
        topics=classifier.topics,
        ids=[article.id for article in scored.articles],
        sources=[article.source for article in scored.articles],
        wanted=targets_of(scored.articles, topic_ids) > 0,
        uncalibrated=uncalibrated,
        calibrated=classifier.calibration.apply_all(uncalibrated),
        strange=np.array([not is_in_scope(scores) for scores in scored.scores]) if knows_scope else None,
    )


def _model(classifier: Classifier, options: TopicEvaluation, backend: str) -> dict[str, str]:
    return {
        "name": Path(options.model).name,
        "identity": classifier.models[options.model],
        "backend": backend,
        "calibration": classifier.calibration.method,
    }


def _data(options: TopicEvaluation, scored: Scored, train: Sequence[TopicArticle] | None) -> dict[str, Any]:
    return {
        "name": Path(options.data).name,
        "articles": len(scored.articles),
        "true_tags": sum(len(article.topics) for article in scored.articles),
        "untagged": sum(not article.topics for article in scored.articles),
        "left_out": [failure.to_dict() for failure in scored.failures],
        "train_articles": None if train is None else len(train),
    }


def _write(out: Path, evaluation: dict[str, Any]) -> None:
    """Write the four files; the JSON last, so that a folder that has it is whole."""
    with writing(out):
        plot_reliability(evaluation, out / RELIABILITY_PLOT)
        plot_coverage(evaluation, out / COVERAGE_PLOT)
        write_text(out, REPORT_FILE, write_report(evaluation))
        write_json(out, evaluation)

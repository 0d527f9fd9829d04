"""Articles of which some topics, or all, are unknown; comes after the topics are settled, before ``topics_encoder``.

Unknown is not absent: such a topic is NaN among the targets, and has no part in the loss until a teacher speaks for it.
Source of the teaching: self-training with soft targets, as in Xie et al. 2020 (arXiv:1911.04252).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.classify import Classifier, load_classifier
from summarizer.classify.base import reading_text
from summarizer.classify.encoder import EncoderOptions
from summarizer.classify.linear import LinearOptions
from summarizer.errors import InputError, UsageError, did_you_mean
from summarizer.models import find_model
from summarizer.records import Article, Failure
from summarizer.train.topics_data import TopicArticle, read_texts, say_faults, topics_of
from summarizer.train.topics_options import TopicTraining

if TYPE_CHECKING:
    import numpy as np

TAUGHT_TOGETHER = 512
"""Articles between two lines about how far the teacher is."""
FURTHER_KEYS = ("partial", "unlabelled", "teacher")


def read_further(
    options: TopicTraining, topics: Sequence[str], say: Callable[[str], None], *, is_single: bool
) -> list[TopicArticle]:
    """Read ``partial`` and then ``unlabelled``; an article of which no topic is known has none.

    Without a teacher such articles are left out, for nothing could be learned from them.

    :raises InputError: one of the files cannot be read, or nothing in it can be used.
    :raises UsageError: the keys contradict each other, or the backend or the labels.
    """
    given = [key for key in FURTHER_KEYS if getattr(options, key) is not None]
    if not given:
        return []
    _check(options, given, topics, is_single=is_single)
    further: list[TopicArticle] = []
    if options.partial is not None:
        wanted = options.partial_topics or {topic: topic for topic in topics}
        articles = _read(options.partial, options, say)
        labels = [topics_of(article.fields.get(options.partial_field)) for article in articles]
        known = [tuple(dict.fromkeys(wanted[name] for name in names if name in wanted)) for names in labels]
        _say_known(options, known, say)
        further += _as_topic_articles(articles, known)
    if options.unlabelled is not None:
        articles = _read(options.unlabelled, options, say)
        further += _as_topic_articles(articles, [()] * len(articles))
    return further if options.teacher is not None else [article for article in further if article.topics]


def _check(options: TopicTraining, given: Sequence[str], topics: Collection[str], *, is_single: bool) -> None:
    if options.backend != "encoder":
        raise UsageError(given[0], f"is for the encoder, and backend is '{options.backend}'", "Leave it out.")
    if is_single:
        what = "is for articles with any number of topics, and here each has one"
        raise UsageError(given[0], what, "Set labels: multi, or leave it out.")
    if options.unlabelled is not None and options.teacher is None:
        mend = "Name a teacher, or leave it out."
        raise UsageError("unlabelled", f"{options.unlabelled} teaches nothing without a teacher", mend)
    if given == ["teacher"]:
        what = f"{options.teacher} has nothing to teach: neither partial nor unlabelled is given"
        raise UsageError("teacher", what, "Give one of them, or leave teacher out.")
    for label, topic in options.partial_topics.items():
        if topic not in topics:
            what = f"maps '{label}' to '{topic}', no topic of the data"
            raise UsageError("partial_topics", what, did_you_mean(topic, topics))


def _read(path: str, options: TopicTraining, say: Callable[[str], None]) -> list[Article]:
    faults: dict[str, list[str]] = {}
    articles = list(read_texts(path, options.fields, faults))
    say_faults(path, faults, len(articles), say)
    if not articles:
        raise InputError(path, f"no article to learn from ({next(iter(faults), 'it is empty')})", "Leave it out.")
    return articles


def _say_known(options: TopicTraining, known: Sequence[tuple[str, ...]], say: Callable[[str], None]) -> None:
    """Say how many articles of ``partial`` have a known topic.

    :raises InputError: none has one.
    """
    path, count = str(options.partial), sum(map(bool, known))
    if not count:
        what = f"no label in '{options.partial_field}' is a topic (0 of {len(known)} articles)"
        raise InputError(path, what, "Check partial_field and partial_topics.")
    rest = "left out" if options.teacher is None else "left to the teacher"
    say(f"{path}: a topic is known of {count} of {len(known)} articles; the others are {rest}")


def _as_topic_articles(articles: Sequence[Article], known: Sequence[tuple[str, ...]]) -> list[TopicArticle]:
    pairs = zip(articles, known, strict=True)
    return [TopicArticle(reading_text(article), topics, article.id) for article, topics in pairs]


def further_targets(
    articles: Sequence[TopicArticle],
    topics: Sequence[str],
    options: TopicTraining,
    kept: Path,
    say: Callable[[str], None],
) -> np.ndarray:
    """Return what is known of each topic: 1, a teacher's calibrated probability, or NaN.

    :param articles: from ``read_further``.
    :param kept: file that the teacher's answers are kept in, so that a run taken up again need not wait for them.
    :return: *Shape:* (articles, topics) float32.
    :raises ModelError: the teacher is missing or damaged.
    :raises UsageError: it has none of the topics.
    """
    import numpy as np

    targets = np.full((len(articles), len(topics)), np.nan, dtype="float32")
    if articles and options.teacher is not None:
        targets = _taught([article.text for article in articles], topics, options, kept, say)
    column = {topic: i for i, topic in enumerate(topics)}
    for row, article in enumerate(articles):
        targets[row, [column[name] for name in article.topics]] = 1
    return targets


def _taught(
    texts: Sequence[str], topics: Sequence[str], options: TopicTraining, kept: Path, say: Callable[[str], None]
) -> np.ndarray:
    import numpy as np

    if kept.is_file():
        answers: np.ndarray = np.load(kept, allow_pickle=False)
        return answers
    teacher = _load_teacher(options, topics)
    shared = [topic.id for topic in teacher.topics if topic.id in topics]
    if len(shared) < len(topics):
        missing = ", ".join(topic for topic in topics if topic not in shared)
        say(f"teacher {options.teacher}: knows {len(shared)} of {len(topics)} topics; unknown stay: {missing}")
    answers = np.full((len(texts), len(topics)), np.nan, dtype="float32")
    asked = [i for i, topic in enumerate(teacher.topics) if topic.id in topics]
    columns = [topics.index(name) for name in shared]
    for start in range(0, len(texts), TAUGHT_TOGETHER):
        part = texts[start : start + TAUGHT_TOGETHER]
        scores = teacher.score([Article(id=str(start + i), text=text) for i, text in enumerate(part)])
        for row, result in enumerate(scores, start):
            if not isinstance(result, Failure):
                calibrated = teacher.calibration.apply(result.probabilities)
                answers[row, columns] = [calibrated[i] for i in asked]
        say(f"teacher {options.teacher}: {start + len(part)} of {len(texts)} articles")
    fresh = kept.with_suffix(".new")
    with fresh.open("wb") as file:
        np.save(file, answers)
    fresh.replace(kept)
    return answers


def _load_teacher(options: TopicTraining, topics: Collection[str]) -> Classifier:
    """Load the teacher by whichever backend its folder is of.

    :raises UsageError: it has none of the topics.
    """
    name = str(options.teacher)
    is_linear = find_model(name, options.runtime).manifest.get("backend") == "linear"
    chosen = LinearOptions(model=name) if is_linear else EncoderOptions(model=name)
    teacher = load_classifier(chosen, options.runtime)
    known = [topic.id for topic in teacher.topics]
    if not set(known).intersection(topics):
        what = f"{name} has none of the {len(topics)} topics (its first is '{known[0]}')"
        raise UsageError("teacher", what, "Name a model of the same topics.")
    return teacher

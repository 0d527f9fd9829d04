"""Names the sentences that carry an accepted tag; comes after ``decide``, and only where the config asks for it.

A sentence carries a tag where the classifier, shown nothing but that sentence, gives it the topic. That is asked of the
classifier itself, so it works for every backend, and of no more of the article than it read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from summarizer.classify.base import Classifier, Scores
from summarizer.records import Article, Tag
from summarizer.sentences import Span, split_sentences

MOST_SENTENCES = 2


def explain(
    articles: Sequence[Article], tags: Sequence[tuple[Tag, ...]], classifier: Classifier
) -> list[tuple[Tag, ...]]:
    """Give each accepted tag its evidence: the sentence that carries it, and a second one that would do so too.

    Where no sentence is enough by itself, the two that come nearest are named together. A tag that only the title
    speaks of gets the nearest sentences all the same; an article without a sentence gets none.

    :param tags: those of each article.
    :return: the same tags in the same order.
    """
    spans = [
        _spans(article, classifier) if _has_accepted(own) else [] for article, own in zip(articles, tags, strict=True)
    ]
    alone = [
        Article(id=article.id, text=article.body[start:end], language=article.language)
        for article, own in zip(articles, spans, strict=True)
        for start, end in own
    ]
    scored = iter(classifier.score(alone))
    explained = []
    for article, own, sentences in zip(articles, tags, spans, strict=True):
        rows = [_probabilities(next(scored), classifier) for _ in sentences]
        explained.append(tuple(_with_evidence(tag, article, sentences, rows, classifier) for tag in own))
    return explained


def _has_accepted(tags: tuple[Tag, ...]) -> bool:
    return any(tag.decision == "accepted" for tag in tags)


def _spans(article: Article, classifier: Classifier) -> list[Span]:
    """Return the sentences that the classifier read; one that it read the beginning of counts."""
    end = classifier.read_to(article)
    return [span for span in split_sentences(article.body, article.language or "en") if span[0] < end]


def _probabilities(scores: object, classifier: Classifier) -> list[float]:
    """Return the calibrated probabilities of one sentence; nothing but zeros where it could not be scored."""
    if not isinstance(scores, Scores):
        return [0.0] * len(classifier.topics)
    return classifier.calibration.apply(scores.probabilities)


def _with_evidence(
    tag: Tag, article: Article, sentences: Sequence[Span], rows: Sequence[Sequence[float]], classifier: Classifier
) -> Tag:
    if tag.decision != "accepted" or not sentences:
        return tag
    column = classifier.topics.index(tag.topic)
    limit = classifier.thresholds[column].accept
    best = sorted(range(len(sentences)), key=lambda i: -rows[i][column])[:MOST_SENTENCES]
    enough = [i for i in best if limit is not None and rows[i][column] >= limit]
    chosen = sorted(enough or best)
    return replace(tag, evidence=tuple(article.evidence(*sentences[i]) for i in chosen))

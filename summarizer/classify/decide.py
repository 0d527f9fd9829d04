"""Turns scores into tags with a decision each; comes after a classifier's ``score``, before ``explain`` and ``write``.

The rule is the same for models of many topics an article and for models of one. The probabilities of the latter sum to
1, so that at a threshold above 0.5 at most one topic is accepted, the most probable; where none reaches it, the best
ones ask for a person instead of a guess being made.
"""

from __future__ import annotations

from dataclasses import dataclass

from summarizer.classify.base import Classifier, ClassifyOptions, Scores, Thresholds
from summarizer.records import Decision, Tag


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about one article.

    :param tags: most probable first, equal ones in the classifier's order.
    :param needs_review: no tag was accepted, or the article is out of the model's scope.
    :param warnings: in words, why the tags may not be trusted.
    """

    tags: tuple[Tag, ...]
    needs_review: bool
    warnings: tuple[str, ...] = ()


def decide(scores: Scores, classifier: Classifier, options: ClassifyOptions) -> Decided:
    """Calibrate one article's scores and decide about every topic.

    :param options: ``accept`` and ``review`` win over the thresholds where given; ``keep`` drops what is both rejected
        and below it.
    """
    tags = []
    probabilities = classifier.calibration.apply(scores.probabilities)
    for topic, probability, own in zip(classifier.topics, probabilities, classifier.thresholds, strict=True):
        limits = limits_of(own, options)
        decision = _decision(probability, *limits)
        if decision != "rejected" or probability >= options.keep:
            tags.append(Tag(topic, probability, decision, limits=limits))
    tags.sort(key=lambda tag: -tag.probability)
    warnings = () if is_in_scope(scores) else (_strange(scores.strangeness or 0.0),)
    needs_review = bool(warnings) or not any(tag.decision == "accepted" for tag in tags)
    return Decided(tuple(tags), needs_review, warnings)


def is_in_scope(scores: Scores) -> bool:
    """Tell whether the article looks like what the model was trained on, or the model cannot tell."""
    return scores.strangeness is None or scores.strangeness <= 1


def limits_of(own: Thresholds, options: ClassifyOptions) -> tuple[float | None, float]:
    """Put the config's values in the place of the model's; the second never rises above the first."""
    accept = own.accept if options.accept is None else options.accept
    review = own.review if options.review is None else options.review
    return accept, review if accept is None else min(review, accept)


def _decision(probability: float, accept: float | None, review: float) -> Decision:
    if accept is not None and probability >= accept:
        return "accepted"
    return "review" if probability >= review else "rejected"


def _strange(strangeness: float) -> str:
    return (
        f"tags: out of scope, it looks like nothing that the topic model was trained on ({strangeness:.1f} x the limit)"
    )

"""Turns probabilities into tags with a decision each; comes after a classifier's ``score``, before ``write``.

The rule is the same for models of many topics an article and for models of one. The probabilities of the latter sum to
1, so that at a threshold above 0.5 at most one topic is accepted, the most probable; where none reaches it, the best
ones ask for a person instead of a guess being made.
"""

from __future__ import annotations

from summarizer.classify.base import Classifier, ClassifyOptions, Scores, Thresholds
from summarizer.records import Decision, Tag


def decide(scores: Scores, classifier: Classifier, options: ClassifyOptions) -> tuple[tuple[Tag, ...], bool]:
    """Decide about every topic of one article.

    :param scores: one probability a topic, in the classifier's order.
    :param options: ``accept`` and ``review`` win over the model's thresholds where given; ``keep`` drops what is both
        rejected and below it.
    :return: the tags, most probable first (equal ones in the classifier's order), and whether the article needs a
        person because no tag was accepted.
    """
    tags = []
    for topic, probability, own in zip(classifier.topics, scores, classifier.thresholds, strict=True):
        decision = _decision(probability, limits(own, options))
        if decision != "rejected" or probability >= options.keep:
            tags.append(Tag(topic, probability, decision))
    tags.sort(key=lambda tag: -tag.probability)
    return tuple(tags), not any(tag.decision == "accepted" for tag in tags)


def limits(own: Thresholds, options: ClassifyOptions) -> Thresholds:
    """Put the config's values in the place of the model's; ``review`` never rises above ``accept``."""
    accept = own.accept if options.accept is None else options.accept
    review = own.review if options.review is None else options.review
    return Thresholds(accept, min(review, accept))


def _decision(probability: float, thresholds: Thresholds) -> Decision:
    if probability >= thresholds.accept:
        return "accepted"
    return "review" if probability >= thresholds.review else "rejected"

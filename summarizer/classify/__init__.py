"""The classify stage: articles in, topic probabilities out. Comes after ``clean``; ``decide`` makes tags of them.

A new backend is one file beside this one with a class and its options, and one line in ``BACKENDS``.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from summarizer.classify.base import Classifier, ClassifyOptions, Scores, Thresholds
from summarizer.classify.encoder import Encoder, EncoderOptions
from summarizer.classify.linear import Linear, LinearOptions
from summarizer.runtime import RuntimeOptions

BACKENDS: dict[str, type[Classifier]] = {"encoder": Encoder, "linear": Linear}
ClassifySection = Annotated[EncoderOptions | LinearOptions, Field(discriminator="backend")]

__all__ = ["BACKENDS", "Classifier", "ClassifyOptions", "ClassifySection", "Scores", "Thresholds", "load_classifier"]


def load_classifier(options: EncoderOptions | LinearOptions, runtime: RuntimeOptions) -> Classifier:
    """Build the backend that the options name.

    :raises ModelError: its model is missing, damaged or of the wrong kind.
    """
    return BACKENDS[options.backend](options, runtime)  # type: ignore[call-arg]

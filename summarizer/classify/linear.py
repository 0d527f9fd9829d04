"""The ``linear`` backend: TF-IDF and logistic regression without a pickle; comes after ``clean``.

The folder holds ``model.safetensors`` (``idf`` (features,), ``coef`` (topics, features), ``intercept`` (topics,)) and
``linear.json`` (the vocabulary in the order of the features, how text becomes features, the topics). Nothing is fitted
when it loads; the probabilities are those of scikit-learn's ``predict_proba``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from summarizer.classify.base import ClassifyOptions, Scores, Thresholds, no_text, reading_text, title_part
from summarizer.classify.calibration import read_calibration
from summarizer.classify.thresholds import load_thresholds
from summarizer.classify.topics import TOPICS_FILE, name_topics, read_topics
from summarizer.classify.word_features import WordFeatures
from summarizer.errors import ModelError
from summarizer.models import RESTORE, find_model, read_json
from summarizer.records import Article, Failure, Topic
from summarizer.runtime import RuntimeOptions

if TYPE_CHECKING:
    import numpy as np

SETTINGS_FILE = "linear.json"
WEIGHTS_FILE = "model.safetensors"
WEIGHTS = ("idf", "coef", "intercept")
LINEAR_MEND = "Train one with 'summarizer train topics' and 'backend: linear'."


class LinearOptions(ClassifyOptions):
    """The ``classify`` section with ``backend: linear``."""

    backend: Literal["linear"] = "linear"
    """Words and word pairs, weighted: thousands of articles a second on one CPU core, no GPU."""
    model: str
    """A folder that ``summarizer train topics`` wrote with ``backend: linear``, or a shipped model's name."""


class Linear:
    """Scores topics by the words of an article."""

    def __init__(self, options: LinearOptions, runtime: RuntimeOptions) -> None:
        folder = find_model(options.model, runtime)
        settings = _read_settings(folder.path / SETTINGS_FILE)
        self._weights = _read_weights(folder.path / WEIGHTS_FILE, settings)
        self._features = WordFeatures(settings["analyzer"], settings["vocabulary"], self._weights["idf"])
        # as the product reads it, lest scipy turn it round anew for each window
        self._coef: np.ndarray = self._weights["coef"].T.copy(order="C")  # (features, topics)
        self._max_words: int | None = settings["max_words"]
        self.is_single: bool = settings["problem_type"] == "single_label_classification"
        self.topics: Sequence[Topic] = name_topics(
            settings["topics"], read_topics(folder.path / TOPICS_FILE), folder.path
        )
        self.calibration = read_calibration(folder.path, self.topics, is_single=self.is_single)
        self.thresholds: Sequence[Thresholds] = load_thresholds(
            folder.path, self.topics, options, is_single=self.is_single
        )
        self.models = {options.model: folder.identity}

    def score(self, articles: Sequence[Article]) -> list[Scores | Failure]:
        """Score every article; see ``Classifier.score``."""
        results: list[Scores | Failure | None] = [no_text(article) for article in articles]
        texts = [reading_text(a) for a, failure in zip(articles, results, strict=True) if failure is None]
        if not texts:
            return [result for result in results if result is not None]
        features = self._features.of(first_words(text, self._max_words) for text in texts)
        logits = features @ self._coef + self._weights["intercept"]  # (articles, topics)
        scored = iter(probabilities(logits, is_single=self.is_single).tolist())
        return [Scores(next(scored)) if result is None else result for result in results]

    def read_to(self, article: Article) -> int:
        """Return how many characters of the body it reads; see ``Classifier.read_to``."""
        text = reading_text(article)
        words = text.split() if self._max_words is None else text.split(maxsplit=self._max_words)
        unread = words[self._max_words :] if self._max_words is not None else ()
        return max(0, len(text) - sum(map(len, unread)) - title_part(article))


def first_words(text: str, max_words: int | None) -> str:
    """Return the text up to its first ``max_words`` blank-separated words; None returns it whole."""
    if max_words is None:
        return text
    words = text.split(maxsplit=max_words)
    return " ".join(words[:max_words])


def probabilities(logits: np.ndarray, *, is_single: bool) -> np.ndarray:
    """*Shape:* (articles, topics) to the same, as ``predict_proba`` computes them."""
    import numpy as np

    if not is_single:
        scores: np.ndarray = 1 / (1 + np.exp(-np.clip(logits, -500, 500)))
        return scores
    powers: np.ndarray = np.exp(logits - logits.max(axis=1, keepdims=True))
    powers /= powers.sum(axis=1, keepdims=True)
    return powers


def _read_settings(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise ModelError(str(path.parent), f"no linear classifier: it has no {SETTINGS_FILE}", LINEAR_MEND)
    settings: dict[str, Any] = read_json(path)
    wanted = {"topics": list, "vocabulary": list, "analyzer": dict, "max_words": int | None, "problem_type": str}
    for key, kind in wanted.items():
        if not isinstance(settings, dict) or key not in settings or not isinstance(settings[key], kind):
            raise ModelError(str(path), f"has no usable '{key}'", LINEAR_MEND)
    return settings


def _read_weights(path: Path, settings: Mapping[str, Any]) -> dict[str, np.ndarray]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        weights = load_file(path)
    except (OSError, SafetensorError) as error:
        what = f"cannot be read ({error})"
        raise ModelError(str(path), what, RESTORE) from error
    features, topics = len(settings["vocabulary"]), len(settings["topics"])
    shapes = {"idf": (features,), "coef": (topics, features), "intercept": (topics,)}
    for name, shape in shapes.items():
        seen = weights[name].shape if name in weights else "nothing"
        if seen != shape:
            what = f"'{name}' is {seen}, {SETTINGS_FILE} asks for {shape}"
            raise ModelError(str(path), what, "Restore both files from where the model came.")
    return {name: weights[name].astype("float64") for name in WEIGHTS}

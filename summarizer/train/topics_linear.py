"""Fits TF-IDF with logistic regression and writes it without a pickle; the ``linear`` backend loads the folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.classify.linear import SETTINGS_FILE, WEIGHTS_FILE, first_words, probabilities
from summarizer.errors import InputError
from summarizer.train.topics_options import TopicTraining

if TYPE_CHECKING:
    import numpy as np

ANALYZER: dict[str, Any] = {
    "lowercase": True,
    "ngram_range": [1, 2],
    "stop_words": "english",
    "sublinear_tf": True,
    "token_pattern": r"(?u)\b\w\w+\b",
}
"""Arguments of ``TfidfVectorizer`` that the folder keeps."""
MOST_STEPS = 1000


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A fitted model. *Shape:* coef (topics, features), intercept (topics,)."""

    vectorizer: Any
    coef: np.ndarray
    intercept: np.ndarray
    max_words: int | None
    is_single: bool

    def predict(self, texts: Sequence[str]) -> np.ndarray:
        """Return probabilities, *Shape:* (articles, topics)."""
        features = self.vectorizer.transform(first_words(text, self.max_words) for text in texts)
        return probabilities(features @ self.coef.T + self.intercept, is_single=self.is_single)


def fit_linear(
    texts: Sequence[str], targets: np.ndarray, topics: Sequence[str], options: TopicTraining, *, is_single: bool
) -> LinearModel:
    """Fit on ``texts``; ``targets`` are 0 and 1, *Shape:* (articles, topics).

    :raises InputError: every article has the same topic, or no word occurs often enough.
    """
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    if always := [topic for topic, column in zip(topics, targets.T, strict=True) if column.all()]:
        what = f"every article to learn from has the topic '{always[0]}' ({len(targets)} of {len(targets)})"
        raise InputError(options.data, what, "Add articles without it.")
    arguments = {**ANALYZER, "ngram_range": tuple(ANALYZER["ngram_range"])}
    vectorizer = TfidfVectorizer(**arguments, min_df=min(2, len(texts) // 4 + 1), max_features=options.max_features)
    try:
        features = vectorizer.fit_transform(first_words(text, options.max_words) for text in texts)
    except ValueError as error:  # an empty vocabulary has no class of its own
        raise InputError(options.data, f"no words to learn from ({error})", "Add articles.") from error
    settings = {"C": options.inverse_regularization, "class_weight": "balanced", "max_iter": MOST_STEPS}
    if is_single:
        model = LogisticRegression(**settings).fit(features, targets.argmax(axis=1))
        coef, intercept = model.coef_, model.intercept_
        if len(topics) == 2:  # scikit-learn keeps the second topic's row alone; beside a row of zeros it is the same
            coef = np.vstack([np.zeros_like(coef), coef])
            intercept = np.concatenate([[0.0], intercept])
    else:
        settings |= {"solver": "liblinear", "random_state": options.seed}
        models = [LogisticRegression(**settings).fit(features, column) for column in targets.T]
        coef = np.vstack([model.coef_ for model in models])
        intercept = np.concatenate([model.intercept_ for model in models])
    return LinearModel(vectorizer, coef, intercept, options.max_words, is_single)


def save_linear(model: LinearModel, topics: Sequence[str], folder: Path) -> None:
    """Write ``model.safetensors`` and ``linear.json``."""
    from safetensors.numpy import save_file

    weights = {"idf": model.vectorizer.idf_, "coef": model.coef, "intercept": model.intercept}
    # safetensors writes the bytes as they lie: scikit-learn's column-major coefficients would come back scrambled
    rows = {name: array.astype("float32", order="C") for name, array in weights.items()}
    save_file(rows, folder / WEIGHTS_FILE)
    settings = {
        "topics": list(topics),
        "problem_type": "single_label_classification" if model.is_single else "multi_label_classification",
        "analyzer": ANALYZER,
        "max_words": model.max_words,
        "vocabulary": model.vectorizer.get_feature_names_out().tolist(),
    }
    text = json.dumps(settings, ensure_ascii=False, indent=None, separators=(",", ":"))
    (folder / SETTINGS_FILE).write_text(text + "\n", encoding="utf-8")

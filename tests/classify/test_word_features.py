"""The features are those of scikit-learn's vectorizer, to the last bit."""

from __future__ import annotations

from typing import Any

import pytest
from tiny_topics import invent

from summarizer.classify.word_features import WordFeatures
from summarizer.train.topics_linear import ANALYZER

TEXTS = [
    *(row["text"] for row in invent(40, seed=3)),
    "Ängström's e-mail_1 was 5 a b of the it's İstanbul o'clock\u2028ﬁre straße",
    "of the and",
    "",
    "frigate frigate frigate brigade",
]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"ngram_range": [1, 1], "stop_words": None},
        {"ngram_range": [2, 3], "sublinear_tf": False},
        {"token_pattern": r"(?u)\b\w+\b", "lowercase": False, "norm": "l1"},
    ],
)
def test_word_features_are_those_of_scikit_learn(changes: dict[str, Any]):
    from sklearn.feature_extraction.text import TfidfVectorizer

    analyzer = {**ANALYZER, **changes}
    vectorizer = TfidfVectorizer(**{**analyzer, "ngram_range": tuple(analyzer["ngram_range"])})
    vectorizer.fit(TEXTS[5:])  # of the others some words are unknown
    wanted = vectorizer.transform(TEXTS)
    seen = WordFeatures(analyzer, vectorizer.get_feature_names_out().tolist(), vectorizer.idf_).of(TEXTS)
    assert seen.shape == wanted.shape
    assert wanted.nnz > 40
    for part in ("data", "indices", "indptr"):
        assert getattr(seen, part).tolist() == getattr(wanted, part).tolist()
        assert getattr(seen, part).dtype == getattr(wanted, part).dtype

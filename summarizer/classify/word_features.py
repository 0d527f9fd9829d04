"""Texts become weighted counts of words and word pairs, as scikit-learn's ``TfidfVectorizer`` makes them.

Used by ``linear``. The numbers are its numbers to the last bit. It counts in Python, a word at a time; here a window's
texts are counted in one go, which takes half of the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

WEIGHTING = ("norm", "use_idf", "smooth_idf", "sublinear_tf")
"""Those of the vectorizer's arguments that say how counts are weighted; the others say what is a word."""
SAME_WORDS = {r"(?u)\b\w\w+\b": r"\w\w+"}
"""A pattern that finds the same words sooner: a greedy run of letters begins and ends where a word does."""


class WordFeatures:
    """What a fitted ``TfidfVectorizer`` makes of texts.

    :param analyzer: the vectorizer's arguments (lower case, n-grams, token pattern ...).
    :param vocabulary: the features in the order of ``idf``.
    :param idf: *Shape:* (features,).
    """

    def __init__(self, analyzer: Mapping[str, Any], vocabulary: Sequence[str], idf: np.ndarray) -> None:
        from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

        words = {name: value for name, value in analyzer.items() if name not in WEIGHTING}
        words["ngram_range"] = tuple(words["ngram_range"])
        if "token_pattern" in words:
            words["token_pattern"] = SAME_WORDS.get(words["token_pattern"], words["token_pattern"])
        self._terms = CountVectorizer(**words).build_analyzer()
        self._numbers = {term: number for number, term in enumerate(vocabulary)}
        self._weighting = TfidfTransformer(**{name: analyzer[name] for name in WEIGHTING if name in analyzer})
        self._weighting.idf_ = idf

    def of(self, texts: Iterable[str]) -> Any:
        """Return the features of texts, a sparse matrix. *Shape:* (texts, features)."""
        import numpy as np
        from scipy.sparse import csr_matrix

        found: list[int] = []
        ends = [0]
        for text in texts:
            found += [number for number in map(self._numbers.get, self._terms(text)) if number is not None]
            ends.append(len(found))
        # scikit-learn's own types: with others the product below would be summed up in another way
        places = np.array(found, dtype=np.int32), np.array(ends, dtype=np.int32)
        counts = csr_matrix((np.ones(len(found)), *places), shape=(len(ends) - 1, len(self._numbers)))
        counts.sum_duplicates()
        return self._weighting.transform(counts, copy=False)

"""Bootstrap intervals: articles are drawn again and again, and every number is computed for all draws at once.

scikit-learn would be called a million times for a thousand draws of 26 topics; with each draw as a vector of weights
the counts of all draws are one matrix product. Comes beside ``topics_metrics``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

PERCENTILES = (2.5, 97.5)
"""The limits of a 95 % interval."""
MOST_CELLS = 4_000_000
"""Draws times articles that are computed at once; a few hundred megabytes."""


def bootstrap(
    articles: int, samples: int, seed: int, compute: Callable[[np.ndarray], dict[str, np.ndarray]]
) -> dict[str, np.ndarray]:
    """Draw as many articles as there are, with replacement, ``samples`` times; the same seed gives the same draws.

    :param compute: numbers of some draws from how often each article was drawn, *Shape:* (draws, articles); each of
        its arrays has a row a draw.
    :return: its numbers for all draws. *Shape:* (samples, ...) each.
    """
    import numpy as np

    generator = np.random.default_rng(seed)
    even = np.full(articles, 1 / articles)
    at_once = max(1, MOST_CELLS // articles)
    blocks = []
    for start in range(0, samples, at_once):
        weights = generator.multinomial(articles, even, size=min(at_once, samples - start))
        # 32 bits are twice as fast and keep whole numbers up to 2**24
        blocks.append(compute(weights.astype("float32")))
    return {key: np.concatenate([block[key] for block in blocks]) for key in blocks[0]}


def estimate(value: float, draws: np.ndarray) -> dict[str, float | None]:
    """Return a number with its 95 % interval, to 4 digits; None for what is not defined.

    :param draws: the number for each draw; NaN where that draw does not define it.
    """
    import numpy as np

    known = draws[~np.isnan(draws)]
    low, high = np.percentile(known, PERCENTILES) if len(known) and value == value else (np.nan, np.nan)
    return {"value": rounded(value), "low": rounded(low), "high": rounded(high)}


def rounded(value: Any) -> float | None:
    """Return a number to 4 digits; None for NaN."""
    return None if value != value else round(float(value), 4)


def draw_shares(weights: np.ndarray, part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return, for each draw, the sum of ``part`` over the articles divided by that of ``whole``; NaN over nothing.

    *Shape:* weights (samples, articles), part and whole (articles,) or (articles, topics); the result has one row a
    sample.
    """
    return divide(weights @ part.astype("float32"), weights @ whole.astype("float32"))


def divide(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Divide element by element; NaN where ``whole`` is 0."""
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / whole, np.nan)


def draw_topic_scores(
    probabilities: np.ndarray, given: np.ndarray, wanted: np.ndarray, weights: np.ndarray
) -> dict[str, np.ndarray]:
    """Compute precision, recall, F1, average precision and support of each topic for every draw.

    As scikit-learn does: precision is 0 where nothing is given, and all are NaN where a draw has no article of a topic.

    *Shape:* probabilities, given and wanted (articles, topics), weights (samples, articles); each result
    (samples, topics).
    """
    import numpy as np

    hits = weights @ (given & wanted).astype("float32")
    support = weights @ wanted.astype("float32")
    given_count = weights @ given.astype("float32")
    columns = zip(probabilities.T, wanted.T, strict=True)
    precision = np.where(support > 0, hits / np.maximum(given_count, 1), np.nan)
    return {
        "precision": precision,
        "recall": divide(hits, support),
        "f1": np.where(support > 0, 2 * hits / np.maximum(given_count + support, 1), np.nan),
        "average_precision": np.stack([_draw_average_precision(p, w, weights) for p, w in columns], axis=1),
        "support": support,
    }


def _draw_average_precision(probabilities: np.ndarray, wanted: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """*Shape:* probabilities and wanted (articles,), weights (samples, articles) to (samples,)."""
    import numpy as np

    order = np.argsort(-probabilities, kind="stable")
    ordered = probabilities[order]
    ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))  # equal probabilities count together
    drawn = weights[:, order]
    hits = np.cumsum(drawn * wanted[order], axis=1)[:, ends]
    seen = np.cumsum(drawn, axis=1)[:, ends]
    gained = np.diff(hits, axis=1, prepend=0)
    total = hits[:, -1]
    areas = (gained * hits / np.maximum(seen, 1)).sum(axis=1)
    return divide(areas, total)


def draw_overall_scores(
    topics: dict[str, np.ndarray], given: np.ndarray, wanted: np.ndarray, weights: np.ndarray
) -> dict[str, np.ndarray]:
    """Put the topics of each draw together.

    :param topics: what ``draw_topic_scores`` gave.
    :return: the keys of ``topics_metrics.overall_scores``, each *Shape:* (samples,).
    """
    import numpy as np

    support = topics["support"]
    hits, both = (given & wanted).sum(axis=1), given.sum(axis=1) + wanted.sum(axis=1)
    return {
        "micro_f1": draw_shares(weights, 2 * hits, both),
        "macro_f1": _mean_of_known(topics["f1"]),
        "weighted_f1": divide(np.nansum(topics["f1"] * support, axis=1), support.sum(axis=1)),
        "mean_average_precision": _mean_of_known(topics["average_precision"]),
    }


def _mean_of_known(values: np.ndarray) -> np.ndarray:
    """Mean of each row without its NaN; NaN for a row that holds nothing else."""
    import numpy as np

    known = ~np.isnan(values)
    return divide(np.where(known, values, 0).sum(axis=1), known.sum(axis=1))

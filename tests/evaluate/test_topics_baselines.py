from __future__ import annotations

import numpy as np
import pytest
from tiny_topics import TOPICS, invent

from summarizer.errors import InputError
from summarizer.evaluate.topics_baselines import Labelled, run_baselines


def labelled(count: int, seed: int, *, most_topics: int = 2) -> Labelled:
    rows = invent(count, seed, most_topics=most_topics)
    wanted = np.array([[topic in row["topics"] for topic in TOPICS] for row in rows])
    return Labelled("invented", [row["text"] for row in rows], wanted)


def test_baselines_never_look_at_the_labels_that_they_are_measured_on() -> None:
    evaluated, train = labelled(20, 1), labelled(40, 2)
    honest = run_baselines(evaluated, train, seed=1)
    turned = run_baselines(Labelled("invented", evaluated.texts, ~evaluated.wanted), train, seed=1)
    for name, tagged in honest.items():
        assert (tagged.probabilities == turned[name].probabilities).all()
        assert (tagged.given == turned[name].given).all()


def test_baselines_cross_fitted_do_not_see_an_articles_own_label() -> None:
    evaluated = labelled(40, 1)
    changed = evaluated.wanted.copy()
    changed[7] = ~changed[7]
    before = run_baselines(evaluated, None, seed=1)
    after = run_baselines(Labelled("invented", evaluated.texts, changed), None, seed=1)
    for name, tagged in before.items():
        assert (tagged.probabilities[7] == after[name].probabilities[7]).all()
        assert (tagged.given[7] == after[name].given[7]).all()
        assert (tagged.probabilities != after[name].probabilities).any()


def test_baselines_linear_learns_the_invented_topics() -> None:
    evaluated = labelled(40, 1)
    tagged = run_baselines(evaluated, labelled(90, 2), seed=1)["linear"]
    assert (tagged.given == evaluated.wanted).mean() > 0.95


def test_baselines_linear_of_single_topics_sums_to_one() -> None:
    tagged = run_baselines(labelled(9, 1, most_topics=1), labelled(40, 2, most_topics=1), seed=1)["linear"]
    assert np.allclose(tagged.probabilities.sum(axis=1), 1)


def test_baselines_give_the_most_frequent_topics_by_hand() -> None:
    """Topics a, b and c on 8, 6 and 2 of 10 articles: 1.6 an article, so two are given."""
    wanted = np.array([[1, 1, 0], [1, 1, 0], [1, 0, 0], [1, 0, 1], [0, 1, 0]]) > 0
    texts = [f"story of the {word}" for word in ("harbour", "harbour", "bridge", "bridge", "council")]
    train = Labelled("invented", texts * 2, np.vstack([wanted, wanted]))
    tagged = run_baselines(Labelled("invented", ["a new story"], wanted[:1]), train, seed=1)["most frequent topics"]
    assert np.allclose(tagged.probabilities, [[0.8, 0.6, 0.2]])
    assert tagged.given.tolist() == [[True, True, False]]


def test_baselines_topic_that_none_or_all_have_is_not_learned() -> None:
    known = labelled(30, 2)
    constant = np.column_stack([known.wanted, np.zeros(30, dtype=bool), np.ones(30, dtype=bool)])
    evaluated = Labelled("invented", known.texts[:4], constant[:4])
    tagged = run_baselines(evaluated, Labelled("invented", known.texts, constant), seed=1)["linear"]
    assert tagged.probabilities[:, 3].tolist() == [0] * 4
    assert tagged.probabilities[:, 4].tolist() == [1] * 4


def test_baselines_refuse_too_few_articles() -> None:
    with pytest.raises(InputError, match=r"invented: the baselines learn from at least 10 articles, and here are 9"):
        run_baselines(labelled(9, 1), None, seed=1)


def test_baselines_cross_fit_where_a_fold_knows_no_topic() -> None:
    """The one article that has a topic is held out once: nothing is left to learn then."""
    known = labelled(10, 1)
    wanted = np.zeros_like(known.wanted)
    wanted[3, 0] = True
    tagged = run_baselines(Labelled("invented", known.texts, wanted), None, seed=1)
    assert tagged["linear"].probabilities[3].tolist() == [0, 0, 0]

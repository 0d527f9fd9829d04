from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from summarizer.classify.base import ClassifyOptions, Thresholds
from summarizer.classify.thresholds import (
    HeldOut,
    best_f1_threshold,
    choose_thresholds,
    load_thresholds,
    read_held_out,
    read_thresholds,
)
from summarizer.errors import ModelError, UsageError
from summarizer.records import Topic

TOPICS = [Topic("sport", "Sport"), Topic("health", "Health")]


def invented(positives: int, negatives: int, seed: int = 1) -> HeldOut:
    """A calibrated topic: an article with probability p has it with chance p."""
    rng = np.random.default_rng(seed)
    high, low = rng.beta(3, 1.5, 40 * positives), rng.beta(2, 4, 40 * negatives)
    p = np.concatenate([high, low])
    has = rng.random(len(p)) < p
    return HeldOut(tuple(p[has][:positives].tolist()), tuple(p[~has][-negatives:].tolist()))


def precision(topic: HeldOut, limit: float) -> float:
    hits = sum(p >= limit for p in topic.positives)
    return hits / (hits + sum(p >= limit for p in topic.negatives))


def test_choose_keeps_the_promised_precision_of_all_topics_together() -> None:
    topics = [invented(200, 800, seed) for seed in range(4)]
    chosen = choose_thresholds(topics, 0.9, 0.95, is_single=False)
    hits = sum(sum(p >= t.accept for p in topic.positives) for topic, t in zip(topics, chosen, strict=True))
    misses = sum(sum(p >= t.accept for p in topic.negatives) for topic, t in zip(topics, chosen, strict=True))
    assert hits / (hits + misses) >= 0.9


def test_choose_higher_precision_gives_higher_thresholds() -> None:
    topics = [invented(300, 900)]
    limits = [choose_thresholds(topics, target, 0.95, is_single=False)[0].accept for target in (0.8, 0.9, 0.95)]
    assert limits == sorted(limits)
    assert limits[0] < limits[2]


def test_choose_raises_a_topic_whose_own_articles_speak_against_everybodys() -> None:
    good = HeldOut(tuple(np.linspace(0.5, 0.99, 200).tolist()), (0.1,) * 500)
    bad = HeldOut((0.97,) * 30, tuple(np.linspace(0.5, 0.9, 20).tolist()))
    kept, raised = choose_thresholds([good, bad], 0.9, 0.95, is_single=False)
    assert kept.accept < raised.accept
    assert precision(bad, raised.accept) > precision(bad, kept.accept)


@pytest.mark.parametrize(
    ("articles", "target", "is_promised"), [(9, 0.9, False), (10, 0.9, True), (10, 0.95, False), (20, 0.95, True)]
)
def test_choose_promises_nothing_of_too_few_articles(articles: int, target: float, is_promised: bool) -> None:
    few = HeldOut((0.99,) * articles, (0.01,) * 50)
    chosen = choose_thresholds([few, HeldOut((0.99,) * 60, (0.01,) * 50)], target, 0.95, is_single=False)
    assert (chosen[0].accept is not None) is is_promised
    assert chosen[1].accept is not None


def test_choose_topic_without_articles_is_never_accepted_and_still_reviewed() -> None:
    chosen = choose_thresholds([HeldOut((), (0.2,) * 9), HeldOut((0.9,) * 30, (0.1,) * 9)], 0.9, 0.95, is_single=False)
    assert chosen[0].accept is None
    assert 0 < chosen[0].review <= 1


def test_choose_promises_nothing_that_no_probability_reaches() -> None:
    hopeless = HeldOut((0.5,) * 20, (0.9,) * 20)
    assert choose_thresholds([hopeless], 0.9, 0.95, is_single=False)[0].accept is None


def test_choose_review_never_above_accept() -> None:
    chosen = choose_thresholds([invented(40, 100, seed) for seed in range(5)], 0.7, 0.3, is_single=False)
    assert all(t.accept is None or 0 < t.review <= t.accept for t in chosen)


def test_choose_review_finds_nearly_all() -> None:
    topic = HeldOut(tuple(np.linspace(0.1, 1, 1000).tolist()), tuple(np.linspace(0, 0.6, 1000).tolist()))
    (chosen,) = choose_thresholds([topic], 0.9, 0.95, is_single=False)
    assert np.mean([p >= chosen.review for p in topic.positives]) == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize("is_single", [True, False])
def test_choose_never_accepts_what_is_more_likely_wrong_than_right(is_single: bool) -> None:
    chosen = choose_thresholds([HeldOut((0.4, 0.9) * 30, (0.001,) * 30)] * 3, 0.9, 0.95, is_single=is_single)
    assert all(t.accept == 0.5 for t in chosen)


def test_best_f1_separates() -> None:
    assert best_f1_threshold(HeldOut((0.9, 0.7), (0.2, 0.1))) == pytest.approx(0.45, abs=0.02)


def test_best_f1_goes_towards_a_topics_own_with_its_articles() -> None:
    """Topic 1 is best cut at 0.8, topic 0 at 0.4; the more articles, the further they stand apart."""
    gaps = []
    for times in (1, 200):
        topics = [HeldOut((0.6, 0.6) * times, (0.2, 0.2) * times), HeldOut((0.9, 0.9) * times, (0.6, 0.6) * times)]
        first, second = choose_thresholds(topics, 0.9, 0.95, is_single=False)
        gaps.append(second.best_f1 - first.best_f1)
    assert 0 < gaps[0] < gaps[1] < 0.4


def write_held_out(folder: Path) -> None:
    topics = {"sport": invented(50, 200), "health": invented(60, 200, 2)}
    (folder / "held_out.json").write_text(json.dumps({name: topic.to_dict() for name, topic in topics.items()}))


def test_load_takes_the_models_own_where_no_target_is_stated(tmp_path: Path) -> None:
    write_held_out(tmp_path)
    (tmp_path / "thresholds.json").write_text(json.dumps({"sport": {"accept": None, "review": 0.1}}))
    chosen = load_thresholds(tmp_path, TOPICS, ClassifyOptions(), is_single=False)
    assert chosen == [Thresholds(None, 0.1, 0.5), Thresholds(0.5, 0.25, 0.5)]


def test_load_chooses_for_the_targets_of_the_config(tmp_path: Path) -> None:
    write_held_out(tmp_path)
    low, high = (
        load_thresholds(tmp_path, TOPICS, ClassifyOptions(accept_precision=p), is_single=False) for p in (0.75, 0.95)
    )
    assert all(one.accept < other.accept for one, other in zip(low, high, strict=True))


def test_load_refuses_a_target_where_nothing_was_held_out(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"classify\.review_recall: the model has no held_out\.json"):
        load_thresholds(tmp_path, TOPICS, ClassifyOptions(review_recall=0.9), is_single=False)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ('{"sport": {"positives": [1], "negatives": []}}', "health: has no probabilities"),
        ('{"sport": {"positives": [2], "negatives": []}, "health": {}}', "sport: has no probabilities"),
    ],
)
def test_held_out_refuses_a_faulty_file(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "held_out.json").write_text(text)
    with pytest.raises(ModelError, match=message):
        read_held_out(tmp_path, TOPICS)


def test_thresholds_default_to_half(tmp_path: Path) -> None:
    assert read_thresholds(tmp_path, TOPICS) == [Thresholds(0.5, 0.25)] * 2


def test_thresholds_keep_the_topics_order(tmp_path: Path) -> None:
    entries = {"health": {"accept": 0.8, "review": 0.1}, "sport": {"accept": 0.6}}
    (tmp_path / "thresholds.json").write_text(json.dumps(entries))
    assert read_thresholds(tmp_path, TOPICS) == [Thresholds(0.6, 0.3, 0.6), Thresholds(0.8, 0.1, 0.8)]


@pytest.mark.parametrize(
    "entry",
    [{"accept": 0.2, "review": 0.3}, {"accept": 1.2}, {"accept": "high"}, {"accept": True}, 0.5, {"review": -0.1}],
)
def test_thresholds_refuses_values_out_of_order(tmp_path: Path, entry: Any) -> None:
    (tmp_path / "thresholds.json").write_text(json.dumps({"sport": entry}))
    with pytest.raises(ModelError, match="sport: must hold 0 <= review <= accept <= 1"):
        read_thresholds(tmp_path, TOPICS)


@pytest.mark.parametrize(
    ("text", "message"), [("{", "not JSON"), ("[]", "not a JSON object"), ('{"sprot": {}}', "Did you mean 'sport'")]
)
def test_thresholds_refuses_a_faulty_file(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "thresholds.json").write_text(text)
    with pytest.raises(ModelError, match=message):
        read_thresholds(tmp_path, TOPICS)

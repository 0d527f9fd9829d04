from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_topics import TOPICS, invent, tiny_linear, write_rows

from summarizer.classify import Scores, load_classifier
from summarizer.classify.linear import LinearOptions
from summarizer.errors import InputError, UsageError
from summarizer.records import Article
from summarizer.runtime import RuntimeOptions
from summarizer.train.topics_data import TopicArticle
from summarizer.train.topics_options import TopicTraining
from summarizer.train.topics_partial import further_targets, read_further

NAN = math.nan
HEADINGS = {"Armies": "defence", "Power": "energy"}


def ignore(_line: str) -> None:
    pass


@pytest.fixture(scope="module")
def teacher(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tiny_linear(tmp_path_factory.mktemp("models") / "teacher")[0])


@pytest.fixture
def partial(tmp_path: Path) -> str:
    labels: list[Any] = [["Armies"], "Power;Fairs", ["Fairs"], None]
    rows = [{"id": f"p{i}", "text": f"Story {i}.", "headings": label} for i, label in enumerate(labels)]
    return write_rows(tmp_path / "partial.jsonl", rows)


@pytest.fixture
def unlabelled(tmp_path: Path) -> str:
    return write_rows(tmp_path / "unlabelled.jsonl", [{"id": "u0", "text": "A new pipeline."}, {"text": ""}])


def options(**settings: Any) -> TopicTraining:
    settings = {"partial_field": "headings", "partial_topics": HEADINGS, **settings}
    return TopicTraining(data="invented", out="out", **settings)


def further(settings: TopicTraining, *, is_single: bool = False) -> list[tuple[str, tuple[str, ...]]]:
    articles = read_further(settings, TOPICS, ignore, is_single=is_single)
    return [(article.id, article.topics) for article in articles]


def test_partial_without_any_is_nothing() -> None:
    assert further(options(partial_topics={})) == []


def test_partial_maps_labels_and_leaves_out_articles_without_a_topic(partial: str) -> None:
    assert further(options(partial=partial)) == [("p0", ("defence",)), ("p1", ("energy",))]


def test_partial_keeps_articles_without_a_topic_for_a_teacher(partial: str, unlabelled: str, teacher: str) -> None:
    found = further(options(partial=partial, unlabelled=unlabelled, teacher=teacher))
    assert found == [("p0", ("defence",)), ("p1", ("energy",)), ("p2", ()), ("p3", ()), ("u0", ())]


def test_partial_says_how_much_is_known(partial: str) -> None:
    said: list[str] = []
    read_further(options(partial=partial), TOPICS, said.append, is_single=False)
    assert said == [f"{partial}: a topic is known of 2 of 4 articles; the others are left out"]


def test_partial_without_a_mapping_takes_labels_that_are_topics(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.jsonl", [{"id": "a", "text": "Words.", "topics": ["energy", "fairs"]}])
    assert further(options(partial=path, partial_field="topics", partial_topics={})) == [("a", ("energy",))]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"unlabelled": "u.jsonl"}, "unlabelled: u.jsonl teaches nothing without a teacher"),
        ({"teacher": "models/mine"}, "teacher: models/mine has nothing to teach"),
        ({"partial": "p.jsonl", "backend": "linear"}, "partial: is for the encoder, and backend is 'linear'"),
        (
            {"partial": "p.jsonl", "partial_topics": {"Armies": "defense"}},
            "partial_topics: maps 'Armies' to 'defense', no topic of the data. Did you mean 'defence'?",
        ),
    ],
)
def test_partial_refuses_keys_that_contradict_each_other(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        further(options(**settings))
    assert message in str(caught.value)


def test_partial_refuses_articles_of_one_topic(partial: str) -> None:
    with pytest.raises(UsageError, match="is for articles with any number of topics"):
        further(options(partial=partial), is_single=True)


def test_partial_refuses_a_file_in_which_nothing_is_known(partial: str) -> None:
    with pytest.raises(InputError, match=r"no label in 'topics' is a topic \(0 of 4 articles\)"):
        further(options(partial=partial, partial_field="topics"))


def test_partial_targets_are_unknown_without_a_teacher(tmp_path: Path) -> None:
    articles = [TopicArticle("One.", ("energy",)), TopicArticle("Two.", ("defence", "energy"))]
    targets = further_targets(articles, TOPICS, options(), tmp_path / "taught.npy", ignore)
    assert np.array_equal(targets, np.array([[NAN, NAN, 1], [1, NAN, 1]]), equal_nan=True)


def test_partial_targets_of_nothing_are_empty(tmp_path: Path) -> None:
    assert further_targets([], TOPICS, options(), tmp_path / "taught.npy", ignore).shape == (0, 3)


def taught(articles: list[TopicArticle], topics: list[str], teacher: str, kept: Path, **settings: Any) -> np.ndarray:
    runtime = RuntimeOptions(device="cpu", threads=1)
    return further_targets(articles, topics, options(teacher=teacher, runtime=runtime, **settings), kept, ignore)


def stories() -> list[TopicArticle]:
    return [TopicArticle(row["text"], ()) for row in invent(6, seed=8)]


def test_partial_targets_are_what_the_teacher_says(teacher: str, tmp_path: Path) -> None:
    articles = stories()
    targets = taught(articles, ["energy", "defence", "diplomacy"], teacher, tmp_path / "taught.npy")
    model = load_classifier(LinearOptions(model=teacher), RuntimeOptions(device="cpu", threads=1))
    results = model.score([Article(id=str(i), text=a.text) for i, a in enumerate(articles)])
    scores = np.array([result.probabilities for result in results if isinstance(result, Scores)])
    assert targets == pytest.approx(scores[:, [2, 0, 1]], abs=1e-6)


def test_partial_known_topic_wins_over_the_teacher(teacher: str, tmp_path: Path) -> None:
    articles = [TopicArticle(article.text, ("energy",)) for article in stories()]
    targets = taught(articles, TOPICS, teacher, tmp_path / "taught.npy")
    assert (targets[:, 2] == 1).all()
    assert ((targets[:, :2] > 0) & (targets[:, :2] < 1)).all()


def test_partial_topic_that_the_teacher_lacks_stays_unknown(teacher: str, tmp_path: Path) -> None:
    targets = taught(stories(), ["energy", "fairs"], teacher, tmp_path / "taught.npy")
    assert np.isnan(targets).all(0).tolist() == [False, True]


def test_partial_teacher_may_be_an_encoder(bert_folder: Path, tmp_path: Path) -> None:
    targets = taught(stories(), ["energy", "defence"], str(bert_folder), tmp_path / "taught.npy")
    assert targets.shape == (6, 2)
    assert not np.isnan(targets).any()


def test_partial_teacher_is_asked_once_for_a_run(teacher: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = taught(stories(), TOPICS, teacher, tmp_path / "taught.npy")
    monkeypatch.delattr("summarizer.classify.linear.Linear.score")
    assert (taught(stories(), TOPICS, teacher, tmp_path / "taught.npy") == first).all()


def test_partial_refuses_a_teacher_of_other_topics(teacher: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has none of the 2 topics"):
        taught(stories(), ["chess", "baking"], teacher, tmp_path / "taught.npy")

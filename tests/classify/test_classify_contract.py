"""What every classifier backend promises."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_topics import TOPICS, as_articles, invent, tiny_linear

from summarizer.classify import EncoderOptions, LinearOptions, load_classifier
from summarizer.classify.base import Classifier
from summarizer.records import Article, Failure
from summarizer.runtime import RuntimeOptions


@pytest.fixture(scope="module")
def linear_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_linear(tmp_path_factory.mktemp("linear") / "tiny")[0]


@pytest.fixture(scope="module", params=["encoder", "linear"])
def load(
    request: pytest.FixtureRequest, bert_folder: Path, linear_folder: Path, runtime: RuntimeOptions
) -> Callable[[], Classifier]:
    if request.param == "encoder":
        return lambda: load_classifier(EncoderOptions(model=str(bert_folder)), runtime)
    return lambda: load_classifier(LinearOptions(model=str(linear_folder)), runtime)


@pytest.fixture(scope="module")
def classifier(load: Callable[[], Classifier]) -> Classifier:
    return load()


ARTICLES = as_articles(invent(7, seed=5))
LONG = Article(id="long", title="", text="The envoy spoke of the pipeline. " * 100)
BLANK = Article(id="blank", title=" ", text="\n", source="wire.jsonl:3")


def test_contract_scores_nothing_for_no_articles(classifier: Classifier) -> None:
    assert classifier.score([]) == []


def test_contract_gives_one_probability_a_topic(classifier: Classifier) -> None:
    for scores in classifier.score([*ARTICLES, LONG]):
        assert isinstance(scores, list)
        assert len(scores) == len(classifier.topics) == len(classifier.thresholds)
        assert all(isinstance(score, float) and 0 <= score <= 1 for score in scores)


def test_contract_keeps_the_order(classifier: Classifier) -> None:
    articles = [*ARTICLES, LONG]
    forward, backward = classifier.score(articles), classifier.score(articles[::-1])
    for one, other in zip(forward, backward[::-1], strict=True):
        assert one == pytest.approx(other, abs=1e-5)


def test_contract_scores_differ_between_articles(classifier: Classifier) -> None:
    assert classifier.score([ARTICLES[0]]) != classifier.score([ARTICLES[1]])


def test_contract_score_hangs_on_no_neighbour(classifier: Classifier) -> None:
    alone = [classifier.score([article])[0] for article in ARTICLES]
    for one, other in zip(alone, classifier.score([LONG, *ARTICLES])[1:], strict=True):
        assert one == pytest.approx(other, abs=1e-5)


def test_contract_blank_article_fails_alone(classifier: Classifier) -> None:
    before, blank, after = classifier.score([ARTICLES[0], BLANK, ARTICLES[1]])
    assert isinstance(before, list)
    assert isinstance(after, list)
    assert isinstance(blank, Failure)
    assert (blank.where, blank.stage, blank.id) == ("wire.jsonl:3", "classify", "blank")


def test_contract_only_blank_articles(classifier: Classifier) -> None:
    assert [type(score) for score in classifier.score([BLANK, BLANK])] == [Failure, Failure]


def test_contract_topics_keep_their_order_over_loads(load: Callable[[], Classifier], classifier: Classifier) -> None:
    assert [topic.id for topic in load().topics] == [topic.id for topic in classifier.topics] == TOPICS


def test_contract_names_its_model(classifier: Classifier) -> None:
    ((name, identity),) = classifier.models.items()
    assert Path(name).is_dir()
    assert identity.startswith("sha256:")

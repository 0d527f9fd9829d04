"""What every classifier backend promises."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_topics import TOPICS, as_articles, invent, probabilities_of, tiny_linear

from summarizer.classify import EncoderOptions, LinearOptions, load_classifier
from summarizer.classify.base import Classifier, ClassifyOptions, Scores
from summarizer.classify.decide import decide
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
    for scores in probabilities_of(classifier, [*ARTICLES, LONG]):
        assert len(scores) == len(classifier.topics) == len(classifier.thresholds)
        assert all(isinstance(score, float) and 0 <= score <= 1 for score in scores)


def test_contract_keeps_the_order(classifier: Classifier) -> None:
    articles = [*ARTICLES, LONG]
    forward, backward = (probabilities_of(classifier, given) for given in (articles, articles[::-1]))
    for one, other in zip(forward, backward[::-1], strict=True):
        assert one == pytest.approx(other, abs=1e-5)


def test_contract_scores_differ_between_articles(classifier: Classifier) -> None:
    assert classifier.score([ARTICLES[0]]) != classifier.score([ARTICLES[1]])


def test_contract_score_hangs_on_no_neighbour(classifier: Classifier) -> None:
    alone = [probabilities_of(classifier, [article])[0] for article in ARTICLES]
    for one, other in zip(alone, probabilities_of(classifier, [LONG, *ARTICLES])[1:], strict=True):
        assert one == pytest.approx(other, abs=1e-5)


def test_contract_blank_article_fails_alone(classifier: Classifier) -> None:
    before, blank, after = classifier.score([ARTICLES[0], BLANK, ARTICLES[1]])
    assert isinstance(before, Scores)
    assert isinstance(after, Scores)
    assert isinstance(blank, Failure)
    assert (blank.where, blank.stage, blank.id) == ("wire.jsonl:3", "classify", "blank")


def test_contract_only_blank_articles(classifier: Classifier) -> None:
    assert [type(score) for score in classifier.score([BLANK, BLANK])] == [Failure, Failure]


def test_contract_topics_keep_their_order_over_loads(load: Callable[[], Classifier], classifier: Classifier) -> None:
    assert [topic.id for topic in load().topics] == [topic.id for topic in classifier.topics] == TOPICS


def test_contract_same_tags_whatever_the_neighbours(classifier: Classifier) -> None:
    options = ClassifyOptions()
    together = [decide(s, classifier, options) for s in classifier.score([LONG, *ARTICLES]) if isinstance(s, Scores)][
        1:
    ]
    for article, decided in zip(ARTICLES, together, strict=True):
        (scores,) = classifier.score([article])
        assert isinstance(scores, Scores)
        alone = decide(scores, classifier, options)
        assert [(t.topic, t.decision) for t in alone.tags] == [(t.topic, t.decision) for t in decided.tags]


def test_contract_says_how_far_it_reads(classifier: Classifier) -> None:
    short = Article(id="short", title="", text="The envoy spoke of the pipeline.")
    assert classifier.read_to(short) == len(short.body)
    assert 0 < classifier.read_to(LONG) < len(LONG.body)


def test_contract_a_title_is_no_part_of_what_it_reads_of_the_body(classifier: Classifier) -> None:
    article = Article(id="t", title="The envoy " * 200, text="The pipeline opened.")
    assert classifier.read_to(article) == 0


def test_contract_names_its_model(classifier: Classifier) -> None:
    ((name, identity),) = classifier.models.items()
    assert Path(name).is_dir()
    assert identity.startswith("sha256:")

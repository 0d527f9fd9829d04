from __future__ import annotations

import pytest
from tiny_topics import tiny_linear

from summarizer.classify import LinearOptions, load_classifier
from summarizer.classify.base import Classifier, ClassifyOptions, Scores
from summarizer.classify.decide import decide
from summarizer.classify.explain import explain
from summarizer.clean import CleanOptions, clean
from summarizer.records import Article, Tag
from summarizer.runtime import RuntimeOptions

ENERGY = "The pipeline and the gas grid feed the reactor and the turbine."
DIPLOMACY = "The envoy opened talks on a treaty at the embassy summit."
PLAIN = "The minister said on Monday that a new plan would follow."


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory, runtime: RuntimeOptions) -> Classifier:
    folder, _ = tiny_linear(tmp_path_factory.mktemp("linear") / "tiny")
    return load_classifier(LinearOptions(model=str(folder)), runtime)


def explained(articles: list[Article], classifier: Classifier) -> list[dict[str, Tag]]:
    options = ClassifyOptions()
    scored = [scores for scores in classifier.score(articles) if isinstance(scores, Scores)]
    tags = [decide(scores, classifier, options).tags for scores in scored]
    return [{tag.topic.id: tag for tag in own} for own in explain(articles, tags, classifier)]


def test_explain_names_the_sentence_that_carries_the_tag(classifier: Classifier) -> None:
    text = f"{PLAIN} {ENERGY} {PLAIN} {DIPLOMACY}"
    (tags,) = explained([Article(id="1", text=text)], classifier)
    assert [e.text for e in tags["energy"].evidence] == [ENERGY]
    assert [e.text for e in tags["diplomacy"].evidence] == [DIPLOMACY]


def test_explain_names_two_sentences_in_source_order_where_both_carry_it(classifier: Classifier) -> None:
    second = "The refinery and the turbine run on gas and electricity from the grid."
    (tags,) = explained([Article(id="1", text=f"{ENERGY} {PLAIN} {second} {PLAIN}")], classifier)
    assert [e.text for e in tags["energy"].evidence] == [ENERGY, second]


def test_explain_spans_are_of_the_original_text(classifier: Classifier) -> None:
    text = f"<p>{PLAIN}</p>\n<p>{ENERGY.replace('and', '&amp;', 1)}</p>"
    article = clean(Article(id="1", text=text), CleanOptions())
    (tags,) = explained([article], classifier)
    for evidence in tags["energy"].evidence:
        assert text[evidence.start : evidence.end] == evidence.text


def test_explain_leaves_other_tags_and_their_order_alone(classifier: Classifier) -> None:
    (tags,) = explained([Article(id="1", text=f"{ENERGY} {PLAIN}")], classifier)
    rejected = [tag for tag in tags.values() if tag.decision != "accepted"]
    assert all(not tag.evidence for tag in rejected)
    assert [tag.probability for tag in tags.values()] == sorted((t.probability for t in tags.values()), reverse=True)


def test_explain_names_nothing_that_the_model_did_not_read(classifier: Classifier) -> None:
    filler = " ".join(["The council met and the plan follows in autumn."] * 25)
    (tags,) = explained([Article(id="1", text=f"{ENERGY} {filler} {ENERGY}")], classifier)
    assert [e.start for e in tags["energy"].evidence] == [0]


def test_explain_of_a_title_alone_has_no_sentence(classifier: Classifier) -> None:
    (tags,) = explained([Article(id="1", title=ENERGY, text="")], classifier)
    assert tags["energy"].decision == "accepted"
    assert tags["energy"].evidence == ()


def test_explain_keeps_each_articles_own(classifier: Classifier) -> None:
    one, none, two = explained(
        [Article(id="1", text=ENERGY), Article(id="2", text=PLAIN), Article(id="3", text=DIPLOMACY)], classifier
    )
    assert [e.text for e in one["energy"].evidence] == [ENERGY]
    assert not any(tag.evidence for tag in none.values())
    assert [e.text for e in two["diplomacy"].evidence] == [DIPLOMACY]

"""What is special about the ``salience`` backend; what all backends share is in ``test_contract``."""

from __future__ import annotations

import pytest
from wire_stories import story

from summarizer.records import Article, Brief, Failure
from summarizer.sentences import sentence_spans
from summarizer.summarize.salience import SalienceOptions, SalientSentences


@pytest.fixture(scope="module")
def backend(salience_folder, runtime):
    return SalientSentences(SalienceOptions(model=str(salience_folder), max_words=30, min_source_words=20), runtime)


def test_salience_chooses_whole_source_sentences_in_order(backend):
    article = story("a", 20)
    brief = backend.summarize([article])[0]
    assert isinstance(brief, Brief)
    assert {sentence.origin for sentence in brief.sentences} == {"verbatim"}
    spans = [(each.start, each.end) for sentence in brief.sentences for each in sentence.evidence]
    assert spans == sorted(spans)
    assert set(spans) <= set(sentence_spans(article))


def test_salience_fails_an_article_whose_sentences_are_all_too_long(backend):
    article = Article(id="long", text=" and ".join(["Arven met Veska"] * 20) + ".", source="f:1")
    before, failed, after = backend.summarize([story("a"), article, story("b")])
    assert failed == Failure(
        where="f:1",
        stage="summarize",
        what="none of its sentences has at most max_words 30 words",
        mend="Raise summarize.max_words.",
        id="long",
    )
    assert isinstance(before, Brief)
    assert isinstance(after, Brief)


@pytest.mark.parametrize(
    ("message", "what"),
    [
        ("index 12 is out of range", "the model failed (RuntimeError: index 12 is out of range)"),
        ("CUDA out of memory. Tried to allocate 2 GiB", "memory ran out with this article alone"),
    ],
)
def test_salience_fails_a_poison_article_alone(backend, message, what, monkeypatch):
    model = backend._model
    forward = model._forward
    monkeypatch.setattr(model._batcher, "max_tokens", model._batcher.max_tokens)

    def explode(layouts):
        if any("norland" in said for layout in layouts for said in layout.words):
            raise RuntimeError(message)
        return forward(layouts)

    monkeypatch.setattr(model, "_forward", explode)
    articles = [story(str(i), 3 + i % 2, place="Norland" if i == 2 else "Arven") for i in range(5)]
    briefs = backend.summarize(articles)
    assert [isinstance(brief, Failure) for brief in briefs] == [False, False, True, False, False]
    assert briefs[2].what == what

"""What every backend must keep to; a new backend adds one line to ``BACKENDS``."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from wire_stories import story

from summarizer.records import Article, Brief, Failure
from summarizer.summarize import load_summarizer
from summarizer.summarize.causal import CausalOptions
from summarizer.summarize.lead import LeadOptions
from summarizer.summarize.salience import SalienceOptions
from summarizer.summarize.seq2seq import Seq2SeqOptions

MAX_WORDS = 40
COMMON = {"max_words": MAX_WORDS, "min_source_words": 20}

BACKENDS = {
    "lead": (LeadOptions, None, {}),
    "salience": (SalienceOptions, "salience_folder", {}),
    "bart": (Seq2SeqOptions, "bart_folder", {}),
    "taught bart": (Seq2SeqOptions, "taught_bart_folder", {"generation": {"num_beams": 2}}),
    "pegasus": (Seq2SeqOptions, "pegasus_folder", {}),
    "t5": (Seq2SeqOptions, "t5_folder", {}),
    "llama": (CausalOptions, "llama_folder", {"max_source_tokens": 128}),
    "taught llama": (CausalOptions, "taught_llama_folder", {"max_source_tokens": 128}),
    "chat": (CausalOptions, "chat_folder", {"max_source_tokens": 128}),
    "adapter": (CausalOptions, "adapter_folder", {"max_source_tokens": 128}),
}
LOADED: dict[str, tuple] = {}


@pytest.fixture(params=BACKENDS)
def backend(request, runtime):
    """The backend, loaded once a session, with its options."""
    name = request.param
    if name not in LOADED:
        options_class, fixture, more = BACKENDS[name]
        model = {"model": str(request.getfixturevalue(fixture))} if fixture else {}
        options = options_class(**COMMON, **model, **more)
        LOADED[name] = (load_summarizer(options, runtime), options)
    return LOADED[name]


def test_summarize_returns_one_brief_per_article_in_order(backend):
    summarizer, _ = backend
    articles = [story(str(i), sentences) for i, sentences in enumerate([4, 40, 3, 12])]
    briefs = summarizer.summarize(articles)
    assert len(briefs) == 4
    for article, brief in zip(articles, briefs, strict=True):
        alone = summarizer.summarize([article])[0]
        assert brief == alone


def test_summarize_of_nothing_is_nothing(backend):
    assert backend[0].summarize([]) == []


@pytest.mark.parametrize("sentences", [3, 6, 60])
def test_summarize_writes_one_paragraph_of_whole_sentences(backend, sentences):
    summarizer, options = backend
    article = story("a", sentences)
    brief = summarizer.summarize([article])[0]
    assert isinstance(brief, Brief)
    assert brief.backend == options.backend
    assert brief.model == getattr(options, "model", "")
    assert 0 < brief.words <= MAX_WORDS
    assert "\n" not in brief.text
    assert all(sentence.text.endswith((".", "!", "?", '"', "”", ")")) for sentence in brief.sentences)
    for sentence in brief.sentences:
        if sentence.origin == "verbatim":
            assert [article.text[e.start : e.end] for e in sentence.evidence] == [sentence.text]
        else:
            assert sentence.origin == "generated"
            assert sentence.evidence == ()


def test_summarize_passes_a_short_article_on_as_it_is(backend):
    article = Article(id="short", text="The ferry sank.\nAll were saved.")
    brief = backend[0].summarize([story("a"), article])[1]
    assert isinstance(brief, Brief)
    assert brief.backend == "passed"
    assert brief.text == "The ferry sank. All were saved."
    assert [sentence.evidence[0].text for sentence in brief.sentences] == ["The ferry sank.", "All were saved."]
    assert brief.warnings == ("article has 6 words, fewer than min_source_words 20: passed on as it is",)


def test_summarize_says_how_much_of_a_long_article_was_read(backend):
    summarizer, options = backend
    brief = summarizer.summarize([story("long", 60)])[0]
    assert isinstance(brief, Brief)
    if options.backend == "salience":
        assert brief.source_tokens.read == brief.source_tokens.total  # in windows, so that nothing is left unread
        return
    assert 0 < brief.source_tokens.read < brief.source_tokens.total
    if hasattr(options, "model"):
        assert f"read {brief.source_tokens.read} of {brief.source_tokens.total} tokens" in brief.warnings


@pytest.mark.parametrize(
    ("text", "what"),
    [("", "has no words to condense (0 characters)"), (" \n--- ...", "has no words to condense (9 characters)")],
)
def test_summarize_fails_an_article_without_words_alone(backend, text, what):
    before, empty, after = backend[0].summarize([story("a"), Article(id="x", text=text, source="f:2"), story("b")])
    assert empty == Failure(where="f:2", stage="summarize", what=what, mend="Check its text field.", id="x")
    assert isinstance(before, Brief)
    assert isinstance(after, Brief)


def test_summarize_fails_an_article_with_half_a_character_alone(backend):
    article = Article(id="x", text=story("x").text + " \ud83d")
    before, broken, after = backend[0].summarize([story("a"), article, story("b")])
    assert isinstance(broken, Failure)
    assert "half a character (U+D83D" in broken.what
    assert isinstance(before, Brief)
    assert isinstance(after, Brief)


def test_summarize_names_its_models(backend):
    summarizer, options = backend
    names = [options.model] if hasattr(options, "model") else []
    assert list(summarizer.models) == names
    assert all(identity.startswith("sha256:") for identity in summarizer.models.values())


def test_summarize_keeps_the_terminal_clean(backend, capfd):
    backend[0].summarize([story("a"), story("b", 40)])
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("options_class", [LeadOptions, SalienceOptions, Seq2SeqOptions, CausalOptions])
@pytest.mark.parametrize("key", ["max_word", "trust_remote_code"])
def test_summarize_options_refuse_unknown_keys(options_class, key):
    with pytest.raises(ValidationError, match=key):
        options_class(**{"model": "some/model", key: 1} if options_class is not LeadOptions else {key: 1})


@pytest.mark.parametrize(
    "backend", [name for name, (_, folder, _) in BACKENDS.items() if folder and name != "salience"], indirect=True
)
@pytest.mark.parametrize("message", ["index 12 is out of range", "CUDA out of memory. Tried to allocate 2 GiB"])
def test_summarize_fails_a_poison_article_alone(backend, message, monkeypatch):
    summarizer, _ = backend
    articles = [story(str(i), 3 + i % 2, place="Norland" if i == 2 else "Arven") for i in range(5)]
    writer = summarizer._path._writer
    owner, loop = (writer._decoder, "write") if getattr(writer, "_decoder", None) else (writer._model, "generate")
    continue_all = getattr(owner, loop)
    monkeypatch.setattr(writer._batcher, "max_tokens", writer._batcher.max_tokens)

    def explode(*prompts, **settings):
        (ids,) = prompts or (settings["input_ids"],)
        if any("Norland" in text for text in writer._tokenizer.batch_decode(ids)):
            raise RuntimeError(message)
        return continue_all(*prompts, **settings)

    monkeypatch.setattr(owner, loop, explode)
    briefs = summarizer.summarize(articles)
    assert [isinstance(brief, Failure) for brief in briefs] == [False, False, True, False, False]
    assert briefs[2].id == "2"
    assert briefs[2].stage == "summarize"

"""The check of a run: what takes the place of a whole brief, and the models that have a say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from tiny_support import tiny_support

from summarizer.evaluate.briefs_data import draft_of
from summarizer.evidence import EvidenceOptions
from summarizer.evidence.checker import Checker
from summarizer.evidence.decide import settle
from summarizer.evidence.examine import examine
from summarizer.evidence.source import Source
from summarizer.records import Article, Brief, Sentence, SourceTokens
from summarizer.runtime import RuntimeOptions
from summarizer.salience.choose import Salience
from summarizer.salience.telling import Telling

FERRY, OFFICE, WEATHER = (
    "The ferry Gull sank off Port Vale on Monday.",
    "The harbour office opened an inquiry.",
    "The weather was fair.",
)
ARTICLE = Article(id="a", text=f"{FERRY} {OFFICE} {WEATHER}")
TRUE, OTHER, FALSE = "The Gull sank on Monday.", "The office opened an inquiry.", "Ninety people drowned."
RUNTIME = RuntimeOptions(device="cpu", dtype="float32", threads=1)


@dataclass
class Known:
    """Sentences that somebody chose, and how much of what matters any text tells."""

    chosen: Sequence[int]
    told: float = 1.0

    def ranking(self) -> Sequence[int]:
        return self.chosen

    def brief(self, _max_words: int) -> list[int]:
        return list(self.chosen)

    def share(self, _text: str, _max_words: int) -> float:
        return self.told


def brief(*texts: str) -> Brief:
    sentences = tuple(Sentence(text=text, origin="generated") for text in texts)
    return Brief(sentences=sentences, backend="causal", source_tokens=SourceTokens(10, 10))


def settled(written: Brief, extract: Known, *, on_unsupported: str = "replace", min_telling: float = 0.7) -> Brief:
    source = Source(ARTICLE)
    return settle(
        written,
        examine(written, source, 2),
        source,
        extract,
        on_unsupported=on_unsupported,
        min_passed=0.5,
        min_telling=min_telling,
        max_words=80,
    )


def test_settle_gives_a_brief_up_of_which_too_little_passed() -> None:
    written = brief(TRUE, FALSE, "It had cost 7 million euros.")
    out = settled(written, Known([0, 2]))
    assert [(sentence.text, sentence.origin) for sentence in out.sentences] == [
        (FERRY, "replaced"),
        (WEATHER, "replaced"),
    ]
    assert out.warnings[-1] == "brief replaced by sentences of the article: 2 of 3 did not pass"
    assert draft_of(out) == written.text


@pytest.mark.parametrize(("told", "is_kept"), [(0.69, False), (0.7, True), (1.4, True)])
def test_settle_gives_a_brief_up_that_tells_too_little(told: float, is_kept: bool) -> None:
    written = brief(TRUE, OTHER)
    out = settled(written, Known([0], told))
    if is_kept:
        assert [sentence.text for sentence in out.sentences] == [TRUE, OTHER]
        assert out.warnings == ()
    else:
        assert [sentence.text for sentence in out.sentences] == [FERRY]
        why = "it tells less of what matters (0.69 of what they tell)"
        assert out.sentences[0].unsupported == (why,)
        assert out.warnings == (f"brief replaced by sentences of the article: {why}",)
        assert draft_of(out) == written.text


@pytest.mark.parametrize(("on_unsupported", "min_telling"), [("flag", 0.7), ("drop", 0.7), ("replace", 0.0)])
def test_settle_keeps_a_brief_that_tells_little_where_told_so(on_unsupported: str, min_telling: float) -> None:
    out = settled(brief(TRUE), Known([0], 0.1), on_unsupported=on_unsupported, min_telling=min_telling)
    assert [sentence.text for sentence in out.sentences] == [TRUE]


def test_settle_does_not_weigh_the_articles_own_words() -> None:
    assert [sentence.text for sentence in settled(brief(WEATHER), Known([0], 0.1)).sentences] == [WEATHER]


def test_telling_counts_each_word_once_by_its_probability() -> None:
    salience = Salience([(0, 5)], [0.5], [["ferry", "sank"]], [[0.5, 0.25]], [[0.1, 0.0]])
    telling = Telling(salience, 20)  # a brief is expected to have 17 words
    assert telling.overlap("The ferry sank. A ferry!") == pytest.approx(2 * (0.75 + 0.1) / (5 + 17))
    assert telling.overlap("Nothing of it.") == telling.overlap("") == 0.0


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory, bert_folder, salience_folder) -> dict[str, str]:
    support = tiny_support(tmp_path_factory.mktemp("support") / "support", bert_folder)
    return {"support": str(support), "salience": str(salience_folder)}


def test_checker_checks_each_brief_against_its_own_article(models: dict[str, str]) -> None:
    options = EvidenceOptions(**models, support_threshold=0.0, min_telling=0.0)
    checker = Checker(options, RUNTIME)
    other = Article(id="b", text="Rain fell on Norland. Ninety people drowned.")
    first, second = checker.check([brief(TRUE, FALSE), brief(FALSE)], [ARTICLE, other], 80)
    assert [sentence.origin for sentence in first.sentences] == ["generated", "replaced"]
    assert [(sentence.text, sentence.origin) for sentence in second.sentences] == [(FALSE, "verbatim")]
    assert len(checker.models) == 2


def test_checker_says_what_learned_support_found(models: dict[str, str]) -> None:
    options = EvidenceOptions(**models, support_threshold=1.0, on_unsupported="flag")
    ((sentence,),) = [out.sentences for out in Checker(options, RUNTIME).check([brief(TRUE)], [ARTICLE], 80)]
    assert sentence.unsupported[0].startswith("meaning not borne out by the article (support 0.")


def test_checker_puts_the_most_telling_sentences_for_a_brief_that_tells_less(models: dict[str, str]) -> None:
    options = EvidenceOptions(**models, support_threshold=0.0, min_telling=1.0)
    (out,) = Checker(options, RUNTIME).check([brief("It sank.")], [ARTICLE], 80)
    assert {sentence.origin for sentence in out.sentences} == {"replaced"}
    assert all(sentence.text in ARTICLE.text for sentence in out.sentences)


def test_checker_says_of_a_persons_sentences_what_it_says_of_a_models_and_replaces_none(models: dict[str, str]) -> None:
    options = EvidenceOptions(support=models["support"], salience=None, support_threshold=1.0)
    texts = [TRUE, ARTICLE.body.split(". ")[0] + "."]
    written, quoted = Checker(options, RUNTIME).examine(texts, ARTICLE)
    assert (written.text, written.origin) == (TRUE, "generated")
    assert "of 1.00" in written.unsupported[-1]
    assert (quoted.origin, quoted.unsupported) == ("verbatim", ())


@pytest.mark.parametrize(
    ("settings", "asked"),
    [
        ({"min_telling": 0.8}, [["a", "c"]]),
        ({"min_telling": 0.0}, [["c"]]),
        ({"on_unsupported": "drop"}, [["c"]]),
        ({"on_unsupported": "flag"}, [[]]),
    ],
    ids=str,
)
def test_checker_asks_once_for_the_articles_whose_sentences_are_needed(
    models: dict[str, str], settings: dict[str, object], asked: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    checker = Checker(EvidenceOptions(**{**models, "support_threshold": 0.0, **settings}), RUNTIME)
    read, seen = checker._salience.read, []

    def watch(articles: Sequence[Article]) -> object:
        seen.append([article.id for article in articles])
        return read(articles)

    monkeypatch.setattr(checker._salience, "read", watch)
    articles = [Article(id=name, text=ARTICLE.text) for name in "abc"]
    verbatim = Brief(
        sentences=(Sentence(text=WEATHER, origin="verbatim"),), backend="lead", source_tokens=SourceTokens(10, 10)
    )
    checker.check([brief(TRUE), verbatim, brief(FALSE)], articles, 80)
    assert seen == asked


def test_checker_falls_back_on_the_opening_where_the_model_fails_on_an_article(
    models: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    checker = Checker(EvidenceOptions(**models, support_threshold=0.0), RUNTIME)
    monkeypatch.setattr(checker._salience, "read", lambda articles: [RuntimeError("no")] * len(articles))
    (out,) = checker.check([brief(FALSE)], [ARTICLE], 9)
    assert [(sentence.text, sentence.origin) for sentence in out.sentences] == [(FERRY, "replaced")]

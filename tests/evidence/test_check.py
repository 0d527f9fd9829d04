"""The check: what stands in a brief afterwards, and that every piece of evidence is a span of the original text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.clean import CleanOptions, clean
from summarizer.evidence import EvidenceOptions, check
from summarizer.records import Article, Brief, Evidence, Sentence, SourceTokens

TEXT = (
    "PORT VALE (Newswire) —  The ferry Gull sank off Port Vale on Monday.\r\n\r\n"
    "Rescuers saved forty people from the\u00a0cold sea. The harbour office opened an inquiry. "
    "“We lost her,” said its owner, Ada Holm. The weather was fair."
)
ARTICLE = clean(Article(id="a", text=TEXT), CleanOptions())


def brief(*texts: str) -> Brief:
    sentences = tuple(Sentence(text=text, origin="generated") for text in texts)
    return Brief(sentences=sentences, backend="causal", source_tokens=SourceTokens(10, 10))


def checked(*texts: str, max_words: int | None = 80, on_unsupported: str = "replace", max_spans: int = 2) -> Brief:
    options = EvidenceOptions.model_validate({"on_unsupported": on_unsupported, "max_spans": max_spans})
    return check(brief(*texts), ARTICLE, options, max_words=max_words)


def test_check_gives_a_generated_sentence_its_evidence_in_source_order() -> None:
    (sentence,) = checked("Rescuers saved forty people after the Gull sank on Monday.").sentences
    assert sentence.origin == "generated"
    assert sentence.support == pytest.approx(1.0)
    assert [span.text for span in sentence.evidence] == [
        "The ferry Gull sank off Port Vale on Monday.",
        "Rescuers saved forty people from the\u00a0cold sea.",
    ]
    assert sentence.unsupported == ()


@pytest.mark.parametrize(
    ("written", "stands"),
    [
        ("The harbour office opened an inquiry.", "The harbour office opened an inquiry."),
        ('"We lost her," said its owner, Ada Holm.', "“We lost her,” said its owner, Ada Holm."),
        ("The  weather was fair.", "The weather was fair."),
    ],
)
def test_check_finds_a_sentence_that_stands_word_for_word(written: str, stands: str) -> None:
    (sentence,) = checked(written).sentences
    assert (sentence.text, sentence.origin, sentence.support) == (stands, "verbatim", 1.0)
    assert sentence.evidence[0].text == stands


def test_check_does_not_call_a_fragment_verbatim() -> None:
    assert checked("The harbour office opened.").sentences[0].origin == "generated"


def test_check_keeps_the_evidence_of_a_verbatim_sentence() -> None:
    span = Evidence(0, 9, TEXT[:9])
    given_sentence = Sentence(text="Port Vale", origin="verbatim", support=0.2, evidence=(span,))
    given_brief = Brief(sentences=(given_sentence,), backend="lead", source_tokens=SourceTokens(1, 1))
    (sentence,) = check(given_brief, ARTICLE, EvidenceOptions()).sentences
    assert (sentence.origin, sentence.evidence, sentence.support) == ("verbatim", (span,), 1.0)


def test_check_replaces_an_unsupported_sentence_by_its_evidence() -> None:
    made = checked("The weather was fair.", "Rescuers saved fifty people from the sea.")
    sentence = made.sentences[1]
    assert sentence.text == "Rescuers saved forty people from the cold sea."
    assert sentence.evidence[0].text == "Rescuers saved forty people from the\u00a0cold sea."
    assert sentence.origin == "replaced"
    assert sentence.replaces == "Rescuers saved fifty people from the sea."
    assert sentence.unsupported == ("number fifty not in the article; the article has forty",)
    assert made.warnings == ("sentence replaced: number fifty not in the article; the article has forty",)
    assert made.dropped == ()


def test_check_takes_the_next_best_where_the_best_is_in_the_brief() -> None:
    made = checked("The harbour office opened an inquiry.", "The harbour office opened 9 cases.")
    assert [sentence.text for sentence in made.sentences] == ["The harbour office opened an inquiry."]
    assert made.dropped[0].text == "The harbour office opened 9 cases."
    assert made.dropped[0].unsupported == ("number 9 not in the article",)


@pytest.mark.parametrize("max_words", [None, 9])
def test_check_drops_what_no_evidence_sentence_that_fits_can_replace(max_words: int | None) -> None:
    made = checked("The weather was fair.", "Bo Lind owns Gull.", max_words=max_words)
    assert [sentence.text for sentence in made.sentences] == ["The weather was fair."]
    assert made.dropped[0].text == "Bo Lind owns Gull."
    assert made.warnings == ("sentence dropped: name 'Bo Lind' not in the article",)


def test_check_drops_a_sentence_that_no_evidence_sentence_resembles() -> None:
    made = checked("The weather was fair.", "Bakers in Lund bake braided loaves for the queen of a distant harbour.")
    assert made.text == "The weather was fair."
    assert made.warnings == ("sentence dropped: name 'Lund' not in the article",)


def test_check_drops_where_told_to() -> None:
    made = checked("The weather was fair.", "Rescuers saved fifty people.", on_unsupported="drop")
    assert made.text == "The weather was fair."
    assert [dropped.text for dropped in made.dropped] == ["Rescuers saved fifty people."]


def test_check_flags_where_told_to() -> None:
    made = checked("Rescuers saved fifty people.", on_unsupported="flag")
    assert made.text == "Rescuers saved fifty people."
    assert made.sentences[0].origin == "generated"
    assert made.sentences[0].unsupported == ("number fifty not in the article; the article has forty",)
    assert made.warnings == ("sentence flagged: number fifty not in the article; the article has forty",)


@pytest.mark.parametrize(("max_words", "count"), [(9, 1), (25, 3), (2, 1)])
def test_check_never_leaves_a_brief_empty(max_words: int, count: int) -> None:
    made = checked("Bo Lind fell.", on_unsupported="drop", max_words=max_words)
    assert len(made.sentences) == count
    assert {sentence.origin for sentence in made.sentences} == {"replaced"}
    assert made.sentences[0].unsupported == ("name 'Bo Lind' not in the article",)
    assert made.sentences[0].replaces == "Bo Lind fell."
    assert made.dropped[0].text == "Bo Lind fell."


def test_check_of_an_empty_brief_is_empty() -> None:
    assert checked().sentences == ()


_PIECES = st.sampled_from(
    [
        "The ferry Gull sank.", "donâ€™t", "CafÃ©", " ", "\u00a0", "\r\n", "\n\n", "Ada Holm said “no”.", "on Monday",
        "It cost $5 million.", "BAKU (Agency) — ", "\u200b", "(Editing by Jo Doe)", "40", "!", "Is it?Yes.",
    ]
)  # fmt: skip
_MESSY = st.lists(_PIECES | st.text(max_size=6), max_size=12).map("".join)


@given(_MESSY, st.lists(_MESSY, max_size=3), st.sampled_from(["replace", "drop", "flag"]), st.integers(1, 40))
def test_check_evidence_is_always_a_span_of_the_original(
    text: str, written: list[str], on_unsupported: str, max_words: int
) -> None:
    article = clean(Article(id="a", text=text), CleanOptions())
    options = EvidenceOptions.model_validate({"on_unsupported": on_unsupported})
    made = check(brief(*written), article, options, max_words=max_words)
    for sentence in made.sentences:
        assert all(article.text[span.start : span.end] == span.text != "" for span in sentence.evidence)
        assert list(sentence.evidence) == sorted(sentence.evidence, key=lambda span: span.start)
        assert 0 <= sentence.support <= 1
        assert on_unsupported == "flag" or sentence.origin != "generated" or not sentence.unsupported
        if sentence.origin != "generated":
            assert sentence.evidence
            assert sentence.text in article.body
    assert bool(made.sentences) or not written or not article.body.strip()


@given(
    st.lists(st.sampled_from(["The Gull sank.", "Bo Lind fell.", "It cost $9.", "The weather was fair."]), min_size=1)
)
def test_check_never_makes_a_brief_longer_than_it_may_be(written: list[str]) -> None:
    limit = max(9, brief(*written).words)
    assert check(brief(*written), ARTICLE, EvidenceOptions(), max_words=limit).words <= limit


@pytest.mark.parametrize("unit", ["A ", "one hundred ", "“", "'a ", "Bo Lind ", "a-", "5,000,", "U.", "May 5 "])
def test_check_takes_linear_time(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    article = clean(Article(id="a", text=text), CleanOptions())
    started = time.process_time()
    check(brief(text[:2000]), article, EvidenceOptions())
    assert time.process_time() - started < 10  # quadratic time would be minutes

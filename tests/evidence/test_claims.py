"""Claims: what counts as borne out by an article, and what is named as unsupported."""

from __future__ import annotations

import pytest

from summarizer.clean import CleanOptions, clean
from summarizer.evidence.claims import find_unsupported
from summarizer.evidence.dates import find_dates
from summarizer.evidence.source import Source
from summarizer.records import Article

TEXT = """PORT VALE, April 27 (Newswire) — Lena Ortiz, head of the Norland Harbour Board (NHB), said on Tuesday that
44 ferries worth $1.2 billion would sail for the World Fish Council by May 3.
"We will not wait for spring, whatever they say," she said.
Ortiz spoke in Zürich beside the Norlandish minister John Brown and the writer Mary Smith. Smith left the U.S. in 2019.
About 45 per cent of Ukraine's two-thirds share went to al-Amin's party. The United Kingdom agreed.
Former players cheered.""".replace("that\n", "that ")


@pytest.fixture(scope="module")
def source() -> Source:
    article = Article(id="a", text=TEXT, title="Ferries for Lakeland", date="2022-04-28")
    return Source(clean(article, CleanOptions()))


@pytest.mark.parametrize(
    "sentence",
    [
        "Lena Ortiz said so.",
        "Ms Ortiz's board agreed.",
        "The NHB agreed.",
        "The WFC will get ferries.",
        "The Norland Harbour Board agreed.",
        "They met in Zurich with Norlanders.",
        "A British and a Ukrainian guest spoke.",
        "The US and the UK agreed.",
        "The American writer Mary Smith left.",
        "Lakeland gets ferries from Port Vale.",
        "The Amin party won.",
        "Striker fans cheered.",
        "Pundits cheered.",
        "A pro-Norland party won.",
        "It was said on Tuesday, April 27, or on 28 April.",
        "It was said on April 26.",  # The Tuesday before the article's date.
        "By 3 May, forty-four ferries will sail.",
        "They are worth 1,200 million dollars.",
        "The two agreed.",
        "Dozens of ferries will sail.",
        "The Norland Harbor Board agreed.",
        "Its share is 45% of two thirds.",
        "One of them, the first, sailed.",
        "She said: “We will not wait for spring”.",
        "She would 'not wait for Spring, whatever' it took.",
        'She said, "We will not ... whatever they say."',
        "",
    ],
)
def test_claims_borne_out_are_not_named(sentence: str, source: Source) -> None:
    assert find_unsupported(sentence, source) == ()


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("The head, Vera Ortiz, said so.", "name 'Vera Ortiz' not in the article"),
        ("Vera Ortiz said so.", "name 'Vera Ortiz' not in the article"),
        ("They met in Paris.", "name 'Paris' not in the article"),
        ("The EU agreed.", "name 'EU' not in the article"),
        ("A French guest spoke.", "name 'French' not in the article"),
        ("The writer John Smith left.", "name 'John Smith' not in the article, which has its parts in different names"),
        ("It has 46 ferries.", "number 46 not in the article; the article has 44"),
        ("It has £45 left.", "number £45 not in the article; the article has 44"),
        ("Some 45 people left.", "number 45 not in the article; the article has 45 per cent"),
        ("It is worth 1.2 billion people.", "number 1.2 billion not in the article; the article has $1.2 billion"),
        ("It took 44%.", "number 44% not in the article; the article has 44"),
        ("Thousands of guests left.", "number Thousands not in the article"),
        ("It was tomorrow.", "date tomorrow not in the article"),
        ("It has seventy left.", "number seventy not in the article; the article has 44"),
        ("It was in 2018.", "date 2018 not in the article"),
        ("It was on Friday.", "date Friday not in the article"),
        ("It was in August.", "date August not in the article"),
        ("It was on April 25.", "date April 25 not in the article"),
        ("She said “we will wait”.", "quotation “we will wait” not word for word in the article"),
    ],
)
def test_claims_that_the_article_lacks_are_named(sentence: str, reason: str, source: Source) -> None:
    assert find_unsupported(sentence, source) == (reason,)


def test_claims_us_the_country_is_not_us_the_pronoun() -> None:
    source = Source(Article(id="a", text="They told us all."))
    assert find_unsupported("They told the US.", source) == ("name 'US' not in the article",)


@pytest.mark.parametrize(
    "sentence", ["Varga agreed.", "Norway's board agreed.", "Italian guests spoke.", "EU guests spoke."]
)
def test_claims_a_name_at_the_start_is_told_from_a_word(sentence: str, source: Source) -> None:
    [reason] = find_unsupported(sentence, source)
    assert reason.startswith("name '")


@pytest.mark.parametrize(
    "sentence",
    ["Notably, all agreed.", "Relatives agreed.", "Former guests agreed.", "Payment came.", "People left."],
)
def test_claims_a_word_at_the_start_is_no_name(sentence: str, source: Source) -> None:
    assert find_unsupported(sentence, source) == ()


def test_claims_names_are_known_by_other_forms() -> None:
    text = "The Liberal Democrats of a US-based firm met chief executive Bo Lind."
    source = Source(Article(id="a", text=f"{text} Capt Holm came to the Jammu and Kashmir office."))
    for sentence in ("The Lib Dems met CEO Bo Lind in the US.", "The J&K office met Captain Holm."):
        assert find_unsupported(sentence, source) == ()


def test_claims_a_name_that_differs_by_its_last_vowel_is_another() -> None:
    source = Source(Article(id="a", text="The medal went to Merda Holm of Canada."))
    assert find_unsupported("The medal went to a Canadian, Merdo Holm.", source) == (
        "name 'Merdo Holm' not in the article",
    )


def test_claims_a_name_at_the_start_is_known_from_the_rest_of_the_brief(source: Source) -> None:
    assert find_unsupported("Striker agreed.", source) == ()
    assert find_unsupported("Striker agreed.", source, frozenset({"striker"})) == ("name 'Striker' not in the article",)


def test_claims_are_named_once_and_in_order_of_their_kind(source: Source) -> None:
    reasons = find_unsupported("In 2018, 99 boats and 99 ships left Paris.", source)
    assert [reason.split(" ")[0] for reason in reasons] == ["name", "date", "number"]


def test_claims_a_figure_given_to_two_things_is_named(source: Source) -> None:
    reasons = find_unsupported("The board has 44 ferries and the council 44 boats.", source)
    assert reasons == ("number 44 stands 2 times in this sentence, 1 times in the article",)


def test_claims_a_figure_with_its_magnitude_is_counted_too(source: Source) -> None:
    [reason] = find_unsupported("Norland pays $1.2 billion and Lakeland $1.2 billion.", source)
    assert "stands 2 times" in reason


def test_claims_a_figure_that_stands_once_may_be_said_once(source: Source) -> None:
    assert find_unsupported("The board has 44 ferries.", source) == ()


def test_dates_are_no_beginnings_of_other_words() -> None:
    assert find_dates("Mayor Ines Duarte and the Marchers met Augusta.") == []
    assert [date.text for date in find_dates("Mayor Ines Duarte spoke on 5 May.")] == ["5 May"]

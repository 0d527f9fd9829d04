"""Cleaning: what is mended, what is left alone, and that every character knows where it came from."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.clean import CleanOptions, clean
from summarizer.records import Article, CleanText

STORY = "Two ports agreed on Monday to share a ferry."


def cleaned(text: str, **options: bool) -> CleanText:
    made = clean(Article(id="a", text=text), CleanOptions(**options)).cleaned
    assert made is not None
    return made


def warnings(text: str, **options: bool) -> tuple[str, ...]:
    return clean(Article(id="a", text=text), CleanOptions(**options)).warnings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ports  agreed\u00a0today.", "Ports agreed today."),
        ("\n Ports agreed.\r\n\r\nFerries\tsail.\n", "Ports agreed.\nFerries sail."),
        ("Ports\u200b agreed\ufeff.", "Ports agreed."),
        ("Har\u00adbour", "Harbour"),
        ("Ports agreed.\nFerries sail.", "Ports agreed.\nFerries sail."),
        ("Ports agreed.\u2029Ferries sail.", "Ports agreed.\nFerries sail."),
        ("family \U0001f468\u200d\U0001f469 emoji", "family \U0001f468\u200d\U0001f469 emoji"),
    ],
)
def test_clean_mends_blanks(text: str, expected: str) -> None:
    assert cleaned(text).text == expected
    assert warnings(text) == ()


def test_clean_joins_hard_wrapped_lines() -> None:
    paragraph = (
        "The two ports agreed on Monday to share a ferry that will\n"
        "sail twice a day from spring, their harbour masters said in\n"
        "a statement that was read out on the quay before a crowd of\n"
        "townspeople. Tickets will be sold from March."
    )
    assert cleaned(f"{paragraph}\n\n{paragraph}").text.split("\n") == [paragraph.replace("\n", " ")] * 2


def test_clean_keeps_the_lines_of_a_list() -> None:
    text = "Prizes went to:\nNorth Quay School\nSouth Quay School\nthe harbour choir\nEast Mole School"
    assert cleaned(text).text == text


@pytest.mark.parametrize(
    "opening",
    [
        "BAKU (Agency) — ",
        "LONDON, March 3 (Newswire) - ",
        "NEW YORK, 3 March 2024 (News Wire) -- ",
        "ROME, Italy -- ",
        "PORT VALE – ",
        "Port Vale, Jan 22 (NWA) ",
        "By A B Writer Port Vale, Jan 22 (NWA) ",
        "Moscow (AP) — ",
        "(CNN) ",
        "(The Newswire)",
        "BAKU, Azerbaijan, April 27. /Newswire/ ",
        "date 2022-04-27 By Newswire ",
        "date 2022-04-27 By Newswire\n",
        "By Jane Doe, staff writer\n",
        "By Jane Doe and John Roe\n",
        "Published 10:42, 3 May 2024 | Updated 12:10, 3 May 2024\n",
        "27 April 2022\n",
        "By Jane Doe\nUpdated 3 May 2024\nPORT VALE (Newswire) — ",
    ],
)
def test_clean_leaves_datelines_out_and_says_so(opening: str) -> None:
    assert cleaned(opening + STORY).text == STORY
    seen = " ".join(warning.split(" left out: ")[1].strip("'") for warning in warnings(opening + STORY))
    assert seen.split() == opening.split()


@pytest.mark.parametrize(
    "text",
    [
        "By Monday the ports had agreed.",
        "By Jane Doe's count, four ferries sank.",
        "Port Vale (population 900) — once a city — is shrinking.",
        "Smith (Labour) - who lost - went home.",
        "May 5 was a cold day.",
        "Updated plans for the port were shown.\nThey cost 5 million.",
        "IBM - the maker - said no.",
        "The quay, March 3 (Sunday) was busy.",
        STORY,
    ],
)
def test_clean_keeps_a_first_sentence_that_only_looks_like_a_dateline(text: str) -> None:
    assert cleaned(text).text == text


@pytest.mark.parametrize(
    "ending",
    [
        " (Reporting by Jane Doe in Port Vale; Editing by John Roe)",
        "\nReporting by Jane Doe; Editing by John Roe",
        "\nRead more: Ferries and their friends",
        "\n© 2024 The Newswire. All rights reserved.",
        "\nCopyright 2024 The Newswire",
        " All rights reserved.",
        "\nFollow us on any network",
        " (With inputs from agencies)",
        " Newswire's Jane E. Doe contributed to this report.",
        "\nRead more: One\nRead more: Two\nADVERTISEMENT\n",
    ],
)
def test_clean_leaves_boilerplate_out_and_says_so(ending: str) -> None:
    assert cleaned(STORY + ending).text == STORY
    assert all(warning.startswith("boilerplate left out: '") for warning in warnings(STORY + ending))
    assert warnings(STORY + ending)


@pytest.mark.parametrize(
    "ending",
    [
        "Writing in a local paper, the mayor said the plan had failed.",
        "With input from engineers, the town built a new quay.",
        "Reporting by the harbour office found no leak.",
        "Copyright law is to change in May.",
        '"Follow us on foot," the guide said.',
        "She asked them to read more: nobody did so.",
    ],
)
def test_clean_keeps_a_last_sentence_that_only_looks_like_boilerplate(ending: str) -> None:
    assert cleaned(f"{STORY} {ending}").text == f"{STORY} {ending}"


def test_clean_repairs_mojibake_and_maps_it_back() -> None:
    text = "They donâ€™t sail to the CafÃ© today."
    made = clean(Article(id="a", text=text), CleanOptions())
    assert made.body == "They don’t sail to the Café today."
    assert made.warnings == ("mojibake repaired in 2 places",)
    start = made.body.index("Café")
    assert made.evidence(start, start + 4).text == "CafÃ©"
    assert made.evidence(start, start + 3).text == "Caf"


def test_clean_replaces_lone_surrogates() -> None:
    assert cleaned("Port \ud83d opens.").text == "Port \ufffd opens."
    assert warnings("Port \ud83d opens.") == ("unreadable characters replaced in 1 place",)


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("mojibake", "They donâ€™t sail."),
        ("datelines", "ROME, Italy -- Ferries sail."),
        ("boilerplate", f"{STORY} (Editing by Jo Doe)"),
    ],
)
def test_clean_options_turn_each_step_off(option: str, text: str) -> None:
    assert cleaned(text).text != text
    assert cleaned(text, **{option: False}).text == text


@pytest.mark.parametrize(
    "text", ["", "  \n ", "ROME, Italy -- 5", "(Reporting by Jane Doe; Editing by John Roe)", "© 2024"]
)
def test_clean_leaves_a_text_alone_of_which_nothing_would_be_left(text: str) -> None:
    if text.strip() and "5" not in text:
        assert cleaned(text).text == text
        assert warnings(text) == ()
    else:
        assert cleaned(text).text == {"ROME, Italy -- 5": "5"}.get(text, text)


def test_clean_keeps_earlier_warnings_and_the_text() -> None:
    article = Article(id="a", text=f"ROME, Italy -- {STORY}", warnings=("read as latin-1",))
    made = clean(article, CleanOptions())
    assert made.warnings == ("read as latin-1", "dateline left out: 'ROME, Italy --'")
    assert made.text == article.text


_MESSY = st.lists(
    st.sampled_from(
        [
            "BAKU (Agency) — ", "By Jane Doe\n", "Ports agreed.", " ", "  ", "\n", "\r\n", "\u00a0", "\u200b", "\ufeff",
            "â€™", "Ã©", "Â£5", "ð\u009f\u0098\u0080", "“No.”", " (Reporting by Jane Doe)", "\nRead more: this", "x",
            "Ž", "\ud800", "\x00",
        ]
    )
    | st.text(max_size=8)
).map("".join)  # fmt: skip


@given(_MESSY)
def test_clean_maps_every_character_in_range_and_in_order(text: str) -> None:
    made = cleaned(text)
    assert len(made.text) == len(made.starts) == len(made.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(made.starts, made.ends, strict=True))
    assert all(before <= after for before, after in pairwise(made.starts))
    assert all(before <= after for before, after in pairwise(made.ends))


@given(_MESSY)
def test_clean_keeps_characters_but_blanks_where_there_is_no_mojibake(text: str) -> None:
    made = cleaned(text, mojibake=False)
    for char, start, end in zip(made.text, made.starts, made.ends, strict=True):
        seen = text[start:end]
        assert char == seen or (char in " \n" and any(map(str.isspace, seen))) or "\ud800" <= seen <= "\udfff"


@given(_MESSY)
def test_clean_is_done_after_one_pass_over_blanks(text: str) -> None:
    made = cleaned(text, mojibake=False, datelines=False, boilerplate=False).text
    assert cleaned(made, mojibake=False, datelines=False, boilerplate=False).text == made


@pytest.mark.parametrize(
    "unit",
    ["Ports agreed on it. ", " ", "\n", "â€™", "Ã© ", "(Reporting by ", "Read more: a\n", "A", "BAKU ", "\u200b a"],
)
def test_clean_takes_linear_time(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()
    cleaned(text)
    assert time.process_time() - started < 10  # quadratic time would be minutes

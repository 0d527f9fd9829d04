from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from summarizer.train.support_edits import (
    Maker,
    Setting,
    exchanged_names,
    foreign_name,
    named,
    negation,
    opposite,
    other_date,
    other_name,
    other_number,
    other_speaker,
)

ARTICLE = (
    "Anneli Korvat met Ilse Tamm in Orma on Monday. The bridge cost 14 million crowns, and 300 cars cross it daily."
)
SETTING = Setting(ARTICLE, frozenset())


def results(make: Maker, sentence: str, setting: Setting = SETTING) -> set[str]:
    """What several draws make of a sentence."""
    edits = [make(sentence, setting, random.Random(seed)) for seed in range(30)]
    return {edit.apply(sentence) for edit in edits if edit}


@pytest.mark.parametrize(
    ("make", "sentence", "wanted"),
    [
        (other_name, "On Monday Anneli Korvat spoke.", "On Monday Ilse Tamm spoke."),
        (exchanged_names, "On Monday Anneli Korvat thanked Ilse Tamm.", "On Monday Ilse Tamm thanked Anneli Korvat."),
        (other_number, "It cost 14 million crowns.", "It cost 300 crowns."),
        (other_date, "It opened on Monday.", "It opened on Friday."),
        (negation, "The bridge will open.", "The bridge will not open."),
        (negation, "The bridge will not open.", "The bridge will open."),
        (negation, "The bridge didn't open.", "The bridge did open."),
        (opposite, "Prices rose in spring.", "Prices fell in spring."),
        (opposite, "The mayor may resign.", "The mayor will resign."),
        (other_speaker, "Police said so.", "Doctors said so."),
    ],
)
def test_support_edits_change_what_they_say(make: Maker, sentence: str, wanted: str) -> None:
    made = results(make, sentence)
    assert wanted in made
    assert sentence not in made


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (other_name, "The bridge opened."),
        (exchanged_names, "On Monday Anneli Korvat and Ilse Tamm spoke."),  # still true
        (exchanged_names, "On Monday Anneli Korvat met Ilse Tamm."),  # still true
        (other_number, "The bridge opened."),
        (other_date, "The bridge opened."),
        (negation, "The bridge opened."),
        (opposite, "The bridge stood there."),
        (other_speaker, "Police came."),
    ],
)
def test_support_edits_leave_alone_what_has_nothing_to_change(make: Maker, sentence: str) -> None:
    assert results(make, sentence) == set()


def test_support_edits_foreign_name_is_none_of_the_articles() -> None:
    names: Sequence[tuple[str, bool]] = [("Ilse Tamm", False), ("Juri Kask", False), ("Vesk", True)]
    made = results(foreign_name(names), "On Monday Anneli Korvat spoke.")
    assert "On Monday Juri Kask spoke." in made
    assert not any("Ilse Tamm" in text for text in made)


def test_support_edits_replace_a_place_by_a_place() -> None:
    setting = Setting("Anneli Korvat met Ilse Tamm in Orma, and Juri Kask in Vesk.", frozenset())
    made = results(other_name, "The fair was held in Orma.", setting)
    assert "The fair was held in Vesk." in made


def test_support_edits_named_leaves_out_an_ordinary_opening() -> None:
    sentence = "Former mayor Ilse Tamm's bridge"
    assert [sentence[start:end] for start, end in named(sentence, frozenset())] == ["Ilse Tamm"]


def test_support_edits_named_knows_an_opening_name_by_its_capitals() -> None:
    assert named("Korvat spoke", frozenset()) == []
    assert named("Korvat spoke", frozenset({"korvat"})) == [(0, 6)]

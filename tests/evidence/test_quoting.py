"""Quotations: word for word, or without their marks."""

from __future__ import annotations

import pytest

from summarizer.evidence.quoting import find_unborne_quotations, unquote
from summarizer.evidence.source import Source
from summarizer.records import Article

TEXT = """The harbour was closed by the board. "It is too deep, whatever the captains' union says," Lena Ortiz said.
The 'Gull' had sunk. "We will wait for the spring tide and then the ferries will sail," she said."""


@pytest.fixture(scope="module")
def source() -> Source:
    return Source(Article(id="a", text=TEXT))


@pytest.mark.parametrize(
    "sentence",
    [
        "She called it “too deep”.",
        "She said, 'It is too deep'.",
        "The ‘Gull’ sank.",
        'She said, "We will wait ... and then the ferries will sail."',
        'She said "[they] will wait for the spring tide".',
        "The captains' union didn't wait, as the ferries' crews said.",
    ],
)
def test_quoting_leaves_what_is_word_for_word(sentence: str, source: Source) -> None:
    assert list(find_unborne_quotations(sentence, source)) == []
    assert unquote(sentence, source) == sentence


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ('She said, "The harbour was too deep."', "She said, the harbour was too deep."),
        ("“Too deep is the harbour,” she said.", "Too deep is the harbour, she said."),
        ("She called it ‘deep’ and ‘closed harbour’.", "She called it ‘deep’ and closed harbour."),
        ("The captains' union saw a 'sunk Gull'.", "The captains' union saw a sunk Gull."),
    ],
)
def test_quoting_takes_the_marks_from_words_that_stand_otherwise(sentence: str, expected: str, source: Source) -> None:
    assert list(find_unborne_quotations(sentence, source))
    assert unquote(sentence, source) == expected
    assert list(find_unborne_quotations(expected, source)) == []


@pytest.mark.parametrize(
    "sentence",
    [
        'She said, "The harbour is far too dangerous."',  # Invented.
        'She said, "We wait for spring."',  # Whose "we" would it be?
        'She said, "Spring tide will come ... it is too deep."',  # The order is turned round.
        'She said, "The harbour was closed. Ferries wait."',
    ],
)
def test_quoting_leaves_what_cannot_lose_its_marks(sentence: str, source: Source) -> None:
    [reason] = find_unborne_quotations(sentence, source)
    assert reason.endswith("not word for word in the article")
    assert unquote(sentence, source) == sentence

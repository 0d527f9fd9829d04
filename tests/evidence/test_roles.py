"""Roles: what a name is called, and where the article calls it otherwise."""

from __future__ import annotations

import pytest

from summarizer.evidence.claims import find_unsupported
from summarizer.evidence.roles import find_held, find_roles
from summarizer.evidence.source import Source
from summarizer.evidence.words import tokenize
from summarizer.records import Article

TEXT = """Finance Minister Ana Reyes spoke. It was late. The lamps were lit. Ida Holm, the club's former captain, spoke.
She was born here. Nothing else was said. Deputy Prime Minister Bo Lind left. Tess Moor spoke last. The chief
executive, Moor has sold the firm. The keepers waited. Founder Kai Brandt stayed. Nobody minded. The tide was
high. President Jon Varga met a manager. Then a chairman came.""".replace("\n", " ")


@pytest.fixture(scope="module")
def source() -> Source:
    return Source(Article(id="a", text=TEXT))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Prime Minister Ana Reyes spoke.", [("prime minister", "Ana Reyes")]),
        ("The finance minister Ana Reyes spoke.", [("finance minister", "Ana Reyes")]),
        ("Ida Holm, the club's former captain, spoke.", [("captain", "Ida Holm")]),
        ("Captain Holm's boat sank.", [("captain", "Holm")]),
        ("Ida Holm spoke, and the captain left.", []),
    ],
)
def test_roles_are_given_to_the_name_beside_them(text: str, expected: list[tuple[str, str]]) -> None:
    tokens = tokenize(text)
    held = find_held(text, tokens, find_roles(tokens))
    assert [(" ".join(one.role.words), one.name) for one in held] == expected


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        (
            "President Ana Reyes left.",
            "role 'president' of Ana Reyes not in the article; the article has 'finance minister'",
        ),
        ("Manager Ida Holm spoke.", "role 'manager' of Ida Holm not in the article; the article has 'captain'"),
        (
            "Kai Brandt, the chairman, stayed.",
            "role 'chairman' of Kai Brandt not in the article; the article has 'founder'",
        ),
    ],
)
def test_roles_that_the_article_gives_otherwise_are_named(sentence: str, reason: str, source: Source) -> None:
    assert find_unsupported(sentence, source) == (reason,)


@pytest.mark.parametrize(
    "sentence",
    [
        "Ana Reyes, the minister of finance, spoke.",
        "Minister Reyes spoke.",
        "Skipper Holm spoke.",
        "Bo Lind, the deputy prime minister, left.",
        "CEO Tess Moor spoke.",
        "President Varga spoke.",
        "Striker Varga spoke.",  # Of another kind: the article says nothing about it.
    ],
)
def test_roles_that_the_article_may_give_too_are_not_named(sentence: str, source: Source) -> None:
    assert find_unsupported(sentence, source) == ()

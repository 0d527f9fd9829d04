from __future__ import annotations

import pytest

from summarizer.evaluate.briefs_copying import copied_fragments, count_same, measure_copying


def test_briefs_copying_by_hand() -> None:
    # fragments "a b c" and "f g" of six words: coverage (3 + 2) / 6, density (9 + 4) / 6
    copying = measure_copying("a b c d e f g", "A b, c x f g.")
    assert copying.coverage == pytest.approx(5 / 6)
    assert copying.density == pytest.approx(13 / 6)
    assert copying.words == 6


@pytest.mark.parametrize(
    ("source", "brief", "fragments"),
    [
        ("a b x a b c", "a b c", [(0, 3)]),  # the longest of two places
        ("a b c", "b c a b", [(0, 2), (2, 2)]),
        ("a b c", "x y", []),
        ("a b c", "", []),
        ("", "a", []),
        ("a b a b", "a b a b a b", [(0, 4), (4, 2)]),
    ],
)
def test_briefs_copying_finds_longest_fragments(source: str, brief: str, fragments: list[tuple[int, int]]) -> None:
    assert copied_fragments(source.split(), brief.split()) == fragments


def test_briefs_copying_counts_new_sequences_once() -> None:
    copying = measure_copying("a b c", "a b d a b d")
    assert copying.novel == ((1, 3), (2, 3), (3, 3))


def test_briefs_copying_counts_repeated_triples() -> None:
    assert measure_copying("", "a b c a b c").repeated == (1, 4)


def test_briefs_copying_of_an_empty_brief() -> None:
    copying = measure_copying("a b c", "")
    assert (copying.words, copying.coverage, copying.density, copying.repeated) == (0, 0, 0, (0, 0))


@pytest.mark.parametrize(
    ("second", "pairs"),
    [
        ("Ministers closed the old harbour bridge for repairs.", 1),
        ("Repairs of the old harbour bridge were closed to ministers in spring.", 1),
        ("Ferries carry cars and lorries across the strait.", 0),
        ("Ministers closed it.", 0),  # too little to be said twice
    ],
)
def test_briefs_copying_finds_sentences_that_say_the_same(second: str, pairs: int) -> None:
    assert count_same(["The ministers closed the old harbour bridge for repairs.", second]) == pairs

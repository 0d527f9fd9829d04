"""What is chosen for an extractive brief, given what a model says."""

from __future__ import annotations

from summarizer.records import Article
from summarizer.salience.choose import Salience, choose
from summarizer.salience.windows import words_of
from summarizer.sentences import sentence_spans


def said(article: Article, *values: float) -> Salience:
    """A model's word that gives every word of a sentence the sentence's own value."""
    spans = sentence_spans(article)
    words = [words_of(article.body[start:end]) for start, end in spans]
    each = [[value] * len(row) for value, row in zip(values, words, strict=True)]
    return Salience(spans, list(values), words, each, each)


def chosen(article: Article, salience: Salience, max_words: int = 20) -> list[str]:
    return [article.body[start:end] for start, end in choose(article, salience, max_words)]


def test_choose_takes_the_best_in_source_order():
    article = Article(
        id="a",
        text="Arven council met on Monday night. Farmers expect rain in spring soon. Norland opened three new ferry "
        "lines yesterday. Veska raised its bank rate to five.",
    )
    assert chosen(article, said(article, 0.7, 0.1, 0.2, 0.9), 14) == [
        "Arven council met on Monday night.",
        "Veska raised its bank rate to five.",
    ]


def test_choose_keeps_within_max_words():
    article = Article(id="a", text="Arven council met on Monday night. Farmers in Veska expect rain in spring soon.")
    for most in range(1, 20):
        assert sum(len(text.split()) for text in chosen(article, said(article, 0.6, 0.9), most)) <= most


def test_choose_finds_nothing_where_every_sentence_is_too_long():
    article = Article(id="a", text="Arven council met on Monday night. Farmers in Veska expect rain in spring soon.")
    assert choose(article, said(article, 0.9, 0.9), 5) == []


def test_choose_does_not_say_a_thing_twice():
    article = Article(
        id="a",
        text="Arven council opened a ferry terminal on Monday. The Arven council opened a ferry terminal Monday. "
        "Norland sends two ministers to Veska.",
    )
    texts = chosen(article, said(article, 0.8, 0.79, 0.4), 16)
    assert texts == ["Arven council opened a ferry terminal on Monday.", "Norland sends two ministers to Veska."]


def test_choose_takes_a_dangling_sentence_only_behind_the_one_it_points_at():
    article = Article(
        id="a",
        text="Mayor Ilse Tamm opened a ferry terminal on Monday. She also said four islands would get new boats. "
        "Farmers in Veska expect rain.",
    )
    dangling = "She also said four islands would get new boats."
    both = chosen(article, said(article, 0.7, 0.9, 0.1), 30)
    assert both[:2] == ["Mayor Ilse Tamm opened a ferry terminal on Monday.", dangling]
    assert dangling not in chosen(article, said(article, 0.01, 0.9, 0.1), 14)


def test_choose_leaves_bylines_captions_and_adverts_out():
    article = Article(
        id="a",
        text="Arven council met on Monday night.\nBy Ilse Tamm\nImage caption: The harbour of Arven at night.\n"
        "Read more: Ten ferries to see.\nFarmers in Veska expect rain.",
    )
    texts = chosen(article, said(article, 0.5, 0.9, 0.9, 0.9, 0.4), 40)
    assert texts == ["Arven council met on Monday night.", "Farmers in Veska expect rain."]


def test_choose_takes_what_there_is_where_nothing_is_a_story():
    article = Article(id="a", text="Read more: Ten ferries to see.")
    assert chosen(article, said(article, 0.5)) == ["Read more: Ten ferries to see."]


def test_choose_leaves_rules_for_english_aside_in_another_language():
    article = Article(id="a", language="de", text="Der Rat trat am Montag zusammen. He Inseln bekommen neue Boote.")
    assert chosen(article, said(article, 0.1, 0.9), 6) == ["He Inseln bekommen neue Boote."]


def test_choose_aims_at_a_little_less_than_it_may():
    text = " ".join(f"Minister {name} met envoys at port {i}." for i, name in enumerate("ABCDEFGH"))
    article = Article(id="a", text=text)
    words = sum(len(text.split()) for text in chosen(article, said(article, *[0.3] * 8), 60))
    assert 30 <= words <= 60

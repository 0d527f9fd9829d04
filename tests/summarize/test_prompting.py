"""Templates: what is filled in, and what is left as it is."""

from __future__ import annotations

import pytest

from summarizer.summarize.prompting import Prompting, check_template


def test_prompting_leaves_what_an_article_says_as_it_is():
    prompting = Prompting("{title}\n{text}\nIn {max_words} words:", is_chat=False, max_words=50)
    assert prompting.fill("{title} {max_words}", "{text}") == "{text}\n{title} {max_words}\nIn 50 words:"


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("Headline: {title}\nArticle: {text}", "Article: x"),
        ("{text}\n\nHeadline: {title}\nBrief:", "x\n\nBrief:"),
        ("{text}\n{title}", "x\n"),
        ("{text}", "x"),
    ],
)
def test_prompting_leaves_the_titles_line_out_where_there_is_none(template, filled):
    assert Prompting(template, is_chat=False, max_words=50).fill("x") == filled


@pytest.mark.parametrize(
    ("template", "what"),
    [("Say it.", "once"), ("{text} {text}", "once"), ("{title}: {text}", "lines of their own")],
)
def test_prompting_refuses_a_template_that_loses_the_article(template, what):
    with pytest.raises(ValueError, match=what):
        check_template(template)

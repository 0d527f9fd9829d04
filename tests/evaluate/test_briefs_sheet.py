from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape

from summarizer.evaluate.briefs_data import Pair
from summarizer.evaluate.briefs_sheet import draw_pairs, write_sheet
from summarizer.records import Article, Brief, Dropped, Evidence, Sentence, SourceTokens

ATTACK = "<script>alert('x')</script> \"quoted\" & <img src=x onerror=alert(1)>"


def pair(
    *sentences: Sentence,
    text: str = "One two three four.",
    title: str = "Bridge",
    reference: str = "Human.",
    dropped: tuple[Dropped, ...] = (),
    name: str = "a",
) -> Pair:
    brief = Brief(sentences=sentences, backend="causal", source_tokens=SourceTokens(1, 1), dropped=dropped)
    return Pair(Article(id=name, text=text, title=title), reference, brief)


def test_briefs_sheet_escapes_everything() -> None:
    sentence = Sentence(text=ATTACK, origin="replaced", unsupported=(ATTACK,), replaces=ATTACK)
    attacked = pair(
        sentence, text=ATTACK, title=ATTACK, reference=ATTACK, dropped=(Dropped(ATTACK, (ATTACK,)),), name=ATTACK
    )
    page = write_sheet([attacked])
    assert page.count("<script") == 1  # its own
    assert "<img" not in page
    assert page.count("&lt;script&gt;") == 14
    assert 'data-id="&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &quot;quoted' in page


def test_briefs_sheet_policy_allows_its_own_style_and_script_alone() -> None:
    page = write_sheet([pair()])
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert policy[1].startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        own = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.S)
        assert own
        assert f"{tag}-src 'sha256-{b64encode(sha256(own[1].encode()).digest()).decode()}'" in policy[1]
    assert "unsafe" not in policy[1]


def test_briefs_sheet_asks_for_nothing() -> None:
    page = write_sheet([pair()])
    assert not re.search(r"https?:|\bsrc=|\bhref=|@import|url\(|\bstyle=|\bon\w+=", page)


def test_briefs_sheet_marks_overlapping_evidence() -> None:
    spans = [(0, 7), (4, 13), (4, 7)]
    text = "One two three & four."
    sentences = [
        Sentence(text=f"S{number}.", origin="generated", evidence=(Evidence(start, end, text[start:end]),))
        for number, (start, end) in enumerate(spans)
    ]
    page = write_sheet([pair(*sentences, text=text)])
    article = page.partition('<div class="article" dir="auto">')[2].partition("</div>")[0]
    marks = re.findall(r'<mark data-for="([\d ]+)">(?:<sup[^>]*>([\d, ]+)</sup>)?([^<]*)</mark>', article)
    assert marks == [("1", "1", "One "), ("1 2 3", "2, 3", "two"), ("2", "", " three")]
    assert unescape(re.sub(r"<sup[^>]*>.*?</sup>|<[^>]*>", "", article)) == text


def test_briefs_sheet_sentence_has_number_and_reason() -> None:
    flagged = Sentence(text="45 weeks.", origin="generated", support=0.5, unsupported=("number 45 not in the article",))
    page = write_sheet([pair(Sentence(text="One", origin="verbatim"), flagged)])
    assert '<li class="verbatim">' in page
    assert '<li class="flagged">' in page
    why = "<b>2. written by the model, not borne out</b>; support 0.50; number 45 not in the article."
    assert f'<p class="why" id="p1s2">{why}</p>' in page
    assert 'data-for="2" aria-describedby="p1s2">45 weeks.</button>' in page


def test_briefs_sheet_leaves_out_spans_of_another_text() -> None:
    stray = Sentence(text="S.", origin="generated", evidence=(Evidence(0, 3, "Six"), Evidence(4, 7, "two")))
    page = write_sheet([pair(stray)])
    assert page.count("<mark") == 1
    assert "1 of its spans do not fit this article" in page


def test_briefs_sheet_says_that_a_brief_is_empty() -> None:
    assert "The brief is empty." in write_sheet([pair()])


def test_briefs_sheet_draws_the_same_articles_for_a_seed() -> None:
    pairs = [pair(name=str(number)) for number in range(40)]
    drawn = [own.article.id for own in draw_pairs(pairs, 10, 1)]
    assert drawn == [own.article.id for own in draw_pairs(pairs, 10, 1)]
    assert drawn != [own.article.id for own in draw_pairs(pairs, 10, 2)]
    assert drawn == sorted(drawn, key=int)
    assert draw_pairs(pairs, 50, 1) == pairs

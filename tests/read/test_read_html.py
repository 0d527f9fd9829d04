from __future__ import annotations

from pathlib import Path

import pytest
from read_cases import articles, failures, read_all

BODY = "The harbour council opened the new bridge on Tuesday after two years of work, and the café reopened. "
PAGE = """{declaration}<html lang="en"><head>{charset}<title>Bridge opens | Example Wire</title>
<meta property="article:published_time" content="2026-03-04T10:00:00Z"><meta name="author" content="Ann Writer">
</head><body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>Bridge opens</h1><p>{body}</p><p>It will close at ten each night, the council said on its page.</p>
</article>
<footer>All rights reserved</footer></body></html>"""


def page(**parts: str) -> str:
    return PAGE.format(**({"declaration": "", "charset": "", "body": BODY * 3} | parts))


def test_html_article_is_found(tmp_path: Path) -> None:
    path = tmp_path / "bridge.html"
    path.write_text(page(), encoding="utf-8")
    [article] = articles(read_all(path))
    assert (article.id, article.title, article.date) == ("bridge", "Bridge opens", "2026-03-04")
    assert article.text.startswith("The harbour council")
    assert article.text.endswith("the council said on its page.")
    assert article.fields == {"author": "Ann Writer"}
    assert article.warnings == ()


def test_html_declared_encoding_is_used_and_said(tmp_path: Path) -> None:
    path = tmp_path / "bridge.htm"
    body = BODY.replace("café", "kávéház").replace("years", "ő ű years") * 3
    path.write_bytes(page(charset='<meta charset="iso-8859-2">', body=body).encode("iso-8859-2"))
    [article] = articles(read_all(path))
    assert "kávéház" in article.text
    assert "ő ű" in article.text
    assert article.warnings == ("read as iso8859-2 (declared), not UTF-8",)


@pytest.mark.parametrize("charset", ["", '<meta charset="no-such">', '<meta charset="iso-8859-1">'])
def test_html_western_page_is_read_whatever_it_declares(tmp_path: Path, charset: str) -> None:
    path = tmp_path / "bridge.html"
    path.write_bytes(page(charset=charset, body=BODY.replace("work,", "“work”,") * 3).encode("cp1252"))
    [article] = articles(read_all(path))
    assert "“work”, and the café" in article.text


def test_html_xml_declaration_is_no_hindrance(tmp_path: Path) -> None:
    path = tmp_path / "bridge.xhtml"
    path.write_text(page(declaration='<?xml version="1.0" encoding="iso-8859-1"?>\n'), encoding="utf-8")
    assert "café" in articles(read_all(path))[0].text


@pytest.mark.parametrize("text", ["<html><body></body></html>", "words alone"])
def test_html_without_an_article_fails(tmp_path: Path, text: str) -> None:
    path = tmp_path / "page.html"
    path.write_text(text)
    assert failures(read_all(path))[0].what == "no article was found in the page"


def test_html_date_is_never_guessed(tmp_path: Path) -> None:
    path = tmp_path / "bridge.html"
    stated = '<meta property="article:published_time" content="2026-03-04T10:00:00Z">'
    path.write_text(page().replace(stated, ""), encoding="utf-8")
    assert articles(read_all(path))[0].date is None

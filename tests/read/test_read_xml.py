"""XML that is broken, hostile or something else: a clear failure, nothing expanded, nothing fetched."""

from __future__ import annotations

import time
from pathlib import Path

import news_documents as news
import pytest
from news_documents import TEXT
from read_cases import articles, failures, read_all

from summarizer.read.markup import text_of_html
from summarizer.safe_xml import XmlFault, parse_xml, root_name, xml_safe

BODY = "<body><body.content><p>{}</p></body.content></body>"
SECRET = "the secret of the harbour"


def laughs(root: str) -> str:
    levels = "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(9))
    return f'<!DOCTYPE {root} [<!ENTITY a0 "ha">{levels}]><{root} x="&a9;">{BODY.format("&a9;")}</{root}>'


@pytest.mark.parametrize("root", ["nitf", "newsItem", "newsMessage", "rss", "feed"])
def test_xml_billion_laughs_are_refused_at_once(tmp_path: Path, root: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(laughs(root))
    before = time.process_time()
    [failure] = failures(read_all(path))
    assert failure.what == "declares entities of its own ('a0')"
    assert time.process_time() - before < 5


@pytest.mark.parametrize("before", ["", "<!-- <p> -->", '<?xml version="1.0"?>\n<?x <p>?>'])
@pytest.mark.parametrize("entity", ['x SYSTEM "{}"', '% x SYSTEM "{}"', 'x PUBLIC "-" "{}"'])
@pytest.mark.parametrize("root", ["nitf", "rss"])
def test_xml_external_entities_are_refused(tmp_path: Path, root: str, entity: str, before: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    path = tmp_path / "a.xml"
    declared = entity.format(secret.as_uri())
    path.write_text(f"{before}<!DOCTYPE {root} [<!ENTITY {declared}>]><{root}>{BODY.format('&x;')}</{root}>")
    entries = read_all(path)
    assert "declares entities of its own" in failures(entries)[0].what
    assert SECRET not in str(entries)


def test_xml_document_type_elsewhere_is_not_loaded(tmp_path: Path) -> None:
    dtd = tmp_path / "nitf.dtd"
    dtd.write_text(f'<!ENTITY x "{SECRET}"><!ENTITY % y "">')
    path = tmp_path / "a.xml"
    path.write_text(f'<!DOCTYPE nitf SYSTEM "{dtd.as_uri()}"><nitf>{BODY.format("Fine&nbsp;&mdash; &x;.")}</nitf>')
    [article] = articles(read_all(path))
    assert article.text == "Fine\xa0— &x;."


def test_xml_inclusions_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(SECRET)
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="secret.txt" parse="text"/>'
    path = tmp_path / "a.xml"
    path.write_text(f"<nitf>{BODY.format('Fine.' + include)}</nitf>")
    assert articles(read_all(path))[0].text == "Fine."


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "is empty"),
        ("  \n", "not XML (no element found"),
        ("words alone", "not XML (syntax error"),
        ("<nitf><body>", "not well-formed XML (premature end"),
        (f"<nitf>{BODY.format('a & b')}</nitf>", "not well-formed XML"),
        (f"<nitf>{BODY.format('a &nbsp; b')}</nitf>", "entity 'nbsp' not defined"),
        (f"<nitf>{BODY.format('a' + chr(2))}</nitf>", "not well-formed XML"),
        ("<nitf>" + "<p>" * 400 + "</p>" * 400 + "</nitf>", "excessive depth"),
        ("<nitf/>", "an NITF document without text"),
        ("<newsItem/>", "a NewsML-G2 item without text (itemClass missing)"),
        ("<newsMessage/>", "holds no articles"),
        ("<NewsML/>", "<NewsML> stands for NewsML 1, which is not read"),
        ("<html/>", "<html> stands for a web page"),
        ("<other/>", "<other> stands for no format that is read"),
    ],
)
def test_xml_that_cannot_be_read_fails(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(text)
    assert what in failures(read_all(path))[0].what


def test_xml_of_another_format_than_named_fails(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(news.NITF)
    [failure] = failures(read_all(path, format="newsml-g2"))
    assert failure.what == "the root element <nitf> is that of nitf, not newsml-g2"


def test_xml_feed_with_tags_nested_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.rss"
    path.write_text("<rss><channel><item>" + "<a>" * 50_000)
    assert "nested 50003 deep, the limit is 2000" in failures(read_all(path))[0].what


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
@pytest.mark.parametrize("declared", [True, False])
def test_xml_in_any_encoding(tmp_path: Path, encoding: str, declared: bool) -> None:
    path = tmp_path / "a.xml"
    name = "iso-8859-1" if encoding == "latin-1" else encoding.removesuffix("-sig")
    declaration = f'<?xml version="1.0" encoding="{name}"?>' if declared else ""
    path.write_bytes((declaration + news.news_item()).encode(encoding))
    assert articles(read_all(path))[0].text == TEXT


def test_xml_encoding_that_lies_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(news.NITF.replace("caf&eacute;", "café").encode("latin-1"))
    [article] = articles(read_all(path))
    assert article.text == TEXT
    assert article.warnings == ("read as cp1252 (detected), not UTF-8",)


def test_xml_root_is_found_without_reading_on() -> None:
    assert root_name('<?xml version="1.0"?><a:b xmlns:a="urn:x"><<<') == ("urn:x", "b")


def test_xml_safe_keeps_the_length() -> None:
    assert xml_safe("a\x00b\ud800c\ufffed\te😀") == "a\ufffdb\ufffdc\ufffdd\te😀"
    every = "".join(map(chr, (*range(0x20), 0x7F, 0x85, 0xD7FF, *range(0xD800, 0xD810), 0xFFFE, 0xFFFF, 0x10FFFF)))
    assert len(parse_xml(f"<a>{xml_safe(every)}</a>").text) == len(every)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("<p>Hello <b>wor</b>ld &amp; &eacute;<p>next<script>x()</script>", "Hello world & é\n\nnext"),
        ("one<br>two<br/><br/>three", "one\ntwo\nthree"),
        ("<ul><li>a</li><li>b</li></ul>tail", "a\n\nb\n\ntail"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n\n3"),
        ("<pre>a\n b</pre>", "a\nb"),
        ("<html><head><title>t</title></head><body><p>a</p></body></html>", "a"),
        ('<?xml version="1.0" encoding="ascii"?><p>é</p>', "é"),
        ("<p>a<!-- c -->b</p>", "ab"),
        ("<figure><figcaption>c</figcaption></figure>after", "after"),
    ],
)
def test_markup_becomes_paragraphs(markup: str, text: str) -> None:
    assert text_of_html(markup) == text


def test_markup_nested_too_deep_is_refused_and_not_cut_short() -> None:
    with pytest.raises(XmlFault, match="nested more than 256 deep"):
        text_of_html("<div>" * 1000 + "lost")

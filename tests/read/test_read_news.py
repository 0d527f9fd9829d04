"""The news formats: what of each becomes which part of an article, and how each is told from the others."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import news_documents as news
import pytest
from news_documents import DATE, FIRST, TEXT, TITLE, URI
from read_cases import STORY, articles, failures, read_all

from summarizer.documents import SOURCE_DOCUMENT
from summarizer.read import InputOptions, read
from summarizer.records import Article, Failure

WHOLE = {
    "ninjs-3.json": (news.dumped(news.NINJS_3), "ninjs"),
    "ninjs-2.json": (news.dumped(news.NINJS_2), "ninjs"),
    "ninjs-1.json": (news.dumped(news.NINJS_1), "ninjs"),
    "xhtml.xml": (news.news_item(), "newsml-g2"),
    "g2-nitf.xml": (news.news_item(news.NITF_CONTENT), "newsml-g2"),
    "message.newsml": (news.news_message(news.news_item()), "newsml-g2"),
    "nitf.xml": (news.NITF, "nitf"),
    "atom.xml": (news.ATOM, "atom"),
}
"""The same story in every format that can say all of it."""


def read_text(tmp_path: Path, name: str, text: str | bytes, **options: Any) -> list[Article | Failure]:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_all(path, **options)


def one(tmp_path: Path, name: str, text: str | bytes, **options: Any) -> Article:
    [article] = articles(read_text(tmp_path, name, text, **options))
    return article


@pytest.mark.parametrize("name", WHOLE)
def test_news_story_is_the_same_in_every_format(tmp_path: Path, name: str) -> None:
    text, format = WHOLE[name]
    article = one(tmp_path, name, text)
    assert (article.id, article.title, article.text) == (URI, TITLE, TEXT)
    assert (article.date, article.language, article.warnings) == (DATE, "en", ())
    assert article.fields["author"] == "Ann Writer"
    assert article.fields[SOURCE_DOCUMENT]["format"] == format


@pytest.mark.parametrize("name", [name for name in WHOLE if "atom" not in name])
def test_news_facts_have_one_name_in_every_format(tmp_path: Path, name: str) -> None:
    fields = one(tmp_path, name, WHOLE[name][0]).fields
    assert fields["urgency"] == 3
    assert fields.get("pubstatus", "usable") == "usable"
    subjects = [subject.get("name") for subject in fields.get("subjects", [])]
    assert subjects in (["accords"], ["Diplomacy"], [])


def test_news_abstract_is_kept_as_a_fact(tmp_path: Path) -> None:
    assert one(tmp_path, "a.json", news.dumped(news.NINJS_1)).fields["abstract"] == "Two ministers."
    assert one(tmp_path, "a.xml", news.NITF).fields["abstract"] == "Two ministers."


def test_news_other_formats_carry_no_document(tmp_path: Path) -> None:
    assert SOURCE_DOCUMENT not in one(tmp_path, "a.jsonl", json.dumps({"text": STORY, "desk": 1})).fields


def test_ninjs_document_is_kept_whole(tmp_path: Path) -> None:
    document = one(tmp_path, "a.json", news.dumped(news.NINJS_3)).fields[SOURCE_DOCUMENT]
    assert document == {"format": "ninjs", "content": news.NINJS_3}


def test_ninjs_lines_lists_and_pictures(tmp_path: Path) -> None:
    picture = {"uri": "urn:x:2", "type": "picture", "headlines": [{"value": "A picture"}]}
    items = [news.NINJS_2, picture, 5, {"text": STORY, "id": "plain", "uri": "x", "type": "text"}]
    for name, text in (("a.json", news.dumped(items)), ("b.jsonl", "\n".join(map(news.dumped, items)))):
        entries = read_text(tmp_path, name, text)
        assert [article.id for article in articles(entries)] == [URI, "plain"]
        first, second = failures(entries)
        assert first.what == "a ninjs item of type 'picture' without a body"
        assert (first.id, first.where) == ("urn:x:2", f"{tmp_path / name}:2")
        assert second.what == "not a JSON object but a number"


def test_ninjs_is_known_only_where_the_format_is_not_named(tmp_path: Path) -> None:
    [failure] = failures(read_text(tmp_path, "a.json", news.dumped(news.NINJS_2), format="jsonl"))
    assert "no field 'text'" in failure.what
    [entry] = read_text(tmp_path, "b.json", json.dumps({"text": STORY}), format="ninjs")
    assert isinstance(entry, Failure)
    assert "without a body" in entry.what


def test_ninjs_from_standard_input_may_span_lines() -> None:
    stream = io.BytesIO(json.dumps(news.NINJS_3, indent=2).encode())
    [article] = read(InputOptions(format="ninjs"), stdin=stream)
    assert isinstance(article, Article)
    assert article.id == URI


def test_ninjs_prefers_the_plain_body(tmp_path: Path) -> None:
    bodies = [
        {"contentType": "text/html", "value": "<p>Marked up.</p>"},
        {"contentType": "text/plain", "value": "Plain."},
    ]
    assert one(tmp_path, "a.json", news.dumped(news.NINJS_3 | {"bodies": bodies})).text == "Plain."


@pytest.mark.parametrize(
    "odd",
    [
        {"bodies": [5, None, {"value": 7}, {"value": "<p>Ok</p>", "contentType": 5}]},
        {"headlines": {"a": 1}, "subjects": "x", "infoSources": [3], "urgency": "high", "associations": 5},
        {"descriptions": "x", "uri": URI, "language": ["en"], "versionCreated": 2026, "by": {"name": "x"}},
    ],
)
def test_ninjs_values_of_the_wrong_kind_are_passed_over(tmp_path: Path, odd: dict[str, Any]) -> None:
    item = {"uri": URI, "bodies": [{"value": "Ok"}]} | odd
    assert one(tmp_path, "a.json", news.dumped(item)).text == "Ok"


def test_ninjs_of_superdesk_has_a_guid(tmp_path: Path) -> None:
    item = {"guid": "tag:x", "type": "text", "body_html": "<p>One.</p><p>Two.</p>", "keywords": ["a", 5]}
    article = one(tmp_path, "a.json", news.dumped(item))
    assert (article.id, article.text, article.fields["keywords"]) == ("tag:x", "One.\n\nTwo.", ["a"])


def test_newsml_message_gives_items_and_failures_in_order(tmp_path: Path) -> None:
    items = [
        news.news_item(guid="urn:x:1"),
        news.news_item("", guid="urn:x:2", kind="picture"),
        f'<packageItem xmlns="{news.G2}" guid="urn:x:3"/>',
        news.news_item(guid="urn:x:4"),
    ]
    first, second, third, fourth = read_text(tmp_path, "a.xml", news.news_message(*items))
    assert isinstance(first, Article)
    assert isinstance(fourth, Article)
    assert (first.id, fourth.id, fourth.source) == ("urn:x:1", "urn:x:4", f"{tmp_path / 'a.xml'}:4")
    assert isinstance(second, Failure)
    assert isinstance(third, Failure)
    assert second.what == "a NewsML-G2 item without text (itemClass ninat:picture)"
    assert third.what == "a packageItem of NewsML-G2, which holds no text"


def test_newsml_envelope_is_that_of_the_message_without_its_items(tmp_path: Path) -> None:
    document = one(tmp_path, "a.xml", news.news_message(news.news_item())).fields[SOURCE_DOCUMENT]
    assert "norland.example</sender>" in document["envelope"]
    assert "newsItem" not in document["envelope"]
    assert document["content"].startswith("<newsItem")


def test_newsml_says_what_it_evolved_from(tmp_path: Path) -> None:
    fields = one(tmp_path, "a.xml", news.news_item()).fields
    assert (fields["version"], fields["evolvedfrom"]) == ("2", "urn:newsml:norland.example:20260310:earlier")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ('<inlineData contenttype="text/plain">One\nline.\n\n\n Two.</inlineData>', "One\nline.\n\n Two."),
        ('<inlineData contenttype="text/html">&lt;p>One.&lt;/p>&lt;p>Two.&lt;/p></inlineData>', "One.\n\nTwo."),
        ('<inlineData contenttype="text/plain"><![CDATA[ <p>One.</p> ]]></inlineData>', "One."),
        ("<inlineXML><p>A piece.</p></inlineXML>", "A piece."),
        ('<remoteContent href="x"/><inlineXML/><inlineData>Third.</inlineData>', "Third."),
        ('<inlineXML><s:table xmlns:s="x"><s:p>4 2</s:p></s:table></inlineXML>', None),
        ('<inlineData encoding="base64">QUJD</inlineData>', None),
    ],
)
def test_newsml_content_in_each_form(tmp_path: Path, content: str, text: str | None) -> None:
    [entry] = read_text(tmp_path, "a.xml", news.news_item(content))
    assert (entry.text if isinstance(entry, Article) else None) == text


def test_nitf_documents_one_after_the_other(tmp_path: Path) -> None:
    broken = '<?xml version="1.0"?><nitf><body>'
    first, second, third = read_text(tmp_path, "a.nitf", f"{news.NITF}{broken}\n{news.NITF}")
    assert isinstance(second, Failure)
    assert "not well-formed" in second.what
    assert isinstance(first, Article)
    assert isinstance(third, Article)
    assert (first.id, third.source) == (URI, f"{tmp_path / 'a.nitf'}:3")


def test_nitf_with_a_prefix_and_without_names_takes_the_file_name(tmp_path: Path) -> None:
    text = '<n:nitf xmlns:n="x"><n:body><n:body.content><n:p>Short.</n:p></n:body.content></n:body></n:nitf>'
    article = one(tmp_path, "flash.xml", text)
    assert (article.id, article.text, article.title, article.date) == ("flash", "Short.", "", None)


@pytest.mark.parametrize(
    ("norm", "date"),
    [
        ("20260310T101500Z", "2026-03-10T10:15:00Z"),
        ("20260310", "2026-03-10"),
        ("20260310T1015+0100", "2026-03-10T10:15:00+01:00"),
        ("10 March", "10 March"),
    ],
)
def test_nitf_dates(tmp_path: Path, norm: str, date: str) -> None:
    assert one(tmp_path, "a.xml", news.NITF.replace("20260310T101500+0100", norm)).date == date


def test_feed_of_rss(tmp_path: Path) -> None:
    first, second = articles(read_text(tmp_path, "wire.rss", news.RSS))
    assert (first.id, first.title, first.text, first.language) == (URI, TITLE, TEXT, "en")
    assert first.date == "Tue, 10 Mar 2026 10:15:00 +0100"
    assert first.fields["abstract"] == "Two ministers signed."
    assert (first.fields["keywords"], first.fields["subjects"]) == (["harbour"], [{"code": "7"}])
    assert (second.id, second.text) == ("https://norland.example/cheese", "The cheese fair of Vestria opened.")
    assert "<nw:mood>calm</nw:mood>" in first.fields[SOURCE_DOCUMENT]["content"]
    assert "<item" not in first.fields[SOURCE_DOCUMENT]["envelope"]
    assert "Norland Wire" in first.fields[SOURCE_DOCUMENT]["envelope"]


def test_feed_that_is_broken_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    [article] = articles(read_text(tmp_path, "a.rss", news.RSS.replace("All news", "All & more").split("<item>")[0]))
    assert article.text == TEXT
    assert article.fields[SOURCE_DOCUMENT]["content"] == ""
    assert "its items were read all the same" in article.warnings[0]


def test_feed_items_without_text_fail_alone(tmp_path: Path) -> None:
    text = news.RSS.replace("<description>The cheese fair of Vestria opened.</description>", "")
    entries = read_text(tmp_path, "a.xml", text)
    assert len(articles(entries)) == 1
    assert failures(entries)[0].what == "an item without description or content"


def test_feed_that_is_empty_says_so(tmp_path: Path) -> None:
    [failure] = failures(read_text(tmp_path, "a.rss", '<rss version="2.0"><channel><title>x</title></channel></rss>'))
    assert failure.what == "holds no articles"


def test_feed_address_in_a_file_is_never_fetched(tmp_path: Path) -> None:
    [failure] = failures(read_text(tmp_path, "a.rss", "http://127.0.0.1:9/feed.xml"))
    assert failure.what.startswith("not XML")


def test_wire_of_iptc_7901(tmp_path: Path) -> None:
    article = one(tmp_path, "in.txt", news.IPTC7901)
    assert (article.id, article.title, article.text) == ("in-nwa-0012", TITLE, TEXT)
    assert article.date == "2026-03-10T09:15:00Z"
    assert article.fields["header"] == {
        **{"source": "nwa", "number": "0012", "priority": "3", "category": "i", "words": "42"},
        **{"information": "nw 0027", "keyword": "Accord/Norland"},
    }
    assert (article.fields["author"], article.fields["urgency"]) == ("By Ann Writer", 3)
    assert article.fields[SOURCE_DOCUMENT]["content"].startswith("\x01nwa0012")


def test_wire_of_anpa(tmp_path: Path) -> None:
    article = one(tmp_path, "in.anpa", news.ANPA)
    assert (article.id, article.title, article.date) == ("in-W-2870", TITLE, "2026-03-10T09:15:00Z")
    assert article.text == "HALVIK, Norland (NW) — The ministers signed an accord.\n\n“It covers patrols,” one said."
    assert article.fields["header"]["keyword"] == "BC-NW--Accord"
    assert article.fields["header"]["words"] == "0042"


def test_wire_text_file_is_read_as_it_is_where_the_format_is_named(tmp_path: Path) -> None:
    assert one(tmp_path, "in.txt", news.IPTC7901, format="text").text == news.IPTC7901


def test_wire_messages_in_one_file(tmp_path: Path) -> None:
    both = news.IPTC7901 + "\r\n" + news.IPTC7901.replace("0012", "0013")
    assert [a.id for a in articles(read_text(tmp_path, "in.iptc", both))] == ["in-1-nwa-0012", "in-2-nwa-0013"]
    [failure] = failures(read_text(tmp_path, "in.txt", both))
    assert (failure.what, failure.mend) == ("2 wire messages in a text file", "Set input.format to iptc7901.")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Just words.", "no wire message"),
        ("\x01nwa0012 3 i 42\r\n", "no start of text"),
        ("\x01nwa0012 3 i 42\r\n\x02\x03", "a wire message without text"),
    ],
)
def test_wire_that_cannot_be_read_fails(tmp_path: Path, text: str, what: str) -> None:
    assert what in failures(read_text(tmp_path, "in.iptc", text))[0].what


def test_wire_that_is_cut_off_says_so(tmp_path: Path) -> None:
    article = one(tmp_path, "in.iptc", news.IPTC7901.split("\x03")[0])
    assert article.text.startswith(FIRST)
    assert article.warnings == ("the message has no end of text (byte 0x03); it may be cut off",)


def test_wire_in_latin_1_is_detected(tmp_path: Path) -> None:
    article = one(tmp_path, "in.iptc", news.IPTC7901.encode("latin-1"))
    assert article.text == TEXT
    assert article.warnings == ("read as cp1252 (detected), not UTF-8",)


def test_wire_in_a_national_set_is_read_where_it_is_named(tmp_path: Path) -> None:
    message = "\x01dwa0001 4 pl 9\r\n\x02Gr|~e =\r\n\r\nM{nner fuhren f}r die Gr|~e }ber die Stra~e.\r\n\x03"
    article = one(tmp_path, "in.iptc", message, encoding="iso646-de")
    assert (article.title, article.text) == ("Größe", "Männer fuhren für die Größe über die Straße.")
    assert "iso646-de" in one(tmp_path, "in.iptc", message).warnings[0]


def g2_status(status: str, embargoed: str = "") -> str:
    """Return the story as NewsML-G2 with a publishing status, and an ``embargoed`` element before it."""
    return news.news_item().replace(
        '<pubStatus qcode="stat:usable"/>', f'{embargoed}<pubStatus qcode="stat:{status}"/>'
    )


def nitf_status(status: str, release: str = "") -> str:
    """Return the story as NITF with a management status, and a time of release."""
    text = news.NITF.replace('management-status="usable"', f'management-status="{status}"')
    return text.replace("<urgency", f'<date.release norm="{release}"/><urgency') if release else text


NO_USE = "not for publication"
LATER = "2026-03-11T06:00:00Z"


@pytest.mark.parametrize(
    ("name", "text", "warnings"),
    [
        ("a.xml", g2_status("canceled"), [f"marked 'canceled' by its provider: {NO_USE}"]),
        ("a.xml", g2_status("withheld"), [f"marked 'withheld' by its provider: {NO_USE}"]),
        ("a.xml", g2_status("usable", "<embargoed/>"), [f"marked 'embargoed' by its provider: {NO_USE}"]),
        (
            "a.xml",
            g2_status("usable", f"<embargoed>{LATER}</embargoed>"),
            [f"embargoed until {LATER}: {NO_USE} before"],
        ),
        ("a.xml", g2_status("usable", f"<embargoed>{DATE}</embargoed>"), []),
        (
            *("a.xml", g2_status("withheld", f"<embargoed>{LATER}</embargoed>")),
            [f"marked 'withheld' by its provider: {NO_USE}", f"embargoed until {LATER}: {NO_USE} before"],
        ),
        ("b.xml", nitf_status("canceled"), [f"marked 'canceled' by its provider: {NO_USE}"]),
        ("b.xml", nitf_status("embargoed", "20260311T060000Z"), [f"embargoed until {LATER}: {NO_USE} before"]),
        ("b.xml", nitf_status("usable", "20260311T060000Z"), [f"embargoed until {LATER}: {NO_USE} before"]),
        ("b.xml", nitf_status("usable", "20260310T101500+0100"), []),
        ("b.xml", nitf_status("usable", "YYYYMMDDT000000"), []),
        (
            *("c.json", news.dumped(news.NINJS_3 | {"pubStatus": "canceled"})),
            [f"marked 'canceled' by its provider: {NO_USE}"],
        ),
        (
            *("c.json", news.dumped(news.NINJS_3 | {"embargoedUntil": LATER})),
            [f"embargoed until {LATER}: {NO_USE} before"],
        ),
        (
            *("c.json", news.dumped(news.NINJS_1 | {"embargoed": "Next Monday"})),
            [f"embargoed until Next Monday: {NO_USE} before"],
        ),
        ("c.json", news.dumped(news.NINJS_2 | {"embargoed": "2026-03-09T06:00:00Z"}), []),
    ],
)
def test_news_that_is_not_for_publication_says_so(tmp_path: Path, name: str, text: str, warnings: list[str]) -> None:
    assert list(one(tmp_path, name, text).warnings) == warnings


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.xml", g2_status("canceled").replace(news.XHTML_CONTENT, "")),
        ("b.xml", nitf_status("canceled").replace("<body.content", "<x").replace("</body.content", "</x")),
        ("c.json", news.dumped({"uri": URI, "type": "text", "pubstatus": "canceled"})),
    ],
)
def test_news_that_is_canceled_and_empty_says_so(tmp_path: Path, name: str, text: str) -> None:
    [failure] = failures(read_text(tmp_path, name, text))
    assert failure.what.endswith(", marked 'canceled' by its provider")


def test_nitf_headline_that_the_text_repeats_is_left_out(tmp_path: Path) -> None:
    text = news.NITF.replace('<media media-type="image">', f'<p>{TITLE}</p><media media-type="image">')
    assert one(tmp_path, "a.xml", text).text == TEXT


def test_nitf_title_of_an_author_is_a_word_of_its_own(tmp_path: Path) -> None:
    text = news.NITF.replace("<person>Writer</person>", "<person>Writer</person><byttl>Norland Wire</byttl>")
    assert one(tmp_path, "a.xml", text).fields["author"] == "Ann Writer Norland Wire"


def test_feed_language_is_that_of_the_text(tmp_path: Path) -> None:
    text = news.ATOM.replace('<content type="xhtml">', '<summary xml:lang="fr">Bref.</summary><content type="xhtml">')
    assert one(tmp_path, "a.xml", text).language == "en"


@pytest.mark.parametrize("name", ["a.xml", "b.xml", "c.xml", "d.xml"])
@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("UTF-8", "ISO-8859-1", 1).encode("latin-1"),
        lambda text: text.replace("UTF-8", "UTF-16", 1).encode("utf-16"),
    ],
    ids=["mark", "crlf", "latin-1", "utf-16"],
)
def test_news_xml_in_any_encoding_is_the_same_story(tmp_path: Path, name: str, encode: Any) -> None:
    declared = '<?xml version="1.0" encoding="UTF-8"?>\n'
    stories = {"a.xml": declared + news.news_item(), "b.xml": news.NITF, "c.xml": news.ATOM, "d.xml": news.RSS}
    article = articles(read_text(tmp_path, name, encode(stories[name])))[0]
    assert (article.title, article.text) == (TITLE, TEXT)

"""The news formats as outputs: what is added, that nothing else changes, and that it can be read and made again."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import news_documents as news
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from news_documents import URI
from written import MADE_BY, TAGS, full_brief, record

from summarizer.documents import SOURCE_DOCUMENT
from summarizer.read import InputOptions, read
from summarizer.records import Article, Brief, Record, Tag, Topic
from summarizer.safe_xml import parse_xml
from summarizer.write import FORMATS, OutputOptions, open_output, pick_format
from summarizer.write.news import article_uri, iso

SOURCES = {
    "ninjs-3.json": (news.dumped(news.NINJS_3), "ninjs"),
    "ninjs-2.json": (news.dumped(news.NINJS_2), "ninjs"),
    "ninjs-1.json": (news.dumped(news.NINJS_1), "ninjs"),
    "item.xml": (news.news_item(), "newsml-g2"),
    "g2-nitf.xml": (news.news_item(news.NITF_CONTENT), "newsml-g2"),
    "message.xml": (news.news_message(news.news_item()), "newsml-g2"),
    "nitf.xml": (news.NITF, "nitf"),
    "rss.xml": (news.RSS, "rss"),
    "atom.xml": (news.ATOM, "atom"),
}
NEWS = ("ninjs", "ninjs-2", "newsml-g2", "nitf", "rss", "atom")
TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TOPICS = "http://cv.iptc.org/newscodes/mediatopic/"
BRIEF = full_brief().text


def articles_of(tmp_path: Path, name: str, data: str | bytes) -> list[Article]:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    entries = list(read(InputOptions(path=str(path))))
    assert all(isinstance(entry, Article) for entry in entries), entries
    return entries  # type: ignore[return-value]


def recorded(article: Article, brief: Brief | None = None, tags: tuple[Tag, ...] | None = None) -> Record:
    return Record(article=article, brief=brief, tags=tags, needs_review=False, made_by=MADE_BY)


def full(article: Article) -> Record:
    return recorded(article, full_brief(), TAGS)


def encoded(format: str, records: list[Record], window: int = 2) -> bytes:
    encoder = FORMATS[format].load()
    windows = [records[i : i + window] for i in range(0, len(records), window)]
    return encoder.start() + b"".join(map(encoder.encode, windows)) + encoder.end()


def shape(node: Any) -> Any:
    """Return an element as nested tuples; indentation and namespace declarations say nothing."""

    def words(text: str | None) -> str:
        return text if text and text.strip() else ""

    name = node.tag if isinstance(node.tag, str) else node.tag.__name__
    attributes = sorted(node.attrib.items()) if isinstance(node.tag, str) else []
    return name, attributes, words(node.text), [(*shape(child), words(child.tail)) for child in node]


def same(format: str, one: bytes, other: bytes) -> bool:
    if format == "ninjs":
        return bool(json.loads(one) == json.loads(other))
    return bool(shape(parse_xml(one.decode())) == shape(parse_xml(other.decode())))


def lost(before: Any, after: Any) -> list[str]:
    """Return the elements that are in one tree and not in the other, and those whose attributes or text changed."""
    missing: list[str] = []

    def compare(old: Any, new: Any) -> None:
        keys = {"attrib": dict(old.attrib) == dict(new.attrib)} if isinstance(old.tag, str) else {}
        if not all(keys.values()) or (old.text or "").strip() != (new.text or "").strip():
            missing.append(str(old.tag))
        rest = iter(new)
        for child in old:
            twin = next((node for node in rest if node.tag == child.tag), None)
            if twin is None:
                missing.append(str(child.tag))
            else:
                compare(child, twin)

    compare(before, after)
    return missing


@pytest.mark.parametrize("name", SOURCES)
def test_news_without_brief_and_tags_is_what_came_in(tmp_path: Path, name: str) -> None:
    text, format = SOURCES[name]
    out = encoded(format, [recorded(article) for article in articles_of(tmp_path, name, text)])
    assert same(format, out, text.encode())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from([*news.NINJS_3, *news.NINJS_2, *news.NINJS_1, "standard", "own"])


@given(st.dictionaries(KEYS, JSON, max_size=6))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_ninjs_with_anything_in_it_comes_out_as_it_was(tmp_path: Path, odd: dict[str, Any]) -> None:
    item = odd | {"uri": URI, "bodies": [{"value": "Words."}]}
    [article] = articles_of(tmp_path, "a.json", json.dumps(item))
    assert json.loads(encoded("ninjs", [recorded(article)])) == item
    assert BRIEF in encoded("ninjs", [full(article)]).decode()


@pytest.mark.parametrize("name", SOURCES)
def test_news_with_brief_and_tags_loses_nothing(tmp_path: Path, name: str) -> None:
    text, format = SOURCES[name]
    out = encoded(format, [full(article) for article in articles_of(tmp_path, name, text)])
    if format != "ninjs":
        assert lost(parse_xml(text), parse_xml(out.decode())) == []
        return
    before, after = json.loads(text), json.loads(out)
    for key, value in before.items():
        if isinstance(value, list):
            assert after[key][: len(value)] == value
        elif isinstance(value, dict) and key == "associations":
            assert after[key].items() >= value.items()
        else:
            assert after[key] == value


@pytest.mark.parametrize("name", SOURCES)
def test_news_is_read_again_as_the_same_article(tmp_path: Path, name: str) -> None:
    text, format = SOURCES[name]
    before = articles_of(tmp_path, name, text)
    after = articles_of(tmp_path, name, encoded(format, [full(article) for article in before]))
    facts = ("id", "title", "text", "date", "language", "warnings")
    assert [[getattr(one, fact) for fact in facts] for one in after] == [
        [getattr(one, fact) for fact in facts] for one in before
    ]


@pytest.mark.parametrize("name", SOURCES)
def test_news_made_twice_is_as_made_once(tmp_path: Path, name: str) -> None:
    text, format = SOURCES[name]
    once = encoded(format, [full(article) for article in articles_of(tmp_path, name, text)])
    twice = encoded(format, [full(article) for article in articles_of(tmp_path, name, once)])
    assert same(format, twice, once)


@pytest.mark.parametrize("name", [name for name in SOURCES if name not in ("rss.xml", "atom.xml")])
def test_news_of_another_run_takes_the_place_of_the_last(tmp_path: Path, name: str) -> None:
    text, format = SOURCES[name]
    once = encoded(format, [full(article) for article in articles_of(tmp_path, name, text)])
    other = (Tag(Topic("energy", "Energy", "medtop:20000255"), 0.9, "accepted"),)
    brief = replace(full_brief(), sentences=full_brief().sentences[1:])
    again = encoded(format, [recorded(article, brief, other) for article in articles_of(tmp_path, name, once)]).decode()
    assert "20000255" in again
    assert "20000598" not in again
    assert BRIEF not in again
    assert brief.text in again


def test_ninjs_says_topics_brief_and_what_made_it(tmp_path: Path) -> None:
    [article] = articles_of(tmp_path, "a.json", news.dumped(news.NINJS_3))
    item = json.loads(encoded("ninjs", [full(article)]))
    assert item["subjects"][1:] == [
        {
            **{"uri": f"{TOPICS}20000598", "literal": "medtop:20000598", "name": "Defence cooperation"},
            **{"creator": "summarizer/0.1.0", "confidence": 97},
        },
        {"literal": "diplomacy", "name": "Diplomacy", "creator": "summarizer/0.1.0", "confidence": 61},
    ]
    assert item["descriptions"][-1] == {"role": "summary", "contentType": "text/plain", "value": BRIEF}
    own = item["associations"][-1]
    assert (own["name"], own["uri"], own["type"]) == ("summarizer_brief", f"{URI}#brief", "text")
    assert own["digitalSourceType"] == {"uri": f"{TYPES}trainedAlgorithmicMedia"}
    assert own["bodies"] == [{"role": "main", "contentType": "text/plain", "value": BRIEF}]


def test_ninjs_keeps_the_version_that_it_came_in(tmp_path: Path) -> None:
    [second] = articles_of(tmp_path, "2.json", news.dumped(news.NINJS_2))
    item = json.loads(encoded("ninjs", [full(second)]))
    assert item["descriptions"] == [{"role": "summary", "contenttype": "text/plain", "value": BRIEF}]
    assert item["associations"][0]["digitalsourcetype"] == {"uri": f"{TYPES}trainedAlgorithmicMedia"}
    [first] = articles_of(tmp_path, "1.json", news.dumped(news.NINJS_1))
    item = json.loads(encoded("ninjs", [full(first)]))
    assert item["description_brief"] == BRIEF
    assert item["subject"][1] == {
        **{"scheme": TOPICS, "code": "20000598", "name": "Defence cooperation"},
        **{"creator": "summarizer/0.1.0", "confidence": 97},
    }
    assert item["associations"]["summarizer_brief"]["body_text"] == BRIEF


@pytest.mark.parametrize(
    ("format", "release", "dated"), [("ninjs", "3.1", "versionCreated"), ("ninjs-2", "2.2", "versioncreated")]
)
def test_ninjs_of_an_article_from_elsewhere(format: str, release: str, dated: str) -> None:
    item = json.loads(encoded(format, [record(title="", date="Tue, 10 Mar 2026 10:15:00 +0100")]))
    assert item["uri"] == "urn:x-summarizer:wire-1"
    assert item["standard"]["version"] == release
    assert item[dated] == "2026-03-10T10:15:00+01:00"
    assert "headlines" not in item


def test_newsml_says_topics_brief_and_what_made_it(tmp_path: Path) -> None:
    [article] = articles_of(tmp_path, "a.xml", news.news_item())
    item = parse_xml(encoded("newsml-g2", [full(article)]).decode())
    meta = item.find(f"{{{news.G2}}}contentMeta")
    ours = [node for node in meta if (node.get("creatoruri") or "") == "urn:x-summarizer:0.1.0"]
    assert [etree.QName(node).localname for node in ours] == ["subject", "subject", "description"]
    assert (ours[0].get("qcode"), ours[0].get("uri")) == ("medtop:20000598", f"{TOPICS}20000598")
    assert (ours[0].get("confidence"), ours[0][0].text) == ("97", "Defence cooperation")
    assert (ours[1].get("literal"), ours[1].get("uri")) == ("diplomacy", None)
    assert (ours[2].text, ours[2].get("howuri")) == (BRIEF, f"{TYPES}trainedAlgorithmicMedia")
    # what extends the standard stays last
    assert [etree.QName(node).localname for node in meta][-2:] == ["description", "mood"]


def test_newsml_says_once_what_medtop_is(tmp_path: Path) -> None:
    [article] = articles_of(tmp_path, "a.xml", news.news_item())
    out = encoded("newsml-g2", [full(article)]).decode()
    assert out.count("catalog.IPTC-G2-Standards_41.xml") == 1
    known = news.news_item().replace("http://norland.example/catalog.xml", "http://x/catalog.IPTC-G2-Standards_32.xml")
    [article] = articles_of(tmp_path, "b.xml", known)
    assert "Standards_41" not in encoded("newsml-g2", [full(article)]).decode()


def test_newsml_leaves_the_source_type_of_the_story_alone(tmp_path: Path) -> None:
    said = news.news_item().replace("<language", f'<digitalSourceType uri="{TYPES}digitalCreation"/><language')
    [article] = articles_of(tmp_path, "a.xml", said)
    out = encoded("newsml-g2", [full(article)]).decode()
    assert out.count("digitalSourceType ") == 1
    assert f'<digitalSourceType uri="{TYPES}digitalCreation"/>' in out


def test_newsml_of_several_is_a_message_with_the_first_header(tmp_path: Path) -> None:
    items = [news.news_item(guid=f"urn:x:{i}") for i in range(5)]
    articles = articles_of(tmp_path, "a.xml", news.news_message(*items))
    for window in (1, 2, 5):
        out = encoded("newsml-g2", [full(article) for article in articles], window)
        assert out.decode().count("norland.example</sender>") == 1
        assert [article.id for article in articles_of(tmp_path, "b.xml", out)] == [f"urn:x:{i}" for i in range(5)]


def test_nitf_says_topics_brief_and_what_made_it(tmp_path: Path) -> None:
    [article] = articles_of(tmp_path, "a.xml", news.NITF)
    out = encoded("nitf", [full(article)]).decode()
    nitf = parse_xml(out)
    first, second = nitf.findall("head/docdata/identified-content/classifier")
    assert dict(first.attrib) == {
        **{"type": "subject", "idsrc": TOPICS, "value": "medtop:20000598", "class": "summarizer/0.1.0"}
    }
    assert (second.get("value"), second.get("idsrc")) == ("diplomacy", None)
    assert [abstract.findtext("p") for abstract in nitf.iter("abstract")] == ["Two ministers.", BRIEF]
    assert nitf.find("head/meta").get("content") == f"{TYPES}trainedAlgorithmicMedia"
    assert '<!DOCTYPE nitf SYSTEM "http://127.0.0.1:9/nitf-3-6.dtd">' in out
    assert "<?desk keep?>" in out


def test_feeds_say_topics_and_brief(tmp_path: Path) -> None:
    first, second = articles_of(tmp_path, "a.rss", news.RSS)
    channel = parse_xml(encoded("rss", [full(first), recorded(second, None, TAGS)]).decode())[0]
    item, other = channel.findall("item")
    assert [(node.get("domain"), node.text) for node in item.findall("category")[2:]] == [
        (TOPICS, "medtop:20000598"),
        (None, "diplomacy"),
    ]
    assert item.findtext("description") == "Two ministers <b>signed</b>."
    assert item.findtext("{http://purl.org/dc/terms/}abstract") == BRIEF
    provenance = item.findtext("{http://purl.org/dc/terms/}provenance")
    assert provenance == f"abstract: {TYPES}trainedAlgorithmicMedia (summarizer/0.1.0)"
    assert other.find("{http://purl.org/dc/terms/}provenance") is None
    [entry] = articles_of(tmp_path, "a.atom", news.ATOM)
    out = parse_xml(encoded("atom", [full(entry)]).decode()).find("{*}entry")
    assert out.findtext("{*}summary") == BRIEF
    assert dict(out.findall("{*}category")[1].attrib) == {
        **{"term": "medtop:20000598", "scheme": TOPICS, "label": "Defence cooperation"}
    }


@pytest.mark.parametrize("format", NEWS)
def test_news_only_accepted_topics_go_out(format: str) -> None:
    out = encoded(format, [record()]).decode()
    assert "medtop:20000598" in out
    assert "energy" not in out.lower()
    assert "sport" not in out.lower()


@pytest.mark.parametrize("format", NEWS)
@pytest.mark.parametrize(
    ("origins", "kind"), [(slice(0, 2), "trainedAlgorithmicMedia"), (slice(1, 2), "algorithmicallyEnhanced")]
)
def test_news_brief_of_picked_sentences_is_not_called_written(format: str, origins: slice, kind: str) -> None:
    brief = replace(full_brief(), sentences=full_brief().sentences[origins])
    assert f"{TYPES}{kind}" in encoded(format, [replace(record(), brief=brief)]).decode()


@pytest.mark.parametrize("format", NEWS)
def test_news_of_an_article_from_elsewhere_is_read_again(tmp_path: Path, format: str) -> None:
    name = "a.jsonl" if format.startswith("ninjs") else "a.xml"
    text = "First & <b>last</b>.\n\nSecond ]]> one."
    hostile = record(2, title="A & \x02 <B>", language="en").article
    for articles in ([record().article], [replace(hostile, text=text), record(3, bare=True).article]):
        again = articles_of(tmp_path, name, encoded(format, [full(article) for article in articles]))
        assert [article.text for article in again] == [article.text for article in articles]
        assert again[0].id in (articles[0].id, article_uri(articles[0]))


@pytest.mark.parametrize("format", [format for format in NEWS if not format.startswith("ninjs")])
def test_news_xml_holds_what_xml_cannot_carry(format: str) -> None:
    odd = "a\x00b\x0b\ud800\ufffe]]>&<c"
    article = Article(id=odd, text=odd, title=odd, language=odd, date=odd, fields={"author": odd, "slugline": odd})
    brief = replace(full_brief(), sentences=(replace(full_brief().sentences[0], text=odd),))
    tags = (Tag(Topic(odd, odd, ""), 1.0, "accepted"),)
    assert parse_xml(encoded(format, [recorded(article, brief, tags)]).decode()) is not None


@pytest.mark.parametrize("format", NEWS)
@pytest.mark.parametrize("content", [5, "<broken", {"uri": 5}, None, "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"])
def test_news_document_that_others_spoilt_does_not_stop_the_output(format: str, content: Any) -> None:
    name = "ninjs" if format == "ninjs-2" else format
    fields = {SOURCE_DOCUMENT: {"format": name, "content": content, "envelope": "<broken"}}
    assert encoded(format, [replace(record(), article=replace(record().article, fields=fields))] * 2)


@pytest.mark.parametrize("format", NEWS)
def test_news_without_records_is_a_whole_file(format: str) -> None:
    out = encoded(format, [])
    assert out == b"" if not FORMATS[format].load().whole_only else parse_xml(out.decode()) is not None


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.ninjs.json", "ninjs"),
        ("a.NITF.xml", "nitf"),
        ("a.newsml.xml.gz", "newsml-g2"),
        ("a.rss", "rss"),
        ("a.atom.xml", "atom"),
    ],
)
def test_news_formats_go_by_the_ending(tmp_path: Path, name: str, format: str) -> None:
    options = OutputOptions(path=str(tmp_path / name))
    assert pick_format(options) == format
    output = open_output(options, io.BytesIO())
    output.write(record())
    output.finish()
    [article] = [entry for entry in read(InputOptions(path=str(tmp_path / name))) if isinstance(entry, Article)]
    assert article.text == record().article.text


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("2026-03-10", "2026-03-10T00:00:00Z"),
        ("2026-03-10T10:15:00.123Z", "2026-03-10T10:15:00Z"),
        ("2026-03-10T10:15:00+0100", "2026-03-10T10:15:00+01:00"),
        ("Tue, 10 Mar 2026 10:15:00 +0100", "2026-03-10T10:15:00+01:00"),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_news_dates(date: str | None, moment: str | None) -> None:
    assert iso(date) == moment


AROUND = '<?xml version="1.0"?>\n<!-- before -->\n<?desk keep?>\n{}\n<!-- behind -->'


@pytest.mark.parametrize("name", ["message.xml", "item.xml", "rss.xml", "atom.xml", "nitf.xml"])
def test_news_keeps_what_stands_outside_the_root_element(tmp_path: Path, name: str) -> None:
    text, format = SOURCES[name]
    bare = etree.tostring(parse_xml(text.replace("&eacute;", "é")), encoding="unicode")
    out = encoded(format, [full(article) for article in articles_of(tmp_path, name, AROUND.format(bare))]).decode()
    root = parse_xml(out)
    assert [str(node) for node in root.itersiblings(preceding=True)] == ["<?desk keep?>", "<!-- before -->"]
    assert [str(node) for node in root.itersiblings()] == ["<!-- behind -->"]


@pytest.mark.parametrize(
    ("name", "format"),
    [("rss.xml", "rss"), ("atom.xml", "atom"), ("message.xml", "newsml-g2"), ("item.xml", "newsml-g2")],
)
def test_news_does_not_grow_from_round_to_round(tmp_path: Path, name: str, format: str) -> None:
    data: str | bytes = SOURCES[name][0]
    rounds = []
    for _ in range(3):
        data = encoded(format, [full(article) for article in articles_of(tmp_path, name, data)])
        rounds.append(data)
    assert rounds[1] == rounds[0]
    assert rounds[2] == rounds[0]


def test_newsml_of_one_item_in_a_message_stays_a_message(tmp_path: Path) -> None:
    [article] = articles_of(tmp_path, "a.xml", news.news_message(news.news_item()))
    root = parse_xml(encoded("newsml-g2", [full(article)]).decode())
    assert etree.QName(root).localname == "newsMessage"
    assert root.findtext("{*}header/{*}sender") == "norland.example"


@pytest.mark.parametrize(
    "text", ["<xhtml:body><p>The harbour shut.</p></xhtml:body>", "<i:summary>The harbour shut.</i:summary>"]
)
def test_feeds_brief_takes_no_place_that_the_text_is_read_from(tmp_path: Path, text: str) -> None:
    spaces = 'xmlns:xhtml="http://www.w3.org/1999/xhtml" xmlns:i="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    feed = f'<rss version="2.0" {spaces}><channel><title>x</title><item><title>y</title>{text}</item></channel></rss>'
    [article] = articles_of(tmp_path, "a.rss", feed)
    out = encoded("rss", [full(article)])
    assert parse_xml(out.decode()).findtext(".//{http://purl.org/dc/terms/}abstract") == BRIEF
    assert articles_of(tmp_path, "b.rss", out)[0].text == "The harbour shut."


@pytest.mark.parametrize("format", NEWS)
def test_news_without_a_title_gets_none(tmp_path: Path, format: str) -> None:
    name = "a.ninjs" if format.startswith("ninjs") else "a.xml"
    assert articles_of(tmp_path, name, encoded(format, [record(title="")]))[0].title == ""


@pytest.mark.parametrize("format", NEWS)
def test_news_text_that_begins_as_markup_is_read_again(tmp_path: Path, format: str) -> None:
    name = "a.ninjs" if format.startswith("ninjs") else "a.xml"
    article = Article(id="x", text="<p> is how HTML begins a paragraph.\n\n1 < 2 & 3.", title="On tags")
    assert articles_of(tmp_path, name, encoded(format, [recorded(article)]))[0].text == article.text


@pytest.mark.parametrize("format", [format for format in NEWS if format not in ("rss", "atom")])
@pytest.mark.parametrize(
    ("facts", "warnings"),
    [
        ({"pubstatus": "canceled"}, ["marked 'canceled' by its provider: not for publication"]),
        ({"pubstatus": "killed"}, ["marked 'canceled' by its provider: not for publication"]),
        ({"pubstatus": "draft"}, ["marked 'withheld' by its provider: not for publication"]),
        (
            {"embargoed": "2026-03-11T06:00:00Z"},
            ["embargoed until 2026-03-11T06:00:00Z: not for publication before"],
        ),
        ({"pubstatus": "usable"}, []),
    ],
)
def test_news_that_is_not_for_publication_stays_so_in_other_formats(
    tmp_path: Path, format: str, facts: dict[str, str], warnings: list[str]
) -> None:
    name = "a.ninjs" if format.startswith("ninjs") else "a.xml"
    article = record(date="2026-03-10T10:15:00Z", fields=facts).article
    [again] = articles_of(tmp_path, name, encoded(format, [full(article)]))
    assert list(again.warnings) == warnings


@pytest.mark.parametrize("format", ["rss", "atom"])
def test_feeds_say_that_an_article_is_not_for_publication(format: str) -> None:
    fields = {"pubstatus": "canceled", "embargoed": "2026-03-11T06:00:00Z"}
    root = parse_xml(encoded(format, [record(fields=fields)]).decode())
    assert root.findtext(".//{http://purl.org/dc/terms/}accessRights") == "canceled"
    assert root.findtext(".//{http://purl.org/dc/terms/}available") == "2026-03-11T06:00:00Z"
    assert "accessRights" not in encoded(format, [record(fields={"pubstatus": "usable"})]).decode()

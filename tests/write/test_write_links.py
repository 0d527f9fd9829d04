"""Links to earlier stories in every format that people and newsrooms read; nothing else changes by them."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_write_formats import csv_rows, parquet_rows
from test_write_news import NEWS, SOURCES, articles_of, encoded, full, lost
from written import evidence, record

from summarizer.cli.pretty import show_record
from summarizer.documents import SOURCE_DOCUMENT
from summarizer.records import Link, Record, Tag
from summarizer.safe_xml import parse_xml

LINK = Link(
    kind="updates",
    id="urn:wire:41",
    similarity=0.7812,
    sentences=(evidence(84, 108),),
    gone=2,
    title_was="Ministers *meet*",
    version_was="3",
)
SAME = Link(kind="same_as", id="wire 7", similarity=1.0)


def linked(item: Record, link: Link = LINK) -> Record:
    tags: list[Tag] = list(item.tags or ())
    kept = [replace(tags[1], own_decision="review"), tags[2], replace(tags[3], own_decision="review")]
    return replace(item, link=link, tags=(tags[0], *kept))


def shown(item: Record, **options: Any) -> str:
    from rich.console import Console

    console = Console(file=io.StringIO(), width=110)
    show_record(item, console, **options)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return text


def test_csv_says_what_a_story_updates_and_what_is_new() -> None:
    first, same, none = csv_rows(encoded("csv", [linked(record()), linked(record(), SAME), record()]))
    assert (first["updates"], first["same_as"], first["similarity"]) == ("urn:wire:41", "", "0.7812")
    assert (first["new_sentences"], first["gone"]) == ("It covers joint patrols.", "2")
    assert (first["title_was"], first["version_was"]) == ("Ministers *meet*", "3")
    assert first["own_decisions"] == "diplomacy:review;sport:review"
    assert (same["updates"], same["same_as"], same["new_sentences"], same["gone"]) == ("", "wire 7", "", "0")
    assert {none[name] for name in ("updates", "same_as", "similarity", "gone", "own_decisions")} == {""}


def test_parquet_keeps_all_that_the_record_says_of_a_link() -> None:
    tag = replace(record().tags[0], evidence=(evidence(0, 83),))  # type: ignore[index]
    told = replace(linked(record()), tags=(tag, *linked(record()).tags[1:]))  # type: ignore[index]
    row, same, none = parquet_rows(encoded("parquet", [told, linked(record(), SAME), record()]))
    expected = told.to_dict()
    assert (row["updates"], row["same_as"]) == ("urn:wire:41", None)
    assert row["changes"] == expected["changes"]
    for found, wanted in zip(row["tags"], expected["tags"], strict=True):
        assert {key: value for key, value in found.items() if value is not None} == wanted
    assert (same["same_as"], same["changes"]["sentences"]) == ("wire 7", None)
    assert (none["updates"], none["same_as"], none["changes"]) == (None, None, None)


def test_markdown_says_what_a_story_updates_and_what_is_new() -> None:
    text = encoded("markdown", [linked(record())]).decode()
    head = "**Update of urn:wire:41, 78% alike, sentences: 1 new, 2 gone, its version was 3, its title was"
    assert f"{head} “Ministers \\*meet\\*”**" in text
    assert "- new: “It covers joint patrols.” (characters 84–108)" in text
    assert "Diplomacy 61% (accepted as before, alone it would be to review)" in text
    assert "Sport 12% (rejected as before, alone it would be to review)" in text
    assert "**The same as wire 7, 100% alike**" in encoded("markdown", [linked(record(), SAME)]).decode()
    assert "alike" not in encoded("markdown", [record()]).decode()


def test_terminal_says_what_a_story_updates_and_what_is_new() -> None:
    text = shown(linked(record()))
    assert "Update of urn:wire:41, 78% alike, sentences: 1 new, 2 gone, its version was 3" in text
    assert "+ It covers joint patrols." in text
    assert "accepted as before, alone it would be: please look" in text
    assert "[84:108] It covers joint patrols." in shown(linked(record()), evidence=True)
    assert "alike" not in shown(record())


def relation(format: str, data: bytes) -> list[tuple[str, ...]]:
    """Return what a document of one record says of earlier stories, as its format has it."""
    if format.startswith("ninjs"):
        there = json.loads(data).get("associations", [])
        named = there.items() if isinstance(there, dict) else ((one.get("name"), one) for one in there)
        ours = [(name, one) for name, one in named if name.startswith("summarizer_") and name != "summarizer_brief"]
        return [(name, one["uri"], one.get("rel", ""), one.get("version", "")) for name, one in ours]
    root = parse_xml(data.decode())
    if format == "newsml-g2":
        found = [link for link in root.iter("{*}link") if (link.get("creatoruri") or "").startswith("urn:x-summ")]
        assert all(link.getparent().tag.endswith("itemMeta") for link in found)
        return [(link.get("reluri"), link.get("residref"), link.get("version", "")) for link in found]
    if format == "nitf":
        names = ("summarizer.updates", "summarizer.same_as")
        return [(meta.get("name"), meta.get("content")) for meta in root.iter("{*}meta") if meta.get("name") in names]
    links = root.iter("{http://www.w3.org/2005/Atom}link")
    return [(link.get("title"), link.get("href")) for link in links if link.get("rel") == "related"]


IREL = "http://cv.iptc.org/newscodes/itemrelation/"
UPDATES = {
    "ninjs": [("summarizer_updates", "urn:wire:41", "previousVersion", "3")],
    "ninjs-2": [("summarizer_updates", "urn:wire:41", "", "3")],
    "newsml-g2": [(f"{IREL}previousVersion", "urn:wire:41", "3")],
    "nitf": [("summarizer.updates", "urn:wire:41")],
    "rss": [("updates (summarizer/0.1.0)", "urn:wire:41")],
    "atom": [("updates (summarizer/0.1.0)", "urn:wire:41")],
}
REPEATS = {
    "ninjs": [("summarizer_same_as", "urn:x-summarizer:wire%207", "seeAlso", "")],
    "ninjs-2": [("summarizer_same_as", "urn:x-summarizer:wire%207", "", "")],
    "newsml-g2": [(f"{IREL}seeAlso", "wire 7", "")],
    "nitf": [("summarizer.same_as", "wire 7")],
    "rss": [("same_as (summarizer/0.1.0)", "urn:x-summarizer:wire%207")],
    "atom": [("same_as (summarizer/0.1.0)", "urn:x-summarizer:wire%207")],
}


@pytest.mark.parametrize("format", NEWS)
def test_news_of_another_source_says_its_link(format: str) -> None:
    assert relation(format, encoded(format, [linked(record())])) == UPDATES[format]
    assert relation(format, encoded(format, [linked(record(), SAME)])) == REPEATS[format]
    assert relation(format, encoded(format, [record()])) == []


@pytest.mark.parametrize("name", SOURCES)
def test_news_with_a_link_loses_nothing_and_is_read_again_as_the_same_article(tmp_path: Path, name: str) -> None:
    text, format = SOURCES[name]
    before = articles_of(tmp_path, name, text)
    out = encoded(format, [linked(full(article)) for article in before])
    if format != "ninjs" and name != "message.xml":
        assert lost(parse_xml(text), parse_xml(out.decode())) == []
    after = articles_of(tmp_path, name, out)
    facts = ("id", "title", "text", "date", "language", "warnings")
    assert [[getattr(one, fact) for fact in facts] for one in after] == [
        [getattr(one, fact) for fact in facts] for one in before
    ]
    own = {SOURCE_DOCUMENT, "subjects", "keywords", "abstract"}
    fields = [
        [{key: value for key, value in one.fields.items() if key not in own} for one in many]
        for many in (before, after)
    ]
    assert fields[0] == fields[1]


@pytest.mark.parametrize("name", SOURCES)
def test_news_of_a_second_run_has_the_latest_link_alone(tmp_path: Path, name: str) -> None:
    text, format = SOURCES[name]
    [first, *_] = articles_of(tmp_path, name, text)
    [again, *_] = articles_of(tmp_path, name, encoded(format, [linked(full(first))]))
    told = relation(format, encoded(format, [linked(full(again), SAME)]))
    expected = REPEATS["ninjs-2" if name.startswith("ninjs") and name != "ninjs-3.json" else format]
    assert told == expected
    assert relation(format, encoded(format, [full(again)])) != []  # it found none; what was said stays

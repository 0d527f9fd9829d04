"""``benchmarks/roundtrip.py``: what is kept passes, and each kind of loss is told."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import news_documents as news
import pytest
from benchmark_scripts import load


@pytest.fixture
def same() -> ModuleType:
    return load("same_document")


def changes(same: ModuleType, before: str, after: str) -> list[str]:
    trees = [same.parse(text.encode()).getroot() for text in (before, after)]
    return list(same.xml_changes(*trees, frozenset()))


def test_roundtrip_of_invented_documents_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        **{"item.xml": news.news_item(), "message.xml": news.news_message(news.news_item(), news.news_item(""))},
        **{"nitf.xml": news.NITF, "a.rss": news.RSS, "a.atom": news.ATOM, "wire.txt": news.IPTC7901},
        **{"3.json": news.dumped(news.NINJS_3), "1.json": news.dumped(news.NINJS_1), "odd.xml": "<odd/>"},
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(sys, "argv", ["roundtrip.py", str(tmp_path)])
    assert load("roundtrip").main() == 0
    out = capsys.readouterr().out
    assert "without loss 8" in out
    assert "refused 2" in out


def test_roundtrip_says_what_was_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from summarizer.write.nitf import Nitf

    encode: Any = Nitf.encode
    monkeypatch.setattr(Nitf, "encode", lambda self, records: encode(self, records).replace(b"<!-- a comment -->", b""))
    (tmp_path / "a.xml").write_text(news.NITF)
    monkeypatch.setattr(sys, "argv", ["roundtrip.py", str(tmp_path)])
    assert load("roundtrip").main() == 1
    assert "a.xml: /nitf: children ['head', '', 'body'] -> ['head', 'body']" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<a><b/></a>", "<a/>"),
        ("<a><b/><c/></a>", "<a><c/><b/></a>"),
        ("<a x='1'/>", "<a x='2'/>"),
        ("<a><!--one--></a>", "<a><!--two--></a>"),
        ("<a><?one two?></a>", "<a/>"),
        ("<a>one</a>", "<a>two</a>"),
        ("<a><b/>one</a>", "<a><b/></a>"),
        ("<p:a xmlns:p='x'/>", "<q:a xmlns:q='x'/>"),
        ("<a/>", "<a><b/></a>"),
    ],
)
def test_same_document_sees_each_kind_of_loss(same: ModuleType, before: str, after: str) -> None:
    assert changes(same, before, after)
    assert not changes(same, before, before)


def test_same_document_passes_over_what_the_program_adds(same: ModuleType) -> None:
    assert not changes(
        same, "<a><b/></a>", "<a><c><d class='summarizer/1'/></c><b/><d creatoruri='urn:x-summarizer:1'/></a>"
    )


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ({"a": 1}, {}, ["/a: gone"]),
        ({"a": [1, 2]}, {"a": [1]}, ["/a: [1, 2] -> [1]"]),
        ({"a": {"b": 1}}, {"a": {"b": 1.0}}, ["/a/b: 1 -> 1.0"]),
        ({}, {"odd": 1}, ["/odd: added"]),
        ({"subjects": [1]}, {"subjects": [1, 2], "descriptions": []}, []),
    ],
)
def test_same_document_of_json(same: ModuleType, before: Any, after: Any, what: list[str]) -> None:
    assert list(same.json_changes(before, after)) == what

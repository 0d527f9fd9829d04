from __future__ import annotations

from pathlib import Path

import pytest
from read_cases import STORY, articles, failures, read_all


def test_text_file_is_one_article_as_it_came(tmp_path: Path) -> None:
    path = tmp_path / "bridge.v2.txt"
    text = f"\n{STORY}\r\n\r\n  It closes at ten. \n"
    path.write_bytes(text.encode("utf-8-sig"))
    [article] = articles(read_all(path))
    assert (article.id, article.text, article.title, article.source) == ("bridge.v2", text, "", str(path))
    assert article.warnings == ()


@pytest.mark.parametrize(
    ("encoding", "text", "codec"),
    [
        ("latin-1", "Größere Züge", "cp1252"),
        ("cp1251", "Министр сообщил, что переговоры продолжатся.", "cp1251"),
        ("utf-16-le", "Министр сообщил, что переговоры продолжатся.\nИ ещё раз.", "utf-16-le"),
    ],
)
def test_text_in_another_encoding_is_read_and_said(tmp_path: Path, encoding: str, text: str, codec: str) -> None:
    path = tmp_path / "story.txt"
    path.write_bytes(text.encode(encoding))
    [article] = articles(read_all(path))
    assert (article.text, article.warnings) == (text, (f"read as {codec} (detected), not UTF-8",))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "is empty"),
        (b"  \n", "field 'text' is blank"),
        (b"%PDF-1.4 ...", "looks like a PDF file"),
        (b"\x00\x01binary\x00\x00\x00", "NUL bytes"),
        ("Größere Züge".encode() + b"\xff", "not utf-8 (byte 0xff at offset 15)"),
    ],
)
def test_text_that_is_none_fails(tmp_path: Path, data: bytes, what: str) -> None:
    path = tmp_path / "story.txt"
    path.write_bytes(data)
    [failure] = failures(read_all(path))
    assert what in failure.what
    assert failure.where == str(path)


def test_text_over_the_limit_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.read.decode.MAX_BYTES", 1 << 20)
    path = tmp_path / "story.txt"
    path.write_bytes(b"word " * 300_000)
    assert "longer than 1.0 MB" in failures(read_all(path))[0].what


@pytest.mark.parametrize(
    ("source", "title", "text"),
    [
        (f"# Bridge opens\n\n{STORY} **Now**.\n", "Bridge opens", f"{STORY} **Now**.\n"),
        (f"\n#  Bridge opens #\r\n\r\n{STORY}", "Bridge opens", STORY),
        (f"Bridge opens\n===\n\n{STORY}", "Bridge opens", STORY),
        (f"{STORY}\n\n# Later\n\nMore.", "", f"{STORY}\n\n# Later\n\nMore."),
        (f"## Second\n\n{STORY}", "", f"## Second\n\n{STORY}"),
        (f"#hashtag\n\n{STORY}", "", f"#hashtag\n\n{STORY}"),
    ],
)
def test_markdown_heading_becomes_the_title(tmp_path: Path, source: str, title: str, text: str) -> None:
    path = tmp_path / "story.md"
    path.write_bytes(source.encode())
    [article] = articles(read_all(path))
    assert (article.id, article.title, article.text) == ("story", title, text)


def test_markdown_front_matter_becomes_fields(tmp_path: Path) -> None:
    path = tmp_path / "story.md"
    path.write_text(f"---\ntitle: Bridge opens\ndate: 2026-03-04\nid: 17\ntags: [city]\n---\n\n{STORY}\n")
    [article] = articles(read_all(path))
    assert (article.id, article.title, article.date) == ("17", "Bridge opens", "2026-03-04")
    assert (article.fields, article.text.strip()) == ({"tags": ["city"]}, STORY)


@pytest.mark.parametrize("top", ["---\na: [1\n---\n", "---\njust words\n---\n", "---\nday: 2026-13-45\n---\n"])
def test_markdown_front_matter_that_is_none_stays_text(tmp_path: Path, top: str) -> None:
    path = tmp_path / "story.md"
    path.write_text(top + STORY)
    text = articles(read_all(path))[0].text
    assert text.endswith(STORY)
    assert text.startswith("---") or "day" in articles(read_all(path))[0].fields


def test_markdown_of_a_heading_alone_fails(tmp_path: Path) -> None:
    path = tmp_path / "story.md"
    path.write_text("# Bridge opens\n")
    assert failures(read_all(path))[0].what == "field 'text' is empty"

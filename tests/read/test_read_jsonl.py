from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from read_cases import STORY, articles, failures, line, read_all

from summarizer.read import FieldNames
from summarizer.read.decode import Decoder, RawLine

KEYS = st.text(min_size=1).filter(lambda key: key not in FieldNames.model_fields)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.dictionaries(KEYS, VALUES, max_size=4), is_ascii=st.booleans())
def test_jsonl_unknown_fields_travel_through(tmp_path: Path, fields: dict[str, object], is_ascii: bool) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_bytes(json.dumps({"text": STORY} | fields, ensure_ascii=is_ascii).encode("utf-8", "replace") + b"\n")
    [article] = articles(read_all(path))
    expected = json.loads(path.read_bytes())
    del expected["text"]
    assert article.fields == expected
    if is_ascii:
        assert article.fields == fields


@pytest.mark.parametrize("name", ["wire.jsonl", "wire.ndjson", "wire.json", "WIRE.JSONL", "wire.jsonl.gz"])
def test_jsonl_is_known_by_its_ending(tmp_path: Path, name: str) -> None:
    data = (line(title="Bridge opens") + "\n  \r\n" + line()).encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    entries = read_all(tmp_path / name)
    assert [entry.id.lower() for entry in articles(entries)] == ["wire-1", "wire-4"]
    assert len(entries) == 2
    assert articles(entries)[0].title == "Bridge opens"
    assert articles(entries)[1].source == f"{tmp_path / name}:4"


@pytest.mark.parametrize(
    ("seen", "id"), [("a7", "a7"), (17, "17"), (1.5, "1.5"), (None, "wire-1"), ("", "wire-1"), (0, "0")]
)
def test_jsonl_id_is_text(tmp_path: Path, seen: object, id: str) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_text(line(id=seen))
    assert articles(read_all(path))[0].id == id


def test_jsonl_id_that_is_an_object_fails(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_text(line(id={"oid": "1"}))
    [failure] = failures(read_all(path))
    assert "input.fields.id" in failure.mend


def test_jsonl_field_names_are_configurable(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_text(
        json.dumps({"key": 1, "headline": "H", "body": STORY, "day": 20260304, "lang": "en", "text": "kept"})
    )
    names = FieldNames(id="key", title="headline", text="body", date="day", language="lang")
    [article] = articles(read_all(path, fields=names))
    assert (article.id, article.title, article.text) == ("1", "H", STORY)
    assert (article.date, article.language, article.fields) == ("20260304", "en", {"text": "kept"})


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ('{"text": "The harb', "cut off"),
        ('{"text": "a" "b"}', "not JSON (expecting ',' delimiter at column 14)"),
        ("plain words", "not JSON"),
        ("[1, 2]", "not a JSON object but an array"),
        ("17", "not a JSON object but a number"),
        ("null", "not a JSON object but null"),
        ("[" * 100_000, "not JSON that can be read"),
        ('{"text": ' + "9" * 5000 + "}", "not JSON that can be read"),
        ('{"text": ""}', "field 'text' is empty"),
        ('{"text": " \\n"}', "field 'text' is blank"),
        ('{"text": null, "id": "x"}', "field 'text' must be text, got null (fields seen: text, id)"),
        ('{"text": 17}', "must be text, got a number"),
        ('{"text": true}', "must be text, got true or false"),
        ('{"text": ["a"]}', "must be text, got a list"),
        ('{"headline": "a"}', "no field 'text' (fields seen: headline)"),
        ("{}", "no field 'text' (no fields seen)"),
        ('{"text": "a\0b"}', "NUL bytes"),
    ],
)
def test_jsonl_bad_line_fails_alone(tmp_path: Path, bad: str, what: str) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_text(line(id="a") + bad + "\n" + line(id="b"))
    before, failure, after = read_all(path)
    assert [entry.id for entry in articles([before, after])] == ["a", "b"]
    assert failures([failure])[0].where == f"{path}:2"
    assert failures([failure])[0].stage == "read"
    assert what in failures([failure])[0].what


@pytest.mark.parametrize(
    ("field", "hint"), [("body", "'body'"), ("Text", "'Text'"), ("texts", "'texts'"), ("content", "'content'")]
)
def test_jsonl_missing_text_names_the_likely_field(tmp_path: Path, field: str, hint: str) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_text(json.dumps({"id": "a", "zone": "x", field: STORY}))
    [failure] = failures(read_all(path))
    assert f"Did you mean {hint}?" in failure.mend
    assert "input.fields.text" in failure.mend


def test_jsonl_many_fields_are_not_all_listed(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_text(json.dumps({f"f{i}": i for i in range(40)}))
    assert "f11 and 28 more" in failures(read_all(path))[0].what


def test_jsonl_failure_carries_the_id(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_text(line(id="x9", text=""))
    assert failures(read_all(path))[0].id == "x9"


def test_jsonl_lone_surrogate_is_read(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_text('{"text": "half \\ud83d a face"}\n')
    assert articles(read_all(path))[0].text == "half \ud83d a face"


# Encodings


def test_jsonl_line_in_another_encoding_is_read_alone_and_said(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    spanish = line(text="El año próximo, según el ministro.")
    path.write_bytes(line(text="Größere Züge").encode() + spanish.encode("latin-1") + line(text="Кот").encode())
    first, second, third = articles(read_all(path))
    assert (first.text, second.text, third.text) == ("Größere Züge", "El año próximo, según el ministro.", "Кот")
    assert second.warnings == ("read as cp1252 (detected), not UTF-8",)
    assert first.warnings == third.warnings == ()


def test_jsonl_damaged_utf8_line_fails_alone(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_bytes(line().encode() + line(text="Größere Züge").encode().replace(b"Z", b"\xff") + line().encode())
    _, failure, _ = read_all(path)
    assert "not utf-8 (byte 0xff at offset 20)" in failures([failure])[0].what
    assert failures([failure])[0].where == f"{path}:2"


def test_jsonl_encoding_is_learned_from_the_whole_sample(tmp_path: Path) -> None:
    # Alone the first line would pass for Western European.
    path = tmp_path / "wire.jsonl"
    stories = ["Mr \u00d3 spoke.", *["Rząd ogłosił w środę, że rozmowy o współpracy będą kontynuowane."] * 5]
    path.write_bytes("".join(line(text=story) for story in stories).encode("cp1250"))
    assert [article.text for article in articles(read_all(path))] == stories
    assert articles(read_all(path))[0].warnings == ("read as cp1250 (detected), not UTF-8",)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_jsonl_byte_order_mark_is_obeyed(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "wire.jsonl"
    text = "ਊ Größere Züge ഊ Ċ 𝄞"  # U+0A0A, U+0D0A and U+010A hold newline bytes
    path.write_bytes((line(text=text) + line(text="b")).encode(encoding))
    first, second = articles(read_all(path))
    assert (first.text, second.text) == (text, "b")
    assert [warning for warning in first.warnings if "(byte order mark), not UTF-8" not in warning] == []
    assert bool(first.warnings) == (encoding != "utf-8-sig")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_jsonl_utf16_without_mark_is_said(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_bytes((line(text="Переговоры") + line(text="b")).encode(encoding))
    first, second = articles(read_all(path))
    assert (first.text, second.text) == ("Переговоры", "b")
    assert first.warnings == (f"read as {encoding} (detected), not UTF-8",)


def test_jsonl_bad_utf16_line_fails_alone(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    bad = line(text="xy").encode("utf-16-le").replace("x".encode("utf-16-le"), b"\x00\xdc")
    path.write_bytes(b"\xff\xfe" + line().encode("utf-16-le") + bad + line().encode("utf-16-le"))
    entries = read_all(path)
    assert len(articles(entries)) == 2
    assert "not utf-16-le" in failures(entries)[0].what


def test_jsonl_explicit_encoding_is_used_without_warning(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_bytes(line(text="Größere Züge").encode("latin-1"))
    [article] = articles(read_all(path, encoding="latin-1"))
    assert (article.text, article.warnings) == ("Größere Züge", ())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_jsonl_explicit_wide_encoding_is_used(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_bytes((line(text="部长") + line(text="b")).encode(encoding))
    assert [article.text for article in articles(read_all(path, encoding=encoding))] == ["部长", "b"]


def test_jsonl_explicit_encoding_that_does_not_fit_names_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_bytes(line().encode() + line(text="Züge").encode("latin-1"))
    entries = read_all(path, encoding="utf-8")
    assert len(articles(entries)) == 1
    assert failures(entries)[0].what == "not utf-8 (byte 0xfc at offset 11)"
    assert "input.encoding" in failures(entries)[0].mend


# Size and damage


def test_jsonl_line_over_the_limit_fails_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.read.decode.MAX_BYTES", 3 << 20)
    path = tmp_path / "wire.jsonl"
    path.write_text(line(id="a") + line(text="word " * 800_000) + line(id="b"))
    before, failure, after = read_all(path)
    assert [entry.id for entry in articles([before, after])] == ["a", "b"]
    assert failures([failure])[0].what == "a line of 3.8 MB, the limit is 3.0 MB"


def test_jsonl_long_line_is_read(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    text = "word " * 500_000
    path.write_text(line(text=text) + line())
    assert [len(article.text) for article in articles(read_all(path))] == [len(text), len(STORY)]


def test_jsonl_truncated_gzip_yields_what_was_readable(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl.gz"
    lines = "".join(line(id=i, text=f"{i * 7919 % 10007} boats left the harbour.") for i in range(3000))
    path.write_bytes(gzip.compress(lines.encode())[:-2000])
    entries = read_all(path)
    good = articles(entries)
    assert 0 < len(good) < 3000
    [failure] = failures(entries)
    assert entries[-1] is failure
    assert failure.where == f"{path}:{len(good) + 1}"
    assert "breaks off" in failure.what


def test_jsonl_corrupt_gzip_fails_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl.gz"
    data = bytearray(gzip.compress(line().encode()))
    data[-6] ^= 0xFF  # the checksum
    path.write_bytes(bytes(data))
    assert "breaks off (crc check failed" in failures(read_all(path))[0].what


@pytest.mark.parametrize("data", [b"", b"\n \n"])
def test_jsonl_without_articles_fails(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_bytes(data)
    [failure] = failures(read_all(path))
    assert failure.where == str(path)
    assert failure.what == ("holds no articles" if data else "is empty")


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"\x89PNG\r\n\x1a\n", "a PNG image"), (b"%PDF-1.7\n", "a PDF file"), (b"\x01\x00\x02\n\x00\x09", "NUL bytes")],
)
def test_jsonl_binary_file_fails_once(tmp_path: Path, data: bytes, kind: str) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_bytes(data * 50)
    [failure] = failures(read_all(path))
    assert kind in failure.what


def test_jsonl_gzip_is_known_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(gzip.compress(line().encode()))
    (tmp_path / "b.jsonl.gz").write_text(line())
    assert [article.id for article in articles(read_all(tmp_path))] == ["a-1", "b-1"]


# .json files that are not JSON lines


@pytest.mark.parametrize("indent", [None, 2])
def test_jsonl_json_array_is_read(tmp_path: Path, indent: int | None) -> None:
    path = tmp_path / "wire.json"
    path.write_text(json.dumps([{"text": STORY}, 17, {"text": "B"}], indent=indent))
    first, failure, third = read_all(path)
    assert [entry.id for entry in articles([first, third])] == ["wire-1", "wire-3"]
    assert failures([failure])[0].where == f"{path}:2"


def test_jsonl_json_object_over_many_lines_is_read(tmp_path: Path) -> None:
    path = tmp_path / "wire.json"
    path.write_text(json.dumps({"id": "a", "text": STORY, "tags": ["x", "y"]}, indent=1))
    [article] = articles(read_all(path))
    assert (article.id, article.fields) == ("a", {"tags": ["x", "y"]})


def test_jsonl_json_lines_with_a_broken_first_line_stay_lines(tmp_path: Path) -> None:
    path = tmp_path / "wire.json"
    path.write_text('{"text": "The harb\n' + line(id="b"))
    entries = read_all(path)
    assert [article.id for article in articles(entries)] == ["b"]
    assert len(failures(entries)) == 1


@pytest.mark.parametrize("cut", [-1, -3, -10])
def test_jsonl_json_array_cut_off_yields_what_was_whole(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "wire.json"
    path.write_text(json.dumps([{"text": STORY}, {"text": "B"}, {"text": "C"}], indent=1)[:cut])
    entries = read_all(path)
    assert len(articles(entries)) == (3 if cut == -1 else 2)
    assert "cut off" in failures(entries)[-1].what


def test_jsonl_json_array_over_the_limit_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.read.decode.MAX_BYTES", 1 << 20)
    path = tmp_path / "wire.json"
    path.write_text(json.dumps([{"text": "word " * 1000} for _ in range(300)], indent=1))
    [failure] = failures(read_all(path))
    assert "more than 1.0 MB" in failure.what
    assert "JSON lines" in failure.mend


def test_jsonl_array_spread_over_lines_has_a_mend(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_text(json.dumps([{"text": STORY}], indent=1))
    assert failures(read_all(path))[0].mend == "Write each article on one line, or name the file .json."


@given(data=st.binary(min_size=1, max_size=60))
@settings(max_examples=300, deadline=None)
def test_decoder_never_raises(data: bytes) -> None:
    found = Decoder("auto", data).line(RawLine(data, len(data)), 1)
    assert found.fault or found.text is not None
    if not found.fault and not found.warnings and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        assert found.text == data.decode("utf-8").removeprefix("\ufeff")

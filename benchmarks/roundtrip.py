"""Reads news documents, adds a brief and tags to them, writes them back, and reports whatever was lost or changed.

    python benchmarks/roundtrip.py FOLDER... [--schemas FOLDER] [--out FILE.json] [--all]

Each folder is a source of files (the examples of a standard, the test files of another program); files in no news
format are counted and passed over. Of every article it is checked that its document comes out in its own format with
nothing lost (``same_document``), that it is read again as the same article, that a second round gives the same bytes,
and that its text survives every other format. With ``--schemas``, a folder of the IPTC's schemas
(``NewsML-G2_*-spec-All-Power.xsd``, ``nitf-3-6.xsd``, ``ninjs-schema_*.json``), that no valid document becomes invalid.
Exits with 1 where anything was lost.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lxml import etree
from news_schemas import Schemas
from same_document import around, items_of, json_changes, parse, without_items, xml_changes

from summarizer.documents import SOURCE_DOCUMENT
from summarizer.errors import InputError
from summarizer.read import InputOptions, read
from summarizer.records import Article, Brief, Failure, MadeBy, Record, Sentence, SourceTokens, Tag, Topic
from summarizer.write import FORMATS

ENDINGS = {"ninjs": ".ninjs", "newsml-g2": ".newsml", "nitf": ".nitf", "rss": ".rss", "atom": ".atom"}
INPUT_FORMATS = {"rss": "feed", "atom": "feed"}
OTHERS = ("ninjs", "ninjs-2", "newsml-g2", "nitf", "rss", "atom")
BRIEF = "Norland’s ministers signed an accord & left < 2 hours later."
TAGS = (
    Tag(Topic("defence", "Defence", "medtop:20000598"), 0.97, "accepted"),
    Tag(Topic("harbours", "Harbours & ports"), 0.61, "accepted"),
)
ADDED = frozenset((BRIEF, "medtop:20000598", "harbours", "41"))


@dataclass(slots=True)
class Count:
    """What became of the files of one folder."""

    files: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    valid: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)
    clean: int = 0


def main() -> int:
    """Check every folder, print a line for each and every difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--schemas", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--all", action="store_true", help="print every refusal, too")
    arguments = parser.parse_args()
    schemas = Schemas(arguments.schemas) if arguments.schemas else None
    results: dict[str, Any] = {}
    lost = False
    for folder in arguments.folders:
        count = Count()
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            check_file(path, count, schemas)
        lost = lost or bool(count.differences)
        report(folder, count, arguments.all)
        results[folder.name] = {
            name: dict(value) if isinstance(value := getattr(count, name), Counter) else value
            for name in ("files", "read", "clean", "refused", "valid", "differences")
        }
    if arguments.out:
        arguments.out.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return int(lost)


def report(folder: Path, count: Count, is_long: bool) -> None:
    """Print what became of a folder."""
    print(f"{folder.name}: files {dict(count.files)}, articles {dict(count.read)}, without loss {count.clean}")
    print(f"  refused {sum(count.refused.values())}; valid {dict(count.valid)}")
    for what, number in count.refused.most_common() if is_long else ():
        print(f"  refused {number} x {what}")
    for difference in count.differences:
        print(f"  LOST {difference}")


def check_file(path: Path, count: Count, schemas: Schemas | None) -> None:
    """Read one file and check every article of it that a news document came with."""
    try:
        entries = list(read(InputOptions(path=str(path))))
    except InputError as error:
        count.files["unknown"] += 1
        count.refused[error.fault.what] += 1
        return
    articles = [entry for entry in entries if isinstance(entry, Article)]
    formats = {article.fields.get(SOURCE_DOCUMENT, {}).get("format", "") for article in articles}
    for failure in entries:
        if isinstance(failure, Failure):
            count.refused[failure.what] += 1
    count.files["/".join(sorted(name or "other" for name in formats)) or "refused"] += 1
    documents = [article for article in articles if SOURCE_DOCUMENT in article.fields]
    count.read.update(article.fields[SOURCE_DOCUMENT]["format"] for article in documents)
    for found in formats - {"", "iptc7901"}:
        own = [article for article in documents if article.fields[SOURCE_DOCUMENT]["format"] == found]
        if not all(article.fields[SOURCE_DOCUMENT]["content"] for article in own):
            count.files["of them not well-formed: no document kept"] += 1
            continue
        said = list(own_format(path, entries, own, found, count, schemas))
        count.differences += [f"{path}: {what}" for what in said]
        count.clean += 0 if said else len(own)
    for article in documents:
        count.differences += [f"{path}: {what}" for what in other_formats(article, count, schemas)]


def own_format(
    path: Path, entries: Sequence[Any], articles: Sequence[Article], format: str, count: Count, schemas: Schemas | None
) -> Iterator[str]:
    """Yield what went wrong where articles go out in the format that they came in."""
    written = write(articles, format)
    again = read_back(written, format, path.name.split(".")[0])
    if len(again) != len(articles):
        yield f"{len(articles)} articles became {len(again)}"
        return
    for before, after in zip(articles, again, strict=True):
        yield from article_changes(before, after, path.name.split(".")[0])
    if write(again, format) != written:
        yield "a second round changes it again"
    if format == "ninjs":
        yield from compare_json(path, articles, written, count, schemas)
    else:
        yield from compare_xml(path.read_bytes(), entries, written, count, schemas)


def compare_json(
    path: Path, articles: Sequence[Article], written: bytes, count: Count, schemas: Schemas | None
) -> Iterator[str]:
    """Yield what the objects of a file lost."""
    if path.suffix == ".json" and len(articles) == 1:
        own = json.loads(path.read_bytes())
        before = own if isinstance(own, list) else [own]
    else:
        before = [article.fields[SOURCE_DOCUMENT]["content"] for article in articles]
    for old, line in zip(before, written.decode().splitlines(), strict=True):
        new = json.loads(line)
        yield from json_changes(old, new)
        if schemas:
            yield from schemas.json_verdict(old, new, count.valid)


def compare_xml(
    data: bytes, entries: Sequence[Any], written: bytes, count: Count, schemas: Schemas | None
) -> Iterator[str]:
    """Yield what the XML of a file lost: its items, what stands around them, and outside the root."""
    try:
        before = parse(data)
    except etree.XMLSyntaxError:
        count.files["of them in an encoding that is not declared: document not compared"] += 1
        return
    after = parse(written)
    old, new = items_of(before), items_of(after)
    if len(old) != len(entries):
        yield f"{len(old)} items, {len(entries)} entries read"
        return
    kept = [item for item, entry in zip(old, entries, strict=True) if isinstance(entry, Article)]
    for one, other in zip(kept, new, strict=True):
        yield from xml_changes(one, other, ADDED)
    if around(before) != around(after):
        yield f"outside the root: {around(before)} -> {around(after)}"
    if kept == old:
        sections = data.count(b"<![CDATA["), written.count(b"<![CDATA[")
        if sections[0] > sections[1]:
            yield f"CDATA sections: {sections[0]} -> {sections[1]}"
        if schemas:
            yield from schemas.xml_verdict(before, after, count.valid)
    yield from xml_changes(without_items(before), without_items(after), ADDED)


def other_formats(article: Article, count: Count, schemas: Schemas | None) -> Iterator[str]:
    """Yield what went wrong where an article goes out in the formats that it did not come in."""
    bare = replace(article, fields={key: value for key, value in article.fields.items() if key != SOURCE_DOCUMENT})
    for format in OTHERS:
        written = write([bare], format)
        again = read_back(written, format.removesuffix("-2"))
        if (
            len(again) != 1
            or again[0].text.split() != bare.text.split()
            or again[0].title.split() != bare.title.split()
        ):
            yield f"as {format}: title or text changed"
        if schemas and format in ("newsml-g2", "nitf"):
            fault = schemas.xml_fault(parse(written))
            count.valid[f"new {format}, {'in' if fault else ''}valid"] += 1
            yield from (f"as {format}: {fault}" for _ in [0] if fault)
        if schemas and format.startswith("ninjs"):
            fault = schemas.json_fault(json.loads(written))
            count.valid[f"new {format}, {'in' if fault else ''}valid"] += 1
            yield from (f"as {format}: {fault}" for _ in [0] if fault)


def article_changes(before: Article, after: Article, stem: str) -> Iterator[str]:
    """Yield what the same document, read again, says otherwise."""
    for name in ("id", "text", "title", "date", "language"):
        is_made = name == "id" and before.id.startswith(stem)  # of the file's name and the item's place in it
        if getattr(before, name) != getattr(after, name) and not is_made:
            yield f"{name} read again: {getattr(before, name)!r:.80} -> {getattr(after, name)!r:.80}"
    for name, value in before.fields.items():
        now = after.fields.get(name)
        if name in ("subjects", "keywords") and all(one in (now or ()) for one in value):
            continue
        if name not in (SOURCE_DOCUMENT, "abstract") and value != now:
            yield f"field {name} read again: {value!r:.80} -> {now!r:.80}"


def write(articles: Sequence[Article], format: str) -> bytes:
    """Return the file that articles become, each with the invented brief and tags."""
    encoder = FORMATS[format].load()
    records = [record(article) for article in articles]
    return encoder.start() + encoder.encode(records) + encoder.end()


def record(article: Article) -> Record:
    """Return a record with the invented brief and tags."""
    brief = Brief(sentences=(Sentence(text=BRIEF, origin="generated"),), backend="x", source_tokens=SourceTokens(1, 1))
    return Record(article=article, brief=brief, tags=TAGS, needs_review=False, made_by=MadeBy("0.1.0", "", {}))


def read_back(data: bytes, format: str, stem: str = "out") -> list[Article]:
    """Return the articles of a file that was written here; what cannot be read is missing.

    :param stem: what the file is called, which ids are made of where a document has none.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, stem + ENDINGS[format])
        Path(path).write_bytes(data)
        entries = list(read(InputOptions(path=path, format=INPUT_FORMATS.get(format, format))))
    return [entry for entry in entries if isinstance(entry, Article)]


if __name__ == "__main__":
    sys.exit(main())

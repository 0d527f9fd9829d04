from __future__ import annotations

from pathlib import Path

import pytest

from summarizer.classify.topics import last_part
from summarizer.errors import InputError, ModelError
from summarizer.records import Topic
from summarizer.train.topics_vocabulary import read_topics_file

HARBOUR = "http://example.org/topics/harbour"
FAIR = "http://example.org/topics/leisure#fair"
TURTLE = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
<http://example.org/topics/harbour> a skos:Concept ; skos:notation "t:01" ;
    skos:prefLabel "Hafen"@de, "harbours"@en, "harbors"@en-US .
<http://example.org/topics/leisure#fair> a skos:Concept ; skos:prefLabel "Messe"@de, "foire"@fr .
<http://example.org/topics/mill> a skos:Concept ; rdfs:label "mills" ; owl:deprecated false .
<http://example.org/topics/abbey> a skos:Concept ; skos:notation "t:04" .
<http://example.org/topics/gasworks> a skos:Concept ; skos:prefLabel "gasworks"@en ; owl:deprecated true .
<http://example.org/topics/> a skos:ConceptScheme ; rdfs:label "Topics" .
"""
ANNIF_CSV = """uri,label_de,label_en,notation
<http://example.org/topics/harbour>,Hafen,harbours,t:01
http://example.org/topics/leisure#fair,Messe,,
http://example.org/topics/gasworks,,,t:05
"""
ANNIF_TSV = """<http://example.org/topics/harbour>\tharbours\tt:01
<http://example.org/topics/leisure#fair>\tMesse
<http://example.org/topics/gasworks>
"""


def ignore(_line: str) -> None:
    pass


@pytest.fixture
def skos(tmp_path: Path) -> Path:
    path = tmp_path / "topics.ttl"
    path.write_text(TURTLE)
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("topics.yaml", "- {id: a, name: Letter A, iptc: 'medtop:1'}\n- {id: b}\n"),
        ("topics.csv", "\ufeffid,name,code\na,Letter A,medtop:1\nb,,\n"),
    ],
)
def test_vocabulary_list_is_taken_whole(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_topics_file(tmp_path / name, ["a"], ignore) == [Topic("a", "Letter A", "medtop:1"), Topic("b", "b")]


@pytest.mark.parametrize(
    ("name", "text"),
    [("topics.yaml", "[]"), ("topics.csv", "name\nx\n"), ("topics.csv", ""), ("topics.tsv", ""), ("topics.nt", "")],
)
def test_vocabulary_refuses_a_file_without_topics(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match="holds no topics"):
        read_topics_file(tmp_path / name, [], ignore)


def test_vocabulary_refuses_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is missing"):
        read_topics_file(tmp_path / "topics.ttl", [], ignore)


def test_vocabulary_list_names_a_topic_that_stands_there_twice(tmp_path: Path) -> None:
    (tmp_path / "topics.csv").write_text("id,name\na,A\nb,B\na,C\n")
    with pytest.raises(InputError, match="topic 'a' stands there 2 times"):
        read_topics_file(tmp_path / "topics.csv", [], ignore)


@pytest.mark.parametrize(("name", "text"), [("v.csv", ANNIF_CSV), ("v.tsv", ANNIF_TSV), ("v.ttl", TURTLE)])
def test_vocabulary_formats_give_the_same_topics(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert read_topics_file(tmp_path / name, [FAIR, HARBOUR], ignore) == [
        Topic(HARBOUR, "harbours", "t:01"),
        Topic(FAIR, "Messe", FAIR),
    ]


@pytest.mark.parametrize(("ending", "format"), [("rdf", "xml"), ("nt", "nt"), ("jsonld", "json-ld")])
def test_vocabulary_reads_every_form_of_skos(skos: Path, ending: str, format: str) -> None:
    from rdflib import Graph

    other = skos.with_suffix(f".{ending}")
    Graph().parse(skos).serialize(other, format=format, encoding="utf-8")
    used = ["harbour", "fair", "mill", "abbey"]
    topics = read_topics_file(other, used, ignore)
    assert topics == read_topics_file(skos, used, ignore)
    assert [topic.name for topic in topics] == ["abbey", "harbours", "Messe", "mills"]


@pytest.mark.parametrize(
    ("used", "codes"),
    [
        ([HARBOUR, FAIR], ["t:01", FAIR]),
        (["t:01", "t:04"], ["t:04", "t:01"]),
        (["harbour", "fair"], ["t:01", FAIR]),
    ],
    ids=["uris", "notations", "last parts"],
)
def test_vocabulary_is_matched_by_what_the_data_use(skos: Path, used: list[str], codes: list[str]) -> None:
    topics = read_topics_file(skos, used, ignore)
    assert {topic.id for topic in topics} == set(used)
    assert [topic.code for topic in topics] == codes


def test_vocabulary_says_how_many_concepts_are_left_out(skos: Path) -> None:
    said: list[str] = []
    read_topics_file(skos, ["harbour"], said.append)
    assert said == [f"{skos}: 3 of 4 concepts left out: no article has them"]


def test_vocabulary_refuses_what_the_data_call_in_two_ways(skos: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_topics_file(skos, ["harbour", "fair", "t:04"], ignore)
    assert "lacks 1 of the 3 topics of the data ('t:04')" in caught.value.fault.what
    assert "2 of 3 are last parts of URIs" in caught.value.fault.mend


def test_vocabulary_refuses_a_deprecated_topic_and_proposes_the_closest(skos: Path) -> None:
    with pytest.raises(InputError, match="lacks 1 of the 2 topics of the data"):
        read_topics_file(skos, ["harbour", "gasworks"], ignore)
    with pytest.raises(InputError, match="did you mean 'harbour'"):
        read_topics_file(skos, ["fair", "harbours"], ignore)


def test_vocabulary_refuses_a_last_part_of_two_uris(tmp_path: Path) -> None:
    path = tmp_path / "v.tsv"
    path.write_text("<http://example.org/a/fair>\ttrade fairs\n<http://example.org/b/fair>\tjustice\n")
    with pytest.raises(InputError, match="'fair' stands for 2 concepts"):
        read_topics_file(path, ["fair"], ignore)


@pytest.mark.parametrize(
    ("name", "text", "format"),
    [
        ("v.ttl", "<a> <b> .", "turtle"),
        ("v.rdf", "<rdf:RDF", "xml"),
        ("v.nt", "<http://a.example> .\n", "nt"),
        ("v.jsonld", '{"@id": ', "json-ld"),
    ],
)
def test_vocabulary_says_what_is_not_of_its_format(tmp_path: Path, name: str, text: str, format: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=f"not {format}"):
        read_topics_file(tmp_path / name, ["a"], ignore)


@pytest.mark.parametrize("name", ["v.tsv", "v.csv", "v.ttl"])
def test_vocabulary_refuses_what_is_not_utf8(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes("id,uri\n<http://example.org/a>\tHäfen\n".encode("latin-1"))
    with pytest.raises(InputError, match=r"utf-8|UTF-8"):
        read_topics_file(tmp_path / name, ["a"], ignore)


def test_vocabulary_broken_yaml(tmp_path: Path) -> None:
    (tmp_path / "topics.yaml").write_text("- [")
    with pytest.raises(ModelError, match="not YAML"):
        read_topics_file(tmp_path / "topics.yaml", [], ignore)


@pytest.mark.parametrize(
    "context",
    ['"https://example.org/context.json"', '[{"a": "http://b/"}, "https://example.org/context.json"]'],
)
def test_vocabulary_never_fetches_a_context(tmp_path: Path, context: str) -> None:
    (tmp_path / "v.jsonld").write_text('{"@graph": [{"@id": "http://example.org/a", "@context": ' + context + "}]}")
    with pytest.raises(InputError, match=r"is on the network \('https://example.org/context.json'\)"):
        read_topics_file(tmp_path / "v.jsonld", ["a"], ignore)


def test_vocabulary_relative_names_do_not_tell_where_they_lie(tmp_path: Path) -> None:
    path = tmp_path / "v.ttl"
    path.write_text("@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n<harbour> a skos:Concept .\n")
    assert read_topics_file(path, ["harbour"], ignore) == [Topic("harbour", "harbour")]


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("politics/elections", "elections"),
        ("http://example.org/a#b", "b"),
        ("http://example.org/a/", "a"),
        ("medtop:1", "medtop:1"),
        ("/", "/"),
    ],
)
def test_vocabulary_last_part(topic: str, expected: str) -> None:
    assert last_part(topic) == expected

"""Reads a SKOS vocabulary with rdflib; comes before ``topics_vocabulary`` matches it with the data.

Source: SKOS reference, W3C 2009; deprecation by ``owl:deprecated``, as Annif has it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.errors import InputError

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node, URIRef

SKOS_FORMATS = {".ttl": "turtle", ".rdf": "xml", ".nt": "nt", ".jsonld": "json-ld"}
"""The endings that stand for SKOS, each with rdflib's name of the format."""
MEND = "Save it again from the tool that made it, as Turtle (.ttl), RDF/XML (.rdf), N-Triples (.nt) or JSON-LD."


@dataclass(frozen=True, slots=True)
class Concept:
    """A topic as a vocabulary knows it; ``name`` and ``notation`` may be empty."""

    uri: str
    name: str = ""
    notation: str = ""


def read_skos(path: Path) -> list[Concept]:
    """Read every ``skos:Concept`` that is not deprecated.

    Names are English where there are such, else without a language, else in the first language of the alphabet.

    :return: in the order of their URIs, for the order in the file says nothing in RDF.
    :raises InputError: the file is not of the format that its ending names, or would have to be fetched in part.
    """
    from rdflib.namespace import RDF, SKOS
    from rdflib.term import URIRef

    graph = _parse(path, SKOS_FORMATS[path.suffix.lower()])
    found = {concept for concept in graph.subjects(RDF.type, SKOS.Concept) if isinstance(concept, URIRef)}
    return [_concept(graph, concept) for concept in sorted(found) if not _is_deprecated(graph, concept)]


def _parse(path: Path, format: str) -> Graph:
    from xml.sax import SAXException

    from rdflib import Graph
    from rdflib.exceptions import ParserError

    try:
        text = path.read_text(encoding="utf-8-sig")
        if format == "json-ld":
            _refuse_remote(json.loads(text), path)
        return Graph().parse(data=text, format=format, publicID=path.resolve().as_uri())
    except (ValueError, SyntaxError, ParserError, SAXException) as error:  # rdflib has no common one
        what = f"not {format} ({' '.join(str(error).split())[:120]})"
        raise InputError(str(path), what, MEND) from error


def _refuse_remote(node: Any, path: Path) -> None:
    """Refuse what rdflib would fetch from the network without asking: contexts that are addresses."""
    for key, value in _pairs(node):
        contexts = value if isinstance(value, list) else [value]
        remote = [context for context in contexts if isinstance(context, str)]
        if key in ("@context", "@import") and remote:
            what = f"its {key} is on the network ('{remote[0]}'), and nothing is fetched"
            raise InputError(str(path), what, "Put the context itself into the file, or save it as Turtle.")


def _pairs(node: Any) -> Iterator[tuple[str, Any]]:
    """Yield every key of a JSON tree with its value."""
    left = [node]
    while left:
        item = left.pop()
        if isinstance(item, dict):
            yield from item.items()
            left += item.values()
        elif isinstance(item, list):
            left += item


def _concept(graph: Graph, concept: URIRef) -> Concept:
    from rdflib.namespace import RDFS, SKOS

    notations = sorted(str(notation) for notation in graph.objects(concept, SKOS.notation))
    name = _label(graph, concept, SKOS.prefLabel) or _label(graph, concept, RDFS.label)
    return Concept(str(concept), name, notations[0] if notations else "")


def _label(graph: Graph, concept: URIRef, kind: URIRef) -> str:
    from rdflib.term import Literal

    labels = [label for label in graph.objects(concept, kind) if isinstance(label, Literal)]
    ranked = sorted((language_rank(label.language), label.language or "", str(label)) for label in labels)
    return ranked[0][2] if ranked else ""


def language_rank(language: str | None) -> int:
    """Return 0 for English, 1 for one country's English, 2 where no language is said, 3 for every other."""
    if not language:
        return 2
    first = language.lower().replace("_", "-").split("-")[0]
    return 3 if first != "en" else 0 if len(language) == len(first) else 1


def _is_deprecated(graph: Graph, concept: Node) -> bool:
    from rdflib.namespace import OWL

    return any(str(value).lower() in ("true", "1") for value in graph.objects(concept, OWL.deprecated))

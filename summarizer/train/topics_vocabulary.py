"""Names and codes of topics from a ``topics_file``; comes after the articles are read, before ``settle_topics``.

There are two kinds of file. A **list** (``topics.yaml``, or CSV with the columns ``id,name,code``) says which topics to
learn: all of them, so each must have articles. A **vocabulary** (SKOS, or Annif's CSV and TSV) says what topics are
called, and mostly holds many more than one newsroom uses: those that no article has are left out, and the number is
said. The data may call a concept by its URI, its notation or the last part of its URI, but all of them the same way;
what the data call it is its id from then on.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path

from summarizer.classify.topics import last_part, make_topic, read_topics
from summarizer.errors import InputError
from summarizer.records import Topic
from summarizer.train.topics_skos import SKOS_FORMATS, Concept, language_rank, read_skos

MEND = "Write topics.yaml (a list of id, name, iptc) or CSV (id,name,code), or name a SKOS, CSV or TSV vocabulary."
LABEL_COLUMN = "label_"
"""Annif's CSV has a column ``label_en`` or the like for each language."""
Rows = list[dict[str, str]]


def read_topics_file(path: Path, used: Iterable[str], say: Callable[[str], None]) -> list[Topic]:
    """Read the topics to learn.

    :param used: the topics of the articles, as the data have them; a vocabulary is cut down to these.
    :param say: is told how many concepts of a vocabulary were left out.
    :return: the whole of a list; of a vocabulary what is ``used``. In the order of the file (SKOS: of the URIs).
    :raises InputError: it is not there, cannot be read or has no topics, or is a vocabulary that lacks a used topic.
    """
    if not path.is_file():
        raise InputError(str(path), "is missing", MEND)
    ending = path.suffix.lower()
    rows = _read_csv(path) if ending == ".csv" else []
    if is_topics_yaml(path):
        topics = read_topics(path) or []
    elif ending == ".csv" and not any("uri" in row for row in rows):
        topics = _listed(path, rows)
    else:
        found = _annif_concepts(rows) if ending == ".csv" else _read_concepts(path)
        concepts = list({concept.uri: concept for concept in found}.values())
        topics = match(concepts, used, path, say) if concepts else []
    if not topics:
        raise InputError(str(path), "holds no topics", MEND)
    return topics


def is_topics_yaml(path: Path) -> bool:
    """Return whether a ``topics_file`` is of the kind that can go into a model's folder as it is."""
    return path.suffix.lower() not in (".csv", ".tsv", *SKOS_FORMATS)


def match(concepts: Sequence[Concept], used: Iterable[str], path: Path, say: Callable[[str], None]) -> list[Topic]:
    """Return the used concepts, in their order, each under the id that the data use.

    :raises InputError: the data use something that is no URI, no notation and no last part of a URI here, or a last
        part that two URIs share.
    """
    wanted = set(used)
    ways = {
        "URIs": [concept.uri for concept in concepts],
        "notations": [concept.notation for concept in concepts],
        "last parts of URIs": [last_part(concept.uri) for concept in concepts],
    }
    way = max(ways, key=lambda name: len(wanted.intersection(ways[name])))  # the first of equals
    ids = ways[way]
    if missing := sorted(wanted.difference(ids)):
        raise _unknown(path, missing, wanted, way, ids)
    counts = Counter(ids)
    if twice := sorted(name for name in wanted if counts[name] > 1):
        what = f"'{twice[0]}' stands for {counts[twice[0]]} concepts ({way})"
        raise InputError(str(path), what, "Use the concepts' whole URIs in the data.")
    if len(concepts) > len(wanted):
        say(f"{path}: {len(concepts) - len(wanted)} of {len(concepts)} concepts left out: no article has them")
    kept = [(name, concept) for name, concept in zip(ids, concepts, strict=True) if name in wanted]
    return [make_topic(name, concept.name, _code(concept)) for name, concept in kept]


def _code(concept: Concept) -> str:
    """Return the notation, else the URI, unless that is only where a relative name happened to lie."""
    return concept.notation or ("" if concept.uri.startswith("file:") else concept.uri)


def _unknown(path: Path, missing: Sequence[str], wanted: set[str], way: str, ids: Sequence[str]) -> InputError:
    some = ", ".join(f"'{name}'" for name in missing[:5])
    what = f"lacks {len(missing)} of the {len(wanted)} topics of the data ({some}{', ...' if missing[5:] else ''})"
    close = [found for name in missing[:5] for found in get_close_matches(name, ids, n=1, cutoff=0.8)]
    hint = f"; did you mean '{close[0]}'?" if close else "."
    mend = "All topics of the data must be URIs, all be notations or all be last parts of URIs"
    return InputError(str(path), what, f"{mend}: {len(wanted) - len(missing)} of {len(wanted)} are {way}{hint}")


def _read_csv(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            rows = list(csv.DictReader(file))
        except (UnicodeDecodeError, csv.Error) as error:
            raise InputError(str(path), f"not CSV in UTF-8 ({error})", MEND) from error
    return [{str(key).strip(): (value or "").strip() for key, value in row.items() if key} for row in rows]


def _listed(path: Path, rows: Rows) -> list[Topic]:
    topics = [make_topic(row["id"], row.get("name", ""), row.get("code", "")) for row in rows if row.get("id")]
    counts = Counter(topic.id for topic in topics)
    if twice := [name for name, count in counts.items() if count > 1]:
        raise InputError(str(path), f"topic '{twice[0]}' stands there {counts[twice[0]]} times", "Leave it there once.")
    return topics


def _annif_concepts(rows: Rows) -> list[Concept]:
    """Read Annif's CSV: ``uri``, ``label_en`` and the like, ``notation``; a row without any label is deprecated."""
    concepts = []
    for row in rows:
        columns = [column for column in row if column.startswith(LABEL_COLUMN)]
        columns.sort(key=lambda column: language_rank(column.removeprefix(LABEL_COLUMN)))  # keeps the file's order
        labels = [row[column] for column in columns if row[column]]
        if row["uri"] and (labels or not columns):
            concepts.append(Concept(_bare(row["uri"]), labels[0] if labels else "", row.get("notation", "")))
    return concepts


def _read_concepts(path: Path) -> list[Concept]:
    """Read SKOS, or Annif's TSV: URI in angle brackets, label, notation where known; without a label deprecated."""
    if path.suffix.lower() != ".tsv":
        return read_skos(path)
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise InputError(str(path), f"not UTF-8 text ({error})", "Save it as UTF-8.") from error
    cells = [[cell.strip() for cell in line.split("\t", 2)] for line in lines]
    return [Concept(_bare(row[0]), row[1], "".join(row[2:])) for row in cells if row[0] and "".join(row[1:2])]


def _bare(uri: str) -> str:
    return uri.removeprefix("<").removesuffix(">")

"""Scores briefs against reference briefs with ROUGE, beside two leads of the same articles in the same run.

    python benchmarks/score_briefs.py out/records.jsonl references.jsonl

References are JSON lines with ``id``, ``text`` and ``summary``. rouge-score with stemming, sentences on lines, F1 in
per cent. Needs the ``dev`` extra.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from rouge_score.rouge_scorer import RougeScorer

from summarizer.sentences import split_sentences

KINDS = ("rouge1", "rouge2", "rougeLsum")
LEAD_WORDS = 70


def main() -> None:
    """Print one row a system."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", type=Path)
    parser.add_argument("references", type=Path)
    arguments = parser.parse_args()
    records = {record["id"]: record for record in read_lines(arguments.records)}
    pairs = [(records[story["id"]], story) for story in read_lines(arguments.references) if story["id"] in records]
    systems = {
        "brief": [record["brief"]["text"] for record, _ in pairs],
        f"lead, {LEAD_WORDS} words": [lead_words(story["text"]) for _, story in pairs],
        "lead, 3 sentences": [lead_sentences(story["text"]) for _, story in pairs],
    }
    references = [story["summary"] for _, story in pairs]
    print(f"{len(pairs)} articles     R-1   R-2   R-Lsum  words")
    for name, briefs in systems.items():
        scores = score(briefs, references)
        words = sum(len(brief.split()) for brief in briefs) / len(briefs)
        print(f"{name:16}" + "".join(f"{value:7.1f}" for value in scores) + f"{words:8.1f}")


def read_lines(path: Path) -> Iterator[dict]:
    """Yield the objects of a JSON lines file."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def lead_words(text: str) -> str:
    """Return the first words, cut where they end."""
    return " ".join(text.split()[:LEAD_WORDS])


def lead_sentences(text: str) -> str:
    """Return the first three sentences."""
    return " ".join(text[start:end] for start, end in split_sentences(text)[:3])


def score(briefs: list[str], references: list[str]) -> list[float]:
    """Return mean F1 in per cent, in the order of ``KINDS``."""
    scorer = RougeScorer(KINDS, use_stemmer=True)
    sums = dict.fromkeys(KINDS, 0.0)
    for brief, reference in zip(briefs, references, strict=True):
        result = scorer.score(on_lines(reference), on_lines(brief))
        for kind in KINDS:
            sums[kind] += result[kind].fmeasure
    return [100 * sums[kind] / len(briefs) for kind in KINDS]


def on_lines(text: str) -> str:
    """Return the text with each sentence on a line, which ROUGE-Lsum counts by."""
    return "\n".join(text[start:end] for start, end in split_sentences(text))


if __name__ == "__main__":
    main()

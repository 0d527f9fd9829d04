"""Puts together what ``evaluation.json`` holds about briefs; comes after they are laid out, before report and plot.

A number with an interval is ``{"value", "low", "high"}``; null is what cannot be said. Shares and ROUGE are 0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from summarizer.evaluate.bootstrap import bootstrap, draw_shares, estimate
from summarizer.evaluate.briefs_claims import KINDS, OTHER, count_unsupported, wrong_spans
from summarizer.evaluate.briefs_copying import NOVEL, count_same, measure_copying
from summarizer.evaluate.briefs_data import Pair
from summarizer.evaluate.briefs_rouge import KINDS as ROUGE
from summarizer.evaluate.briefs_rouge import score_rouge
from summarizer.evaluate.briefs_systems import BRIEF, DRAFT, HUMAN, LEAD_SAME, LEADS, System
from summarizer.evidence import EvidenceOptions

if TYPE_CHECKING:
    import numpy as np

ORIGINS = ("generated", "flagged", "verbatim", "replaced", "dropped")
NAMED = 100
"""How many articles with an unsupported claim are named."""

Parts = dict[tuple[str, ...], "tuple[np.ndarray, np.ndarray]"]
"""For each number the two things in every article whose sums it is the quotient of, under its place in the table."""


@dataclass(frozen=True, slots=True)
class Tables:
    """What ``evaluation.json`` holds of the briefs, and a row of plain numbers for each article."""

    evaluation: dict[str, Any]
    articles: list[dict[str, Any]]


def tabulate_briefs(
    pairs: Sequence[Pair],
    systems: Mapping[str, System],
    evidence: EvidenceOptions,
    draws: tuple[int, int],
    say: Callable[[str], None],
) -> Tables:
    """Measure everything.

    :param draws: bootstrap samples and their seed.
    :param say: is told what is being measured.
    """
    say(f"scoring {len(systems) - 1} systems with ROUGE on {len(pairs)} articles")
    references = [pair.reference for pair in pairs]
    rouge = {key: score_rouge(system.texts, references) for key, system in systems.items() if key != HUMAN}
    parts = _score_parts(systems, rouge)
    for key in (BRIEF, DRAFT, HUMAN, LEAD_SAME):
        if key in systems:
            parts |= _copying_parts(key, systems[key], pairs)
    for key in (BRIEF, DRAFT, HUMAN):
        if key in systems:
            say(f"checking the sentences of each {systems[key].title}")
            parts |= _claim_parts(key, systems[key], pairs, evidence)
    if any(pair.brief.backend for pair in pairs):  # of a foreign brief only the text is known
        parts |= _origin_parts(pairs)

    drawn = bootstrap(len(pairs), *draws, lambda weights: _draw(parts, weights))
    evaluation = {"origins": {}, **_nest(parts, drawn)}
    for key, system in systems.items():
        evaluation["systems"][key] = {"title": system.title, **evaluation["systems"][key]}
    spans = [wrong_spans(pair.brief, pair.article.text) for pair in pairs]
    evaluation["spans"] = {"wrong": sum(wrong for wrong, _ in spans), "all": sum(total for _, total in spans)}
    unsupported = parts["claims", BRIEF, "any"][0]
    named = [pair.article.id for pair, count in zip(pairs, unsupported, strict=True) if count]
    evaluation["unsupported_articles"] = named[:NAMED]
    return Tables(evaluation, _rows(pairs, systems, rouge, unsupported))


def _score_parts(systems: Mapping[str, System], rouge: Mapping[str, np.ndarray]) -> Parts:
    """Lengths and ROUGE of each system, and what the briefs have more than each lead on the same article."""
    import numpy as np

    one = np.ones(len(systems[BRIEF].sentences))
    parts: Parts = {("systems", key, "words"): (np.array(system.words), one) for key, system in systems.items()}
    for key, scores in rouge.items():
        parts |= {("systems", key, kind): (scores[:, column], one) for column, kind in enumerate(ROUGE)}
        if key in LEADS:
            gain = rouge[BRIEF] - scores
            parts |= {("differences", key, kind): (gain[:, column], one) for column, kind in enumerate(ROUGE)}
    return parts


def _draw(parts: Parts, weights: np.ndarray) -> dict[str, np.ndarray]:
    return {" ".join(place): draw_shares(weights, part, whole) for place, (part, whole) in parts.items()}


def _nest(parts: Parts, drawn: Mapping[str, np.ndarray]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for place, (part, whole) in parts.items():
        table = nested
        for name in place[:-1]:
            table = table.setdefault(name, {})
        total = float(whole.sum())
        value = float(part.sum()) / total if total else float("nan")
        table[place[-1]] = estimate(value, drawn[" ".join(place)])
    return nested


def _copying_parts(key: str, system: System, pairs: Sequence[Pair]) -> Parts:
    import numpy as np

    found = [measure_copying(pair.article.body, text) for pair, text in zip(pairs, system.texts, strict=True)]
    has_words = np.array([copying.words > 0 for copying in found], dtype=float)
    repeated = np.array([copying.repeated for copying in found])
    same = np.array([count_same(sentences) > 0 for sentences in system.sentences], dtype=float)
    parts: Parts = {
        ("copying", key, "coverage"): (np.array([copying.coverage for copying in found]), has_words),
        ("copying", key, "density"): (np.array([copying.density for copying in found]), has_words),
    }
    for place, length in enumerate(NOVEL):
        novel = np.array([copying.novel[place] for copying in found])
        parts["copying", key, f"novel_{length}"] = (novel[:, 0], novel[:, 1])
    parts["copying", key, "repeated_3"] = (repeated[:, 0], repeated[:, 1])
    parts["copying", key, "says_twice"] = (same, np.ones(len(pairs)))
    return parts


def _claim_parts(key: str, system: System, pairs: Sequence[Pair], evidence: EvidenceOptions) -> Parts:
    import numpy as np

    found = [
        count_unsupported(sentences, pair.article, evidence)
        for pair, sentences in zip(pairs, system.sentences, strict=True)
    ]
    sentences = np.array([claims.sentences for claims in found])
    unsupported = np.array([claims.unsupported for claims in found])
    parts: Parts = {
        ("claims", key, kind): (np.array([claims.kinds[kind] for claims in found]), sentences)
        for kind in (*KINDS, OTHER)
    }
    parts["claims", key, "any"] = (unsupported, sentences)
    parts["claims", key, "briefs"] = ((unsupported > 0).astype(float), np.ones(len(pairs)))
    return parts


def _origin_parts(pairs: Sequence[Pair]) -> Parts:
    import numpy as np

    counts = np.array([_origins(pair) for pair in pairs])
    everything = counts.sum(axis=1)
    parts: Parts = {("origins", name): (counts[:, column], everything) for column, name in enumerate(ORIGINS)}
    changed = counts[:, [ORIGINS.index("replaced"), ORIGINS.index("dropped")]].any(axis=1)
    parts["origins", "briefs_changed"] = (changed.astype(float), np.ones(len(pairs)))
    return parts


def _origins(pair: Pair) -> list[int]:
    """Count the sentences of each of ``ORIGINS``; a dropped one stands in no brief."""
    names = [
        "flagged" if sentence.origin == "generated" and sentence.unsupported else sentence.origin
        for sentence in pair.brief.sentences
    ]
    return [len(pair.brief.dropped) if name == "dropped" else names.count(name) for name in ORIGINS]


def _rows(
    pairs: Sequence[Pair], systems: Mapping[str, System], rouge: Mapping[str, np.ndarray], unsupported: np.ndarray
) -> list[dict[str, Any]]:
    """Return the numbers of each article."""
    rows = []
    for number, pair in enumerate(pairs):
        row: dict[str, Any] = {"id": pair.article.id}
        row["words"] = {key: systems[key].words[number] for key in (BRIEF, HUMAN)}
        row["rouge"] = {
            key: dict(zip(ROUGE, (round(float(value), 4) for value in scores[number]), strict=True))
            for key, scores in rouge.items()
        }
        changed = any(sentence.replaces for sentence in pair.brief.sentences) or bool(pair.brief.dropped)
        rows.append(row | {"unsupported": int(unsupported[number]), "changed": changed})
    return rows

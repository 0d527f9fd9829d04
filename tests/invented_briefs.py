"""Invented articles with human briefs, and records of briefs as a run writes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ARTICLE = (
    "Harbour council members met two ministers in Tessland on Monday. "
    "They agreed to close the old bridge for 14 weeks. Repairs cost 3 million crowns, said the mayor, Anneli Korvat. "
    "Ferries carry cars until the work is done. "
    "A second bridge is planned further north."
)
HUMAN = "The council and two ministers agreed to close the old bridge for 14 weeks. Ferries carry cars meanwhile."
GOOD = "They agreed to close the old bridge for 14 weeks."
WRITTEN = "The harbour council met two ministers and will close the old bridge."


def span(text: str, article: str = ARTICLE) -> dict[str, Any]:
    start = article.index(text)
    return {"start": start, "end": start + len(text), "text": text}


def sentence(text: str, origin: str = "generated", **more: Any) -> dict[str, Any]:
    evidence = [span(text)] if origin != "generated" else [span("They agreed to close the old bridge for 14 weeks.")]
    return {"text": text, "origin": origin, "support": 0.9, "evidence": evidence, "unsupported": [], **more}


def record(name: str, *sentences: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    text = " ".join(own["text"] for own in sentences)
    brief = {"text": text, "words": len(text.split()), "backend": "causal", "model": "tiny"}
    brief |= {"source_tokens": {"read": 60, "total": 60}, "sentences": list(sentences), **more}
    return {"schema": 1, "id": name, "brief": brief, "made_by": {"models": {"tiny": "sha256:12"}}}


def reference(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "title": "Bridge", "text": ARTICLE, "summary": HUMAN, **more}


def some_records(count: int) -> list[dict[str, Any]]:
    """Every fourth brief has a sentence replaced and one dropped, every fourth copies one."""
    reason = "number 45 not in the article; the article has 14"
    replaced = sentence(GOOD, "replaced", unsupported=[reason], replaces="The bridge closes for 45 weeks.")
    dropped = {"text": "Korvat was born in Orma.", "unsupported": ["name 'Orma' not in the article"]}
    kinds = [
        ([sentence(WRITTEN)], {}),
        ([sentence(WRITTEN), replaced], {"dropped": [dropped]}),
        ([sentence(WRITTEN), sentence(GOOD, "verbatim")], {}),
        ([sentence("Ferries carry cars until the old bridge, shut for 14 weeks, is done.")], {}),
    ]
    return [record(f"w{number}", *kinds[number % 4][0], **kinds[number % 4][1]) for number in range(count)]


def write_lines(path: Path, rows: Iterable[Mapping[str, Any] | str]) -> str:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)

"""Invented articles for the summarize tests."""

from __future__ import annotations

from summarizer.records import Article

PLACES = ["Arven", "Ilsen", "Tamme", "Norby", "Veska", "Ostra", "Kell", "Rinde"]
TAUGHT_BRIEF = "The harbour council met two ministers. The bridge closed."
"""What the taught models answer, whatever the article."""


def story(id: str, sentences: int = 6, place: str = "Arven") -> Article:
    """An article of so many sentences of 14 words."""
    text = " ".join(
        f"Minister {PLACES[i % len(PLACES)]} said on day {i + 1} that the council of {place} would meet again."
        for i in range(sentences)
    )
    return Article(id=id, text=text, title=f"Council of {place} to meet", source=f"wire.jsonl:{id}")

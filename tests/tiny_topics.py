"""Invented labelled articles of three topics, and a linear classifier trained on them."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from summarizer.classify.base import Classifier, Scores
from summarizer.models import write_manifest
from summarizer.records import Article
from summarizer.train.topics_linear import LinearModel, fit_linear, save_linear
from summarizer.train.topics_options import TopicTraining

TOPICS = ["defence", "diplomacy", "energy"]
WORDS = {
    "defence": ["frigate", "battalion", "exercise", "missile", "brigade", "radar", "squadron"],
    "diplomacy": ["envoy", "treaty", "embassy", "summit", "ambassador", "talks", "delegation"],
    "energy": ["pipeline", "turbine", "gas", "reactor", "grid", "electricity", "refinery"],
}
FILLER = ["on", "Monday", "minister", "said", "Port", "Arven", "that", "new", "plan", "follow", "autumn"]


def invent(count: int, seed: int = 1, *, most_topics: int = 2) -> list[dict[str, Any]]:
    """Return rows with ``id``, ``title``, ``text`` and ``topics``; the words of a text give its topics away."""
    rng = random.Random(seed)
    rows = []
    for i in range(count):
        topics = sorted({TOPICS[i % 3], *rng.sample(TOPICS, rng.randrange(most_topics))})
        words = [word for topic in topics for word in rng.sample(WORDS[topic], 4)] + rng.sample(FILLER, 8)
        rng.shuffle(words)
        rows.append({"id": f"a{i}", "title": f"Story {i}", "text": " ".join(words), "topics": topics})
    return rows


def write_rows(path: Path, rows: list[dict[str, Any]]) -> str:
    """Write JSON lines; return the path as text."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def as_articles(rows: list[dict[str, Any]]) -> list[Article]:
    return [Article(id=row["id"], title=row["title"], text=row["text"]) for row in rows]


def probabilities_of(classifier: Classifier, articles: list[Article]) -> list[list[float]]:
    """Score articles that can all be scored."""
    scored = classifier.score(articles)
    assert all(isinstance(scores, Scores) for scores in scored)
    return [scores.probabilities for scores in scored if isinstance(scores, Scores)]


def tiny_linear(folder: Path, *, is_single: bool = False, topics: list[str] = TOPICS) -> tuple[Path, LinearModel]:
    """Train on 60 invented articles and write the folder."""
    import numpy as np

    rows = [row for row in invent(90, most_topics=1 if is_single else 2) if set(row["topics"]) <= set(topics)]
    targets = np.array([[float(topic in row["topics"]) for topic in topics] for row in rows])
    options = TopicTraining(data="invented", out=str(folder), backend="linear")
    texts = [f"{row['title']}. {row['text']}" for row in rows]
    model = fit_linear(texts, targets, topics, options, is_single=is_single)
    folder.mkdir(parents=True)
    save_linear(model, topics, folder)
    write_manifest(folder, name=folder.name, task="topics", backend="linear")
    return folder, model

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tiny_topics import TOPICS, as_articles, invent, probabilities_of, tiny_linear

from summarizer.classify.linear import Linear, LinearOptions, first_words
from summarizer.errors import ModelError
from summarizer.records import Article
from summarizer.runtime import RuntimeOptions

ARTICLES = as_articles(invent(30, seed=8))


@pytest.mark.parametrize(
    ("is_single", "topics"), [(False, TOPICS), (True, TOPICS), (True, TOPICS[:2])], ids=["multi", "single", "two"]
)
def test_linear_scores_as_scikit_learn_does(
    tmp_path: Path, runtime: RuntimeOptions, is_single: bool, topics: list[str]
) -> None:
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    folder, model = tiny_linear(tmp_path / "tiny", is_single=is_single, topics=topics)
    rows = [row for row in invent(90, most_topics=1 if is_single else 2) if set(row["topics"]) <= set(topics)]
    features = model.vectorizer.transform([f"{row['title']}. {row['text']}" for row in rows])
    targets = np.array([[int(topic in row["topics"]) for topic in topics] for row in rows])
    settings = {"C": 10.0, "class_weight": "balanced", "max_iter": 1000}
    if is_single:
        wanted = LogisticRegression(**settings).fit(features, targets.argmax(1))
    else:
        wanted = OneVsRestClassifier(LogisticRegression(**settings, solver="liblinear", random_state=13))
        wanted.fit(features, targets)
    fresh = model.vectorizer.transform([f"{article.title}. {article.text}" for article in ARTICLES])
    seen = probabilities_of(Linear(LinearOptions(model=str(folder)), runtime), ARTICLES)
    assert np.abs(np.array(seen) - wanted.predict_proba(fresh)).max() < 1e-6


def test_linear_reads_only_the_first_words(tmp_path: Path, runtime: RuntimeOptions) -> None:
    folder, model = tiny_linear(tmp_path / "tiny")
    assert model.max_words == 150
    linear = Linear(LinearOptions(model=str(folder)), runtime)
    short = Article(id="1", text="frigate brigade " * 75)
    long = Article(id="2", text="frigate brigade " * 75 + "gas pipeline reactor")
    assert linear.score([short]) == linear.score([long])


@pytest.mark.parametrize(("limit", "expected"), [(None, "a  b c"), (2, "a b"), (3, "a b c"), (9, "a b c")])
def test_linear_first_words(limit: int | None, expected: str) -> None:
    assert first_words("a  b c", limit) == expected


def test_linear_refuses_a_folder_of_another_kind(bert_folder: Path, runtime: RuntimeOptions) -> None:
    with pytest.raises(ModelError, match=r"no linear classifier: it has no linear\.json"):
        Linear(LinearOptions(model=str(bert_folder)), runtime)


def remove_manifest(folder: Path) -> None:
    (folder / "summarizer.json").unlink()  # its checksums would speak first


@pytest.mark.parametrize("key", ["topics", "vocabulary", "analyzer", "max_words", "problem_type"])
def test_linear_refuses_settings_without_a_key(tmp_path: Path, runtime: RuntimeOptions, key: str) -> None:
    folder, _ = tiny_linear(tmp_path / "tiny")
    remove_manifest(folder)
    settings = json.loads((folder / "linear.json").read_text())
    del settings[key]
    (folder / "linear.json").write_text(json.dumps(settings))
    with pytest.raises(ModelError, match=f"has no usable '{key}'"):
        Linear(LinearOptions(model=str(folder)), runtime)


@pytest.mark.parametrize(("name", "message"), [("linear.json", "not JSON"), ("model.safetensors", "cannot be read")])
def test_linear_refuses_damaged_files(tmp_path: Path, runtime: RuntimeOptions, name: str, message: str) -> None:
    folder, _ = tiny_linear(tmp_path / "tiny")
    remove_manifest(folder)
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match=message):
        Linear(LinearOptions(model=str(folder)), runtime)


def test_linear_refuses_weights_of_another_shape(tmp_path: Path, runtime: RuntimeOptions) -> None:
    folder, _ = tiny_linear(tmp_path / "tiny")
    remove_manifest(folder)
    settings = json.loads((folder / "linear.json").read_text())
    settings["vocabulary"].append("wordless")
    (folder / "linear.json").write_text(json.dumps(settings))
    with pytest.raises(ModelError, match=r"'idf' is \(\d+,\), linear.json asks for"):
        Linear(LinearOptions(model=str(folder)), runtime)

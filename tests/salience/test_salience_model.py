"""The salience model: loading, scoring, and what it says when a folder is wrong."""

from __future__ import annotations

import json
import shutil

import pytest
from safetensors.torch import load_file, save_file
from wire_stories import story

from summarizer.errors import ModelError
from summarizer.records import Article
from summarizer.salience.model import SalienceModel
from summarizer.sentences import sentence_spans


@pytest.fixture(scope="module")
def model(salience_folder, runtime):
    return SalienceModel(str(salience_folder), runtime)


def test_salience_model_scores_every_sentence(model):
    articles = [story("a", 3), story("b", 40), Article(id="c", text=""), story("d", 1)]
    scores = model.score(articles)
    assert [len(row) for row in scores] == [len(sentence_spans(article)) for article in articles]
    assert all(0 < value < 1 for row in scores for value in row)
    assert len({round(value, 6) for value in scores[1]}) > 10


def test_salience_model_scores_an_article_alone_as_among_others(model):
    articles = [story(str(i), 2 + 5 * i, place="Norland" if i % 2 else "Arven") for i in range(6)]
    for article, scores in zip(articles, model.score(articles), strict=True):
        assert model.score([article])[0] == scores


def test_salience_model_names_itself(model, salience_folder):
    assert list(model.models) == [str(salience_folder)]
    assert model.models[str(salience_folder)].startswith("sha256:")


def test_salience_model_keeps_an_error_to_its_article(model, monkeypatch):
    forward = model._forward

    def explode(layouts):
        if any("norland" in word for layout in layouts for said in layout.words for word in said):
            raise RuntimeError("index 12 is out of range")
        return forward(layouts)

    monkeypatch.setattr(model, "_forward", explode)
    articles = [story("a", 3), story("b", 3, place="Norland"), story("c", 4)]
    read = model.read(articles)
    assert [isinstance(salience, BaseException) for salience in read] == [False, True, False]
    with pytest.raises(ModelError, match=r"wire\.jsonl:b: the model failed on it"):
        model.score(articles)


@pytest.fixture
def broken(salience_folder, tmp_path):
    """A copy to damage, without checksums: they would tell first."""
    folder = tmp_path / "broken"
    shutil.copytree(salience_folder, folder)
    manifest = json.loads((folder / "summarizer.json").read_text())
    manifest["files"] = {}
    return folder, manifest


def _load(folder, manifest, runtime):
    (folder / "summarizer.json").write_text(json.dumps(manifest))
    return SalienceModel(str(folder), runtime)


def test_salience_model_refuses_another_base(broken, runtime):
    folder, manifest = broken
    manifest["base"]["sha256"] = "0" * 64
    with pytest.raises(ModelError, match="with checksum 000000000000"):
        _load(folder, manifest, runtime)


def test_salience_model_refuses_another_task(broken, runtime):
    folder, manifest = broken
    manifest["task"] = "brief"
    with pytest.raises(ModelError, match="is no salience model"):
        _load(folder, manifest, runtime)


def test_salience_model_refuses_a_head_that_lacks_weights(broken, runtime):
    folder, manifest = broken
    head = load_file(folder / "head.safetensors")
    head.pop("sentence_out.weight")
    save_file(head, folder / "head.safetensors")
    with pytest.raises(ModelError, match="its head cannot be loaded"):
        _load(folder, manifest, runtime)


def test_salience_model_refuses_a_changed_file(broken, salience_folder, runtime):
    folder, _manifest = broken
    shutil.copy(salience_folder / "summarizer.json", folder)
    (folder / "head.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelError, match="checksum is"):
        SalienceModel(str(folder), runtime)

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from tiny_models import tiny_bert
from tiny_topics import as_articles, invent, probabilities_of

from summarizer.classify.encoder import Encoder, EncoderOptions
from summarizer.classify.tokens import tokenize
from summarizer.errors import ModelError, UsageError
from summarizer.models import write_manifest
from summarizer.records import Article, Failure
from summarizer.runtime import RuntimeOptions

ARTICLES = as_articles(invent(5))


@pytest.fixture
def folder(bert_folder: Path, tmp_path: Path) -> Path:
    """A copy of the tiny model, to be changed."""
    return Path(shutil.copytree(bert_folder, tmp_path / "bert"))


def load(folder: Path, runtime: RuntimeOptions, **settings: Any) -> Encoder:
    return Encoder(EncoderOptions(model=str(folder), **settings), runtime)


def change_config(folder: Path, **entries: Any) -> None:
    path = folder / "config.json"
    config = {**json.loads(path.read_text()), **entries}
    path.write_text(json.dumps({key: value for key, value in config.items() if value is not None}))


def test_encoder_scores_as_transformers_does(bert_folder: Path, runtime: RuntimeOptions) -> None:
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(bert_folder)
    model = AutoModelForSequenceClassification.from_pretrained(bert_folder).eval()
    text = f"{ARTICLES[0].title}. {ARTICLES[0].text}"
    with torch.inference_mode():
        logits = model(**tokenizer(text, return_tensors="pt")).logits
    assert probabilities_of(load(bert_folder, runtime), ARTICLES)[0] == pytest.approx(
        logits.sigmoid()[0].tolist(), abs=1e-5
    )


def test_encoder_single_label_scores_sum_to_one(tmp_path: Path, runtime: RuntimeOptions) -> None:
    folder = tiny_bert(tmp_path / "single", ["a", "b", "c"], "single_label_classification")
    for scores in probabilities_of(load(folder, runtime), ARTICLES):
        assert sum(scores) == pytest.approx(1)


def test_encoder_manifest_wins_over_problem_type(folder: Path, runtime: RuntimeOptions) -> None:
    write_manifest(folder, problem_type="single_label_classification")
    (scores,) = probabilities_of(load(folder, runtime), ARTICLES[:1])
    assert sum(scores) == pytest.approx(1)


def test_encoder_without_problem_type_scores_topics_against_each_other(folder: Path, runtime: RuntimeOptions) -> None:
    change_config(folder, problem_type=None)
    (scores,) = probabilities_of(load(folder, runtime), ARTICLES[:1])
    assert sum(scores) == pytest.approx(1)


def test_encoder_refuses_regression(folder: Path, runtime: RuntimeOptions) -> None:
    change_config(folder, problem_type="regression")
    with pytest.raises(ModelError, match="gives a number, not topics"):
        load(folder, runtime)


def test_encoder_loads_half_precision_weights_as_float32(folder: Path, runtime: RuntimeOptions) -> None:
    before = probabilities_of(load(folder, runtime), ARTICLES)
    weights = {name: weight.half() for name, weight in load_file(folder / "model.safetensors").items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    change_config(folder, dtype="float16")
    for one, other in zip(before, probabilities_of(load(folder, runtime), ARTICLES), strict=True):
        assert one == pytest.approx(other, abs=1e-4)  # the weights were rounded, not what is computed with them


def test_encoder_small_batches_score_the_same(bert_folder: Path, runtime: RuntimeOptions) -> None:
    small = runtime.model_copy(update={"batch_tokens": 16})
    whole, single = (probabilities_of(load(bert_folder, r), ARTICLES) for r in (runtime, small))
    for one, other in zip(whole, single, strict=True):
        assert one == pytest.approx(other, abs=1e-5)


@pytest.mark.parametrize("manifest", [None, 12])
def test_encoder_judges_by_the_beginning(folder: Path, runtime: RuntimeOptions, manifest: int | None) -> None:
    if manifest:
        write_manifest(folder, max_tokens=manifest)
    encoder = load(folder, runtime, **({} if manifest else {"max_tokens": 12}))
    start = "the minister said in Port Arven that a new ferry terminal would open in the capital"
    same = [Article(id="1", text=start), Article(id="2", text=start + " gas pipeline reactor")]
    one, other = probabilities_of(encoder, same)
    assert one == pytest.approx(other, abs=1e-6)
    assert one != pytest.approx(probabilities_of(load(folder, runtime, max_tokens=64), same)[1], abs=1e-6)


def test_encoder_refuses_more_tokens_than_it_reads(bert_folder: Path, runtime: RuntimeOptions) -> None:
    with pytest.raises(UsageError, match=r"65 is more than the 64 .* Use 64 or less"):
        load(bert_folder, runtime, max_tokens=65)


def test_encoder_reads_title_and_text(bert_folder: Path, runtime: RuntimeOptions) -> None:
    titled = Article(id="1", title="Gas pipeline", text="The minister met the council.")
    plain = Article(id="2", text="Gas pipeline. The minister met the council.")
    one, other = probabilities_of(load(bert_folder, runtime), [titled, plain])
    assert one == pytest.approx(other, abs=1e-6)


def test_encoder_takes_names_and_codes_from_topics_yaml(folder: Path, runtime: RuntimeOptions) -> None:
    (folder / "topics.yaml").write_text(
        "- {id: energy, name: Energy supply, iptc: 'medtop:20000256'}\n- {id: defence, name: no}\n- {id: diplomacy}\n"
    )
    topics = load(folder, runtime).topics
    assert [topic.id for topic in topics] == ["defence", "diplomacy", "energy"]
    assert [topic.name for topic in topics] == ["no", "diplomacy", "Energy supply"]
    assert topics[2].code == "medtop:20000256"


def test_encoder_refuses_a_model_with_no_labels(folder: Path, runtime: RuntimeOptions) -> None:
    change_config(folder, id2label=None, label2id=None, num_labels=3)
    with pytest.raises(ModelError, match="a model with no labels") as caught:
        load(folder, runtime)
    assert "topics.yaml" in caught.value.fault.mend


def test_encoder_topics_yaml_mends_a_model_with_no_labels(folder: Path, runtime: RuntimeOptions) -> None:
    change_config(folder, id2label={str(i): f"LABEL_{i}" for i in range(3)}, label2id=None)
    (folder / "topics.yaml").write_text("[{id: x}, {id: y}, {id: z}]")
    assert [topic.id for topic in load(folder, runtime).topics] == ["x", "y", "z"]


def test_encoder_topics_yaml_of_another_length(folder: Path, runtime: RuntimeOptions) -> None:
    change_config(folder, id2label={str(i): f"LABEL_{i}" for i in range(3)}, label2id=None)
    (folder / "topics.yaml").write_text("[{id: x}, {id: y}]")
    with pytest.raises(ModelError, match="has 2 topics, the model 3 outputs"):
        load(folder, runtime)


def test_encoder_refuses_missing_weights(folder: Path, runtime: RuntimeOptions) -> None:
    weights = {name: w for name, w in load_file(folder / "model.safetensors").items() if "classifier" not in name}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"lacks 2 of the weights .*classifier.bias"):
        load(folder, runtime)


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json"])
def test_encoder_refuses_damaged_files(folder: Path, runtime: RuntimeOptions, name: str) -> None:
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match="cannot be loaded"):
        load(folder, runtime)


def test_encoder_weights_without_numbers_fail_the_article(folder: Path, runtime: RuntimeOptions) -> None:
    weights = load_file(folder / "model.safetensors")
    weights["classifier.bias"][:] = float("nan")
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (failure,) = load(folder, runtime).score(ARTICLES[:1])
    assert isinstance(failure, Failure)
    assert "NaN" in failure.what


def test_encoder_failing_article_leaves_its_neighbours(
    bert_folder: Path, runtime: RuntimeOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = load(bert_folder, runtime)
    forward, poison = encoder._forward, encoder.tokenizer("Story 2")["input_ids"][:-1]

    def fail_on_poison(ids: list[list[int]]) -> list[list[float]]:
        if any(row[: len(poison)] == poison for row in ids):
            raise RuntimeError("an index is out of range")
        return forward(ids)

    monkeypatch.setattr(encoder, "_forward", fail_on_poison)
    scores = encoder.score(ARTICLES)
    assert [isinstance(score, Failure) for score in scores] == [False, False, True, False, False]
    assert "index is out of range" in str(scores[2])


@pytest.mark.parametrize(
    "text",
    [
        "The minister met the council in Port Arven. " * 50,
        "x" * 300 + " " + "y" * 300 + " the minister",  # each word is one unknown token
        "minister" * 100,
        "Story\n" * 400,
        "short",
    ],
    ids=["long", "unknown", "no blank", "lines", "short"],
)
@pytest.mark.parametrize("side", ["right", "left"])
def test_encoder_tokenizes_the_beginning_as_it_does_the_whole(bert_folder: Path, text: str, side: str) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(bert_folder, truncation_side=side)
    given = ["The envoy said so.", text, text + " the end"]
    whole = tokenizer(given, truncation=True, max_length=12)["input_ids"]
    assert tokenize(given, tokenizer, 12) == whole


def test_encoder_splits_only_the_beginning_of_a_long_text(bert_folder: Path) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(bert_folder)
    seen: list[int] = []

    class Watched:
        truncation_side = "right"

        def __call__(self, texts: list[str], **settings: Any) -> Any:
            seen.extend(len(text) for text in texts)
            return tokenizer(texts, **settings)

    tokenize(["the minister met " * 1000], Watched(), 12)
    assert len(seen) == 1
    assert seen[0] < 200


def test_encoder_scores_the_same_to_the_last_bit_on_more_threads_and_whatever_the_neighbours(
    bert_folder: Path, runtime: RuntimeOptions
) -> None:
    before = torch.get_num_threads()
    articles = as_articles(invent(23, seed=4))
    try:
        alone, shared = (load(bert_folder, runtime.model_copy(update={"threads": n})) for n in (1, 2))
        wanted = [scores for article in articles for scores in probabilities_of(alone, [article])]
        assert probabilities_of(shared, articles) == wanted
        assert probabilities_of(shared, articles[:1]) == wanted[:1]
    finally:
        torch.set_num_threads(before)


def test_encoder_takes_another_architecture_through_transformers(tmp_path: Path, runtime: RuntimeOptions) -> None:
    from transformers import AutoTokenizer, DistilBertConfig, DistilBertForSequenceClassification

    folder = tiny_bert(tmp_path / "other", ["a", "b", "c"])
    size = len(AutoTokenizer.from_pretrained(folder))
    config = DistilBertConfig(vocab_size=size, dim=24, hidden_dim=40, n_layers=2, n_heads=3, num_labels=3)
    config.problem_type, config.id2label = "multi_label_classification", {0: "a", 1: "b", 2: "c"}
    model = DistilBertForSequenceClassification(config).eval()
    model.save_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    texts = [f"{article.title}. {article.text}" for article in ARTICLES]
    with torch.inference_mode():
        wanted = [model(**tokenizer(t, return_tensors="pt")).logits.sigmoid()[0].tolist() for t in texts]
    for one, other in zip(probabilities_of(load(folder, runtime), ARTICLES), wanted, strict=True):
        assert one == pytest.approx(other, abs=1e-5)

"""Adapters: merged with their base when loaded; one that ships is kept in the cache as merged."""

from __future__ import annotations

import hashlib
import json
import shutil

import pytest
from tiny_models import tiny_gguf
from wire_stories import story

from summarizer.errors import ModelError
from summarizer.models import find_model
from summarizer.summarize.causal import Causal, CausalOptions
from summarizer.summarize.loading import load_model, load_whole, make_ready, merge_adapter
from summarizer.summarize.seq2seq import Seq2Seq, Seq2SeqOptions


@pytest.fixture
def shipped(tmp_path, monkeypatch, llama_folder, adapter_folder):
    """An adapter whose manifest names a package with its base's GGUF file, as the one that ships does."""
    pytest.importorskip("gguf")
    file = tiny_gguf(tmp_path / "tiny.gguf", llama_folder)
    package = tmp_path / "packages" / "tiny_base_weights.py"
    package.parent.mkdir()
    package.write_text(f"def assemble():\n    return {str(file)!r}\n")
    monkeypatch.syspath_prepend(str(package.parent))
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / "cache"))
    folder = shutil.copytree(adapter_folder, tmp_path / "brief-tiny")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    base = {"name": "tiny", "package": "tiny_base_weights", "sha256": digest}
    (folder / "summarizer.json").write_text(json.dumps({"base": base}))
    return folder


def test_merging_is_done_once_for_an_adapter_that_ships(shipped, tmp_path, runtime, monkeypatch):
    first = load_whole(find_model(str(shipped), runtime), "causal", runtime)
    kept = sorted(path.name for path in (tmp_path / "cache").iterdir())
    assert [name.rpartition("-")[0] for name in kept] == ["brief-tiny", "tiny"]
    monkeypatch.setattr("summarizer.summarize.loading.merge_adapter", None)
    second = load_whole(find_model(str(shipped), runtime), "causal", runtime)
    pairs = zip(first.model.state_dict().values(), second.model.state_dict().values(), strict=True)
    assert all(a.equal(b) for a, b in pairs)


def test_merging_gives_what_the_adapter_and_its_base_give(shipped, tmp_path, runtime):
    merged = load_whole(find_model(str(shipped), runtime), "causal", runtime).model.state_dict()
    [base] = (tmp_path / "cache").glob("tiny-*")
    plain = load_model("tiny", base, "causal", runtime)
    before = {name: weights.clone() for name, weights in plain.state_dict().items()}
    after = merge_adapter("mine", shipped, plain).state_dict()
    assert any((after[name] - before[name]).abs().max() > 0.1 * before[name].abs().max() for name in after)
    for name, weights in after.items():
        assert (weights - merged[name]).abs().max() <= 0.01 * weights.abs().max(), name  # bfloat16 keeps 8 bits


def test_merging_is_done_anew_for_another_adapter(shipped, tmp_path, runtime):
    load_whole(find_model(str(shipped), runtime), "causal", runtime)
    config = json.loads((shipped / "adapter_config.json").read_text())
    (shipped / "adapter_config.json").write_text(json.dumps({**config, "lora_alpha": 99}))
    load_whole(find_model(str(shipped), runtime), "causal", runtime)
    assert len(list((tmp_path / "cache").glob("brief-tiny-*"))) == 2


def test_merging_leaves_nothing_behind_where_it_fails(shipped, tmp_path, runtime):
    (shipped / "adapter_model.safetensors").write_bytes(b"\x08\x00\x00\x00\x00\x00\x00\x00 garbage")
    with pytest.raises(ModelError, match="its adapter cannot be loaded"):
        load_whole(find_model(str(shipped), runtime), "causal", runtime)
    assert [path.name.rpartition("-")[0] for path in (tmp_path / "cache").iterdir()] == ["tiny"]


def test_merging_is_done_beforehand_so_that_loading_writes_nothing(shipped, tmp_path, runtime, monkeypatch):
    make_ready(find_model(str(shipped), runtime), runtime)
    monkeypatch.setattr("summarizer.base_weights.tempfile.mkdtemp", None)  # all that writes the cache begins with it
    load_whole(find_model(str(shipped), runtime), "causal", runtime)
    made = list((tmp_path / "cache").iterdir())
    assert sorted(path.name.rpartition("-")[0] for path in made) == ["brief-tiny", "tiny"]
    assert {file.stat().st_mode & 0o777 for folder in made for file in folder.iterdir()} == {0o644}


@pytest.mark.parametrize("name", ["salience-minilm", "support-minilm", "topics-minilm"])
def test_merging_beforehand_leaves_models_without_a_base_to_convert_alone(name, tmp_path, runtime, monkeypatch):
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / "cache"))
    make_ready(find_model(name, runtime), runtime)
    assert not (tmp_path / "cache").exists()


def test_merging_copies_nothing_of_an_adapter_of_yours(adapter_folder, tmp_path, runtime, monkeypatch):
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / "cache"))
    Causal(CausalOptions(model=str(adapter_folder), max_words=40), runtime)
    assert not (tmp_path / "cache").exists()


def test_merging_serves_encoder_decoders_too(tmp_path, bart_folder, runtime):
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForSeq2SeqLM

    torch.manual_seed(5)
    model = AutoModelForSeq2SeqLM.from_pretrained(bart_folder, use_safetensors=True)
    lora = LoraConfig(r=2, target_modules="all-linear", task_type="SEQ_2_SEQ_LM", init_lora_weights=False)
    get_peft_model(model, lora).save_pretrained(tmp_path / "adapter")
    drafts = []
    for folder in (bart_folder, tmp_path / "adapter"):
        path = Seq2Seq(Seq2SeqOptions(model=str(folder), max_words=40), runtime)._path
        drafts.append(path._writer.write([path._prompts([story("a", 2).text], [""])[0]])[0].text)
    assert drafts[0] != drafts[1]

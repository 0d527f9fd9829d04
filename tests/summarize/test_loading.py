"""Models that cannot be loaded are refused in plain words."""

from __future__ import annotations

import json
import shutil

import pytest
from safetensors.torch import load_file, save_file

from summarizer.errors import ModelError
from summarizer.summarize.loading import gguf_in, load_model, load_tokenizer, merge_adapter


@pytest.fixture
def copy(tmp_path):
    """Copies a model folder, so that a test can damage it."""
    return lambda folder: shutil.copytree(folder, tmp_path / "model")


@pytest.mark.parametrize(
    ("fixture", "kind", "message"),
    [
        ("bert_folder", "seq2seq", r"not an encoder-decoder but a bert model \(BertForSequenceClassification\)"),
        ("llama_folder", "seq2seq", "Use summarize.backend: causal"),
        ("bart_folder", "causal", "Use summarize.backend: seq2seq"),
        ("bert_folder", "causal", r"does not write text \(BertForSequenceClassification\)"),
    ],
)
def test_loading_refuses_another_kind(fixture, kind, message, request, runtime):
    folder = request.getfixturevalue(fixture)
    with pytest.raises(ModelError, match=message):
        load_model("mine", folder, kind, runtime)


def test_loading_refuses_a_damaged_weights_file(copy, llama_folder, runtime):
    folder = copy(llama_folder)
    (folder / "model.safetensors").write_bytes(b"\x08\x00\x00\x00\x00\x00\x00\x00 garbage")
    with pytest.raises(ModelError, match="its model cannot be loaded"):
        load_model("mine", folder, "causal", runtime)


def test_loading_refuses_missing_tensors(copy, llama_folder, runtime):
    folder = copy(llama_folder)
    tensors = load_file(folder / "model.safetensors")
    del tensors["lm_head.weight"]
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(ModelError, match="weights lack 1 of the tensors that LlamaForCausalLM needs, such as lm_head"):
        load_model("mine", folder, "causal", runtime)


def test_loading_refuses_tensors_of_another_size(copy, llama_folder, runtime):
    folder = copy(llama_folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "vocab_size": 99}))
    with pytest.raises(ModelError, match="its model cannot be loaded"):
        load_model("mine", folder, "causal", runtime)


def test_loading_refuses_a_folder_without_a_config(copy, llama_folder, runtime):
    folder = copy(llama_folder)
    (folder / "config.json").unlink()
    with pytest.raises(ModelError, match=r"^mine .*its config cannot be loaded"):
        load_model("mine", folder, "causal", runtime)


def test_loading_refuses_a_folder_without_a_tokenizer(copy, llama_folder):
    folder = copy(llama_folder)
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"^mine .*its tokenizer cannot be loaded"):
        load_tokenizer("mine", folder)


def test_loading_never_runs_code_of_a_model(copy, llama_folder, runtime, tmp_path):
    folder = copy(llama_folder)
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "own", "auto_map": {"AutoConfig": "own.Own", "AutoModelForCausalLM": "own.Own"}}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "own.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    with pytest.raises(ModelError):
        load_model("mine", folder, "causal", runtime)
    assert not (tmp_path / "ran").exists()


def test_loading_refuses_an_adapter_that_lacks_tensors(copy, adapter_folder, llama_folder, runtime):
    folder = copy(adapter_folder)
    tensors = load_file(folder / "adapter_model.safetensors")
    tensors.pop(sorted(tensors)[0])
    save_file(tensors, folder / "adapter_model.safetensors")
    model = load_model("base", llama_folder, "causal", runtime)
    with pytest.raises(ModelError, match="adapter lacks tensors"):
        merge_adapter("mine", folder, model)


def test_loading_is_silent_and_leaves_transformers_as_it_was(llama_folder, runtime, capfd):
    from transformers.utils import logging

    before = logging.get_verbosity(), logging.is_progress_bar_enabled()
    load_model("mine", llama_folder, "causal", runtime)
    assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == before
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("files", "wanted", "found"),
    [
        (["a.gguf"], None, "a.gguf"),
        (["a.gguf", "model.safetensors"], None, None),
        (["a.gguf", "b.gguf"], "b.gguf", "b.gguf"),
        (["model.safetensors"], None, None),
    ],
)
def test_loading_picks_the_gguf_file(files, wanted, found, tmp_path):
    for file in files:
        (tmp_path / file).touch()
    assert gguf_in(tmp_path, wanted) == (tmp_path, found)


def test_loading_takes_a_path_to_a_gguf_file(tmp_path):
    file = tmp_path / "a.gguf"
    file.touch()
    assert gguf_in(file, None) == (tmp_path, "a.gguf")


@pytest.mark.parametrize(
    ("files", "wanted", "message"),
    [
        (["a.gguf", "b.gguf"], None, r"has 2 GGUF files \(a.gguf, b.gguf\)"),
        (["a.gguf"], "c.gguf", r"has no file 'c.gguf' \(GGUF files: a.gguf\)"),
        ([], "c.gguf", r"has no file 'c.gguf' \(GGUF files: none\)"),
    ],
)
def test_loading_refuses_to_guess_a_gguf_file(files, wanted, message, tmp_path):
    for file in files:
        (tmp_path / file).touch()
    with pytest.raises(ModelError, match=message):
        gguf_in(tmp_path, wanted)

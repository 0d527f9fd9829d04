"""An adapted encoder, by our own pass and by transformers with peft: the same vectors, and the same refusals."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from random_bert import texts
from safetensors.torch import load_file, save_file
from tiny_support import tiny_support

from summarizer.encoder_adapter import load_adapter
from summarizer.errors import ModelError
from summarizer.models import find_model, write_manifest
from summarizer.runtime import RuntimeOptions
from summarizer.text_encoder import PaddedEncoder, PlainEncoder, load_adapted

ADAPTER, CONFIG = "adapter_model.safetensors", "adapter_config.json"
ROWS = texts([4, 16, 16, 1, 9])
KINDS = [[i % 2 for i in range(len(row))] for row in ROWS]


@pytest.fixture
def folder(bert_folder: Path, tmp_path: Path) -> Path:
    return tiny_support(tmp_path / "adapter", bert_folder)


def load(folder: Path, runtime: RuntimeOptions) -> Any:
    return load_adapted(find_model(str(folder), runtime), runtime)


def with_config(folder: Path, **entries: Any) -> None:
    config = json.loads((folder / CONFIG).read_text())
    (folder / CONFIG).write_text(json.dumps({**config, **entries}))
    write_manifest(folder)


@pytest.mark.parametrize("kinds", [None, KINDS], ids=["no kinds", "kinds"])
def test_text_encoder_gives_what_transformers_and_peft_give(
    folder: Path, runtime: RuntimeOptions, kinds: list[list[int]] | None
) -> None:
    own = load(folder, runtime)
    theirs = load_adapter(find_model(str(folder), runtime), runtime)
    assert isinstance(own.encoder, PlainEncoder)
    assert own.head.keys() == theirs.head.keys()
    padded = PaddedEncoder(theirs.encoder, 0)
    with torch.inference_mode():
        vectors, wanted = own.encoder.encode(ROWS, kinds), padded.encode(ROWS, kinds)
        for row, one, other in zip(ROWS, vectors, wanted, strict=True):
            assert one.shape == (len(row), own.encoder.config.hidden_size)
            torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("entries", [{"use_rslora": True}, {"alpha_pattern": {"query": 32}}], ids=str)
def test_text_encoder_leaves_a_special_adapter_to_peft(
    folder: Path, runtime: RuntimeOptions, entries: dict[str, Any]
) -> None:
    plain = load(folder, runtime)
    with_config(folder, **entries)
    special = load(folder, runtime)
    assert isinstance(special.encoder, PaddedEncoder)
    with torch.inference_mode():
        assert not torch.allclose(special.encoder.encode(ROWS[:1])[0], plain.encoder.encode(ROWS[:1])[0], atol=1e-4)


@pytest.mark.parametrize("change", ["lacks", "shape"])
def test_text_encoder_refuses_an_adapter_that_does_not_fit(folder: Path, runtime: RuntimeOptions, change: str) -> None:
    tensors = load_file(folder / ADAPTER)
    name = next(iter(tensors))
    tensors.pop(name) if change == "lacks" else tensors.update({name: torch.zeros(3, 3)})
    save_file(tensors, folder / ADAPTER)
    write_manifest(folder)
    with pytest.raises(ModelError, match=r"its adapter (does not fit its base|cannot be loaded)"):
        load(folder, runtime)


def test_text_encoder_refuses_other_weights_below_it(folder: Path, bert_folder: Path, runtime: RuntimeOptions) -> None:
    base = Path(shutil.copytree(bert_folder, folder.parent / "base"))
    weights = load_file(base / "model.safetensors")
    save_file({name: tensor + 1 for name, tensor in weights.items()}, base / "model.safetensors", {"format": "pt"})
    manifest = json.loads((folder / "summarizer.json").read_text())
    manifest["base"]["name"] = str(base)
    (folder / "summarizer.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="was made over weights of"):
        load(folder, runtime)


def test_text_encoder_refuses_a_damaged_head(folder: Path, runtime: RuntimeOptions) -> None:
    (folder / "head.safetensors").write_bytes(b"nothing")
    write_manifest(folder)
    with pytest.raises(ModelError, match="its adapter cannot be loaded"):
        load(folder, runtime)

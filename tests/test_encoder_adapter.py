from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from summarizer.encoder_adapter import ADAPTER_FILE, load_adapter, open_base, put_adapter, save_adapter
from summarizer.errors import ModelError
from summarizer.models import find_model, write_manifest
from summarizer.runtime import RuntimeOptions

IDS = torch.tensor([[2, 9, 12, 15, 3]])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, bert_folder: Path, runtime: RuntimeOptions):
    """An adapter's folder and what its encoder said before it was saved."""
    folder = tmp_path_factory.mktemp("models") / "adapter"
    base = open_base(str(bert_folder), 1, runtime)
    plain = base.encoder.eval()(input_ids=IDS).last_hidden_state.detach().clone()
    torch.manual_seed(3)
    adapted = put_adapter(base.encoder, rank=2, alpha=4, dropout=0.0).eval()
    assert torch.allclose(adapted(input_ids=IDS).last_hidden_state, plain)
    with torch.no_grad():
        for parameter in adapted.parameters():
            if parameter.requires_grad:
                parameter.add_(torch.randn_like(parameter) * 0.1)
    said = adapted(input_ids=IDS).last_hidden_state.detach()
    save_adapter(folder, adapted, {"weight": torch.ones(2)}, base)
    write_manifest(folder, name="adapter", base=base.entry)
    assert not torch.allclose(said, plain, atol=0.01)
    return folder, said


def copy_of(folder: Path, to: Path) -> Path:
    return Path(shutil.copytree(folder, to / "copy"))


def test_encoder_adapter_comes_back_as_it_was(made, runtime: RuntimeOptions) -> None:
    folder, said = made
    adapted = load_adapter(find_model(str(folder), runtime), runtime)
    assert torch.allclose(adapted.encoder(input_ids=IDS).last_hidden_state, said, atol=2e-3)
    assert adapted.head["weight"].tolist() == [1, 1]
    assert adapted.encoder.config.num_hidden_layers == 1


def test_encoder_adapter_is_stored_in_halves(made) -> None:
    folder, _said = made
    assert {tensor.dtype for tensor in load_file(folder / ADAPTER_FILE).values()} == {torch.float16}


def test_encoder_adapter_refuses_other_weights_below_it(
    made, bert_folder: Path, runtime: RuntimeOptions, tmp_path: Path
) -> None:
    folder, _said = made
    base = copy_of(bert_folder, tmp_path)
    weights = load_file(base / "model.safetensors")
    save_file({name: tensor + 1 for name, tensor in weights.items()}, base / "model.safetensors", {"format": "pt"})
    moved = Path(shutil.copytree(folder, tmp_path / "moved"))
    manifest = json.loads((moved / "summarizer.json").read_text())
    manifest["base"]["name"] = str(base)
    (moved / "summarizer.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="was made over weights of"):
        load_adapter(find_model(str(moved), runtime), runtime)


def test_encoder_adapter_refuses_a_manifest_without_a_base(made, runtime: RuntimeOptions, tmp_path: Path) -> None:
    folder = copy_of(made[0], tmp_path)
    (folder / "summarizer.json").write_text(json.dumps({"name": "adapter", "base": {"name": "x"}}))
    with pytest.raises(ModelError, match="names no base with its checksum"):
        load_adapter(find_model(str(folder), runtime), runtime)


def test_encoder_adapter_refuses_missing_tensors(made, runtime: RuntimeOptions, tmp_path: Path) -> None:
    folder = copy_of(made[0], tmp_path)
    tensors = load_file(folder / ADAPTER_FILE)
    save_file(dict(list(tensors.items())[1:]), folder / ADAPTER_FILE)
    write_manifest(folder)
    with pytest.raises(ModelError, match="does not fit its base"):
        load_adapter(find_model(str(folder), runtime), runtime)


def test_encoder_adapter_refuses_more_layers_than_there_are(bert_folder: Path, runtime: RuntimeOptions) -> None:
    with pytest.raises(ModelError, match="has 2 layers, 9 are asked for"):
        open_base(str(bert_folder), 9, runtime)


def test_encoder_adapter_refuses_a_base_that_is_no_encoder(tmp_path: Path, runtime: RuntimeOptions) -> None:
    save_file({"weight": torch.ones(1)}, tmp_path / "model.safetensors")
    with pytest.raises(ModelError, match="cannot be loaded"):
        open_base(str(tmp_path), None, runtime)

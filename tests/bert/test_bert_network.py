"""The encoder gives what transformers' own gives, and the same to the last bit in any company."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from random_bert import LONGEST, save_bert, texts
from safetensors.torch import load_file, save_file
from transformers import AutoModel, AutoTokenizer

from summarizer.bert.network import Bert, Weights
from summarizer.bert.opened import open_bert
from summarizer.bert.side_by_side import SideBySide
from summarizer.product import Product

LENGTHS = [1, 2, 5, 9, 9, LONGEST]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_bert(tmp_path_factory.mktemp("bert"), num_hidden_layers=3)


@pytest.fixture
def changed(folder: Path, tmp_path: Path) -> Path:
    """A copy, to be changed."""
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def load(folder: Path, layers: int | None = None, dtype: torch.dtype = torch.float32) -> Bert:
    opened = open_bert(folder, layers)
    assert opened is not None
    return Bert(opened.config, Weights(opened.tensors, dtype))


@pytest.mark.parametrize("layers", [1, 2, None])
@pytest.mark.parametrize("with_kinds", [False, True])
def test_bert_gives_what_transformers_gives(folder: Path, layers: int | None, with_kinds: bool) -> None:
    theirs: Any = AutoModel.from_pretrained(folder).eval()
    theirs.encoder.layer = theirs.encoder.layer[:layers]
    own = load(folder, layers)
    with torch.inference_mode():
        for row in texts(LENGTHS):
            kinds = [i % 2 for i in range(len(row))] if with_kinds else [0] * len(row)
            wanted = theirs(torch.tensor([row]), token_type_ids=torch.tensor([kinds])).last_hidden_state[0]
            torch.testing.assert_close(own(row, kinds if with_kinds else None), wanted, atol=1e-5, rtol=1e-4)


def test_bert_in_bf16_is_as_near_as_rounding_allows(folder: Path) -> None:
    exact, rounded = load(folder), load(folder, dtype=torch.bfloat16)
    theirs: Any = AutoModel.from_pretrained(folder, dtype=torch.bfloat16).eval()
    with torch.inference_mode():
        for row in texts(LENGTHS):
            wanted = exact(row)
            error = (rounded(row).float() - wanted).norm() / wanted.norm()
            their_error = (theirs(torch.tensor([row])).last_hidden_state[0].float() - wanted).norm() / wanted.norm()
            assert error <= 1.5 * their_error + 0.01


def test_bert_reads_weights_with_and_without_a_head(folder: Path, tmp_path: Path) -> None:
    bare = save_bert(tmp_path, with_head=False, num_hidden_layers=3)
    row = texts([7])[0]
    with torch.inference_mode():
        assert torch.equal(load(bare)(row), load(folder)(row))
    assert open_bert(bare, with_head=True) is None


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_bert_says_the_same_on_threads(folder: Path, dtype: torch.dtype) -> None:
    bert, before = load(folder, dtype=dtype), torch.get_num_threads()
    rows = texts([LONGEST, 3, 8] * 5)
    run = torch.inference_mode()(bert)
    try:
        together = SideBySide(2).run(run, rows)
        torch.set_num_threads(1)
        assert all(torch.equal(run(row), said) for row, said in zip(rows, together, strict=True))
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize("tokens", [1, 7, 200])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_product_is_that_of_a_linear_layer(dtype: torch.dtype, tokens: int) -> None:
    torch.manual_seed(1)
    weight, bias, rows = (torch.randn(shape).to(dtype) for shape in ((48, 32), (48,), (tokens, 32)))
    wanted = torch.nn.functional.linear(rows.double(), weight.double(), bias.double())
    close = 1e-5 if dtype is torch.float32 else 1e-2
    torch.testing.assert_close(Product(weight, bias, rows=160)(rows).double(), wanted, atol=close, rtol=close)


@pytest.mark.parametrize(
    "entries",
    [
        {"model_type": "roberta"},
        {"hidden_act": "relu"},
        {"position_embedding_type": "relative_key"},
        {"is_decoder": True},
        {"add_cross_attention": True},
        {"num_attention_heads": 5},
        {"num_hidden_layers": 4},
        {"hidden_size": 30},
        {"vocab_size": 61},
        {"hidden_size": None},
        {"quantization_config": {"bits": 4}},
    ],
    ids=str,
)
def test_open_bert_leaves_others_to_transformers(changed: Path, entries: dict[str, Any]) -> None:
    config = json.loads((changed / "config.json").read_text())
    (changed / "config.json").write_text(json.dumps({**config, **entries}))
    assert open_bert(changed) is None


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json"])
def test_open_bert_leaves_damage_to_transformers(changed: Path, name: str) -> None:
    whole = (changed / name).read_bytes()
    (changed / name).write_bytes(whole[: len(whole) // 2])
    assert open_bert(changed) is None


def test_open_bert_wants_all_weights_and_as_many_layers(changed: Path) -> None:
    assert open_bert(changed, 4) is None
    weights = load_file(changed / "model.safetensors")
    weights.pop("bert.encoder.layer.1.output.dense.bias")
    save_file(weights, changed / "model.safetensors", {"format": "pt"})
    assert open_bert(changed, 1) is not None
    assert open_bert(changed) is None


def test_open_bert_has_the_tokenizer_that_transformers_has(bert_folder: Path) -> None:
    opened = open_bert(bert_folder)
    assert opened is not None
    theirs = AutoTokenizer.from_pretrained(bert_folder)
    for text in ("The minister met, in Port Arven.", "", "MINISTER [SEP] ministër 48"):
        settings = {"return_offsets_mapping": True, "truncation": True, "max_length": 9}
        assert {**opened.tokenizer(text, **settings)} == {**theirs(text, **settings)}
    special = ("cls_token_id", "sep_token_id", "pad_token_id", "model_max_length", "truncation_side")
    assert [getattr(opened.tokenizer, name) for name in special] == [getattr(theirs, name) for name in special]


@pytest.mark.parametrize("entries", [{"tokenizer_class": "RobertaTokenizer"}, {"do_lower_case": False}], ids=str)
def test_open_bert_leaves_another_tokenizer_to_transformers(changed: Path, entries: dict[str, Any]) -> None:
    settings = json.loads((changed / "tokenizer_config.json").read_text())
    (changed / "tokenizer_config.json").write_text(json.dumps({**settings, **entries}))
    assert open_bert(changed) is None

"""The pass without padding gives what transformers' own pass gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from tiny_models import tiny_bert
from transformers import AutoModelForSequenceClassification, BertConfig, BertForSequenceClassification

from summarizer.classify.encoder import features_of
from summarizer.classify.packed import Group, PackedBert, can_pack, group

LENGTHS = {"alike": [7, 7, 7], "sorted": [12, 9, 9, 4, 4, 4, 2], "mixed": [3, 9, 3, 12, 9], "single": [5], "one": [1]}


def small(**settings: Any) -> Any:
    """A BERT whose weights are large enough that attention is far from even."""
    torch.manual_seed(7)
    sizes = {"vocab_size": 60, "hidden_size": 24, "intermediate_size": 40, "max_position_embeddings": 16}
    config = BertConfig(**sizes, num_attention_heads=3, initializer_range=0.4, num_labels=4, **settings)
    model = BertForSequenceClassification(config).eval()
    for name, weight in model.named_parameters():
        if name.endswith("bias"):
            torch.nn.init.normal_(weight)
    return model


def articles(lengths: list[int]) -> list[list[int]]:
    generator = torch.Generator().manual_seed(3)
    return [torch.randint(1, 60, (length,), generator=generator).tolist() for length in lengths]


@pytest.mark.parametrize("lengths", LENGTHS.values(), ids=LENGTHS)
@pytest.mark.parametrize("layers", [2, 3, 4])
def test_packed_gives_what_the_model_gives(layers: int, lengths: list[int]) -> None:
    model = small(num_hidden_layers=layers)
    ids = articles(lengths)
    with torch.inference_mode():
        packed = PackedBert(model)(ids, with_features=True)
        for i, row in enumerate(ids):
            alone = model(torch.tensor([row]), output_hidden_states=True)
            torch.testing.assert_close(packed.logits[i], alone.logits[0], atol=1e-5, rtol=1e-4)
            assert packed.features is not None
            features = features_of(alone, torch.ones(1, len(row)))[0]
            torch.testing.assert_close(packed.features[i], features, atol=1e-5, rtol=1e-4)


def test_packed_makes_features_only_where_asked() -> None:
    with torch.inference_mode():
        assert PackedBert(small(num_hidden_layers=2))(articles([4, 3]), with_features=False).features is None


def test_packed_leaves_the_model_as_it_was() -> None:
    model = small(num_hidden_layers=2)
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    with torch.inference_mode():
        PackedBert(model)(articles([4, 3]), with_features=True)
    assert before.keys() == model.state_dict().keys()
    assert all(torch.equal(weight, before[name]) for name, weight in model.state_dict().items())


@pytest.mark.parametrize("settings", [{"num_hidden_layers": 1}, {"num_hidden_layers": 2, "is_decoder": True}])
def test_packed_refuses_a_bert_of_another_shape(settings: dict[str, Any]) -> None:
    assert not can_pack(small(**settings))


def test_packed_takes_a_bert_from_disk_and_no_other_encoder(tmp_path: Path) -> None:
    from transformers import DistilBertConfig, DistilBertForSequenceClassification

    folder = tiny_bert(tmp_path / "bert", ["a", "b"])
    assert can_pack(AutoModelForSequenceClassification.from_pretrained(folder))
    other = DistilBertConfig(vocab_size=60, dim=24, hidden_dim=40, n_layers=2, n_heads=3)
    assert not can_pack(DistilBertForSequenceClassification(other))


def test_packed_groups_neighbours_of_equal_length() -> None:
    assert group([5, 5, 3, 5]) == [Group(0, 2, 5), Group(10, 1, 3), Group(13, 1, 5)]

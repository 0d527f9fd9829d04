from __future__ import annotations

import math

import pytest
import torch

from summarizer.train.topics_loss import loss_function, positive_weights, topic_weights

NAN = math.nan
LOGITS = torch.tensor([[0.5, -1.0], [2.0, 0.0]])


def test_loss_of_known_targets_is_weighted_cross_entropy_of_each_pair() -> None:
    targets = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
    weighted = torch.nn.BCEWithLogitsLoss(pos_weight=torch.tensor([2.0, 2.0]))
    loss = loss_function(targets, is_single=False)(LOGITS, [0, 1])
    assert loss.item() == pytest.approx(weighted(LOGITS, targets[:2]).item())


def test_loss_leaves_unknown_targets_without_a_slope() -> None:
    logits = LOGITS.clone().requires_grad_()
    loss_function(torch.tensor([[1.0, NAN], [NAN, NAN]]), is_single=False)(logits, [0, 1]).backward()
    assert logits.grad is not None
    assert logits.grad[0, 0] < 0
    assert logits.grad.flatten()[1:].tolist() == [0, 0, 0]


def test_loss_of_a_known_pair_is_the_same_beside_unknown_ones() -> None:
    known = loss_function(torch.tensor([[1.0, 0.0], [1.0, 0.0]]), is_single=False)(LOGITS, [0, 1])
    partly = loss_function(torch.tensor([[1.0, 0.0], [NAN, NAN]]), is_single=False)(LOGITS, [0, 1])
    rest = loss_function(torch.tensor([[NAN, NAN], [1.0, 0.0]]), is_single=False)(LOGITS, [0, 1])
    assert (partly + rest).item() == pytest.approx(known.item())


def test_loss_of_a_probability_is_least_there() -> None:
    logits = torch.tensor([[math.log(0.7 / 0.3)]], requires_grad=True)
    loss_function(torch.tensor([[0.7]]), is_single=False)(logits, [0]).backward()
    assert logits.grad is not None
    assert logits.grad.item() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("column", "expected"),
    [([1.0, 0, 0, 0, 0], 2), ([1.0, 1, 1, 0, 0], 1), ([1.0, NAN, 0, 0, 0], 3**0.5), ([NAN, NAN, 0, 0, 0], 2**0.5)],
    ids=["rare", "frequent", "unknown pairs do not count", "no positive"],
)
def test_loss_weight_of_positives(column: list[float], expected: float) -> None:
    assert positive_weights(torch.tensor(column)[:, None]).tolist() == pytest.approx([expected])


def test_loss_weight_of_a_single_topic_is_the_square_root_of_its_rarity() -> None:
    targets = torch.eye(2)[[0] * 8 + [1] * 2]
    assert topic_weights(targets).tolist() == pytest.approx([math.sqrt(5 / 8), math.sqrt(5 / 2)])


def test_loss_of_single_topics_weighs_the_rare_one_more() -> None:
    loss = loss_function(torch.eye(2)[[0, 0, 0, 1]], is_single=True)
    even = torch.tensor([[1.0, 0.0], [1.0, 0.0]])
    plain = torch.nn.functional.cross_entropy(even, torch.tensor([0, 1]))
    assert loss(even, [0, 3]).item() > plain.item()

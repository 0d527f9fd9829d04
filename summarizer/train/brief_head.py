"""Cuts a causal model's output layer to what its training needs; ``brief_loss`` works with it.

Of Gemma's 262k tokens some 30k stand in a training set, and most positions are the article's: whole, the output layer
would take half of a step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from summarizer.errors import ModelError

if TYPE_CHECKING:
    import torch


class CutHead:
    """An output layer that tells the training's own tokens apart, at the positions of a brief only."""

    def __init__(self, name: str, base: Any, tokens: Iterable[int]) -> None:
        """Put it into the model in place of the whole one.

        :param name: the model's name, for messages.
        :param base: a transformers causal model.
        :param tokens: the ids that it has to know.
        :raises ModelError: the model has no plain output layer.
        """
        import torch

        whole = base.get_output_embeddings()
        if not isinstance(whole, torch.nn.Linear):
            what = f"its output layer is no linear one ({type(whole).__name__})"
            raise ModelError(name, what, "Name another causal model.")
        weight = whole.weight.detach()  # (vocabulary, width)
        kept = torch.tensor(sorted(set(tokens)), device=weight.device)
        self.rows = torch.zeros(weight.shape[0], dtype=torch.long, device=weight.device)
        """For each token id its column of the logits; *Shape:* (vocabulary,)."""
        self.rows[kept] = torch.arange(len(kept), device=weight.device)
        self.wanted: torch.Tensor | None = None
        """The positions whose logits are made, to be set before each pass; *Shape:* (batch, tokens) bool."""
        cut = torch.nn.Linear(weight.shape[1], len(kept), bias=whole.bias is not None, device="meta")
        cut.weight = torch.nn.Parameter(weight[kept], requires_grad=False)
        if whole.bias is not None:
            cut.bias = torch.nn.Parameter(whole.bias.detach()[kept], requires_grad=False)
        # the model's forward goes on with (brief tokens, kept) where it would have (batch, tokens, vocabulary)
        cut.register_forward_pre_hook(lambda _, inputs: (inputs[0][self.wanted],))
        self._base, self._whole, self._cut = base, whole, cut
        base.set_output_embeddings(cut)

    @contextmanager
    def put_back(self) -> Iterator[None]:
        """Give the model its whole output layer within the block, to write with."""
        self._base.set_output_embeddings(self._whole)
        try:
            yield
        finally:
            self._base.set_output_embeddings(self._cut)

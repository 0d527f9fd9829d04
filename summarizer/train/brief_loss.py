"""The loss of a batch: cross-entropy on the briefs' tokens only. ``brief_loop`` asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from summarizer.batching import is_out_of_memory
from summarizer.errors import ModelError
from summarizer.train.brief_examples import Example
from summarizer.train.brief_head import CutHead

if TYPE_CHECKING:
    import torch

IGNORED = -100
"""The label of padding, in the words of transformers."""


def loss_of(model: Any, head: CutHead | None, batch: Sequence[Example]) -> tuple[torch.Tensor, int]:
    """Return the cross-entropy summed over the briefs' tokens, and their number.

    :param head: of a causal model; None of an encoder-decoder.
    :raises ModelError: the batch does not fit the device's memory.
    """
    import torch

    dtype = model.get_base_model().dtype
    with _in_memory(batch, model.device), torch.autocast(model.device.type, dtype, enabled=dtype is torch.bfloat16):
        return _seq2seq(model, batch) if head is None else _causal(model, head, batch)


def _causal(model: Any, head: CutHead, batch: Sequence[Example]) -> tuple[torch.Tensor, int]:
    import torch

    ids, mask = _padded([example.prompt + example.target for example in batch], 0, model.device)  # (batch, tokens)
    wanted = torch.zeros_like(mask, dtype=torch.bool)  # positions that predict a brief's token
    for row, example in enumerate(batch):
        wanted[row, len(example.prompt) - 1 : len(example) - 1] = True
    head.wanted = wanted
    targets = head.rows[ids[:, 1:][wanted[:, :-1]]]  # (brief tokens,)
    logits = model(input_ids=ids, attention_mask=mask, use_cache=False).logits  # (brief tokens, kept)
    return torch.nn.functional.cross_entropy(logits.float(), targets, reduction="sum"), len(targets)


def _seq2seq(model: Any, batch: Sequence[Example]) -> tuple[torch.Tensor, int]:
    ids, mask = _padded([example.prompt for example in batch], 0, model.device)  # (batch, article tokens)
    labels, is_target = _padded([example.target for example in batch], IGNORED, model.device)  # (batch, brief tokens)
    loss: torch.Tensor = model(input_ids=ids, attention_mask=mask, labels=labels, use_cache=False).loss
    count = int(is_target.sum())
    return loss.float() * count, count


def _padded(rows: Sequence[list[int]], filler: int, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the rows filled up on the right, and 1 where they are; *Shape:* (rows, longest) int64, both."""
    import torch

    width = max(map(len, rows))
    ids = torch.tensor([row + [filler] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    return ids.to(device), mask.to(device)


@contextmanager
def _in_memory(batch: Sequence[Example], device: torch.device) -> Iterator[None]:
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        what = f"{len(batch)} articles of {max(map(len, batch))} tokens do not fit the memory of {device}"
        raise ModelError("batch_articles", what, "Lower batch_articles or max_article_tokens.") from error

"""Articles as token ids, no longer than the encoder reads, and padded into batches where it wants that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

ENDLESS = 1_000_000
"""Tokenizers that know no limit say one far above this."""
GENEROUS_TOKEN = 6
"""Characters: hardly a text's tokens are as long on average; English news has five."""


def readable_tokens(config: Any, tokenizer: Any) -> int:
    """Return the longest input that a model takes, special tokens included."""
    limit = int(getattr(config, "max_position_embeddings", None) or ENDLESS)
    if tokenizer.model_max_length < ENDLESS:
        # RoBERTa-like models count positions from the padding token's id on; their tokenizer knows the true number.
        limit = min(limit, int(tokenizer.model_max_length))
    return limit


def tokenize(texts: Sequence[str], tokenizer: Any, max_tokens: int) -> list[list[int]]:
    """Return each text's token ids, special tokens included, at most ``max_tokens`` of them.

    A tokenizer splits all of a text before it cuts it, so only the beginning of a long one is given to it, and the rest
    where that turns out to be too few tokens.
    """

    def split(parts: Sequence[str]) -> list[list[int]]:
        if not parts:
            return []
        encoded = tokenizer(list(parts), truncation=True, max_length=max_tokens, return_attention_mask=False)
        return encoded["input_ids"]  # type: ignore[no-any-return]

    if tokenizer.truncation_side != "right":
        return split(texts)
    parts = [_beginning(text, max_tokens * GENEROUS_TOKEN) for text in texts]
    rows = split(parts)
    short = [i for i, row in enumerate(rows) if len(row) < max_tokens and len(parts[i]) < len(texts[i])]
    for i, row in zip(short, split([texts[i] for i in short]), strict=True):
        rows[i] = row
    return rows


def _beginning(text: str, characters: int) -> str:
    """Return the text up to the first blank after so many characters; whole where there is none."""
    end = text.find(" ", characters)
    return text if end < 0 else text[:end]


def collate(ids: Sequence[Sequence[int]], tokenizer: Any, device: torch.device) -> dict[str, torch.Tensor]:
    """Pad on the right: ``input_ids`` and ``attention_mask``, *Shape:* (batch, tokens)."""
    import torch

    longest = max(len(row) for row in ids)
    tokens = torch.full((len(ids), longest), tokenizer.pad_token_id)  # (batch, tokens)
    mask = torch.zeros((len(ids), longest), dtype=torch.long)
    for i, row in enumerate(ids):
        tokens[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = 1
    return {"input_ids": tokens.to(device), "attention_mask": mask.to(device)}

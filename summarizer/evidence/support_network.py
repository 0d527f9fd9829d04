"""The network of the support model: a pair of sentence and evidence in, one log-odds out; comes before ``support``.

A cross-encoder reads both at once. The head sees the first token, the mean and the maximum of the sentence's tokens,
and how suspicious its most suspicious word is; training tells it which words those are where that is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

HIDDEN = 128
LEAST_EVIDENCE = 48
"""Tokens of evidence that are read at least, however long the sentence; an eighth of what a tiny model reads."""
SPECIAL = 3


class Tokens:
    """Makes token ids of pairs: [CLS] sentence [SEP] evidence [SEP].

    :param limit: the most tokens that the encoder takes.
    :param max_tokens: to so many the evidence is cut; the sentence never is.
    """

    def __init__(self, tokenizer: Any, max_tokens: int, limit: int) -> None:
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        self._limit = limit

    def encode(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[list[int], int] | None]:
        """Encode pairs of evidence and sentence.

        :return: for each its ids and how many of them are [CLS] and sentence; None where the sentence is too long for
            the model, so that it could only be judged by a part of it.
        """
        if not pairs:
            return []
        settings = {"add_special_tokens": False, "return_attention_mask": False, "verbose": False}
        evidence = self._tokenizer([pair[0] for pair in pairs], **settings)["input_ids"]
        sentences = self._tokenizer([pair[1] for pair in pairs], **settings)["input_ids"]
        return [self._join(own, sentence) for own, sentence in zip(evidence, sentences, strict=True)]

    def _join(self, evidence: list[int], sentence: list[int]) -> tuple[list[int], int] | None:
        least = min(LEAST_EVIDENCE, self._limit // 8)
        total = min(max(self._max_tokens, len(sentence) + SPECIAL + least), self._limit)
        room = total - SPECIAL - len(sentence)
        if room < min(least, len(evidence)):
            return None
        first, last = self._tokenizer.cls_token_id, self._tokenizer.sep_token_id
        return [first, *sentence, last, *evidence[:room], last], len(sentence) + 1


def kinds_of(ids: Sequence[int], sentence_end: int) -> list[int]:
    """Return each token's type: 1 for the evidence and the mark behind it."""
    first = sentence_end + 1
    return [0] * first + [1] * (len(ids) - first)


def sentence_mask(rows: Sequence[tuple[list[int], int]]) -> Tensor:
    """Return where the sentences' own tokens are. *Shape:* (pairs, tokens) bool, padded on the right."""
    own = torch.zeros((len(rows), max(len(ids) for ids, _ in rows)), dtype=torch.bool)
    for i, (_ids, sentence_end) in enumerate(rows):
        own[i, 1:sentence_end] = True
    return own


def collate(rows: Sequence[tuple[list[int], int]], pad: int) -> dict[str, Tensor]:
    """Pad on the right, for an encoder of transformers, as training needs it.

    :return: ``input_ids``, ``attention_mask``, ``token_type_ids`` and ``in_sentence``. *Shape:* (pairs, tokens) each.
    """
    own = sentence_mask(rows)
    ids = torch.full(own.shape, pad)
    mask, kinds = torch.zeros(own.shape, dtype=torch.long), torch.zeros(own.shape, dtype=torch.long)
    for i, (row, sentence_end) in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = 1
        kinds[i, : len(row)] = torch.tensor(kinds_of(row, sentence_end))
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds, "in_sentence": own}


class SupportHead(nn.Module):
    """Judges a pair by the encoder's token vectors."""

    def __init__(self, size: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(3 * size)
        self.word = nn.Linear(size, 1)
        self.hidden = nn.Linear(3 * size, HIDDEN)
        self.out = nn.Linear(HIDDEN + 1, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, vectors: Tensor, in_sentence: Tensor) -> tuple[Tensor, Tensor]:
        """Return the log-odds that the evidence bears each sentence out, and that each word is at fault.

        *Shape:* vectors (pairs, tokens, size), in_sentence (pairs, tokens) to (pairs,) and (pairs, tokens).
        """
        own = in_sentence.unsqueeze(-1)
        count = own.sum(1).clamp(min=1)
        mean = (vectors * own).sum(1) / count
        most = vectors.masked_fill(~own, -1e4).amax(1)
        seen = self.dropout(self.norm(torch.cat([vectors[:, 0], mean, most], dim=-1)))  # (pairs, 3 x size)
        faults = self.word(vectors).squeeze(-1)  # (pairs, tokens)
        worst = faults.masked_fill(~in_sentence, -1e4).amax(1, keepdim=True)
        hidden = nn.functional.gelu(self.hidden(seen))
        return self.out(torch.cat([self.dropout(hidden), -worst.clamp(min=-20)], dim=-1)).squeeze(-1), faults


class SupportNet(nn.Module):
    """Encoder and head, to be trained."""

    def __init__(self, encoder: Any, head: SupportHead) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = head

    def forward(self, inputs: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Judge what ``collate`` made; see ``SupportHead``."""
        given = {name: inputs[name] for name in ("input_ids", "attention_mask", "token_type_ids")}
        vectors = self.encoder(**given).last_hidden_state.float()
        judged: tuple[Tensor, Tensor] = self.head(vectors, inputs["in_sentence"])
        return judged

"""The network: an encoder's token vectors in, a score for each sentence and each word out; comes after ``windows``.

The encoder and its loading know transformers; the head on top is the project's own and small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from summarizer.salience.windows import Layout

FEATURES = 7
"""Numbers that say where a sentence stands and how long it is."""
SENTENCE_SIZE = 256
WORD_SIZE = 128


@dataclass(frozen=True, slots=True)
class Batch:
    """Articles for one pass.

    :param ids: *Shape:* (windows, tokens) int64, padded on the right.
    :param mask: the same shape; 1 where there is a token.
    :param sentence_of: the same shape; which of the batch's sentences a token belongs to, -1 for none.
    :param article_of: which article each sentence belongs to, *Shape:* (sentences,).
    :param features: *Shape:* (sentences, FEATURES).
    :param word_at: each word's place among all windows' tokens, *Shape:* (words,).
    :param word_in: each word's sentence, *Shape:* (words,).
    """

    ids: Tensor
    mask: Tensor
    sentence_of: Tensor
    article_of: Tensor
    features: Tensor
    word_at: Tensor
    word_in: Tensor

    def to(self, device: torch.device) -> Batch:
        """Return the batch on a device."""
        return Batch(*(getattr(self, name).to(device) for name in self.__slots__))


def collate(layouts: Sequence[Layout], pad: int) -> Batch:
    """Put articles into one batch; ``pad`` is the padding token's id."""
    windows = [(window, article) for article, layout in enumerate(layouts) for window in layout.windows]
    longest = max(len(window.ids) for window, _article in windows)
    ids = torch.full((len(windows), longest), pad)
    mask = torch.zeros((len(windows), longest), dtype=torch.long)
    sentence_of = torch.full((len(windows), longest), -1)
    first = [0]
    for layout in layouts:
        first.append(first[-1] + len(layout.spans))
    word_at: list[int] = []
    word_in: list[int] = []
    for row, (window, article) in enumerate(windows):
        length = len(window.ids)
        ids[row, :length] = torch.tensor(window.ids)
        mask[row, :length] = 1
        owners = torch.tensor(window.sentence_of)
        sentence_of[row, :length] = torch.where(owners >= 0, owners + first[article], -1)
        word_at += [row * longest + place for place in window.word_at]
        word_in += [window.sentence_of[place] + first[article] for place in window.word_at]
    article_of = torch.tensor([i for i, layout in enumerate(layouts) for _ in layout.spans], dtype=torch.long)
    features = torch.cat([_features(layout.lengths) for layout in layouts])
    return Batch(ids, mask, sentence_of, article_of, features, torch.tensor(word_at), torch.tensor(word_in))


def _features(lengths: Sequence[int]) -> Tensor:
    """*Shape:* (sentences, FEATURES)."""
    count = len(lengths)
    index = torch.arange(count, dtype=torch.float32)
    before = torch.tensor([0, *lengths[:-1]], dtype=torch.float32).cumsum(0)[:count]  # tokens before the sentence
    length = torch.tensor(lengths, dtype=torch.float32)
    columns = [
        (index == 0).float(),
        1 / (1 + index),
        torch.log1p(index) / 3,
        index / max(count - 1, 1),
        torch.log1p(before) / 6,
        torch.log1p(length) / 4,
        torch.full((count,), count, dtype=torch.float32).log1p() / 4,
    ]
    return torch.stack(columns, dim=1)


class SalienceHead(nn.Module):
    """Scores sentences and words from token vectors."""

    def __init__(self, hidden_size: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.sentence_norm = nn.LayerNorm(hidden_size)
        self.article_norm = nn.LayerNorm(hidden_size)
        self.sentence_layer = nn.Linear(2 * hidden_size + FEATURES, SENTENCE_SIZE)
        self.sentence_out = nn.Linear(SENTENCE_SIZE, 1)
        self.word_layer = nn.Linear(hidden_size, WORD_SIZE)
        self.word_context = nn.Linear(SENTENCE_SIZE, WORD_SIZE)
        self.word_out = nn.Linear(WORD_SIZE, 2)
        self.dropout = nn.Dropout(dropout)

    def forward(self, vectors: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return the log-odds of each sentence, and of each word and of the pair that begins with it.

        *Shape:* vectors (windows, tokens, hidden) to (sentences,) and (words, 2).
        """
        flat = vectors.float().flatten(0, 1)
        owner = batch.sentence_of.flatten()
        own = owner >= 0
        sentences = _means(flat[own], owner[own], len(batch.article_of))
        articles = _means(flat[own], batch.article_of[owner[own]], int(batch.article_of.max()) + 1)
        seen = [self.sentence_norm(sentences), self.article_norm(articles)[batch.article_of], batch.features]
        hidden = nn.functional.gelu(self.sentence_layer(self.dropout(torch.cat(seen, dim=1))))
        words = self.word_layer(self.dropout(flat[batch.word_at])) + self.word_context(hidden)[batch.word_in]
        out: Tensor = self.sentence_out(self.dropout(hidden)).squeeze(1)
        return out, self.word_out(self.dropout(nn.functional.gelu(words)))


def _means(rows: Tensor, group: Tensor, groups: int) -> Tensor:
    """Return the mean of each group's rows; nought for one without. *Shape:* (rows, size) to (groups, size)."""
    sums = torch.zeros((groups, rows.shape[1]), device=rows.device).index_add(0, group, rows)
    counts = torch.bincount(group, minlength=groups).clamp(min=1)
    return sums / counts.unsqueeze(1)


class SalienceNet(nn.Module):
    """Encoder and head."""

    def __init__(self, encoder: Any, head: SalienceHead) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = head

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return the log-odds of sentences and words; see ``SalienceHead``."""
        vectors = self.encoder(input_ids=batch.ids, attention_mask=batch.mask).last_hidden_state
        out: tuple[Tensor, Tensor] = self.head(vectors, batch)
        return out

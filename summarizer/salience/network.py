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
class Places:
    """Where the sentences and words of some articles stand among the vectors of their windows' tokens.

    :param sentence_of: which of the sentences each vector belongs to, -1 for none, *Shape:* (vectors,).
    :param article_of: which article each sentence belongs to, *Shape:* (sentences,).
    :param features: *Shape:* (sentences, FEATURES).
    :param word_at: each word's vector, *Shape:* (words,).
    :param word_in: each word's sentence, *Shape:* (words,).
    """

    sentence_of: Tensor
    article_of: Tensor
    features: Tensor
    word_at: Tensor
    word_in: Tensor

    def to(self, device: torch.device) -> Places:
        """Return the same on a device."""
        return Places(*(getattr(self, name).to(device) for name in self.__slots__))


def locate(layouts: Sequence[Layout], padded_to: int | None = None) -> Places:
    """Find what the vectors of articles stand for, which lie end to end, window after window.

    :param padded_to: each window has so many vectors; None: as many as it has tokens.
    """
    sentence_of: list[int] = []
    word_at: list[int] = []
    word_in: list[int] = []
    first = 0  # of the article's sentences
    for layout in layouts:
        for window in layout.windows:
            start = len(sentence_of)
            owners = [owner + first if owner >= 0 else -1 for owner in window.sentence_of]
            sentence_of += owners
            word_at += [start + place for place in window.word_at]
            word_in += [owners[place] for place in window.word_at]
            sentence_of += [-1] * ((padded_to or 0) - len(owners))
        first += len(layout.spans)
    article_of = [article for article, layout in enumerate(layouts) for _ in layout.spans]
    features = torch.cat([_features(layout.lengths) for layout in layouts])
    numbers = (torch.tensor(values, dtype=torch.long) for values in (sentence_of, article_of, word_at, word_in))
    owner, article, at, within = numbers
    return Places(owner, article, features, at, within)


@dataclass(frozen=True, slots=True)
class Batch:
    """Articles for one pass through an encoder of transformers, as training makes it.

    :param ids: *Shape:* (windows, tokens) int64, padded on the right.
    :param mask: the same shape; 1 where there is a token.
    :param places: of all vectors, those of padding too.
    """

    ids: Tensor
    mask: Tensor
    places: Places

    def to(self, device: torch.device) -> Batch:
        """Return the batch on a device."""
        return Batch(self.ids.to(device), self.mask.to(device), self.places.to(device))


def collate(layouts: Sequence[Layout], pad: int) -> Batch:
    """Put articles into one batch; ``pad`` is the padding token's id."""
    windows = [window for layout in layouts for window in layout.windows]
    longest = max(len(window.ids) for window in windows)
    ids = torch.full((len(windows), longest), pad)
    mask = torch.zeros((len(windows), longest), dtype=torch.long)
    for row, window in enumerate(windows):
        ids[row, : len(window.ids)] = torch.tensor(window.ids)
        mask[row, : len(window.ids)] = 1
    return Batch(ids, mask, locate(layouts, longest))


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

    def forward(self, vectors: Tensor, places: Places) -> tuple[Tensor, Tensor]:
        """Return the log-odds of each sentence, and of each word and of the pair that begins with it.

        *Shape:* vectors (vectors, hidden) to (sentences,) and (words, 2).
        """
        flat = vectors.float()
        owner = places.sentence_of
        own = owner >= 0
        sentences = _means(flat[own], owner[own], len(places.article_of))
        articles = _means(flat[own], places.article_of[owner[own]], int(places.article_of.max()) + 1)
        seen = [self.sentence_norm(sentences), self.article_norm(articles)[places.article_of], places.features]
        hidden = nn.functional.gelu(self.sentence_layer(self.dropout(torch.cat(seen, dim=1))))
        words = self.word_layer(self.dropout(flat[places.word_at])) + self.word_context(hidden)[places.word_in]
        out: Tensor = self.sentence_out(self.dropout(hidden)).squeeze(1)
        return out, self.word_out(self.dropout(nn.functional.gelu(words)))


def _means(rows: Tensor, group: Tensor, groups: int) -> Tensor:
    """Return the mean of each group's rows; nought for one without. *Shape:* (rows, size) to (groups, size)."""
    sums = torch.zeros((groups, rows.shape[1]), device=rows.device).index_add(0, group, rows)
    counts = torch.bincount(group, minlength=groups).clamp(min=1)
    return sums / counts.unsqueeze(1)


class SalienceNet(nn.Module):
    """Encoder and head, to be trained."""

    def __init__(self, encoder: Any, head: SalienceHead) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = head

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return the log-odds of sentences and words; see ``SalienceHead``."""
        vectors = self.encoder(input_ids=batch.ids, attention_mask=batch.mask).last_hidden_state
        out: tuple[Tensor, Tensor] = self.head(vectors.flatten(0, 1), batch.places)
        return out

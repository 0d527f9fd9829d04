"""Keys and values of the articles that are being written, in memory that is taken once. Used by ``decode``.

Every article has a slot with room for its prompt and its brief. The model's own attention layers store into it through
transformers' cache interface and read through its attention interface (``attention``): no layer is written anew.

Each slot is read to a whole number of ``BLOCK`` positions: what an article's attention sums up, and in which order,
then does not hang on how long its neighbours are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

ROWS = 32
"""Of every step: two tiles of the CPU's matrix unit. More rows cost more time, fewer hardly less."""
BLOCK = 32
RUN_SLOTS = 8
"""Neighbouring slots that one call reads; more would read to the longest of more, fewer are more calls."""
FLOAT32_BLOCK = 512
"""The CPU's kernel sums up so many positions at once, and in float32 rounds by how many of them there are."""

CHEAP_BYTES = 1 << 30
"""What may be held at once beyond ``runtime.batch_tokens``."""
CHEAP_TIMES = 4
"""And so many times that: a step reads one token of an article, the others only wait in memory."""


def held_tokens(config: Any, dtype: torch.dtype, batch_tokens: int) -> int:
    """Return how many tokens of all articles in hand may be kept: some times ``batch_tokens`` where that takes little.

    :param config: the model's.
    """
    text = config.get_text_config()
    width = getattr(text, "head_dim", None) or text.hidden_size // text.num_attention_heads
    heads = getattr(text, "num_key_value_heads", None) or text.num_attention_heads
    return cheap_tokens(batch_tokens, int(2 * text.num_hidden_layers * heads * width * dtype.itemsize))


def cheap_tokens(batch_tokens: int, token_bytes: int) -> int:
    """Return how many tokens may be kept where one takes ``token_bytes``."""
    return max(batch_tokens, min(CHEAP_TIMES * batch_tokens, CHEAP_BYTES // token_bytes))


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring slots that are read together.

    :param first_row: where their rows begin.
    :param first_slot: where they begin.
    :param count: how many there are.
    :param length: positions that are read of each.
    """

    first_row: int
    first_slot: int
    count: int
    length: int


@dataclass(slots=True)
class Step:
    """Which rows of a step belong to which slot; ``width`` rows to each.

    *Shape:* places (rows,) int64: where each row's key goes, counted over all slots; positions (rows,) int64.
    """

    width: int
    places: torch.Tensor
    positions: torch.Tensor
    runs: list[Run]
    masks: dict[tuple[Run, int | None, int], torch.Tensor] = field(default_factory=dict)


class Slots:
    """A cache of the kind that transformers' models are given, for many articles of different lengths.

    *Shape:* keys and values of each layer (slots + 1, length, heads, width); the last slot takes what nobody reads.
    """

    def __init__(self, count: int, length: int, dtype: torch.dtype) -> None:
        """Take no memory yet; the first key of each layer says how much it needs.

        :param length: positions of each slot; rounded up to whole blocks.
        :param dtype: the model's.
        """
        import torch

        self.count = count
        self._least = FLOAT32_BLOCK if dtype == torch.float32 else BLOCK
        self.length = max(_rounded(length, BLOCK), self._least)
        self.step: Step | None = None
        self._slot = 0
        self._layers: dict[int, tuple[torch.Tensor, torch.Tensor]] = {}

    def begin_prompt(self, slot: int) -> None:
        """Let what comes next be the tokens of one article's prompt, from the first."""
        self._slot, self.step = slot, None

    def begin_step(self, width: int, filled: Sequence[tuple[int, int]]) -> Step:
        """Let what comes next be ``width`` tokens of each article; rows that belong to nobody go to the last slot.

        :param filled: slot and length so far of each article, by slot; at most ``ROWS / width``.
        """
        import torch

        starts = [slot * self.length + length for slot, length in filled]
        places = [start + i for start in starts for i in range(width)]
        positions = [length + i for _, length in filled for i in range(width)]
        idle = ROWS - len(places)
        places += [self.count * self.length + i for i in range(idle)]
        self.step = Step(width, torch.tensor(places), torch.tensor(positions + [0] * idle), self._runs(width, filled))
        return self.step

    def _runs(self, width: int, filled: Sequence[tuple[int, int]]) -> list[Run]:
        groups: list[list[tuple[int, int]]] = []
        for slot, length in filled:
            if groups and len(groups[-1]) < RUN_SLOTS and groups[-1][-1][0] == slot - 1:
                groups[-1].append((slot, length))
            else:
                groups.append([(slot, length)])
        runs: list[Run] = []
        row = 0
        for group in groups:
            longest = max(length for _, length in group) + width
            runs.append(Run(row, group[0][0], len(group), max(_rounded(longest, BLOCK), self._least)))
            row += len(group) * width
        return runs

    def update(
        self, keys: torch.Tensor, values: torch.Tensor, layer_idx: int, *_: Any, **__: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Store a layer's new keys and values; models call this.

        *Shape:* (1, heads, tokens, width), in and out.
        """
        if layer_idx not in self._layers:
            heads, width = keys.shape[1], keys.shape[3]
            shape = (self.count + 1, self.length, heads, width)
            # zeros, not empty: a masked position still takes part in sums, and 0 times NaN is NaN
            self._layers[layer_idx] = keys.new_zeros(shape), values.new_zeros((*shape[:3], values.shape[3]))
        for new, kept in zip((keys, values), self._layers[layer_idx], strict=True):
            rows = new[0].transpose(0, 1)  # (tokens, heads, width)
            if self.step is None:
                kept[self._slot, : rows.shape[0]] = rows
            else:
                kept.flatten(0, 1).index_copy_(0, self.step.places, rows)
        return keys, values

    def get_seq_length(self, layer_idx: int = 0) -> int:
        """Return 0: where each token stands is told with its position."""
        return 0

    def attend(self, layer_idx: int, query: torch.Tensor, scaling: float | None, window: int | None) -> torch.Tensor:
        """Let each row of a step see its own article up to itself.

        *Shape:* query (1, heads, rows, width); return (1, rows, heads, width).
        """
        from torch.nn.functional import scaled_dot_product_attention

        assert self.step is not None
        keys, values = self._layers[layer_idx]
        step, key_heads, width = self.step, keys.shape[2], self.step.width
        shared = query.shape[1] // key_heads
        out = query.new_zeros((query.shape[2], query.shape[1], values.shape[3]))
        for run in step.runs:
            rows = slice(run.first_row, run.first_row + run.count * width)
            slots = slice(run.first_slot, run.first_slot + run.count)
            # the heads that share a key stand beside each other, so that it is read once
            asked = query[0, :, rows].reshape(key_heads, shared, run.count, width, -1)
            asked = asked.permute(2, 0, 3, 1, 4).flatten(2, 3)  # (slots, key heads, width x shared, dim)
            seen = scaled_dot_product_attention(
                asked,
                keys[slots, : run.length].transpose(1, 2),
                values[slots, : run.length].transpose(1, 2),
                attn_mask=self._mask(run, window, shared, query.dtype),
                scale=scaling,
            )
            seen = seen.reshape(run.count, key_heads, width, shared, -1)
            out[rows] = seen.permute(0, 2, 1, 3, 4).flatten(2, 3).flatten(0, 1)
        return out[None]

    def _mask(self, run: Run, window: int | None, shared: int, dtype: torch.dtype) -> torch.Tensor:
        """Return 0 where a row may look and minus infinity elsewhere; made once a step.

        *Shape:* (slots, 1, width x shared, length), or (slots, 1, 1, length) for one row a slot.
        """
        import torch

        assert self.step is not None
        key = (run, window, shared)
        if key not in self.step.masks:
            width = self.step.width
            at = self.step.positions[run.first_row : run.first_row + run.count * width]
            at = at.view(run.count, 1, width, 1)
            places = torch.arange(run.length)
            hidden = places > at if window is None else (places > at) | (places <= at - window)
            mask = torch.zeros(hidden.shape, dtype=dtype).masked_fill_(hidden, float("-inf"))
            self.step.masks[key] = mask if width == 1 else mask.repeat_interleave(shared, dim=2)
        return self.step.masks[key]


def _rounded(number: int, block: int) -> int:
    return -(-number // block) * block

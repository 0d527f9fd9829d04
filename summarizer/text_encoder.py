"""Encoders that stand on a model that ships: token ids in, a vector for each token out.

Comes before the heads of ``salience`` and of the learned support. A BERT on the CPU goes through ``summarizer.bert``,
each text by itself; every other encoder, and all on a GPU, through transformers and peft, in padded batches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from summarizer.bert.lora import merge_lora
from summarizer.bert.network import Bert, Weights
from summarizer.bert.opened import open_bert
from summarizer.encoder_adapter import HEAD_FILE, base_of, load_adapter
from summarizer.models import ModelFolder
from summarizer.padding import PADDING
from summarizer.runtime import RuntimeOptions, pick_device, pick_dtype

if TYPE_CHECKING:
    import torch
    from torch import Tensor


class TextEncoder(Protocol):
    """Makes a vector of each token.

    :ivar config: its ``hidden_size`` and ``max_position_embeddings``, as transformers names them.
    """

    config: Any

    def encode(self, rows: Sequence[Sequence[int]], kinds: Sequence[Sequence[int]] | None = None) -> list[Tensor]:
        """Encode texts.

        :param rows: token ids.
        :param kinds: each token's type; None is 0 for all.
        :return: one a text, *Shape:* (tokens, hidden), in the encoder's number format.
        """


class PlainEncoder:
    """A BERT on the CPU."""

    def __init__(self, bert: Bert) -> None:
        self.config = bert.config
        self._bert = bert

    def encode(self, rows: Sequence[Sequence[int]], kinds: Sequence[Sequence[int]] | None = None) -> list[Tensor]:
        """Encode each text by itself; see ``TextEncoder``."""
        return [self._bert(row, kinds[i] if kinds is not None else None) for i, row in enumerate(rows)]


class PaddedEncoder:
    """An encoder of transformers.

    :param pad: the padding token's id.
    """

    def __init__(self, model: Any, pad: int) -> None:
        self.config = model.config
        self._model = model
        self._pad = pad

    def encode(self, rows: Sequence[Sequence[int]], kinds: Sequence[Sequence[int]] | None = None) -> list[Tensor]:
        """Encode texts in one batch; see ``TextEncoder``."""
        PADDING.add([len(row) for row in rows])
        import torch

        device = next(self._model.parameters()).device
        inputs = {"input_ids": _padded(rows, self._pad), "attention_mask": _padded([[1] * len(row) for row in rows], 0)}
        if kinds is not None:
            inputs["token_type_ids"] = _padded(kinds, 0)
        given = {name: torch.tensor(value, device=device) for name, value in inputs.items()}
        vectors = self._model(**given).last_hidden_state  # (texts, longest, hidden)
        return [own[: len(row)] for own, row in zip(vectors, rows, strict=True)]


def _padded(rows: Sequence[Sequence[int]], filling: int) -> list[list[int]]:
    longest = max(len(row) for row in rows)
    return [[*row, *[filling] * (longest - len(row))] for row in rows]


@dataclass(frozen=True, slots=True)
class Adapted:
    """An encoder with its adapter merged in, ready to run, its tokenizer, and what stands on top of it.

    :param device: where it runs.
    :param head: weights in float32, on the CPU.
    """

    encoder: TextEncoder
    tokenizer: Any
    device: torch.device
    head: dict[str, Tensor]


def load_adapted(folder: ModelFolder, runtime: RuntimeOptions) -> Adapted:
    """Load an adapter's base, merge the adapter into it and read the head.

    :raises ModelError: something is missing or damaged, or the adapter was made over other weights.
    """
    device = pick_device(runtime)
    dtype = pick_dtype(runtime, device)
    plain = _load_plain(folder, runtime, dtype) if device.type == "cpu" else None
    if plain is not None:
        return Adapted(plain[0], plain[1], device, plain[2])
    loaded = load_adapter(folder, runtime)
    encoder = PaddedEncoder(loaded.encoder.to(device, dtype), int(loaded.tokenizer.pad_token_id or 0))
    return Adapted(encoder, loaded.tokenizer, device, loaded.head)


def _load_plain(
    folder: ModelFolder, runtime: RuntimeOptions, dtype: torch.dtype
) -> tuple[PlainEncoder, Any, dict[str, Tensor]] | None:
    """Load a BERT for the CPU; None where it or its adapter is no plain one, or is damaged."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    base, entry = base_of(folder, runtime)
    opened = open_bert(base.path, entry.get("layers"))
    merged = merge_lora(folder.path, opened.tensors) if opened else None
    if opened is None or merged is None:
        return None
    try:
        head = {name: tensor.float() for name, tensor in load_file(folder.path / HEAD_FILE).items()}
    except (OSError, SafetensorError):
        return None
    return PlainEncoder(Bert(opened.config, Weights(merged, dtype))), opened.tokenizer, head

"""Gemma 3's text decoder for ``decode``, without transformers' modelling code; ``loading`` takes it where it can.

The numbers are those of transformers' ``Gemma3ForCausalLM``. Importing that takes longer than writing a brief does, and
its layers take a dozen small steps for each norm. Gate and lift are one product here; queries, keys and values are not,
since together they would be rounded otherwise at some lengths of prompt.

Source: Gemma 3 Technical Report (Gemma Team 2025, arXiv:2503.19786).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.product import Product
from summarizer.summarize.attention import see
from summarizer.summarize.cache import ROWS, Slots
from summarizer.summarize.vocabulary import Columns

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    Turn = tuple[Tensor, Tensor]

CONFIG = "config.json"
WEIGHTS = "model.safetensors"
MODEL_TYPE = "gemma3_text"
FIXED = {
    "attention_bias": False,
    "attn_logit_softcapping": None,
    "final_logit_softcapping": None,
    "hidden_activation": "gelu_pytorch_tanh",
    "tie_word_embeddings": True,
    "use_bidirectional_attention": False,
}
"""Settings of a config that this network is made for; one that is not there has this value too."""


def is_plain_gemma(path: Path) -> bool:
    """Return whether a model folder holds what ``Gemma`` can run: one file of weights, and no setting beyond ours."""
    if not (path / WEIGHTS).is_file():
        return False
    try:
        config = json.loads((path / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False  # transformers says what is wrong with it
    if config.get("model_type") != MODEL_TYPE or any(config.get(key, value) != value for key, value in FIXED.items()):
        return False
    ropes = config.get("rope_parameters") or {}
    kinds = set(config.get("layer_types") or [None])
    return all(ropes.get(kind, {}).get("rope_type") == "default" for kind in kinds)


@dataclass(frozen=True, slots=True)
class _Layer:
    """Products of one layer; norms, *Shape:* (features,), are in float32, with one added as Gemma does.

    :param window: positions that a token sees, itself included; None is all before it.
    :param kind: which angles turn its queries and keys.
    """

    window: int | None
    kind: str
    query: Product
    key: Product
    value: Product
    out: Product
    gate_up: Product
    down: Product
    norms: dict[str, Tensor]


class Gemma:
    """The network on the CPU.

    :ivar config: transformers' config of it.
    :ivar generation_config: its folder's generation settings.
    """

    def __init__(self, path: Path, dtype: torch.dtype) -> None:
        """Load a folder for which ``is_plain_gemma`` holds.

        :raises KeyError, OSError, ValueError, RuntimeError, SafetensorError: its weights lack something or are damaged.
        """
        import torch
        from safetensors.torch import load_file
        from transformers import AutoConfig, GenerationConfig

        self.config: Any = AutoConfig.from_pretrained(path, local_files_only=True)
        self.generation_config: Any = GenerationConfig.from_pretrained(path, local_files_only=True)
        self.dtype = dtype
        self.device = torch.device("cpu")
        weights = load_file(path / WEIGHTS)
        self.head: Tensor = weights["model.embed_tokens.weight"].to(dtype)  # (vocabulary, features)
        self._scale = torch.tensor(self.config.hidden_size**0.5, dtype=dtype)
        self._norm = _norm(weights, "model.norm")
        self._layers = [self._layer(weights, index) for index in range(self.config.num_hidden_layers)]
        self._columns: Columns | None = None

    def _layer(self, weights: dict[str, Tensor], index: int) -> _Layer:
        import torch

        config, name = self.config, f"model.layers.{index}"
        size, heads, key_heads = config.head_dim, config.num_attention_heads, config.num_key_value_heads
        inside = config.intermediate_size

        def product(outputs: int, *parts: str) -> Product:
            joined = torch.cat([weights[f"{name}.{part}_proj.weight"] for part in parts]).to(self.dtype)
            if joined.shape[0] != outputs:
                raise ValueError(f"{name}.{parts[0]}_proj.weight: {joined.shape[0]} outputs, its config says {outputs}")
            return Product(joined, rows=ROWS, most=ROWS)  # a prompt gains nothing by it

        return _Layer(
            window=config.sliding_window if config.layer_types[index] == "sliding_attention" else None,
            kind=config.layer_types[index],
            query=product(heads * size, "self_attn.q"),
            key=product(key_heads * size, "self_attn.k"),
            value=product(key_heads * size, "self_attn.v"),
            out=product(config.hidden_size, "self_attn.o"),
            gate_up=product(2 * inside, "mlp.gate", "mlp.up"),
            down=product(config.hidden_size, "mlp.down"),
            norms={
                "query": _norm(weights, f"{name}.self_attn.q_norm"),
                "key": _norm(weights, f"{name}.self_attn.k_norm"),
                "before": _norm(weights, f"{name}.input_layernorm"),
                "attended": _norm(weights, f"{name}.post_attention_layernorm"),
                "between": _norm(weights, f"{name}.pre_feedforward_layernorm"),
                "lifted": _norm(weights, f"{name}.post_feedforward_layernorm"),
            },
        )

    @contextmanager
    def in_use(self, columns: Columns | None) -> Iterator[None]:
        """Compute these columns alone within the block; None is the whole vocabulary."""
        self._columns = columns
        try:
            yield
        finally:
            self._columns = None

    def read(self, ids: Tensor, positions: Tensor, slots: Slots) -> None:
        """Put a prompt's keys and values into ``slots``. *Shape:* ids and positions (tokens,) int64."""
        rows = self.head[ids] * self._scale
        turns = self._turns(positions)
        for index in range(len(self._layers) - 1):
            rows = self._through(index, rows, turns, slots)
        self._kept(len(self._layers) - 1, rows, turns, slots)  # nobody reads what the last layer makes of a prompt

    def logits(self, ids: Tensor, positions: Tensor, slots: Slots) -> Tensor:
        """Take a step. *Shape:* ids and positions (rows,) int64 to (rows, vocabulary or columns)."""
        from torch.nn.functional import linear

        rows = self.head[ids] * self._scale
        turns = self._turns(positions)
        for index in range(len(self._layers)):
            rows = self._through(index, rows, turns, slots)
        rows = self._normed(rows, self._norm)
        return linear(rows, self.head) if self._columns is None else self._columns.logits(rows)

    def _through(self, index: int, rows: Tensor, turns: dict[str, Turn], slots: Slots) -> Tensor:
        """Run tokens through a layer. *Shape:* (tokens, features) to the same."""
        from torch.nn.functional import gelu

        layer = self._layers[index]
        heads = self._kept(index, rows, turns, slots)
        scale = self.config.query_pre_attn_scalar**-0.5
        attended = see(index, *heads, slots, scale, layer.window)[0].flatten(1)
        rows = rows + self._normed(layer.out(attended), layer.norms["attended"])
        gate, up = layer.gate_up(self._normed(rows, layer.norms["between"])).chunk(2, dim=1)
        lifted = layer.down(gelu(gate, approximate="tanh") * up)
        return rows + self._normed(lifted, layer.norms["lifted"])

    def _kept(self, index: int, rows: Tensor, turns: dict[str, Turn], slots: Slots) -> tuple[Tensor, Tensor, Tensor]:
        """Put a layer's keys and values into ``slots``; return queries, keys, values, (1, heads, tokens, size) each."""
        layer = self._layers[index]
        normed = self._normed(rows, layer.norms["before"])
        query, key, value = (
            product(normed).view(len(rows), -1, self.config.head_dim).transpose(0, 1)[None]
            for product in (layer.query, layer.key, layer.value)
        )
        query = _turned(self._normed(query, layer.norms["query"]), turns[layer.kind])
        key = _turned(self._normed(key, layer.norms["key"]), turns[layer.kind])
        slots.update(key, value, index)
        return query, key, value

    def _normed(self, rows: Tensor, weight: Tensor) -> Tensor:
        from torch.nn.functional import rms_norm

        return rms_norm(rows.float(), weight.shape, weight, self.config.rms_norm_eps).to(self.dtype)

    def _turns(self, positions: Tensor) -> dict[str, Turn]:
        """Return, for each kind of layer, cosine and sine of every position's angles; *Shape:* (tokens, size) each."""
        import torch

        turns = {}
        for kind, rope in self.config.rope_parameters.items():
            size = self.config.head_dim
            frequencies = 1.0 / (rope["rope_theta"] ** (torch.arange(0, size, 2, dtype=torch.float) / size))
            angles = (positions[:, None].float() * frequencies).repeat(1, 2)
            turns[kind] = angles.cos().to(self.dtype), angles.sin().to(self.dtype)
        return turns


def _norm(weights: dict[str, Tensor], name: str) -> Tensor:
    return weights[f"{name}.weight"].float() + 1.0


def _turned(rows: Tensor, turn: Turn) -> Tensor:
    """Turn queries or keys by their positions (RoPE, Su et al. 2021, arXiv:2104.09864). *Shape:* (.., tokens, size)."""
    import torch

    cosine, sine = turn
    first, second = rows.chunk(2, dim=-1)
    return rows * cosine + torch.cat((-second, first), dim=-1) * sine

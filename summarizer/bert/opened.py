"""Reads a BERT from a folder in the Hugging Face layout: its config, its weights, its tokenizer; before ``network``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

CONFIG_FILE = "config.json"
WEIGHTS_FILE = "model.safetensors"
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")
PREFIX = "bert."
"""What the encoder's weights are called by where a head stands on it."""
LEFT_OUT = ("is_decoder", "add_cross_attention", "pruned_heads", "quantization_config")
"""Entries of a config that make another network of it."""
PLAIN_TOKENIZERS = ("BertTokenizer", "BertTokenizerFast", "PreTrainedTokenizerFast", "TokenizersBackend")
NORMALIZER_KEYS = {"do_lower_case": "lowercase", "strip_accents": "strip_accents",
                   "tokenize_chinese_chars": "handle_chinese_chars"}  # fmt: skip
"""Of a BERT's tokenizer config, and what ``tokenizer.json`` calls the same."""


@dataclass(frozen=True, slots=True)
class BertConfig:
    """What the network needs to know; the names are those of transformers.

    :param num_hidden_layers: in use; the weights may have more.
    :param id2label: empty for an encoder whose config names no labels.
    """

    vocab_size: int
    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    max_position_embeddings: int
    type_vocab_size: int
    layer_norm_eps: float
    problem_type: str | None
    id2label: Mapping[int, str]

    @property
    def num_labels(self) -> int:
        """Outputs of a classifier."""
        return len(self.id2label)


@dataclass(frozen=True, slots=True)
class Opened:
    """A BERT that was read.

    :param tensors: by name, without ``PREFIX``, as they are stored, each of the shape that the config asks for.
    """

    config: BertConfig
    tensors: dict[str, Tensor]
    tokenizer: Any


def open_bert(folder: Path, layers: int | None = None, *, with_head: bool = False) -> Opened | None:
    """Read a BERT and its tokenizer.

    :param layers: so many from the bottom; None is all.
    :param with_head: read pooler and classifier too; only of a ``BertForSequenceClassification``.
    :return: None where the folder is damaged or holds anything else than a plain BERT in one file.
    """
    from safetensors import SafetensorError, safe_open

    try:
        said = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
        config = _config(said, layers)
        if config is None or (with_head and not _is_classifier(said, config)):
            return None
        with safe_open(folder / WEIGHTS_FILE, framework="pt") as file:
            names = set(file.keys())
            prefix = PREFIX if any(name.startswith(PREFIX) for name in names) else ""
            wanted = {name: prefix + name for name in encoder_shapes(config)}
            if with_head:
                wanted |= {name: name if name.startswith("classifier.") else prefix + name
                           for name in head_shapes(config)}  # fmt: skip
            if not names.issuperset(wanted.values()):
                return None
            tensors = {name: file.get_tensor(stored) for name, stored in wanted.items()}
        tokenizer = open_tokenizer(folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SafetensorError):
        return None
    shapes = encoder_shapes(config) | (head_shapes(config) if with_head else {})
    is_whole = all(tuple(tensors[name].shape) == shape for name, shape in shapes.items())
    return Opened(config, tensors, tokenizer) if is_whole else None


def _config(said: Mapping[str, Any], layers: int | None) -> BertConfig | None:
    is_plain = (
        said["model_type"] == "bert"
        and said["hidden_act"] == "gelu"
        and said.get("position_embedding_type", "absolute") == "absolute"
        and not any(said.get(key) for key in LEFT_OUT)
        and said["hidden_size"] % said["num_attention_heads"] == 0
        and (layers is None or 0 < layers <= said["num_hidden_layers"])
    )
    if not is_plain:
        return None
    numbers = {key: int(said[key]) for key in BertConfig.__slots__ if key.endswith(("_size", "_heads", "_embeddings"))}
    return BertConfig(
        **numbers,
        num_hidden_layers=layers or int(said["num_hidden_layers"]),
        layer_norm_eps=float(said["layer_norm_eps"]),
        problem_type=said.get("problem_type"),
        id2label={int(key): str(label) for key, label in (said.get("id2label") or {}).items()},
    )


def _is_classifier(said: Mapping[str, Any], config: BertConfig) -> bool:
    known = set(config.id2label)
    return said.get("architectures") == ["BertForSequenceClassification"] and known == set(range(len(known))) != set()


def encoder_shapes(config: BertConfig) -> dict[str, tuple[int, ...]]:
    """Return the shape of each of the encoder's tensors, by name."""
    size, lifted = config.hidden_size, config.intermediate_size
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (config.vocab_size, size),
        "embeddings.position_embeddings.weight": (config.max_position_embeddings, size),
        "embeddings.token_type_embeddings.weight": (config.type_vocab_size, size),
        **_norm("embeddings.LayerNorm", size),
    }
    for index in range(config.num_hidden_layers):
        at = f"encoder.layer.{index}."
        for part in ("query", "key", "value"):
            shapes |= _linear(f"{at}attention.self.{part}", size, size)
        shapes |= _linear(f"{at}attention.output.dense", size, size) | _norm(f"{at}attention.output.LayerNorm", size)
        shapes |= _linear(f"{at}intermediate.dense", size, lifted) | _linear(f"{at}output.dense", lifted, size)
        shapes |= _norm(f"{at}output.LayerNorm", size)
    return shapes


def head_shapes(config: BertConfig) -> dict[str, tuple[int, ...]]:
    """Return the shape of each tensor of a classifier's head, by name."""
    return _linear("pooler.dense", config.hidden_size, config.hidden_size) | _linear(
        "classifier", config.hidden_size, config.num_labels
    )


def _linear(name: str, inputs: int, outputs: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (outputs, inputs), f"{name}.bias": (outputs,)}


def _norm(name: str, size: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (size,), f"{name}.bias": (size,)}


def open_tokenizer(folder: Path) -> Any:
    """Load a tokenizer from its files, without what transformers does to find out which kind it is: half a second.

    :raises OSError: a file is missing.
    :raises ValueError: a file is damaged, or transformers would change the tokenizer of ``tokenizer.json``.
    """
    from transformers import PreTrainedTokenizerFast

    whole, settings = (json.loads((folder / name).read_text(encoding="utf-8")) for name in TOKENIZER_FILES)
    normalizer = whole.get("normalizer") or {}
    is_plain = settings.get("tokenizer_class") in PLAIN_TOKENIZERS and all(
        settings.get(key) is None or normalizer.get(own, settings[key]) == settings[key]
        for key, own in NORMALIZER_KEYS.items()
    )
    if not is_plain:
        raise ValueError(f"{folder}: not a tokenizer as it stands in {TOKENIZER_FILES[0]}")
    own = {key: value for key, value in settings.items() if key.endswith("_token") or key in (
        "model_max_length", "padding_side", "truncation_side", "clean_up_tokenization_spaces")}  # fmt: skip
    return PreTrainedTokenizerFast(tokenizer_file=str(folder / TOKENIZER_FILES[0]), **own)

"""Merges a LoRA adapter, as peft writes one, into the weights of a BERT; comes after ``opened``, before ``network``.

Source: LoRA (Hu et al. 2021, arXiv:2106.09685): a weight ``W`` becomes ``W + alpha / rank * B A``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

CONFIG_FILE = "adapter_config.json"
WEIGHTS_FILE = "adapter_model.safetensors"
PREFIX = "base_model.model."
KNOWN = {"peft_type": ("LORA",), "bias": ("none",), "init_lora_weights": (True, False)}
"""What these entries of an adapter's config say of a plain one."""
OF_NO_WEIGHT = {"auto_mapping", "base_model_name_or_path", "inference_mode", "lora_alpha", "lora_dropout",
                "megatron_core", "peft_version", "qalora_group_size", "r", "revision", "target_modules",
                "task_type"}  # fmt: skip
"""Entries that are read elsewhere or change no weight. All others are empty in a plain adapter's config."""


def merge_lora(folder: Path, tensors: Mapping[str, Tensor]) -> dict[str, Tensor] | None:
    """Merge in float32, so that a weight is rounded once.

    :param folder: the adapter's.
    :param tensors: of the base, by their names without ``bert.``.
    :return: all tensors; None where the adapter is damaged, does not fit, or is more than a plain one.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        config = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
        if not _is_plain(config):
            return None
        adapter = load_file(folder / WEIGHTS_FILE)
        scale = config["lora_alpha"] / config["r"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SafetensorError):
        return None
    names = [name for name in tensors if _is_target(name, config["target_modules"])]
    halves = {name: (_key(name, "A"), _key(name, "B")) for name in names}
    if not names or set(adapter) != {key for pair in halves.values() for key in pair}:
        return None
    merged = dict(tensors)
    for name, (first, second) in halves.items():
        weight, down, up = tensors[name].float(), adapter[first].float(), adapter[second].float()
        if (down.shape, up.shape) != ((config["r"], weight.shape[1]), (weight.shape[0], config["r"])):
            return None
        merged[name] = weight + up @ down * scale
    return merged


def _is_plain(config: Mapping[str, Any]) -> bool:
    return (
        all(config[key] in values for key, values in KNOWN.items())
        and isinstance(config["target_modules"], list)
        and not any(value for key, value in config.items() if key not in OF_NO_WEIGHT | KNOWN.keys())
    )


def _is_target(name: str, modules: list[str]) -> bool:
    """Return whether a tensor is the weight of a linear layer that the adapter is over; peft goes by endings."""
    module, _, kind = name.rpartition(".")
    if kind != "weight" or "embeddings" in name or name.endswith("LayerNorm.weight"):
        return False
    return any(module == each or module.endswith(f".{each}") for each in modules)


def _key(name: str, half: str) -> str:
    return f"{PREFIX}{name.removesuffix('.weight')}.lora_{half}.weight"

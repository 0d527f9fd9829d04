"""A LoRA adapter over the encoder of a model that ships: a second model of some megabytes instead of another whole one.

A folder holds the adapter as peft writes it, the weights of whatever stands on top of the encoder, and a manifest that
names the base, the SHA-256 of its weights and how many of its layers are used. Training starts with ``open_base`` and
``put_adapter`` and ends with ``save_adapter``; use begins with ``text_encoder.load_adapted``, which calls
``load_adapter`` where transformers and peft are to run the encoder.

Source: LoRA (Hu et al. 2021, arXiv:2106.09685).
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.errors import ModelError
from summarizer.models import MANIFEST, RESTORE, ModelFolder, find_model
from summarizer.quiet import quiet_transformers
from summarizer.runtime import RuntimeOptions

if TYPE_CHECKING:
    import torch

BASE = "topics-minilm"
WEIGHTS_FILE = "model.safetensors"
ADAPTER_FILE = "adapter_model.safetensors"
ADAPTER_CONFIG = "adapter_config.json"
HEAD_FILE = "head.safetensors"


@dataclass(frozen=True, slots=True)
class Base:
    """An encoder without a head, in float32 on the CPU, and its tokenizer.

    :param entry: what an adapter's manifest says of it: ``name``, ``sha256`` of its weights, ``layers`` in use.
    """

    encoder: Any
    tokenizer: Any
    entry: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Adapted:
    """An encoder with its adapter merged in, in float32 on the CPU, its tokenizer, and what stands on top of it."""

    encoder: Any
    tokenizer: Any
    head: dict[str, torch.Tensor]


def open_base(name: str, layers: int | None, runtime: RuntimeOptions) -> Base:
    """Load a model's encoder to put an adapter over.

    :param layers: how many of its layers, from the bottom, are used; None takes all.
    :raises ModelError: it is missing, damaged or no encoder, or has fewer layers.
    """
    return _open(name, find_model(name, runtime), layers)


def _open(name: str, folder: ModelFolder, layers: int | None) -> Base:
    """Load a model that was found; finding it reads and hashes all its files."""
    import torch
    from safetensors import SafetensorError
    from transformers import AutoConfig, AutoModel, AutoTokenizer

    try:
        with quiet_transformers():
            config = AutoConfig.from_pretrained(folder.path, local_files_only=True)
            known = int(config.num_hidden_layers)
            config.num_hidden_layers = layers = known if layers is None else layers
            config.attention_probs_dropout_prob = (
                0.0  # torch leaves its fused attention for one with dropout: 3x slower
            )
            if layers > known:
                raise ModelError(str(folder.path), f"has {known} layers, {layers} are asked for", RESTORE)
            tokenizer = AutoTokenizer.from_pretrained(folder.path, local_files_only=True)
            encoder, found = AutoModel.from_pretrained(
                folder.path,
                config=config,
                dtype=torch.float32,
                use_safetensors=True,
                local_files_only=True,
                output_loading_info=True,
            )
    except (OSError, ValueError, KeyError, RuntimeError, AttributeError, SafetensorError) as error:
        what = f"cannot be loaded ({str(error).strip().splitlines()[0]})"
        raise ModelError(
            str(folder.path), what, "Name an encoder such as a BERT, in the Hugging Face layout."
        ) from error
    if missing := sorted(key for key in found["missing_keys"] if not key.startswith("pooler.")):
        raise ModelError(
            str(folder.path), f"lacks {len(missing)} weights of its encoder (first: {missing[0]})", RESTORE
        )
    if getattr(encoder, "pooler", None) is not None:
        encoder.pooler = None  # made for the base's own head
    return Base(encoder, tokenizer, {"name": name, "sha256": weights_sha256(folder), "layers": layers})


def weights_sha256(folder: ModelFolder) -> str:
    """Return the SHA-256 of a folder's weights; ``find_model`` has compared the manifest's with the file."""
    from summarizer.models import sha256

    known = folder.manifest.get("files", {}).get(WEIGHTS_FILE)
    return str(known or sha256(folder.path / WEIGHTS_FILE))


def put_adapter(encoder: Any, *, rank: int, alpha: int, dropout: float) -> Any:
    """Return the encoder with a fresh adapter on all its linear layers; only the adapter learns.

    It adds nothing yet: the first of its two matrices is random (seed torch before), the second zero.
    """
    from peft import LoraConfig, get_peft_model

    lora = LoraConfig(r=rank, lora_alpha=alpha, lora_dropout=dropout, target_modules="all-linear")
    return get_peft_model(encoder, lora)


def save_adapter(out: Path, adapted: Any, head: Mapping[str, torch.Tensor], base: Base) -> None:
    """Write adapter and head in fp16; the manifest, with ``base.entry`` under ``base``, is the caller's to write.

    :param adapted: what ``put_adapter`` returned.
    """
    import torch
    from peft import get_peft_model_state_dict
    from safetensors.torch import save_file

    out.mkdir(parents=True, exist_ok=True)
    weights = get_peft_model_state_dict(adapted)
    for file, tensors in ((ADAPTER_FILE, weights), (HEAD_FILE, head)):
        halves = {name: tensor.detach().to("cpu", torch.float16).contiguous() for name, tensor in tensors.items()}
        save_file(halves, out / file)
        (out / file).chmod(0o644)
    adapted.peft_config["default"].base_model_name_or_path = base.entry["name"]
    adapted.peft_config["default"].save_pretrained(str(out))


def load_adapter(folder: ModelFolder, runtime: RuntimeOptions) -> Adapted:
    """Load an adapter's base, merge the adapter into it and read the head.

    :raises ModelError: something is missing or damaged, or the adapter was made over other weights.
    """
    from peft import PeftConfig, get_peft_model, set_peft_model_state_dict
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    found, wanted = base_of(folder, runtime)
    base = _open(wanted["name"], found, wanted.get("layers"))
    try:
        config = PeftConfig.from_pretrained(str(folder.path))
        config.inference_mode = True
        config.base_model_name_or_path = base.encoder.name_or_path  # peft warns of a base by another path
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # peft asks transformers in a way that it will give up
            adapted: Any = get_peft_model(base.encoder, config)
        tensors = {name: tensor.float() for name, tensor in load_file(folder.path / ADAPTER_FILE).items()}
        fitted = set_peft_model_state_dict(adapted, tensors)
        missing = [key for key in fitted.missing_keys if "lora_" in key] + list(fitted.unexpected_keys)
        head = {name: tensor.float() for name, tensor in load_file(folder.path / HEAD_FILE).items()}
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        what = f"its adapter cannot be loaded ({str(error).strip().splitlines()[0]})"
        raise ModelError(str(folder.path), what, RESTORE) from error
    if missing:
        raise ModelError(str(folder.path), f"its adapter does not fit its base (first: {missing[0]})", RESTORE)
    return Adapted(adapted.merge_and_unload().eval(), base.tokenizer, head)


def base_of(folder: ModelFolder, runtime: RuntimeOptions) -> tuple[ModelFolder, dict[str, Any]]:
    """Find the base of an adapter.

    :return: its folder, and what the adapter's manifest says of it: see ``Base.entry``.
    :raises ModelError: it is missing or damaged, or its weights are others than the adapter was made over.
    """
    wanted = _base_entry(folder)
    base = find_model(wanted["name"], runtime)
    found = weights_sha256(base)
    if found != wanted["sha256"]:
        what = (
            f"was made over weights of {wanted['name']} with checksum {wanted['sha256'][:12]}..., "
            f"and those here have {found[:12]}..."
        )
        raise ModelError(str(folder.path), what, "Take both models from the same version, or train the adapter anew.")
    return base, wanted


def _base_entry(folder: ModelFolder) -> dict[str, Any]:
    entry = folder.manifest.get("base")
    if not isinstance(entry, dict) or not {"name", "sha256"} <= entry.keys():
        what = f"names no base with its checksum ({json.dumps(entry)})"
        raise ModelError(str(folder.path / MANIFEST), what, RESTORE)
    return entry

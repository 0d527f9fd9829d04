"""A tiny support model, as ``train support`` writes one, over a tiny encoder; its weights are random."""

from __future__ import annotations

from pathlib import Path

import torch

from summarizer.encoder_adapter import open_base, put_adapter, save_adapter
from summarizer.evidence.support_network import SupportHead
from summarizer.models import write_manifest
from summarizer.runtime import RuntimeOptions

MAX_TOKENS = 56


def tiny_support(folder: Path, base_folder: Path, threshold: float = 0.5) -> Path:
    """Fill ``folder`` and return it; the encoder is that of ``base_folder``, a BERT that reads 64 tokens."""
    base = open_base(str(base_folder), 1, RuntimeOptions())
    torch.manual_seed(7)
    adapted = put_adapter(base.encoder, rank=2, alpha=4, dropout=0.0)
    head = SupportHead(base.encoder.config.hidden_size)
    with torch.no_grad():
        for parameter in [*(p for p in adapted.parameters() if p.requires_grad), *head.parameters()]:
            parameter.add_(torch.randn_like(parameter) * 0.05)
    save_adapter(folder, adapted, head.state_dict(), base)
    numbers = {"max_tokens": MAX_TOKENS, "slope": 1.0, "coverage": 0.5, "shift": 0.0, "threshold": threshold}
    write_manifest(folder, name=folder.name, task="support", base=base.entry, support=numbers)
    return folder

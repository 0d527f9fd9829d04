"""A BERT with random weights, large enough that attention is far from even, and a tokenizer; and random texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from tiny_models import tiny_bert
from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

WORDS = 60
LONGEST = 16


def save_bert(folder: Path, *, with_head: bool = True, **settings: Any) -> Path:
    """Fill ``folder`` and return it."""
    tiny_bert(folder, ["a", "b"])
    torch.manual_seed(7)
    sizes = {"vocab_size": WORDS, "hidden_size": 24, "intermediate_size": 40, "max_position_embeddings": LONGEST}
    config = BertConfig(**{**sizes, "num_attention_heads": 3, "initializer_range": 0.4, "num_labels": 4, **settings})
    model = BertForSequenceClassification(config).eval()
    for name, weight in model.named_parameters():
        if name.endswith("bias"):
            torch.nn.init.normal_(weight)
    (model if with_head else model.bert).save_pretrained(folder)
    AutoTokenizer.from_pretrained(folder).save_pretrained(folder)
    return folder


def texts(lengths: list[int]) -> list[list[int]]:
    """Return random token ids."""
    generator = torch.Generator().manual_seed(3)
    return [torch.randint(1, WORDS, (length,), generator=generator).tolist() for length in lengths]

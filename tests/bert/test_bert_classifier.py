"""A classifier's pass gives what transformers' own gives."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from random_bert import save_bert, texts
from transformers import AutoModelForSequenceClassification

from summarizer.bert.classifier import BertClassifier
from summarizer.bert.network import Weights
from summarizer.bert.opened import open_bert
from summarizer.classify.network import features_of


@pytest.mark.parametrize("layers", [2, 3, 4])
def test_bert_classifier_gives_what_transformers_gives(tmp_path: Path, layers: int) -> None:
    save_bert(tmp_path, num_hidden_layers=layers)
    opened = open_bert(tmp_path, with_head=True)
    assert opened is not None
    own = BertClassifier(opened.config, Weights(opened.tensors, torch.float32))
    model = AutoModelForSequenceClassification.from_pretrained(tmp_path).eval()
    with torch.inference_mode():
        for row in texts([1, 5, 9, 16]):
            logits, features = own(row)
            theirs = model(torch.tensor([row]), output_hidden_states=True)
            torch.testing.assert_close(logits, theirs.logits, atol=1e-5, rtol=1e-4)
            torch.testing.assert_close(features, features_of(theirs, torch.ones(1, len(row))), atol=1e-5, rtol=1e-4)

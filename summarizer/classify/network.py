"""Runs a topic classifier's network over token ids; comes after ``tokens`` and before ``encoder``.

A BERT on the CPU goes through ``summarizer.bert``; every other sequence classifier, and all on a GPU, through
transformers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from summarizer.bert.classifier import BertClassifier
from summarizer.bert.network import Weights
from summarizer.bert.opened import Opened, open_bert
from summarizer.classify.tokens import collate
from summarizer.errors import ModelError
from summarizer.models import ModelFolder
from summarizer.padding import PADDING
from summarizer.quiet import quiet_transformers

if TYPE_CHECKING:
    import torch

CLASSIFIER_MEND = "Name a topic classifier (AutoModelForSequenceClassification)."


@dataclass(frozen=True, slots=True)
class Passed:
    """What a pass through a model gives, in the order of the articles.

    :param logits: *Shape:* (articles, topics).
    :param features: the mean token vector halfway up, *Shape:* (articles, features); None where nobody asked.
    """

    logits: torch.Tensor
    features: torch.Tensor | None = None


class Network(Protocol):
    """A classifier's network.

    :ivar config: its labels, ``problem_type``, ``hidden_size`` and ``max_position_embeddings``, as transformers names
        them.
    """

    config: Any
    tokenizer: Any

    def __call__(self, ids: Sequence[Sequence[int]], *, with_features: bool) -> Passed:
        """Run articles."""


def load_network(folder: ModelFolder, device: torch.device, dtype: torch.dtype) -> Network:
    """Load a classifier, ready to run.

    :raises ModelError: it is missing, damaged or no classifier.
    """
    if device.type == "cpu":
        opened = open_bert(folder.path, with_head=True)
        if opened is not None and opened.config.num_hidden_layers > 1:
            return _Plain(opened, dtype)
    model, tokenizer = load_encoder(folder)
    return _Padded(model.to(device=device, dtype=dtype).eval(), tokenizer)


class _Plain:
    """A BERT on the CPU."""

    def __init__(self, opened: Opened, dtype: torch.dtype) -> None:
        self.config, self.tokenizer = opened.config, opened.tokenizer
        self._classifier = BertClassifier(opened.config, Weights(opened.tensors, dtype))

    def __call__(self, ids: Sequence[Sequence[int]], *, with_features: bool) -> Passed:
        import torch

        logits, features = zip(*(self._classifier(row) for row in ids), strict=True)
        return Passed(torch.cat(logits), torch.cat(features).float() if with_features else None)


class _Padded:
    """A model of transformers."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self.config, self.tokenizer = model.config, tokenizer
        self._model = model

    def __call__(self, ids: Sequence[Sequence[int]], *, with_features: bool) -> Passed:
        PADDING.add([len(row) for row in ids])
        inputs = collate(ids, self.tokenizer, self._model.device)
        output = self._model(**inputs, output_hidden_states=with_features)
        return Passed(output.logits, features_of(output, inputs["attention_mask"]) if with_features else None)


def load_encoder(folder: ModelFolder) -> tuple[Any, Any]:
    """Load a sequence classifier in float32 and its tokenizer.

    :raises ModelError: it is damaged, or not a sequence classifier with all its weights.
    """
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    where = str(folder.path)
    settings = {"local_files_only": True, "trust_remote_code": False}
    try:
        with quiet_transformers():
            tokenizer = AutoTokenizer.from_pretrained(folder.path, **settings)
            model, found = AutoModelForSequenceClassification.from_pretrained(
                folder.path, dtype=torch.float32, use_safetensors=True, output_loading_info=True, **settings
            )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        what = f"cannot be loaded ({str(error).strip().splitlines()[0]})"
        raise ModelError(where, what, CLASSIFIER_MEND) from error
    if missing := sorted(found["missing_keys"]) + sorted(str(key) for key in found["mismatched_keys"]):
        what = f"lacks {len(missing)} of the weights that a topic classifier has (first: {missing[0]})"
        raise ModelError(where, what, CLASSIFIER_MEND)
    if tokenizer.pad_token_id is None:
        mend = "Set 'pad_token' in its tokenizer_config.json."
        raise ModelError(where, "its tokenizer has no padding token, so articles cannot share a batch", mend)
    return model, tokenizer


def features_of(output: Any, mask: torch.Tensor) -> torch.Tensor:
    """Return the mean token vector halfway up the encoder, of a pass with ``output_hidden_states``.

    *Shape:* mask (batch, tokens) to (batch, features).
    """
    layers = output.hidden_states  # the embeddings and each layer's, (batch, tokens, features)
    weights = mask.unsqueeze(-1).to(layers[0].dtype)
    mean: torch.Tensor = (layers[len(layers) // 2] * weights).sum(1) / weights.sum(1)
    return mean.float()

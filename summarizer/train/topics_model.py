"""Loads the encoder that a training starts from and puts a head on it; comes before ``topics_encoder`` trains it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from summarizer.classify.network import load_encoder
from summarizer.errors import ModelError, UsageError
from summarizer.models import ModelFolder
from summarizer.train.topics_options import TopicTraining


@dataclass(frozen=True, slots=True)
class StartingModel:
    """A sequence classifier in float32 on the CPU and its tokenizer; ``head`` is ``kept`` or what a new one reads."""

    model: Any
    tokenizer: Any
    head: Literal["kept", "first", "mean"]


def make_model(folder: ModelFolder, labels: Sequence[str], problem_type: str, options: TopicTraining) -> StartingModel:
    """Load the base with a head for ``labels``: its own head where that is for the same labels, else a new one.

    :raises ModelError: the base is damaged or no encoder.
    :raises UsageError: ``pooling: mean`` for a base that is no BERT.
    """
    import torch
    from safetensors import SafetensorError
    from transformers import AutoConfig, AutoModel, AutoTokenizer

    torch.manual_seed(options.seed)
    try:
        config = AutoConfig.from_pretrained(folder.path, local_files_only=True)
    except (OSError, ValueError) as error:
        raise _not_loaded(folder, error) from error
    if list(config.id2label.values()) == list(labels) and _is_classifier(config):
        model, tokenizer = load_encoder(folder)
        model.config.problem_type = problem_type
        return StartingModel(model, tokenizer, "kept")
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder.path, local_files_only=True)
        body = AutoModel.from_pretrained(folder.path, dtype=torch.float32, use_safetensors=True, local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise _not_loaded(folder, error) from error
    return StartingModel(_with_head(body, labels, problem_type, options), tokenizer, options.pooling)


def _with_head(body: Any, labels: Sequence[str], problem_type: str, options: TopicTraining) -> Any:
    import torch
    from transformers import AutoModelForSequenceClassification

    config = body.config
    config.id2label = dict(enumerate(labels))
    config.label2id = {label: i for i, label in enumerate(labels)}
    config.problem_type = problem_type
    if options.pooling == "mean":
        if config.model_type != "bert":
            what = f"'mean' works on a BERT, and {options.base} is '{config.model_type}'"
            raise UsageError("pooling", what, "Use first.")
        config.num_hidden_layers += 1
    model: Any = AutoModelForSequenceClassification.from_config(config, dtype=torch.float32)
    model.base_model.load_state_dict(body.state_dict(), strict=False)  # not every classifier has the body's pooler
    if options.pooling == "mean":
        _start_as_mean(model.base_model.encoder.layer[-1], model.base_model.pooler)
    return model


def _start_as_mean(layer: Any, pooler: Any) -> None:
    """Make a BERT layer add the mean of all token vectors to each, and the pooler pass the first one's sum on.

    Queries of zero attend to every token alike; values pass through unchanged, and the feed-forward half adds nothing.
    Keys stay random, for with both at zero neither would ever learn.
    """
    import torch

    attention = layer.attention
    with torch.no_grad():
        for linear in (attention.self.query, layer.output.dense):
            linear.weight.zero_()
            linear.bias.zero_()
        for linear in (attention.self.value, attention.output.dense, pooler.dense):
            linear.weight.copy_(torch.eye(len(linear.weight)))
            linear.bias.zero_()
        pooler.dense.weight.mul_(0.5)  # keeps most of its tanh out of the flat ends


def _is_classifier(config: Any) -> bool:
    return any(name.endswith("ForSequenceClassification") for name in config.architectures or [])


def _not_loaded(folder: ModelFolder, error: Exception) -> ModelError:
    what = f"cannot be loaded ({str(error).strip().splitlines()[0]})"
    return ModelError(str(folder.path), what, "Name an encoder such as a BERT, in the Hugging Face layout.")

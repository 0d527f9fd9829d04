"""The ``encoder`` backend: any sequence classifier in the Hugging Face layout; comes after ``clean``.

A model with ``problem_type: multi_label_classification`` scores each topic on its own (sigmoid); every other scores the
topics against each other (softmax). Title and text are read up to the model's ``max_tokens``: **a long story is judged
by its beginning**, which is where news says what it is about and what the shipped model was trained and measured on.
Where the folder has a ``scope.safetensors``, the same pass through the model also tells how strange an article looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from summarizer.batching import Batcher
from summarizer.bert.side_by_side import SideBySide
from summarizer.classify.base import ClassifyOptions, Scores, Thresholds, no_text, reading_text, title_part
from summarizer.classify.calibration import read_calibration
from summarizer.classify.network import CLASSIFIER_MEND, load_network
from summarizer.classify.scope import read_scope
from summarizer.classify.thresholds import load_thresholds
from summarizer.classify.tokens import readable_tokens, tokenize
from summarizer.classify.topics import TOPICS_FILE, name_topics, read_topics
from summarizer.errors import ModelError, UsageError
from summarizer.models import ModelFolder, find_model
from summarizer.records import Article, Failure, Topic
from summarizer.runtime import RuntimeOptions, pick_device, pick_dtype

if TYPE_CHECKING:
    import torch


class EncoderOptions(ClassifyOptions):
    """The ``classify`` section with ``backend: encoder``."""

    backend: Literal["encoder"] = "encoder"
    """A fine-tuned encoder."""
    model: str = "topics-minilm"
    """A shipped model's name, a folder, or a Hub name such as owner/model: any sequence classifier with labels."""
    revision: str | None = None
    """Branch, tag or commit of a Hub model."""
    max_tokens: int | None = Field(None, ge=8)
    """Title and text are read up to this many tokens, so a long story is judged by its beginning; null takes what the
    model was trained on (160 for the shipped one), or all that it can read."""


class Encoder:
    """Scores topics with a transformer."""

    def __init__(self, options: EncoderOptions, runtime: RuntimeOptions) -> None:
        import torch

        folder = find_model(options.model, runtime, revision=options.revision)
        device = pick_device(runtime)
        network = load_network(folder, device, pick_dtype(runtime, device))
        self._network, self.tokenizer = network, network.tokenizer
        self.is_single = problem_type(network.config, folder) == "single_label_classification"
        self.max_tokens = _max_tokens(options, folder, network.config, self.tokenizer)
        self._one_by_one = SideBySide(torch.get_num_threads()) if device.type == "cpu" else None
        self._batcher: Batcher[Scores] = Batcher(runtime.batch_tokens, pads=device.type != "cpu")
        self.topics: Sequence[Topic] = _topics(network.config, folder)
        self.calibration = read_calibration(folder.path, self.topics, is_single=self.is_single)
        self.thresholds: Sequence[Thresholds] = load_thresholds(
            folder.path, self.topics, options, is_single=self.is_single
        )
        self._scope = read_scope(folder.path, network.config.hidden_size) if options.check_scope else None
        self.models = {options.model: folder.identity}

    def score(self, articles: Sequence[Article]) -> list[Scores | Failure]:
        """Score every article; see ``Classifier.score``."""
        failures = [no_text(article) for article in articles]
        readable = [article for article, failure in zip(articles, failures, strict=True) if failure is None]
        ids = tokenize([reading_text(article) for article in readable], self.tokenizer, self.max_tokens)
        results = self._batcher.run([len(row) for row in ids], lambda rows: self._forward([ids[row] for row in rows]))
        scored = iter([_checked(result, article) for result, article in zip(results, readable, strict=True)])
        return [next(scored) if failure is None else failure for failure in failures]

    def read_to(self, article: Article) -> int:
        """Return how many characters of the body it reads; see ``Classifier.read_to``."""
        text = reading_text(article)
        settings = {"truncation": True, "max_length": self.max_tokens, "return_offsets_mapping": True}
        ends = [end for _start, end in self.tokenizer(text, **settings)["offset_mapping"]]
        return max(0, int(max(ends)) - title_part(article))

    def _forward(self, ids: list[list[int]]) -> list[Scores]:
        """Score one batch, *Shape:* ids (batch, tokens); on the CPU each article by itself."""
        if self._one_by_one is None:
            return self._score_together(ids)
        scored = self._one_by_one.run(lambda row: self._score_together([row]), ids)
        return [scores for (scores,) in scored]

    def _score_together(self, ids: list[list[int]]) -> list[Scores]:
        import torch

        with torch.inference_mode():
            passed = self._network(ids, with_features=self._scope is not None)
            rows = probabilities(passed.logits.float(), is_single=self.is_single).tolist()  # (batch, topics)
            if self._scope is None or passed.features is None:
                return [Scores(row) for row in rows]
            strange = self._scope.strangeness(passed.features.cpu())  # (batch,)
            return [Scores(row, value) for row, value in zip(rows, strange.tolist(), strict=True)]


def _checked(result: Scores | BaseException, article: Article) -> Scores | Failure:
    where = article.source or article.id
    if isinstance(result, BaseException):
        what = f"the model failed on it ({str(result).splitlines()[0] if str(result) else type(result).__name__})"
        return Failure(where, "classify", what, "Lower runtime.batch_tokens or classify.max_tokens.", article.id)
    if any(score != score for score in result.probabilities):
        what = "the model gave no number for it (NaN)"
        return Failure(where, "classify", what, "Set runtime.dtype to float32.", article.id)
    return result


def problem_type(config: Any, folder: ModelFolder) -> str:
    """Return ``multi_label_classification`` or ``single_label_classification``; the manifest wins over the config.

    :raises ModelError: the model gives a number instead of topics.
    """
    kind = folder.manifest.get("problem_type") or config.problem_type
    if kind is None:  # as in the text-classification pipeline of transformers
        kind = "multi_label_classification" if config.num_labels == 1 else "single_label_classification"
    if kind not in ("multi_label_classification", "single_label_classification"):
        raise ModelError(str(folder.path), f"gives a number, not topics (problem_type is '{kind}')", CLASSIFIER_MEND)
    return str(kind)


def _topics(config: Any, folder: ModelFolder) -> list[Topic]:
    named = read_topics(folder.path / TOPICS_FILE)
    labels = [str(config.id2label[i]) for i in range(config.num_labels)]
    if labels != [f"LABEL_{i}" for i in range(len(labels))]:
        return name_topics(labels, named, folder.path)
    if named is None:
        mend = f"Write {TOPICS_FILE} beside its weights: a list of 'id:' and 'name:' in the order of its outputs."
        raise ModelError(str(folder.path), f"a model with no labels (only LABEL_0 to {labels[-1]})", mend)
    if len(named) != len(labels):
        what = f"has {len(named)} topics, the model {len(labels)} outputs"
        raise ModelError(str(folder.path / TOPICS_FILE), what, "List one topic an output, in their order.")
    return named


def _max_tokens(options: EncoderOptions, folder: ModelFolder, config: Any, tokenizer: Any) -> int:
    """Return how many tokens are read: as the config asks, else as the manifest says, else all that the model can."""
    limit = readable_tokens(config, tokenizer)
    if options.max_tokens is not None and options.max_tokens > limit:
        what = f"{options.max_tokens} is more than the {limit} that {options.model} can read"
        raise UsageError("classify.max_tokens", what, f"Use {limit} or less, or null.")
    return min(options.max_tokens or int(folder.manifest.get("max_tokens", limit)), limit)


def probabilities(logits: torch.Tensor, *, is_single: bool) -> torch.Tensor:
    """*Shape:* (articles, topics) to the same."""
    return logits.softmax(-1) if is_single else logits.sigmoid()

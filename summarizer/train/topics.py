"""Trains a topic classifier: labelled articles in, a model folder out that ``classify`` loads.

An unfinished run keeps its settings and checkpoint in the folder ``unfinished`` inside ``out``; starting it again with
the same settings and data takes it up after the last finished epoch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.classify.topics import TOPICS_FILE, read_topics
from summarizer.errors import OutputError, UsageError
from summarizer.models import find_model, shown_name
from summarizer.records import Topic
from summarizer.train.topics_data import (
    TopicArticle,
    check_topics,
    read_articles,
    settle_topics,
    split,
    targets_of,
)
from summarizer.train.topics_finish import Trained, finish
from summarizer.train.topics_options import TopicTraining
from summarizer.train.topics_out import SETTINGS_FILE, UNFINISHED, refuse_occupied
from summarizer.train.topics_partial import further_targets, read_further
from summarizer.train.topics_vocabulary import read_topics_file

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class TopicData:
    """What a training works on. ``test`` is empty where none is given, ``further`` where all topics are known."""

    topics: list[Topic]
    train: list[TopicArticle]
    dev: list[TopicArticle]
    test: list[TopicArticle]
    is_single: bool
    further: list[TopicArticle]

    @property
    def problem_type(self) -> str:
        """In the words of transformers."""
        return "single_label_classification" if self.is_single else "multi_label_classification"

    def targets(self, articles: Sequence[TopicArticle]) -> np.ndarray:
        """Return 0 and 1, *Shape:* (articles, topics)."""
        return targets_of(articles, [topic.id for topic in self.topics])


def train_topics(options: TopicTraining, say: Callable[[str], None]) -> dict[str, Any]:
    """Train, choose thresholds on held-out articles, measure, and write the model folder ``options.out``.

    :param say: is told, a line at a time, what was left out and how far it is.
    :return: what ``metrics.json`` holds: the numbers of ``measure`` for ``dev`` (and ``test``) among them.
    :raises InputError: the data cannot be used; the message says which rows or topics.
    :raises ModelError: the base model is missing or damaged.
    :raises OutputError: ``out`` holds something else than an unfinished run of the same settings and data.
    """
    out = Path(options.out)
    refuse_occupied(out)
    data = load_data(options, say)
    _begin(out, options, data)
    say(f"{len(data.train)} articles to learn from, {len(data.dev)} held out, {len(data.topics)} topics")
    if options.backend == "encoder":
        trained = _train_encoder(options, data, out, say)
    else:
        trained = _train_linear(options, data, out)
    return finish(options, data, out, out / UNFINISHED, trained)


def load_data(options: TopicTraining, say: Callable[[str], None]) -> TopicData:
    """Read and check everything that the training needs; see ``train_topics``."""
    articles = read_articles(options.data, options, say)
    used = {name for article in articles for name in article.topics}
    given = read_topics_file(Path(options.topics_file), used, say) if options.topics_file else None
    topics = settle_topics(articles, given, _base_topics(options), options.data)
    ids = [topic.id for topic in topics]
    if options.dev is None:
        train, dev = split(articles, options.dev_fraction, options.seed)
    else:
        train, dev = articles, read_articles(options.dev, options, say)
        check_topics(dev, ids, options.dev)
    test = read_articles(options.test, options, say) if options.test else []
    check_topics(test, ids, options.test or "")
    is_single = _is_single([*train, *dev, *test], options)
    further = read_further(options, ids, say, is_single=is_single)
    return TopicData(topics, train, dev, test, is_single, further)


def _base_topics(options: TopicTraining) -> list[Topic]:
    if options.backend == "linear":
        return []
    folder = find_model(options.base, options.runtime, revision=options.revision)
    return read_topics(folder.path / TOPICS_FILE) or []


def _is_single(articles: Sequence[TopicArticle], options: TopicTraining) -> bool:
    several = [article for article in articles if len(article.topics) > 1]
    if options.labels == "single" and several:
        what = f"is 'single', but {len(several)} of {len(articles)} articles have more than one topic"
        raise UsageError("labels", what, "Use multi, or give each article one topic.")
    return options.labels == "single" or (options.labels == "auto" and not several)


def _begin(out: Path, options: TopicTraining, data: TopicData) -> None:
    """Note what this run is, or check that the unfinished one is the same."""
    digest = hashlib.sha256(json.dumps(asdict(data), sort_keys=True).encode()).hexdigest()
    settings = options.model_dump(mode="json", exclude={"out", "runtime"}) | {"data_sha256": digest}
    path = out / UNFINISHED / SETTINGS_FILE
    if not path.is_file():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(settings, indent=1), encoding="utf-8")
        except OSError as error:
            raise OutputError(str(out), f"cannot be written ({error.strerror})", "Name another folder.") from error
        return
    seen = json.loads(path.read_text(encoding="utf-8"))
    for key, value in settings.items():
        if seen.get(key) != value:
            what = f"holds an unfinished run with {key} {seen.get(key)!r}, now {value!r}"
            raise OutputError(str(out), what, "Use the same settings and data, or name another folder.")


def _train_encoder(options: TopicTraining, data: TopicData, out: Path, say: Callable[[str], None]) -> Trained:
    import numpy as np
    import torch

    from summarizer.classify.tokens import readable_tokens, tokenize
    from summarizer.runtime import pick_device
    from summarizer.train.topics_encoder import EncodedArticles, describe, predict, train_encoder
    from summarizer.train.topics_model import make_model

    folder = find_model(options.base, options.runtime, revision=options.revision)
    device = pick_device(options.runtime)
    labels = [topic.id for topic in data.topics]
    start = make_model(folder, labels, data.problem_type, options)
    model, tokenizer = start.model.to(device), start.tokenizer  # moves start.model itself
    limit = readable_tokens(model.config, tokenizer)
    if options.max_tokens > limit:
        what = f"{options.max_tokens} is more than the {limit} that {options.base} can read"
        raise UsageError("max_tokens", what, f"Use {limit} or less.")

    def encode(articles: Sequence[TopicArticle], targets: np.ndarray) -> EncodedArticles:
        ids = tokenize([article.text for article in articles], tokenizer, options.max_tokens)
        return EncodedArticles(ids, torch.from_numpy(targets))

    further = further_targets(data.further, labels, options, out / UNFINISHED / "taught.npy", say)
    known = encode([*data.train, *data.further], np.concatenate([data.targets(data.train), further]))
    held_out = encode(data.dev, data.targets(data.dev))
    facts = train_encoder(start, known, held_out, out / UNFINISHED / "checkpoint", options, say)
    if data.further:
        teacher = {"teacher": Path(options.teacher).name} if options.teacher else {}
        facts |= {"further_articles": len(data.further), **teacher}

    model.half()
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    model.float()  # measured as it will be loaded: with the weights that 16 bits leave

    def predict_texts(texts: Sequence[str]) -> np.ndarray:
        return predict(model, tokenizer, tokenize(texts, tokenizer, options.max_tokens)).numpy()

    def describe_texts(texts: Sequence[str]) -> torch.Tensor:
        return describe(model, tokenizer, tokenize(texts, tokenizer, options.max_tokens))

    facts |= {"base": shown_name(options.base, folder), "head": start.head, "max_tokens": options.max_tokens}
    return Trained(predict_texts, describe_texts, facts)


def _train_linear(options: TopicTraining, data: TopicData, out: Path) -> Trained:
    from summarizer.train.topics_linear import fit_linear, save_linear

    ids = [topic.id for topic in data.topics]
    texts = [article.text for article in data.train]
    model = fit_linear(texts, data.targets(data.train), ids, options, is_single=data.is_single)
    save_linear(model, ids, out)
    return Trained(model.predict, None, {"features": model.coef.shape[1]})

"""Trains a topic classifier: labelled articles in, a model folder out that ``classify`` loads.

An unfinished run keeps its settings and checkpoint in the folder ``unfinished`` inside ``out``; starting it again with
the same settings and data takes it up after the last finished epoch.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.classify.topics import THRESHOLDS_FILE, TOPICS_FILE, read_topics
from summarizer.errors import OutputError, UsageError
from summarizer.models import MANIFEST, find_model, write_manifest
from summarizer.records import Topic
from summarizer.train.topics_card import write_card
from summarizer.train.topics_data import (
    TopicArticle,
    check_topics,
    read_articles,
    read_topics_file,
    settle_topics,
    split,
)
from summarizer.train.topics_measure import choose_thresholds, measure
from summarizer.train.topics_options import TopicTraining

if TYPE_CHECKING:
    import numpy as np

UNFINISHED = "unfinished"
SETTINGS_FILE = "settings.json"
METRICS_FILE = "metrics.json"
CARD_FILE = "README.md"


@dataclass(frozen=True, slots=True)
class TopicData:
    """What a training works on. ``test`` is empty where none is given."""

    topics: list[Topic]
    train: list[TopicArticle]
    dev: list[TopicArticle]
    test: list[TopicArticle]
    is_single: bool

    @property
    def problem_type(self) -> str:
        """In the words of transformers."""
        return "single_label_classification" if self.is_single else "multi_label_classification"

    def targets(self, articles: Sequence[TopicArticle]) -> np.ndarray:
        """Return 0 and 1, *Shape:* (articles, topics)."""
        import numpy as np

        column = {topic.id: i for i, topic in enumerate(self.topics)}
        targets = np.zeros((len(articles), len(column)), dtype="float32")
        for row, article in enumerate(articles):
            targets[row, [column[name] for name in article.topics]] = 1
        return targets


def train_topics(options: TopicTraining, say: Callable[[str], None]) -> dict[str, Any]:
    """Train, choose thresholds on held-out articles, measure, and write the model folder ``options.out``.

    :param say: is told, a line at a time, what was left out and how far it is.
    :return: what ``metrics.json`` holds: the numbers of ``measure`` for ``dev`` (and ``test``) among them.
    :raises InputError: the data cannot be used; the message says which rows or topics.
    :raises ModelError: the base model is missing or damaged.
    :raises OutputError: ``out`` holds something else than an unfinished run of the same settings and data.
    """
    out = Path(options.out)
    _refuse_occupied(out)
    data = load_data(options, say)
    _begin(out, options, data)
    say(f"{len(data.train)} articles to learn from, {len(data.dev)} held out, {len(data.topics)} topics")
    if options.backend == "encoder":
        predict, facts = _train_encoder(options, data, out, say)
    else:
        predict, facts = _train_linear(options, data, out)
    return _finish(options, data, out, predict, facts)


def load_data(options: TopicTraining, say: Callable[[str], None]) -> TopicData:
    """Read and check everything that the training needs; see ``train_topics``."""
    articles = read_articles(options.data, options, say)
    given = read_topics_file(Path(options.topics_file)) if options.topics_file else None
    topics = settle_topics(articles, given, _base_topics(options), options.data)
    ids = [topic.id for topic in topics]
    if options.dev is None:
        train, dev = split(articles, options.dev_fraction, options.seed)
    else:
        train, dev = articles, read_articles(options.dev, options, say)
        check_topics(dev, ids, options.dev)
    test = read_articles(options.test, options, say) if options.test else []
    check_topics(test, ids, options.test or "")
    return TopicData(topics, train, dev, test, _is_single([*train, *dev, *test], options))


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


def _refuse_occupied(out: Path) -> None:
    if not out.exists() or (out / UNFINISHED / SETTINGS_FILE).is_file():
        return
    if not out.is_dir():
        raise OutputError(str(out), "is a file, and a model is a folder", "Name another folder.")
    if count := sum(1 for _ in out.iterdir()):
        what = "holds a finished model" if (out / MANIFEST).is_file() else f"is not empty ({count} files or folders)"
        raise OutputError(str(out), what, "Name another folder, or move this one away.")


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


def _train_encoder(
    options: TopicTraining, data: TopicData, out: Path, say: Callable[[str], None]
) -> tuple[Callable[[Sequence[str]], np.ndarray], dict[str, Any]]:
    import torch

    from summarizer.classify.encoder import readable_tokens, tokenize
    from summarizer.runtime import pick_device
    from summarizer.train.topics_encoder import EncodedArticles, predict, train_encoder
    from summarizer.train.topics_model import make_model

    folder = find_model(options.base, options.runtime, revision=options.revision)
    device = pick_device(options.runtime)
    labels = [topic.id for topic in data.topics]
    start = make_model(folder, labels, data.problem_type, options)
    model, tokenizer = start.model.to(device), start.tokenizer
    limit = readable_tokens(model.config, tokenizer)
    if options.max_tokens > limit:
        what = f"{options.max_tokens} is more than the {limit} that {options.base} can read"
        raise UsageError("max_tokens", what, f"Use {limit} or less.")

    ids = tokenize([article.text for article in data.train], tokenizer, options.max_tokens)
    encoded = EncodedArticles(ids, torch.from_numpy(data.targets(data.train)))
    facts = train_encoder(model, tokenizer, encoded, out / UNFINISHED / "checkpoint", options, say)

    model.half()
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    model.float()  # measured as it will be loaded: with the weights that 16 bits leave

    def predict_texts(texts: Sequence[str]) -> np.ndarray:
        return predict(model, tokenizer, tokenize(texts, tokenizer, options.max_tokens)).numpy()

    name = folder.path.name if Path(options.base).exists() else options.base
    return predict_texts, {**facts, "base": name, "head": start.head, "max_tokens": options.max_tokens}


def _train_linear(
    options: TopicTraining, data: TopicData, out: Path
) -> tuple[Callable[[Sequence[str]], np.ndarray], dict[str, Any]]:
    from summarizer.train.topics_linear import fit_linear, save_linear

    ids = [topic.id for topic in data.topics]
    texts = [article.text for article in data.train]
    model = fit_linear(texts, data.targets(data.train), ids, options, is_single=data.is_single)
    save_linear(model, ids, out)
    return model.predict, {"features": model.coef.shape[1]}


def _finish(
    options: TopicTraining,
    data: TopicData,
    out: Path,
    predict: Callable[[Sequence[str]], np.ndarray],
    facts: dict[str, Any],
) -> dict[str, Any]:
    """Choose thresholds, measure, and write what goes beside the weights; the manifest last."""
    ids = [topic.id for topic in data.topics]
    dev, wanted = predict([article.text for article in data.dev]), data.targets(data.dev)
    thresholds = choose_thresholds(dev, wanted, is_single=data.is_single)
    metrics: dict[str, Any] = {"backend": options.backend, "problem_type": data.problem_type, **facts}
    metrics |= {"train_articles": len(data.train), "dev": measure(dev, wanted, thresholds, ids)}
    if data.test:
        scores = predict([article.text for article in data.test])
        metrics["test"] = measure(scores, data.targets(data.test), thresholds, ids)

    limits = {topic: {"accept": t.accept, "review": t.review} for topic, t in zip(ids, thresholds, strict=True)}
    _write(out / THRESHOLDS_FILE, json.dumps(limits, indent=1, ensure_ascii=False))
    _write(out / METRICS_FILE, json.dumps(metrics, indent=1, ensure_ascii=False))
    _write(out / CARD_FILE, write_card(out.name, data.topics, metrics, options))
    _write_topics(out / TOPICS_FILE, data.topics, options)
    for weights in out.glob("*.safetensors"):  # written for their owner's eyes only, which no other file is
        weights.chmod((out / TOPICS_FILE).stat().st_mode)
    shutil.rmtree(out / UNFINISHED)
    entries = {key: metrics[key] for key in ("backend", "problem_type", "base", "max_tokens") if key in metrics}
    write_manifest(out, name=out.name, task="topics", **entries)
    return metrics


def _write(path: Path, text: str) -> None:
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def _write_topics(path: Path, topics: Sequence[Topic], options: TopicTraining) -> None:
    """Copy the user's own ``topics.yaml`` with all that it says for people, or write one."""
    from ruamel.yaml import YAML

    if options.topics_file and not options.topics_file.lower().endswith(".csv"):
        path.write_bytes(Path(options.topics_file).read_bytes())
        return
    yaml = YAML()
    yaml.width = 1000
    entries = [{"id": t.id, "name": t.name, **({"iptc": t.code} if t.code else {})} for t in topics]
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(entries, file)

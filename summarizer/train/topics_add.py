"""Adds topics to a trained encoder without touching those that it has; labelled articles in, a model folder out.

The encoder stays frozen: each new topic is a logistic regression on the vectors that the base's own topics are read
from, and becomes one more row of its last layer. So the base's scores stay what they were, and it takes seconds.
Calibration, thresholds and scores come from five-fold cross-validation, so that no article has to be held back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.classify.encoder import Encoder, EncoderOptions
from summarizer.classify.network import features_of, load_encoder
from summarizer.classify.tokens import tokenize
from summarizer.classify.topics import make_topic
from summarizer.errors import InputError, ModelError
from summarizer.models import find_model
from summarizer.records import Topic
from summarizer.runtime import pick_device
from summarizer.train.topics_add_files import write_folder
from summarizer.train.topics_add_options import TopicAddition
from summarizer.train.topics_calibrate import fit_method
from summarizer.train.topics_data import TopicArticle, read_articles, targets_of
from summarizer.train.topics_encoder import passes
from summarizer.train.topics_out import refuse_occupied
from summarizer.train.topics_vocabulary import read_topics_file

if TYPE_CHECKING:
    import numpy as np
    import torch

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Added:
    """The new topics, learned. Arrays are *Shape:* (articles, new topics) but for ``centres`` (new topics, features).

    :param weight: rows of the last layer, *Shape:* (new topics, vector).
    :param bias: *Shape:* (new topics,).
    :param probabilities: calibrated, each article's from a model that did not see it.
    :param lines: each topic's calibration.
    :param centres: where each topic's articles lie in the space that the scope is measured in.
    """

    topics: list[Topic]
    weight: np.ndarray
    bias: np.ndarray
    probabilities: np.ndarray
    targets: np.ndarray
    lines: tuple[Any, ...]
    centres: torch.Tensor


def add_topics(options: TopicAddition, say: Callable[[str], None]) -> dict[str, Any]:
    """Learn the topics of the data that the base lacks, and write the widened model to ``options.out``.

    :return: what ``metrics.json`` holds: the base's numbers, and those of the new topics under ``added``.
    :raises InputError: the data cannot be used: no new topic, or too few articles with or without one.
    :raises ModelError: the base is missing, damaged, or gives an article exactly one topic.
    :raises OutputError: ``out`` holds something.
    """
    out = Path(options.out)
    refuse_occupied(out)
    folder = find_model(options.base, options.runtime, revision=options.revision)
    base = Encoder(EncoderOptions(model=options.base, revision=options.revision), options.runtime)
    if base.is_single:
        what = "gives an article exactly one topic, so that a further one would change all others"
        raise ModelError(str(folder.path), what, "Train a new model with all topics instead.")
    articles = read_articles(options.data, options, say, keep_untagged=True)
    topics = _new_topics(articles, base.topics, options, say)
    say(f"{len(articles)} articles for {', '.join(topic.id for topic in topics)}")
    model, _tokenizer = load_encoder(folder)
    added = _learn(base, model.to(pick_device(options.runtime)), articles, topics, options)
    return write_folder(out, folder, base, model, added, options)


def _new_topics(
    articles: Sequence[TopicArticle], known: Sequence[Topic], options: TopicAddition, say: Callable[[str], None]
) -> list[Topic]:
    """Return the topics that the base lacks.

    :raises InputError: there are none, or one has fewer than five articles with or without it: a fold of each needs
        one.
    """
    old = {topic.id for topic in known}
    counts = Counter(name for article in articles for name in article.topics if name not in old)
    if not counts:
        what = f"no topic that {options.base} lacks (it has {len(old)})"
        raise InputError(options.data, what, "Name the new topic in each article that has it.")
    for name, count in counts.items():
        if min(count, len(articles) - count) < FOLDS:
            what = f"topic '{name}' has {count} articles with it and {len(articles) - count} without"
            raise InputError(options.data, what, f"Each side needs at least {FOLDS}, and some dozens to be good.")
    if options.topics_file is None:
        return [make_topic(name) for name in sorted(counts)]
    named = {topic.id: topic for topic in read_topics_file(Path(options.topics_file), counts, say)}
    return [named.get(name) or make_topic(name) for name in sorted(counts)]


def _learn(
    base: Encoder, model: Any, articles: Sequence[TopicArticle], topics: list[Topic], options: TopicAddition
) -> Added:
    import numpy as np
    import torch
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    vectors, places = _read(base, model, [article.text for article in articles])
    targets = targets_of(articles, [topic.id for topic in topics])
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=options.seed)
    settings = {"C": options.inverse_regularization, "class_weight": "balanced", "max_iter": 1000}
    rows, biases, unseen = [], [], []
    for wanted in targets.T:
        model = LogisticRegression(**settings)
        unseen.append(cross_val_predict(model, vectors, wanted, cv=folds, method="predict_proba")[:, 1])
        model.fit(vectors, wanted)
        rows.append(model.coef_[0])
        biases.append(model.intercept_[0])
    raw = np.stack(unseen, axis=1)
    calibration = fit_method("platt", raw, targets, is_single=False)
    calibrated = calibration.apply_all(raw)
    centres = torch.stack([places[torch.from_numpy(wanted > 0)].mean(0) for wanted in targets.T])
    return Added(topics, np.stack(rows), np.array(biases), calibrated, targets, calibration.maps, centres)


def _read(base: Encoder, model: Any, texts: Sequence[str]) -> tuple[np.ndarray, torch.Tensor]:
    """Return what the last layer reads of each text, and where the text lies in the space of the scope.

    *Shape:* (articles, vector) and (articles, features).
    """
    import torch

    ids = tokenize(texts, base.tokenizer, base.max_tokens)
    vectors: list[torch.Tensor] = []  # of each pass
    places = torch.zeros((len(ids), model.config.hidden_size))
    order: list[int] = []
    hook = last_layer(model).register_forward_hook(lambda _layer, given, _out: vectors.append(given[0].cpu()))
    try:
        for rows, mask, output in passes(model, base.tokenizer, ids, output_hidden_states=True):
            order += rows
            places[rows] = features_of(output, mask).cpu()
    finally:
        hook.remove()
    read = torch.cat(vectors).float()
    return read[torch.tensor(order).argsort()].numpy(), places


def last_layer(model: Any) -> Any:
    """Return the linear layer that gives the logits.

    :raises ModelError: there is none with as many rows as the model has topics.
    """
    import torch

    wanted = model.config.num_labels
    layers = [layer for layer in model.modules() if isinstance(layer, torch.nn.Linear) and layer.out_features == wanted]
    if not layers:
        what = f"has no linear layer of {wanted} outputs ({type(model).__name__})"
        raise ModelError(model.name_or_path, what, "Train a new model with all topics instead.")
    return layers[-1]

"""Fine-tunes an encoder on topics; comes after ``topics_model``, before ``topics_measure``.

The recipe: the loss of ``topics_loss``, AdamW with linear warm-up and decay, batches of articles of similar length; the
weights of the epoch that is best on the held-out articles.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.batching import is_out_of_memory
from summarizer.classify.encoder import probabilities
from summarizer.classify.network import features_of
from summarizer.classify.tokens import collate
from summarizer.errors import ModelError
from summarizer.train.topics_checkpoint import load_best, load_checkpoint, save_checkpoint
from summarizer.train.topics_loss import Loss, loss_function
from summarizer.train.topics_model import StartingModel
from summarizer.train.topics_options import TopicTraining
from summarizer.train.topics_stopping import Score, score_held_out

if TYPE_CHECKING:
    import torch

WINDOW_BATCHES = 16
"""Batches whose articles are sorted by length together: little padding, and still another order each epoch."""
SAY_EVERY_STEPS = 20
PREDICT_ARTICLES = 32


@dataclass(frozen=True, slots=True)
class EncodedArticles:
    """Token ids of each article, cut and with special tokens; and *Shape:* targets (articles, topics).

    Targets are 0 and 1, or in between where a teacher said so; NaN where nothing is known.
    """

    ids: list[list[int]]
    targets: torch.Tensor


@dataclass(frozen=True, slots=True)
class Fitting:
    """What every epoch of a training works with; ``steps`` are those of all ``epochs``."""

    start: StartingModel
    optimizer: torch.optim.Optimizer
    articles: EncodedArticles
    loss_of: Loss
    options: TopicTraining
    per_epoch: int
    epochs: int

    @property
    def steps(self) -> int:
        """Where training does not end sooner."""
        return self.per_epoch * self.epochs


def train_encoder(
    start: StartingModel,
    articles: EncodedArticles,
    held_out: EncodedArticles,
    checkpoint: Path,
    options: TopicTraining,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Train ``start.model`` in place; a checkpoint after each epoch, taken up again where ``checkpoint`` exists.

    With ``options.patience`` the model ends with the weights of the epoch that is best on ``held_out``.

    :param start: its model on its device, ``config.problem_type`` set.
    :param checkpoint: folder that the checkpoints are written to.
    :return: ``steps`` and ``epochs`` that were done, ``best_epoch`` (from 1; not there without ``patience``) and
        ``loss`` (mean of the last fifty steps).
    """
    model = start.model
    per_epoch = math.ceil(len(articles.ids) / options.batch_articles)
    epochs = max(options.epochs, math.ceil(options.least_steps / per_epoch))
    loss_of = loss_function(articles.targets.to(model.device), is_single=_is_single(model))
    fitting = Fitting(start, make_optimizer(model, options), articles, loss_of, options, per_epoch, epochs)
    progress = load_checkpoint(checkpoint, model, fitting.optimizer)
    if progress.epochs:
        say(f"taken up after epoch {progress.epochs} of {epochs}")
    while not progress.is_over(epochs, options.patience):
        losses = _run_epoch(fitting, progress.epochs, say)
        score = None if options.patience is None else _score(start, held_out)
        progress = progress.after_epoch(losses, score)
        if score is not None:
            say(_verdict(score, progress.epochs, progress.best_epoch, fitting))
        save_checkpoint(checkpoint, model, fitting.optimizer, progress)
    if progress.best_epoch not in (0, progress.epochs):
        load_best(checkpoint, model)
    done = {"steps": progress.epochs * per_epoch, "epochs": progress.epochs}
    best = {"best_epoch": progress.best_epoch} if progress.best_epoch else {}
    return {**done, **best, "loss": round(_mean(progress.losses), 4)}


def _run_epoch(fitting: Fitting, epoch: int, say: Callable[[str], None]) -> list[float]:
    """Show the model every article once; return the loss of each step."""
    import torch

    model, options, steps = fitting.start.model, fitting.options, fitting.steps
    losses: list[float] = []
    started = time.monotonic()
    model.train()
    for i, rows in enumerate(batches(fitting.articles.ids, options, epoch)):
        step = epoch * fitting.per_epoch + i
        for group in fitting.optimizer.param_groups:
            group["lr"] = group["peak"] * _warmth(step, steps, options.warmup_fraction)
        torch.manual_seed(options.seed + step)  # so that a run taken up again drops the same units out
        inputs = collate([fitting.articles.ids[row] for row in rows], fitting.start.tokenizer, model.device)
        losses.append(_backward(model, inputs, rows, fitting.loss_of))
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        fitting.optimizer.step()
        fitting.optimizer.zero_grad()
        if (step + 1) % SAY_EVERY_STEPS == 0 or step + 1 == steps:
            rate = (i + 1) / (time.monotonic() - started)
            say(f"step {step + 1}/{steps} loss {_mean(losses[-SAY_EVERY_STEPS:]):.4f} {rate:.2f} steps/s")
    return losses


def _score(start: StartingModel, held_out: EncodedArticles) -> Score:
    scores = predict(start.model, start.tokenizer, held_out.ids)
    return score_held_out(scores.numpy(), held_out.targets.numpy(), is_single=_is_single(start.model))


def _verdict(score: Score, epoch: int, best_epoch: int, fitting: Fitting) -> str:
    measure = "macro F1" if _is_single(fitting.start.model) else "mean average precision"
    place = "the best so far" if best_epoch == epoch else f"epoch {best_epoch} was better"
    numbers = f"{measure} {score.quality:.4f}, loss {score.loss:.4f}"
    return f"epoch {epoch} of {fitting.epochs}: {numbers} on the held-out articles; {place}"


def _is_single(model: Any) -> bool:
    return bool(model.config.problem_type == "single_label_classification")


def _backward(model: Any, inputs: dict[str, torch.Tensor], rows: list[int], loss_of: Loss) -> float:
    """Run one batch forwards and backwards; return its loss."""
    try:
        loss = loss_of(model(**inputs).logits, rows)  # logits (batch, topics)
        loss.backward()  # type: ignore[no-untyped-call]
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        batch, tokens = inputs["input_ids"].shape
        what = f"{batch} articles of {tokens} tokens do not fit the memory of {model.device}"
        raise ModelError("batch_articles", what, "Lower batch_articles or max_tokens.") from error
    value = loss.item()
    if not math.isfinite(value):
        what = f"the loss is no number any more ({value})"
        raise ModelError("learning_rate", what, "Lower learning_rate and head_learning_rate.")
    return value


def make_optimizer(model: Any, options: TopicTraining) -> torch.optim.Optimizer:
    """AdamW in four groups: body or head (``peak`` is each one's learning rate), with or without weight decay."""
    import torch

    body = {id(parameter) for parameter in model.base_model.parameters()}
    groups: dict[tuple[bool, bool], list[torch.nn.Parameter]] = {}
    for parameter in model.parameters():
        groups.setdefault((id(parameter) in body, parameter.ndim > 1), []).append(parameter)
    return torch.optim.AdamW(
        [
            {
                "params": parameters,
                "peak": options.learning_rate if is_body else options.head_learning_rate,
                "weight_decay": options.weight_decay if decays else 0.0,
            }
            for (is_body, decays), parameters in groups.items()
        ],
        fused=True,
    )


def batches(ids: Sequence[Sequence[int]], options: TopicTraining, epoch: int) -> list[list[int]]:
    """Shuffle the rows, group those of similar length inside windows, shuffle the groups; each row once."""
    rng = random.Random(options.seed * 1000 + epoch)
    size = options.batch_articles
    order = rng.sample(range(len(ids)), len(ids))
    groups: list[list[int]] = []
    for start in range(0, len(order), WINDOW_BATCHES * size):
        part = sorted(order[start : start + WINDOW_BATCHES * size], key=lambda row: len(ids[row]))
        groups += [part[i : i + size] for i in range(0, len(part), size)]
    return rng.sample(groups, len(groups))


def predict(model: Any, tokenizer: Any, ids: Sequence[Sequence[int]]) -> torch.Tensor:
    """Return each article's probabilities, in order, *Shape:* (articles, topics) float32."""
    import torch

    is_single = _is_single(model)
    out = torch.zeros((len(ids), model.config.num_labels))
    for rows, _mask, output in passes(model, tokenizer, ids):
        out[rows] = probabilities(output.logits.float(), is_single=is_single).cpu()
    return out


def describe(model: Any, tokenizer: Any, ids: Sequence[Sequence[int]]) -> torch.Tensor:
    """Return the vectors that ``classify.scope`` compares articles by, in order, *Shape:* (articles, features)."""
    import torch

    out = torch.zeros((len(ids), model.config.hidden_size))
    for rows, mask, output in passes(model, tokenizer, ids, output_hidden_states=True):
        out[rows] = features_of(output, mask).cpu()
    return out


def passes(
    model: Any, tokenizer: Any, ids: Sequence[Sequence[int]], **settings: Any
) -> Iterator[tuple[list[int], torch.Tensor, Any]]:
    """Yield the rows of each batch, its mask, *Shape:* (batch, tokens), and what the model says of it.

    :param settings: further arguments of the model.
    """
    import torch

    model.eval()
    order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
    with torch.inference_mode():
        for start in range(0, len(order), PREDICT_ARTICLES):
            rows = order[start : start + PREDICT_ARTICLES]
            inputs = collate([ids[row] for row in rows], tokenizer, model.device)
            yield rows, inputs["attention_mask"], model(**inputs, **settings)


def _warmth(step: int, steps: int, warmup_fraction: float) -> float:
    """Share of the peak learning rate: up over the warm-up, then down to nothing."""
    warmup = max(1, round(steps * warmup_fraction))
    return (step + 1) / warmup if step < warmup else (steps - step) / max(1, steps - warmup)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)

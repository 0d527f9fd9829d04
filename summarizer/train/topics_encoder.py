"""Fine-tunes an encoder on topics; comes after ``topics_model``, before ``topics_measure``.

The recipe: binary cross-entropy whose positives weigh the square root of their rarity (cross-entropy where every
article has one topic), AdamW with linear warm-up and decay, batches of articles of similar length.
"""

from __future__ import annotations

import json
import math
import random
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.batching import is_out_of_memory
from summarizer.classify.encoder import collate, probabilities
from summarizer.errors import ModelError
from summarizer.train.topics_options import TopicTraining

if TYPE_CHECKING:
    import torch

WINDOW_BATCHES = 16
"""Batches whose articles are sorted by length together: little padding, and still another order each epoch."""
SAY_EVERY_STEPS = 20
KEPT_LOSSES = 50
Loss = Callable[["torch.Tensor", list[int]], "torch.Tensor"]


@dataclass(frozen=True, slots=True)
class EncodedArticles:
    """Token ids of each article, cut and with special tokens; and *Shape:* targets (articles, topics) of 0 and 1."""

    ids: list[list[int]]
    targets: torch.Tensor


def train_encoder(
    model: Any,
    tokenizer: Any,
    articles: EncodedArticles,
    checkpoint: Path,
    options: TopicTraining,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Train ``model`` in place; a checkpoint after each epoch, taken up again where ``checkpoint`` exists.

    :param model: a sequence classifier in float32 on its device, its ``config.problem_type`` set.
    :param checkpoint: folder that the checkpoints are written to.
    :return: ``steps`` and ``loss`` (mean of the last fifty steps).
    """
    import torch

    optimizer = make_optimizer(model, options)
    loss_of = _loss_function(model, articles.targets)
    per_epoch = math.ceil(len(articles.ids) / options.batch_articles)
    steps = per_epoch * options.epochs
    first, losses = _resume(checkpoint, model, optimizer)
    if first:
        say(f"taken up after epoch {first} of {options.epochs}")
    for epoch in range(first, options.epochs):
        started = time.monotonic()
        model.train()
        for i, rows in enumerate(batches(articles.ids, options, epoch)):
            step = epoch * per_epoch + i
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * _warmth(step, steps, options.warmup_fraction)
            torch.manual_seed(options.seed + step)  # so that a run taken up again drops the same units out
            inputs = collate([articles.ids[row] for row in rows], tokenizer, model.device)
            losses.append(_backward(model, inputs, rows, loss_of))
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            if (step + 1) % SAY_EVERY_STEPS == 0 or step + 1 == steps:
                rate = (i + 1) / (time.monotonic() - started)
                say(f"step {step + 1}/{steps} loss {_mean(losses[-SAY_EVERY_STEPS:]):.4f} {rate:.2f} steps/s")
        del losses[:-KEPT_LOSSES]
        _save_checkpoint(checkpoint, model, optimizer, {"epochs": epoch + 1, "losses": losses})
    return {"steps": steps, "loss": round(_mean(losses), 4) if losses else None}


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


def predict(model: Any, tokenizer: Any, ids: Sequence[Sequence[int]], batch_articles: int = 32) -> torch.Tensor:
    """Return each article's probabilities, in order, *Shape:* (articles, topics) float32."""
    import torch

    model.eval()
    is_single = model.config.problem_type == "single_label_classification"
    out = torch.zeros((len(ids), model.config.num_labels))
    order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
    with torch.inference_mode():
        for start in range(0, len(order), batch_articles):
            rows = order[start : start + batch_articles]
            inputs = collate([ids[row] for row in rows], tokenizer, model.device)
            out[rows] = probabilities(model(**inputs).logits.float(), is_single=is_single).cpu()
    return out


def _loss_function(model: Any, targets: torch.Tensor) -> Loss:
    """Return the mean loss of logits, *Shape:* (batch, topics), against the targets of the given rows."""
    import torch

    targets = targets.to(model.device)
    if model.config.problem_type == "single_label_classification":
        loss: torch.nn.Module = torch.nn.CrossEntropyLoss()
    else:
        positives = targets.sum(0).clamp(min=1)  # (topics,)
        weight = ((len(targets) - positives) / positives).clamp(min=1).sqrt()
        loss = torch.nn.BCEWithLogitsLoss(pos_weight=weight)
    return lambda logits, rows: loss(logits, targets[rows])


def _warmth(step: int, steps: int, warmup_fraction: float) -> float:
    """Share of the peak learning rate: up over the warm-up, then down to nothing."""
    warmup = max(1, round(steps * warmup_fraction))
    return (step + 1) / warmup if step < warmup else (steps - step) / max(1, steps - warmup)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _save_checkpoint(folder: Path, model: Any, optimizer: torch.optim.Optimizer, state: dict[str, Any]) -> None:
    """Write beside, then swap, so that a kill leaves the older checkpoint or the newer, never half of one."""
    import torch
    from safetensors.torch import save_model

    fresh, old = folder.with_name(folder.name + ".new"), folder.with_name(folder.name + ".old")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    save_model(model, str(fresh / "model.safetensors"))
    torch.save(optimizer.state_dict(), fresh / "optimizer.pt")
    (fresh / "state.json").write_text(json.dumps(state), encoding="utf-8")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _resume(folder: Path, model: Any, optimizer: torch.optim.Optimizer) -> tuple[int, list[float]]:
    """Load the newest whole checkpoint; return the number of finished epochs and the last losses."""
    import torch
    from safetensors.torch import load_model

    old = folder.with_name(folder.name + ".old")
    if not folder.exists() and old.exists():  # killed between the two renames
        old.rename(folder)
    if not (folder / "state.json").exists():
        return 0, []
    load_model(model, folder / "model.safetensors")
    optimizer.load_state_dict(torch.load(folder / "optimizer.pt", weights_only=True))
    state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
    return state["epochs"], state["losses"]

"""Trains adapter and head of a salience model; comes after ``salience_data``, before the model's folder is written.

The recipe: LoRA (Hu et al. 2021, arXiv:2106.09685) on every linear layer of the encoder, binary cross-entropy on
sentences, words and pairs of words, AdamW with linear warm-up and decay; the weights of the best epoch stay.
"""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.batching import is_out_of_memory
from summarizer.errors import ModelError
from summarizer.runtime import pick_device, pick_dtype
from summarizer.train.salience_data import Example
from summarizer.train.salience_options import SalienceTraining
from summarizer.train.swap import settle, swapped_in

if TYPE_CHECKING:
    import torch

    from summarizer.salience.network import Batch, SalienceNet

POOL_BATCHES = 16
"""Articles of so many batches are sorted by length together: little padding, and still another order each epoch."""
SAY_EVERY_STEPS = 20
STATE_FILE, LAST_FILE, BEST_FILE, OPTIMIZER_FILE = "state.json", "last.safetensors", "best.safetensors", "optimizer.pt"
HEAD_PREFIX = "head."


@dataclass(slots=True)
class Progress:
    """How far a training is; ``scores`` are the held-out scores of the finished epochs."""

    step: int = 0
    losses: list[float] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)

    @property
    def best_epoch(self) -> int:
        """Counted from 1; 0 before the first."""
        return self.scores.index(max(self.scores)) + 1 if self.scores else 0


class Fit:
    """One training."""

    def __init__(self, net: SalienceNet, pad: int, options: SalienceTraining, folder: Path) -> None:
        """Take a network whose encoder carries an adapter; ``folder`` is for checkpoints."""
        import torch

        self.net = net
        self._pad = pad
        self._options = options
        self._folder = folder
        self._device = pick_device(options.runtime)
        self._dtype = pick_dtype(options.runtime, self._device)
        net.to(self._device)
        self._weights = {name: value for name, value in net.named_parameters() if value.requires_grad}
        self._optimizer = torch.optim.AdamW(_groups(self._weights, options), fused=True)

    def run(
        self, examples: Sequence[Example], score: Callable[[SalienceNet], float], say: Callable[[str], None]
    ) -> Progress:
        """Train until all epochs are done or ``patience`` ends it; the network ends with the best epoch's weights.

        :param score: of the network on held-out articles, after each epoch; higher is better.
        """
        options = self._options
        plan = [batches(examples, options, epoch) for epoch in range(options.epochs)]
        steps = sum(len(epoch) for epoch in plan)
        progress = self._resume()
        if progress.step:
            say(f"taken up after step {progress.step} of {steps}")
        done = 0
        for number, epoch in enumerate(plan, 1):
            if number > len(progress.scores):
                self._epoch(epoch[max(0, progress.step - done) :], examples, steps, progress, say)
                progress.scores.append(score(self.net))
                say(f"epoch {number} of {options.epochs}: score {progress.scores[-1]:.4f} on the held-out articles")
                self._save(progress, epoch_ended=True)
            done += len(epoch)
            if number - progress.best_epoch >= options.patience:
                break
        self._load(self._folder / BEST_FILE)
        return progress

    def _epoch(
        self,
        plan: Sequence[list[int]],
        examples: Sequence[Example],
        steps: int,
        progress: Progress,
        say: Callable[[str], None],
    ) -> None:
        import torch

        started, first = time.monotonic(), progress.step
        self.net.train()
        for rows in plan:
            for group in self._optimizer.param_groups:
                group["lr"] = group["peak"] * _warmth(progress.step, steps, self._options.warmup_fraction)
            torch.manual_seed(self._options.seed + progress.step)  # so that a resumed run drops the same units out
            progress.losses.append(self._backward([examples[row] for row in rows]))
            torch.nn.utils.clip_grad_norm_(self._weights.values(), 1.0)
            self._optimizer.step()
            self._optimizer.zero_grad()
            progress.step += 1
            if progress.step % SAY_EVERY_STEPS == 0:
                recent = progress.losses[-SAY_EVERY_STEPS:]
                rate = (progress.step - first) / (time.monotonic() - started)
                say(f"step {progress.step}/{steps} loss {sum(recent) / len(recent):.4f} {rate:.2f} steps/s")
            if progress.step % self._options.save_every_steps == 0:
                self._save(progress, epoch_ended=False)

    def _backward(self, examples: Sequence[Example]) -> float:
        """Run one batch forwards and backwards; return its loss."""
        import torch

        from summarizer.salience.network import collate

        batch = collate([example.layout for example in examples], self._pad).to(self._device)
        try:
            with torch.autocast(self._device.type, self._dtype, enabled=self._dtype is not torch.float32):
                sentences, words = self.net(batch)
            loss = self._loss(sentences.float(), words.float(), examples, batch)
            loss.backward()  # type: ignore[no-untyped-call]
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            what = f"a batch of {batch.ids.numel()} tokens does not fit the memory of {self._device}"
            raise ModelError("batch_tokens", what, "Lower batch_tokens.") from error
        value = loss.item()
        if not math.isfinite(value):
            what = f"the loss is no number any more ({value})"
            raise ModelError("learning_rate", what, "Lower learning_rate and head_learning_rate.")
        return value

    def _loss(
        self, sentences: torch.Tensor, words: torch.Tensor, examples: Sequence[Example], batch: Batch
    ) -> torch.Tensor:
        """*Shape:* sentences (sentences,), words (words, 2)."""
        import torch
        from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

        wanted = torch.tensor([value for example in examples for value in example.labels.sentences])
        spoken = torch.tensor([row for example in examples for row in example.labels.words])
        loss = cross_entropy(sentences, wanted.to(self._device))
        return loss + self._options.word_weight * 2 * cross_entropy(words, spoken.to(self._device))

    def _save(self, progress: Progress, *, epoch_ended: bool) -> None:
        import torch
        from safetensors.torch import save_file

        weights = {name: value.detach().cpu().contiguous() for name, value in self._weights.items()}
        best = self._folder / BEST_FILE
        kept = best.read_bytes() if best.is_file() else None
        with swapped_in(self._folder) as fresh:
            save_file(weights, fresh / LAST_FILE)
            if epoch_ended and progress.best_epoch == len(progress.scores):
                save_file(weights, fresh / BEST_FILE)
            elif kept is not None:
                (fresh / BEST_FILE).write_bytes(kept)
            torch.save(self._optimizer.state_dict(), fresh / OPTIMIZER_FILE)
            (fresh / STATE_FILE).write_text(json.dumps(asdict(progress)), encoding="utf-8")

    def _resume(self) -> Progress:
        import torch

        settle(self._folder)
        if not (self._folder / STATE_FILE).is_file():
            return Progress()
        self._load(self._folder / LAST_FILE)
        self._optimizer.load_state_dict(torch.load(self._folder / OPTIMIZER_FILE, weights_only=True))
        return Progress(**json.loads((self._folder / STATE_FILE).read_text(encoding="utf-8")))

    def _load(self, path: Path) -> None:
        import torch
        from safetensors.torch import load_file

        with torch.no_grad():
            for name, value in load_file(path).items():
                self._weights[name].copy_(value)


def _groups(weights: dict[str, Any], options: SalienceTraining) -> list[dict[str, Any]]:
    """Adapter and head, each with its own peak of the learning rate; only matrices decay."""
    groups = []
    for is_head in (False, True):
        for is_matrix in (False, True):
            found = [
                value
                for name, value in weights.items()
                if name.startswith(HEAD_PREFIX) == is_head and (value.ndim > 1) == is_matrix
            ]
            peak = options.head_learning_rate if is_head else options.learning_rate
            decay = options.weight_decay if is_matrix else 0.0
            groups.append({"params": found, "peak": peak, "weight_decay": decay})
    return [group for group in groups if group["params"]]


def batches(examples: Sequence[Example], options: SalienceTraining, epoch: int) -> list[list[int]]:
    """Shuffle the examples and pack those of similar length to at most ``batch_tokens``, padding included."""
    rng = random.Random(options.seed * 1000 + epoch)
    order = rng.sample(range(len(examples)), len(examples))
    mean = sum(example.layout.tokens for example in examples) / len(examples)
    size = max(1, round(POOL_BATCHES * options.batch_tokens / mean))
    packed: list[list[int]] = []
    for start in range(0, len(order), size):
        windows = longest = 0
        current: list[int] = []
        for row in sorted(order[start : start + size], key=lambda row: _longest(examples[row])):
            more = windows + len(examples[row].layout.windows)
            longest = max(longest, _longest(examples[row]))
            if current and more * longest > options.batch_tokens:
                packed.append(current)
                current, more, longest = [], len(examples[row].layout.windows), _longest(examples[row])
            windows = more
            current.append(row)
        packed.append(current)
    return rng.sample(packed, len(packed))


def _longest(example: Example) -> int:
    return max(len(window.ids) for window in example.layout.windows)


def _warmth(step: int, steps: int, warmup_fraction: float) -> float:
    """Share of the peak learning rate: up over the warm-up, then down to nothing."""
    warmup = max(1, round(steps * warmup_fraction))
    return (step + 1) / warmup if step < warmup else (steps - step) / max(1, steps - warmup)

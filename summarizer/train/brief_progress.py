"""How far a training of briefs is, and its checkpoints: what a kill leaves, and what the next start takes up.

A checkpoint is a folder; it is written beside and then swapped, so that a kill leaves the older or the newer one.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.train.swap import settle, swapped_in

if TYPE_CHECKING:
    import torch

LAST_FILE = "adapter.safetensors"
BEST_FILE = "best.safetensors"
OPTIMIZER_FILE = "optimizer.pt"
STATE_FILE = "state.json"
KEPT_LOSSES = 50


@dataclass(frozen=True, slots=True)
class Measuring:
    """What the held-out pairs said after ``step`` steps: mean loss of a brief's token, and briefs of the first few."""

    step: int
    loss: float
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a training is.

    :param steps: finished ones.
    :param losses: those of the last fifty steps.
    :param measurings: in order.
    """

    steps: int = 0
    losses: tuple[float, ...] = ()
    measurings: tuple[Measuring, ...] = ()

    def after_step(self, loss: float) -> Progress:
        """Return the progress after one more step."""
        return replace(self, steps=self.steps + 1, losses=(*self.losses, loss)[-KEPT_LOSSES:])

    def after_measuring(self, loss: float, samples: tuple[str, ...]) -> Progress:
        """Return the progress after the held-out pairs were asked."""
        return replace(self, measurings=(*self.measurings, Measuring(self.steps, loss, samples)))

    @property
    def best(self) -> Measuring | None:
        """The measuring with the lowest loss, the first of equals."""
        return min(self.measurings, key=lambda measuring: measuring.loss, default=None)

    @property
    def is_best(self) -> bool:
        """Whether the weights as they are now are the best measured."""
        return self.best is not None and self.best.step == self.steps

    @property
    def is_measured(self) -> bool:
        """Whether the held-out pairs were asked after the last step."""
        return bool(self.measurings) and self.measurings[-1].step == self.steps

    def is_over(self, steps: int, patience: int | None) -> bool:
        """Return whether all ``steps`` are done, or the last ``patience`` measurings were no better."""
        if self.steps >= steps or patience is None or self.best is None:
            return self.steps >= steps
        return len(self.measurings) - 1 - self.measurings.index(self.best) >= patience


def save_checkpoint(folder: Path, model: Any, optimizer: torch.optim.Optimizer, progress: Progress) -> None:
    """Write a checkpoint in place of the one before; the best weights travel on from one to the next."""
    import torch
    from peft import get_peft_model_state_dict
    from safetensors.torch import save_file

    with swapped_in(folder) as fresh:
        weights = get_peft_model_state_dict(model, save_embedding_layers=False)
        save_file({name: tensor.contiguous() for name, tensor in weights.items()}, fresh / LAST_FILE)
        if progress.best is not None:
            shutil.copyfile(fresh / LAST_FILE if progress.is_best else folder / BEST_FILE, fresh / BEST_FILE)
        torch.save(optimizer.state_dict(), fresh / OPTIMIZER_FILE)
        (fresh / STATE_FILE).write_text(json.dumps(asdict(progress), ensure_ascii=False), encoding="utf-8")


def load_checkpoint(folder: Path, model: Any, optimizer: torch.optim.Optimizer) -> Progress:
    """Load the newest whole checkpoint; where there is none, nothing has been done yet."""
    import torch

    settle(folder)
    if not (folder / STATE_FILE).exists():
        return Progress()
    _load_weights(folder / LAST_FILE, model)
    optimizer.load_state_dict(torch.load(folder / OPTIMIZER_FILE, weights_only=True))
    state = json.loads((folder / STATE_FILE).read_text(encoding="utf-8"))
    measurings = tuple(Measuring(m["step"], m["loss"], tuple(m["samples"])) for m in state["measurings"])
    return Progress(state["steps"], tuple(state["losses"]), measurings)


def load_best(folder: Path, model: Any) -> None:
    """Load the weights of the best measuring."""
    _load_weights(folder / BEST_FILE, model)


def _load_weights(file: Path, model: Any) -> None:
    from peft import set_peft_model_state_dict
    from safetensors.torch import load_file

    set_peft_model_state_dict(model, load_file(file, device=str(model.device)))

"""Keeps an encoder's training safe from a kill: the last epoch's weights, the best epoch's, and how far it is.

A checkpoint is a folder; it is written beside and then swapped, so that a kill leaves the older or the newer one.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.train.swap import settle, swapped_in
from summarizer.train.topics_stopping import Progress, Score

if TYPE_CHECKING:
    import torch

LAST_FILE = "model.safetensors"
BEST_FILE = "best.safetensors"
OPTIMIZER_FILE = "optimizer.pt"
STATE_FILE = "state.json"


def save_checkpoint(folder: Path, model: Any, optimizer: torch.optim.Optimizer, progress: Progress) -> None:
    """Write the checkpoint of the epoch that has just ended."""
    import torch
    from safetensors.torch import save_model

    with swapped_in(folder) as fresh:
        save_model(model, str(fresh / LAST_FILE))
        if progress.best_epoch:
            is_best = progress.best_epoch == progress.epochs
            shutil.copyfile(fresh / LAST_FILE if is_best else folder / BEST_FILE, fresh / BEST_FILE)
        torch.save(optimizer.state_dict(), fresh / OPTIMIZER_FILE)
        (fresh / STATE_FILE).write_text(json.dumps(asdict(progress)), encoding="utf-8")


def load_checkpoint(folder: Path, model: Any, optimizer: torch.optim.Optimizer) -> Progress:
    """Load the newest whole checkpoint; where there is none, nothing has been done yet."""
    import torch
    from safetensors.torch import load_model

    settle(folder)
    if not (folder / STATE_FILE).exists():
        return Progress()
    load_model(model, folder / LAST_FILE)
    optimizer.load_state_dict(torch.load(folder / OPTIMIZER_FILE, weights_only=True))
    state = json.loads((folder / STATE_FILE).read_text(encoding="utf-8"))
    best = Score(**state["best"]) if state["best"] else None
    return Progress(state["epochs"], tuple(state["losses"]), state["best_epoch"], best)


def load_best(folder: Path, model: Any) -> None:
    """Load the weights of the best epoch."""
    from safetensors.torch import load_model

    load_model(model, folder / BEST_FILE)

"""Trains an adapter that writes briefs; comes before ``models/``, which ``causal`` and ``seq2seq`` load from.

``brief_data`` reads and cleans the pairs, ``brief_model`` makes the model, ``brief_loop`` trains it and ``brief_out``
writes the folder. An unfinished run keeps its settings and checkpoint in the folder ``unfinished`` inside ``out``.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from summarizer.train.brief_data import LeftOut, digest, read_pairs
from summarizer.train.brief_examples import encode
from summarizer.train.brief_loop import Task, fit
from summarizer.train.brief_model import find_start, load_start
from summarizer.train.brief_options import BriefTraining
from summarizer.train.brief_out import write_adapter, write_left_out, write_samples
from summarizer.train.brief_progress import Progress
from summarizer.train.topics_out import SETTINGS_FILE, UNFINISHED, refuse_occupied
from summarizer.train.unfinished import begin


def train_brief(options: BriefTraining, say: Callable[[str], None]) -> dict[str, Any]:
    """Train an adapter on articles with briefs, into ``options.out``; an unfinished run there is taken up again.

    :param say: is told, a line at a time, what was left out and how far it is.
    :return: what was measured: ``examples``, ``left_out``, ``steps``, ``seconds`` of this process, ``loss`` (mean of
        the last fifty steps), and with ``val`` ``val_examples``, ``val_loss`` and the ``step`` that was kept.
    :raises InputError: the data cannot be read, or hold no pair that can be learned from.
    :raises ModelError: the base is missing, damaged, unsafe or does not write text.
    :raises OutputError: ``out`` holds something else than an unfinished run of the same settings and data.
    """
    started = time.monotonic()
    out = Path(options.out)
    refuse_occupied(out)
    base = find_start(options)
    left_out = LeftOut()
    train = read_pairs(options.data, options, left_out)
    val = read_pairs(options.val, options, left_out) if options.val else []
    settings = options.model_dump(mode="json", exclude={"out", "runtime", "data", "val"})
    begin(out, out / UNFINISHED / SETTINGS_FILE, settings | {"data_sha256": digest([*train, *val])})

    start = load_start(base, options)
    config, tokenizer, prompting = start.model.config, start.tokenizer, start.prompting
    examples = encode(train, tokenizer, config, prompting, options, left_out)
    held_out = encode(val, tokenizer, config, prompting, options, left_out) if val else []
    left_out.say_all(say)
    write_left_out(out, left_out)
    shown = [example.pair for example in held_out[: options.samples]]

    def on_measuring(progress: Progress) -> None:
        if shown:
            write_samples(out, shown, progress)

    task = Task(examples, held_out, out / UNFINISHED / "checkpoint", options, say)
    progress = fit(start, task, on_measuring)
    measured = _measured(progress, task, left_out) | {"seconds": round(time.monotonic() - started)}
    write_adapter(out, start, options, measured)
    shutil.rmtree(out / UNFINISHED)
    return measured


def _measured(progress: Progress, task: Task, left_out: LeftOut) -> dict[str, Any]:
    losses = progress.losses
    measured: dict[str, Any] = {
        "examples": len(task.train),
        "left_out": len(left_out.entries),
        "steps": progress.steps,
        "loss": round(sum(losses) / len(losses), 3),
    }
    if progress.best is not None:
        best = progress.best
        measured |= {"val_examples": len(task.val), "val_loss": round(best.loss, 4), "step": best.step}
    return measured

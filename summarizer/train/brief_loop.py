"""The training loop of briefs: steps, checkpoints, and what the held-out pairs say of it. ``brief_out`` comes next."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarizer.errors import ModelError
from summarizer.summarize.drafts import Draft
from summarizer.train.brief_examples import Example, by_length, make_batches
from summarizer.train.brief_head import CutHead
from summarizer.train.brief_loss import loss_of
from summarizer.train.brief_model import Start
from summarizer.train.brief_options import BriefTraining
from summarizer.train.brief_progress import Progress, load_best, load_checkpoint, save_checkpoint

SAY_EVERY_STEPS = 10


@dataclass(frozen=True, slots=True)
class Task:
    """What a training works on; ``val`` is empty where nothing is held out."""

    train: list[Example]
    val: list[Example]
    checkpoint: Path
    options: BriefTraining
    say: Callable[[str], None]


def fit(start: Start, task: Task, on_measuring: Callable[[Progress], None]) -> Progress:
    """Train the adapter of ``start`` in place; a checkpoint that is there is taken up.

    With ``val`` it ends with the weights of the measuring whose loss is lowest.

    :param on_measuring: is called after each, and once where a checkpoint is taken up.
    :return: how it went.
    :raises ModelError: a batch does not fit the memory, or the loss is no number any more.
    """
    import torch

    options, say = task.options, task.say
    head = _cut_head(start, task)
    batches = make_batches(task.train, options)
    optimizer = torch.optim.AdamW(start.adapter, lr=options.learning_rate)
    progress = load_checkpoint(task.checkpoint, start.model, optimizer)
    say(f"{len(task.train)} examples, {len(batches)} steps, starting at step {progress.steps}")
    if progress.measurings:
        on_measuring(progress)
    first, started = progress.steps, time.monotonic()
    while not progress.is_over(len(batches), options.patience):
        progress = progress.after_step(_step(start, head, optimizer, batches, progress.steps, options))
        if progress.steps % SAY_EVERY_STEPS == 0 or progress.steps == len(batches):
            say(_line(progress, len(batches), (time.monotonic() - started) / (progress.steps - first)))
        is_last = progress.steps == len(batches)
        if task.val and (is_last or progress.steps % options.evaluate_every_steps == 0):
            progress = _measured(start, head, task, progress)
            say(_verdict(progress))
            on_measuring(progress)
        if progress.is_measured or progress.steps % options.save_every_steps == 0:
            save_checkpoint(task.checkpoint, start.model, optimizer, progress)
    if progress.best is not None and not progress.is_best:
        load_best(task.checkpoint, start.model)
    return progress


def _cut_head(start: Start, task: Task) -> CutHead | None:
    if start.kind == "seq2seq":
        return None
    seen = {token for example in [*task.train, *task.val] for token in (*example.prompt, *example.target)}
    return CutHead(start.base.folder.name, start.model.get_base_model(), seen)


def _step(
    start: Start,
    head: CutHead | None,
    optimizer: Any,
    batches: Sequence[Sequence[Example]],
    step: int,
    options: BriefTraining,
) -> float:
    """Take one step; return the mean loss of a brief's token before it."""
    import torch

    start.model.train()
    for group in optimizer.param_groups:
        group["lr"] = learning_rate(step, len(batches), options)
    torch.manual_seed(options.seed + step)  # so that a resumed run drops the same units out
    loss, tokens = loss_of(start.model, head, batches[step])
    loss = loss / tokens
    loss.backward()  # type: ignore[no-untyped-call]
    value = float(loss.item())
    if not math.isfinite(value):
        raise ModelError("learning_rate", f"the loss is no number any more ({value})", "Lower learning_rate.")
    torch.nn.utils.clip_grad_norm_(start.adapter, 1.0)
    optimizer.step()
    optimizer.zero_grad()
    return value


def learning_rate(step: int, steps: int, options: BriefTraining) -> float:
    """Return the learning rate of a step: up over the warm-up, then down along a cosine to a twentieth."""
    if step < options.warmup_steps:
        return options.learning_rate * (step + 1) / options.warmup_steps
    share = (step - options.warmup_steps) / max(1, steps - options.warmup_steps)
    return options.learning_rate * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * share)))


def _measured(start: Start, head: CutHead | None, task: Task, progress: Progress) -> Progress:
    import torch

    start.model.eval()
    total, tokens = 0.0, 0
    with torch.inference_mode():
        for batch in by_length(task.val, task.options.batch_articles):
            loss, count = loss_of(start.model, head, batch)
            total, tokens = total + float(loss.item()), tokens + count
    return progress.after_measuring(total / tokens, _samples(start, head, task))


def _samples(start: Start, head: CutHead | None, task: Task) -> tuple[str, ...]:
    """Let the model write briefs of the first held-out articles, as the backends would."""
    from summarizer.summarize.generate import Writer
    from summarizer.summarize.settings import GenerationOptions
    from summarizer.summarize.stopping import BriefEnd

    chosen = task.val[: task.options.samples]
    if not chosen:
        return ()
    end = BriefEnd(task.options.max_words, first_line_only=not start.prompting.is_chat)
    with head.put_back() if head is not None else nullcontext():
        base = start.model.get_base_model()
        writer = Writer(base, start.tokenizer, GenerationOptions(num_beams=1), start.runtime, brief_end=end)
        drafts = writer.write([example.prompt for example in chosen])
    return tuple(draft.text.strip() if isinstance(draft, Draft) else f"({draft})" for draft in drafts)


def _line(progress: Progress, steps: int, seconds: float) -> str:
    recent = progress.losses[-SAY_EVERY_STEPS:]
    left = (steps - progress.steps) * seconds
    to_go = f"{left / 60:.0f} min" if left >= 120 else f"{left:.0f} s"
    mean = sum(recent) / len(recent)
    return f"step {progress.steps}/{steps}, loss {mean:.3f}, {1 / seconds:.2f} steps/s, {to_go} to go"


def _verdict(progress: Progress) -> str:
    last, best = progress.measurings[-1], progress.best
    assert best is not None
    place = "the best so far" if progress.is_best else f"step {best.step} was better ({best.loss:.4f})"
    return f"step {last.step}: loss {last.loss:.4f} on the held-out articles; {place}"

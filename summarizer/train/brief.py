"""Fine-tunes a causal model with LoRA to write briefs; comes before ``models/``, which the ``causal`` backend loads.

The recipe is LoRA (Hu et al. 2021, arXiv:2106.09685) on every linear layer, the loss taken on the brief's tokens only.
"""

from __future__ import annotations

import json
import math
import random
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.base_weights import find_base
from summarizer.errors import InputError
from summarizer.models import find_model, write_manifest
from summarizer.read import InputOptions, read
from summarizer.records import Failure
from summarizer.train.brief_options import BriefTraining
from summarizer.train.swap import settle, swapped_in

if TYPE_CHECKING:
    import torch

CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True)
class Example:
    """One pair as token ids; ``prompt_tokens`` of the ``ids`` are the article's side and carry no loss."""

    ids: list[int]
    prompt_tokens: int


def train_brief(options: BriefTraining, say: Callable[[str], None]) -> dict[str, Any]:
    """Train an adapter on articles with briefs, into ``options.out``; a checkpoint there is taken up again.

    :param say: is told how it goes.
    :return: what was measured: examples, steps, seconds, mean loss of the last fifty steps.
    :raises InputError: the data cannot be read, or hold no pair that fits.
    :raises ModelError: the base is missing, damaged or unsafe.
    """
    base = find_model(options.base, options.runtime)
    folder = find_base(base, options.runtime) if (base.path / "adapter_config.json").is_file() else base.path
    out = Path(options.out)
    measured = _train(folder, list(_pairs(options, say)), out, options, say)
    known = {key: base.manifest[key] for key in ("base",) if key in base.manifest}
    write_manifest(out, name=out.name, task="brief", prompt=options.prompt, training=measured, **known)
    return measured


def _pairs(options: BriefTraining, say: Callable[[str], None]) -> Iterator[tuple[str, str]]:
    for item in read(InputOptions(path=options.data, fields=options.fields)):
        if isinstance(item, Failure):
            say(f"left out: {item}")
        elif not isinstance(item.fields.get(options.brief_field), str):
            say(f"left out: {item.source}: has no '{options.brief_field}'")
        else:
            yield item.text, item.fields[options.brief_field]


def _train(
    base: Path, pairs: Sequence[tuple[str, str]], out: Path, options: BriefTraining, say: Callable[[str], None]
) -> dict[str, Any]:
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM, AutoTokenizer

    torch.manual_seed(options.seed)
    tokenizer = AutoTokenizer.from_pretrained(base)
    model: Any = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    lora = LoraConfig(
        r=options.lora_rank,
        lora_alpha=options.lora_alpha,
        lora_dropout=options.lora_dropout,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )
    model = get_peft_model(model, lora)
    examples = list(_examples(pairs, tokenizer, options))
    if not examples:
        mend = f"Raise max_article_tokens, or check fields.text and brief_field in {options.data}."
        raise InputError(options.data, f"no article with a brief fits {options.max_article_tokens} tokens", mend)
    head = _head(model, examples)
    batches = _batches(examples, options)[: options.max_steps]
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=options.learning_rate)
    first = _resume(out / CHECKPOINT, model, optimizer)
    say(f"{len(examples)} examples, {len(batches)} steps, starting at step {first}")

    losses: list[float] = []
    started = time.monotonic()
    model.train()
    for step in range(first, len(batches)):
        for group in optimizer.param_groups:
            group["lr"] = _learning_rate(step, len(batches), options)
        torch.manual_seed(options.seed + step)  # so that a resumed run drops the same units out
        loss = _loss(model, head, batches[step], tokenizer.pad_token_id or 0)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], 1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        if (step + 1) % 10 == 0:
            rate = (step + 1 - first) / (time.monotonic() - started)
            say(f"step {step + 1}/{len(batches)} loss {sum(losses[-10:]) / len(losses[-10:]):.3f} {rate:.2f} steps/s")
        if (step + 1) % options.save_every_steps == 0:
            _save_checkpoint(out / CHECKPOINT, model, optimizer, step + 1)
    model.peft_config["default"].base_model_name_or_path = options.base
    model.half().save_pretrained(out)
    shutil.rmtree(out / CHECKPOINT, ignore_errors=True)
    tail = losses[-50:]
    return {
        "examples": len(examples),
        "steps": len(batches),
        "seconds": round(time.monotonic() - started),
        "loss": round(sum(tail) / len(tail), 3) if tail else None,
    }


def _examples(pairs: Sequence[tuple[str, str]], tokenizer: Any, options: BriefTraining) -> Iterator[Example]:
    for text, brief in pairs:
        prompt = tokenizer(options.prompt.format(text=text.strip()))["input_ids"]
        target = tokenizer(" " + brief.strip(), add_special_tokens=False)["input_ids"] + [tokenizer.eos_token_id]
        if len(prompt) <= options.max_article_tokens:
            yield Example(prompt + target, len(prompt))


def _batches(examples: list[Example], options: BriefTraining) -> list[list[Example]]:
    """Shuffle, then group neighbours of similar length inside windows of 16 batches, so that little is padding."""
    rng = random.Random(options.seed)
    batches: list[list[Example]] = []
    for _ in range(options.epochs):
        order = rng.sample(examples, len(examples))
        window = 16 * options.batch_articles
        for start in range(0, len(order), window):
            part = sorted(order[start : start + window], key=lambda example: len(example.ids))
            groups = [part[i : i + options.batch_articles] for i in range(0, len(part), options.batch_articles)]
            batches.extend(rng.sample(groups, len(groups)))
    return batches


def _learning_rate(step: int, steps: int, options: BriefTraining) -> float:
    if step < options.warmup_steps:
        return options.learning_rate * (step + 1) / options.warmup_steps
    progress = (step - options.warmup_steps) / max(1, steps - options.warmup_steps)
    return options.learning_rate * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * progress)))


def _head(model: Any, examples: list[Example]) -> tuple[torch.Tensor, torch.Tensor]:
    """Cut the output layer to the tokens that occur in the training text: 30k rows of 262k do the loss's work.

    :return: rows (kept, width), frozen; and for each token id its row, *Shape:* (vocabulary,).
    """
    import torch

    weight = model.get_base_model().lm_head.weight  # (vocabulary, width)
    kept = torch.tensor(sorted({token for example in examples for token in example.ids}))
    rows = torch.zeros(weight.shape[0], dtype=torch.long)
    rows[kept] = torch.arange(len(kept))
    return weight.detach()[kept], rows


def _loss(model: Any, head: tuple[torch.Tensor, torch.Tensor], batch: list[Example], pad: int) -> torch.Tensor:
    """Mean cross-entropy over the briefs' tokens; logits are made for those alone."""
    import torch

    length = max(len(example.ids) for example in batch)
    ids = torch.full((len(batch), length), pad)  # (batch, tokens)
    mask = torch.zeros((len(batch), length), dtype=torch.long)
    wanted = torch.zeros((len(batch), length), dtype=torch.bool)  # positions that predict a brief's token
    for row, example in enumerate(batch):
        ids[row, : len(example.ids)] = torch.tensor(example.ids)
        mask[row, : len(example.ids)] = 1
        wanted[row, example.prompt_tokens - 1 : len(example.ids) - 1] = True
    hidden = model.get_base_model().model(input_ids=ids, attention_mask=mask).last_hidden_state  # (batch, tokens, d)
    weight, rows = head
    logits = hidden[wanted] @ weight.T  # (brief tokens, kept)
    targets = rows[ids[:, 1:][wanted[:, :-1]]]  # (brief tokens,)
    return torch.nn.functional.cross_entropy(logits, targets)


def _save_checkpoint(folder: Path, model: Any, optimizer: torch.optim.Optimizer, step: int) -> None:
    import torch

    with swapped_in(folder) as fresh:
        model.save_pretrained(fresh)
        torch.save(optimizer.state_dict(), fresh / "optimizer.pt")
        (fresh / "state.json").write_text(json.dumps({"step": step}))


def _resume(folder: Path, model: Any, optimizer: torch.optim.Optimizer) -> int:
    settle(folder)
    if not (folder / "state.json").exists():
        return 0
    import torch
    from peft import set_peft_model_state_dict
    from safetensors.torch import load_file

    set_peft_model_state_dict(model, load_file(folder / "adapter_model.safetensors"))
    optimizer.load_state_dict(torch.load(folder / "optimizer.pt", weights_only=True))
    return int(json.loads((folder / "state.json").read_text())["step"])

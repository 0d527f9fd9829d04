"""Writes what a training of briefs leaves: samples as it goes, then the adapter, its card and its manifest."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from summarizer.models import shown_name, write_manifest
from summarizer.train.brief_data import LeftOut, Pair
from summarizer.train.brief_model import Start
from summarizer.train.brief_options import BriefTraining
from summarizer.train.brief_progress import Progress

SAMPLES_FILE = "samples.md"
LEFT_OUT_FILE = "left_out.jsonl"
CARD_FILE = "README.md"
TERMS = ("NOTICE*", "LICENSE*", "LICENCE*", "*TERMS*", "USE_POLICY*")
"""Files of a base model's folder that its licence may ask to be passed on."""


def write_left_out(out: Path, left_out: LeftOut) -> None:
    """Write a line for each pair that was not learned from; no file where there is none."""
    lines = [json.dumps({"where": name, "reason": reason}) + "\n" for name, reason in left_out.entries]
    if lines:
        (out / LEFT_OUT_FILE).write_text("".join(lines), encoding="utf-8")


def write_samples(out: Path, pairs: Sequence[Pair], progress: Progress) -> None:
    """Write the sample briefs of every measuring below the human brief, newest first.

    :param pairs: the held-out ones that the samples are of.
    """
    parts = ["# Sample briefs\n"]
    for place, pair in enumerate(pairs):
        parts.append(f"## {pair.article.title or pair.article.id}\n\n**By a person:** {pair.brief}\n")
        for measuring in reversed(progress.measurings):
            parts.append(f"**Step {measuring.step}** (loss {measuring.loss:.4f}): {measuring.samples[place]}\n")
    (out / SAMPLES_FILE).write_text("\n".join(parts), encoding="utf-8", errors="replace")


def write_adapter(out: Path, start: Start, options: BriefTraining, measured: dict[str, Any]) -> None:
    """Write the adapter in 16 bits, a card, the base's terms, and last of all the manifest."""
    for parameter in start.adapter:
        parameter.data = parameter.data.half()
    start.model.save_pretrained(out, save_embedding_layers=False)
    (out / CARD_FILE).write_text(_card(out, start, options, measured), encoding="utf-8")
    folder = start.base.folder.path
    for pattern in TERMS if folder.is_dir() else ():
        for file in folder.glob(pattern):
            shutil.copyfile(file, out / file.name)
    manifest = start.base.folder.manifest
    known = {key: manifest[key] for key in ("base", "license") if key in manifest}
    write_manifest(
        out, name=out.name, task="brief", backend=start.kind, **start.prompting.kept, training=measured, **known
    )


def _card(out: Path, start: Start, options: BriefTraining, measured: dict[str, Any]) -> str:
    asked = start.prompting.template if not start.prompting.is_chat else "the base's chat template"
    losses = f"mean loss of the last fifty steps {measured['loss']}"
    if "val_loss" in measured:
        losses += f"; on {measured['val_examples']} held-out articles {measured['val_loss']} (step {measured['step']})"
    rows = {
        "base": shown_name(options.base, start.base.folder),
        "adapter": f"LoRA, rank {options.lora_rank}, alpha {options.lora_alpha}, dropout {options.lora_dropout}, fp16",
        "prompt": f"`{json.dumps(asked, ensure_ascii=False)}`",
        "trained on": f"{measured['examples']} articles of at most {options.max_article_tokens} tokens with their "
        f"briefs; {measured['left_out']} more were left out",
        "how": f"{measured['steps']} steps of {options.batch_articles}, learning rate {options.learning_rate}, "
        f"seed {options.seed}, {measured['seconds']} s",
        "loss": losses,
    }
    table = "".join(f"| {key} | {value} |\n" for key, value in rows.items())
    head = f"---\nlibrary_name: peft\npipeline_tag: summarization\n---\n\n# {out.name}\n\n"
    use = f"    summarizer run --set summarize.backend={start.kind} --set summarize.model={out.name}\n"
    return f"{head}An adapter that writes one-paragraph briefs.\n\n| | |\n|---|---|\n{table}\n{use}"

"""Trains a sentence-salience model: articles with briefs in, a model folder out that the ``salience`` backend loads.

What ships is small: an adapter and a head; the encoder below them is one that ships already, named in the manifest.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.encoder_adapter import Base, open_base, save_adapter
from summarizer.errors import InputError, OutputError, UsageError
from summarizer.models import write_manifest
from summarizer.salience.choose import Chooser
from summarizer.salience.model import TASK
from summarizer.salience.windows import words_of
from summarizer.train.salience_data import Example, Pair, prepare, read_pairs, without_repeats
from summarizer.train.salience_fit import Fit, Progress
from summarizer.train.salience_labels import f1, grams, stems
from summarizer.train.salience_options import SalienceTraining

if TYPE_CHECKING:
    from summarizer.salience.network import SalienceNet

CHECKPOINT = "checkpoint"
SETTINGS_FILE = "settings.json"
DEV_WORDS = 70
"""Length of the briefs that an epoch is scored by."""
DEV_BATCH = 16


def train_salience(options: SalienceTraining, say: Callable[[str], None]) -> dict[str, Any]:
    """Train a model into ``options.out``; a checkpoint there is taken up again.

    :param say: is told, a line at a time, what was left out and how far it is.
    :return: what was measured: examples, steps, epochs, loss, held-out score.
    :raises InputError: the data cannot be read, or hold no article with a brief.
    :raises ModelError: the base is missing, damaged or of the wrong kind.
    :raises OutputError: ``out`` holds something else than an unfinished run of the same settings.
    """
    import torch

    out = Path(options.out)
    _begin(out, options)
    train, dev = _split(options, say)
    base = open_base(options.base, options.layers, options.runtime)
    torch.manual_seed(options.seed)
    net = _make_net(base, options)
    known = prepare(train, base.tokenizer, options, options.max_windows)
    held_out = prepare(dev, base.tokenizer, options, None)
    if not known or not held_out:
        what = f"{len(known)} articles of several sentences to learn from, {len(held_out)} held out"
        raise InputError(options.data[0], what, "Give more articles, or name others as dev.")
    say(f"{len(known)} articles to learn from, {len(held_out)} held out")
    pad = int(base.tokenizer.pad_token_id or 0)
    fit = Fit(net, pad, options, out / CHECKPOINT)
    progress = fit.run(known, lambda net: score_briefs(net, held_out, pad), say)
    return _finish(out, base, net, options, _measured(known, progress))


def _begin(out: Path, options: SalienceTraining) -> None:
    """Note what this run is, or check that the unfinished one is the same."""
    settings = options.model_dump(mode="json", exclude={"out", "runtime"})
    text = json.dumps(settings, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    path = out / SETTINGS_FILE
    if path.is_file():
        if json.loads(path.read_text(encoding="utf-8")).get("sha256") != digest:
            what = "holds an unfinished run with other settings"
            raise OutputError(str(out), what, "Use the same settings, or name another folder.")
        return
    if out.exists() and any(out.iterdir()):
        raise OutputError(str(out), "is not empty and holds no unfinished run", "Name a new folder.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"sha256": digest, "settings": settings}, indent=1), encoding="utf-8")
    except OSError as error:
        raise OutputError(str(out), f"cannot be written ({error.strerror})", "Name another folder.") from error


def _split(options: SalienceTraining, say: Callable[[str], None]) -> tuple[list[Pair], list[Pair]]:
    pairs = read_pairs(options.data, options, say)
    if options.dev:
        dev = read_pairs(options.dev, options, say)
    else:
        random.Random(options.seed).shuffle(pairs)
        count = max(1, round(options.dev_fraction * len(pairs)))
        dev, pairs = pairs[:count], pairs[count:]
    train = without_repeats(pairs, [*dev, *read_pairs(options.keep_from, options, say)])
    if len(train) < len(pairs):
        say(f"{len(pairs) - len(train)} left out: they nearly repeat an article that is held out")
    return train, dev


def _make_net(base: Base, options: SalienceTraining) -> SalienceNet:
    """Return the network with a fresh adapter and head; only those are to be trained.

    :raises UsageError: more layers shall be adapted than there are.
    """
    from peft import LoraConfig, get_peft_model
    from torch import nn

    from summarizer.salience.network import SalienceHead, SalienceNet

    encoder = base.encoder
    encoder.config.hidden_dropout_prob = 0.0
    for module in encoder.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    layers = len(encoder.encoder.layer)
    count = layers if options.adapted_layers is None else options.adapted_layers
    if count > layers:
        raise UsageError("adapted_layers", f"{count} is more than the {layers} layers in use", "Lower it, or use null.")
    above = tuple(f"encoder.layer.{index}." for index in range(layers - count, layers))
    targets = [
        name for name, module in encoder.named_modules() if name.startswith(above) and isinstance(module, nn.Linear)
    ]
    lora = LoraConfig(r=options.lora_rank, lora_alpha=options.lora_alpha, target_modules=targets)
    head = SalienceHead(encoder.config.hidden_size, options.dropout)
    return SalienceNet(get_peft_model(encoder, lora), head)


def score_briefs(net: SalienceNet, held_out: Sequence[Example], pad: int) -> float:
    """Return how good briefs of ``DEV_WORDS`` words are that are chosen by the network: mean ROUGE-1 and -2, F1."""
    from summarizer.salience.model import predict
    from summarizer.text_encoder import PaddedEncoder

    net.eval()
    encoder = PaddedEncoder(net.encoder, pad)
    total = 0.0
    for start in range(0, len(held_out), DEV_BATCH):
        part = held_out[start : start + DEV_BATCH]
        for example, salience in zip(part, predict(encoder, net.head, [each.layout for each in part]), strict=True):
            body = example.article.body
            lengths = [len(body[first:last].split()) for first, last in example.layout.spans]
            chosen = Chooser(salience, lengths, DEV_WORDS).best(range(len(lengths)), [()] * len(lengths))
            said = stems([word for index in chosen for word in salience.words[index]])
            wanted = stems(words_of(example.brief))
            total += sum(f1(grams(said, size), grams(wanted, size)) for size in (1, 2)) / 2
    return total / len(held_out)


def _measured(examples: Sequence[Example], progress: Progress) -> dict[str, Any]:
    tail = progress.losses[-50:]
    return {
        "articles": len(examples),
        "steps": progress.step,
        "epochs": len(progress.scores),
        "best_epoch": progress.best_epoch,
        "loss": round(sum(tail) / len(tail), 4),
        "held_out_score": round(max(progress.scores), 4),
    }


def _finish(
    out: Path, base: Base, net: SalienceNet, options: SalienceTraining, measured: dict[str, Any]
) -> dict[str, Any]:
    """Write the model's folder, and take away what the unfinished run kept."""
    save_adapter(out, net.encoder, net.head.state_dict(), base)
    (out / SETTINGS_FILE).unlink()
    write_manifest(out, name=out.name, task=TASK, base=base.entry, max_tokens=options.max_tokens, training=measured)
    shutil.rmtree(out / CHECKPOINT, ignore_errors=True)
    return measured

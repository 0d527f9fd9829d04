"""Trains a support model from beginning to end; comes before ``models/``, from where ``evidence.support`` loads it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from summarizer.encoder_adapter import open_base, save_adapter
from summarizer.models import write_manifest
from summarizer.runtime import pick_device, pick_dtype
from summarizer.train.support_calibrate import Judged, calibrate
from summarizer.train.support_claims import ClaimMaker
from summarizer.train.support_data import read_faithful, read_given, read_kept, read_truths
from summarizer.train.support_options import SupportTraining
from summarizer.train.topics_out import METRICS_FILE, SETTINGS_FILE, UNFINISHED, refuse_occupied, write_json
from summarizer.train.unfinished import begin


def train_support(options: SupportTraining, say: Callable[[str], None]) -> dict[str, Any]:
    """Train an adapter that judges sentences by their evidence, into ``options.out``.

    :param say: is told how it goes.
    :return: what was measured: claims, epochs, areas under the ROC curve, calibration and threshold.
    :raises InputError: the data cannot be read, or hold nothing to learn from.
    :raises ModelError: the base is missing, damaged or no encoder.
    :raises OutputError: ``out`` is occupied.
    """
    import torch

    from summarizer.train.support_fit import Fitting

    out = Path(options.out)
    refuse_occupied(out)
    base = open_base(options.base, options.layers, options.runtime)
    device = pick_device(options.runtime)
    kept = read_kept(options, say)
    dev = {Path(path).name: read_given([path], kept, options, say) for path in options.dev}
    for path in options.dev:
        kept.add_file(path, options, say)
    given = read_given(options.data, kept, options, say)
    maker = ClaimMaker(read_truths(options, kept, say))
    work = out / UNFINISHED
    begin(out, work / SETTINGS_FILE, options.model_dump())
    fitting = Fitting(base, options, device, in_bf16=pick_dtype(options.runtime, device) is torch.bfloat16)
    progress = fitting.train(given, maker, dev, work / "checkpoint", say)
    faithful = read_faithful(options, say)
    numbers, measured = calibrate(
        {name: Judged(claims, fitting.judge(claims)) for name, claims in dev.items()},
        Judged(faithful, fitting.judge(faithful)),
        options.max_false_alarms,
    )
    head = {name: tensor for name, tensor in fitting.net.head.state_dict().items()}
    save_adapter(out, fitting.net.encoder, head, base)
    done = {"claims": len(given), "epochs": progress.epochs, "best_epoch": progress.best_epoch, **measured}
    write_json(out / METRICS_FILE, done)
    write_manifest(
        out,
        name=out.name,
        task="support",
        version="0.1",
        license="apache-2.0",
        base=base.entry,
        support={"max_tokens": options.max_tokens, **numbers},
    )
    shutil.rmtree(work)
    return done

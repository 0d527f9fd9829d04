"""Trains the adapter and the head of a support model; comes after ``support_claims``, before ``support`` writes it.

The loss is that of the claim: of several sentences the least supported decides, so that a false claim may hold true
ones. A second loss tells the head which words of a made claim are wrong.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from summarizer.encoder_adapter import Base, put_adapter
from summarizer.errors import ModelError
from summarizer.evidence.support_network import SupportHead, SupportNet, Tokens, collate
from summarizer.train.support_claims import Claim, ClaimMaker
from summarizer.train.support_options import SupportTraining
from summarizer.train.topics_checkpoint import load_best, load_checkpoint, save_checkpoint
from summarizer.train.topics_stopping import Progress, Score

WINDOW_BATCHES = 16
SAY_EVERY_STEPS = 20
FAULT_WEIGHT = 4.0
"""A wrong word counts so many times a right one: there are few."""
PREDICT_PAIRS = 64


@dataclass(frozen=True, slots=True)
class Encoded:
    """A claim as token ids; ``faults`` are 0 and 1 for the tokens of a sentence, or None where nobody knows."""

    rows: list[tuple[list[int], int]]
    faults: list[list[float] | None]
    is_true: bool
    weight: float

    @property
    def longest(self) -> int:
        """Tokens of its longest pair."""
        return max(len(ids) for ids, _ in self.rows)


class Fitting:
    """A training: what every epoch works with."""

    def __init__(self, base: Base, options: SupportTraining, device: torch.device, *, in_bf16: bool) -> None:
        torch.manual_seed(options.seed)
        # Dropout inside the encoder costs more than half of the time on a CPU, where eager attention is the fastest to
        # differentiate; the adapter's small rank and new claims each epoch keep it from learning by heart.
        base.encoder.set_attn_implementation("eager")
        encoder = put_adapter(base.encoder, rank=options.lora_rank, alpha=options.lora_alpha, dropout=0.0)
        self.net = SupportNet(encoder, SupportHead(int(base.encoder.config.hidden_size))).to(device)
        limit = int(base.encoder.config.max_position_embeddings)
        self.tokenizer = base.tokenizer
        self.tokens = Tokens(base.tokenizer, options.max_tokens, limit)
        self.options = options
        self.device = device
        self.in_bf16 = in_bf16
        learning = [p for p in encoder.parameters() if p.requires_grad]
        groups = [
            {"params": learning, "peak": options.learning_rate},
            {"params": list(self.net.head.parameters()), "peak": options.head_learning_rate},
        ]
        self.optimizer = torch.optim.AdamW(groups, weight_decay=options.weight_decay)

    def train(self, given: Sequence[Claim], maker: ClaimMaker, dev: Mapping[str, Sequence[Claim]], checkpoint: Path,
              say: Callable[[str], None]) -> Progress:  # fmt: skip
        """Train until the end or until patience is over; the net ends with the best epoch's weights."""
        options = self.options
        progress = load_checkpoint(checkpoint, self.net, self.optimizer)
        if progress.epochs:
            say(f"taken up after epoch {progress.epochs} of {options.epochs}")
        while not progress.is_over(options.epochs, options.patience):
            rng = random.Random(options.seed * 1000 + progress.epochs)
            made = maker.draw(options.made_sentences, rng)
            losses = self._run_epoch(self.encode([*given, *made]), progress.epochs, rng, say)
            score = self.measure(dev, say)
            progress = progress.after_epoch(losses, score)
            say(f"epoch {progress.epochs}: area {score.quality:.4f}, loss {score.loss:.4f}; best {progress.best_epoch}")
            save_checkpoint(checkpoint, self.net, self.optimizer, progress)
        if progress.best_epoch != progress.epochs:
            load_best(checkpoint, self.net)
        return progress

    def encode(self, claims: Sequence[Claim]) -> list[Encoded]:
        """Encode claims; one with a sentence that is too long for the model is left out."""
        pairs = [(pair.evidence, pair.sentence) for claim in claims for pair in claim.pairs]
        rows = iter(self.tokens.encode(pairs))
        encoded: list[Encoded] = []
        for claim in claims:
            own = [next(rows) for _ in claim.pairs]
            known = [row for row in own if row is not None and row[1] > 1]
            if known and len(known) == len(own):
                faults = [self._faults(pair.sentence, pair.faults, row[1] - 1)
                          for pair, row in zip(claim.pairs, known, strict=True)]  # fmt: skip
                encoded.append(Encoded(known, faults, claim.is_true, claim.weight))
        return encoded

    def _faults(self, sentence: str, spans: Sequence[tuple[int, int]] | None, length: int) -> list[float] | None:
        if spans is None:
            return None
        if not spans:
            return [0.0] * length
        offsets = self.tokenizer(sentence, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
        return [float(any(a < end and start < b for start, end in spans)) for a, b in offsets]

    def _run_epoch(
        self, claims: Sequence[Encoded], epoch: int, rng: random.Random, say: Callable[[str], None]
    ) -> list[float]:
        batches = _batches(claims, self.options.batch_pairs, rng)
        losses: list[float] = []
        started = time.monotonic()
        self.net.head.train()
        self.net.encoder.eval()
        torch.manual_seed(self.options.seed + epoch)  # so that a run taken up again drops the same units out
        for step, batch in enumerate(batches):
            done = (epoch + step / len(batches)) / self.options.epochs
            for group in self.optimizer.param_groups:
                group["lr"] = group["peak"] * _warmth(done, self.options.warmup_fraction)
            loss = self._loss(batch)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_([p for p in self.net.parameters() if p.requires_grad], 1.0)
            self.optimizer.step()
            self.optimizer.zero_grad()
            losses.append(loss.item())
            if not math.isfinite(losses[-1]):
                raise ModelError("learning_rate", f"the loss is no number any more ({losses[-1]})", "Lower it.")
            if (step + 1) % SAY_EVERY_STEPS == 0 or step + 1 == len(batches):
                recent = losses[-SAY_EVERY_STEPS:]
                rate = (step + 1) / (time.monotonic() - started)
                loss_now = f"loss {sum(recent) / len(recent):.4f}"
                say(f"epoch {epoch + 1} step {step + 1}/{len(batches)} {loss_now} {rate:.2f} steps/s")
        return losses

    def _loss(self, batch: Sequence[Encoded]) -> Tensor:
        logits, faults, inputs, owner = self._forward(batch)
        worst = torch.full((len(batch),), 1e4, device=self.device).scatter_reduce(0, owner, logits, "amin")
        truth = torch.tensor([float(claim.is_true) for claim in batch], device=self.device)
        weight = torch.tensor([claim.weight for claim in batch], device=self.device)
        loss = (binary_cross_entropy_with_logits(worst, truth, reduction="none") * weight).mean()
        known = [row for claim in batch for row in claim.faults]
        wanted = torch.full(faults.shape, -1.0)
        for i, row in enumerate(known):
            if row is not None:
                wanted[i, 1 : len(row) + 1] = torch.tensor(row)
        wanted = wanted.to(self.device)
        at = inputs["in_sentence"] & (wanted >= 0)
        if self.options.word_loss and bool(at.any()):
            emphasis = torch.tensor(FAULT_WEIGHT, device=self.device)
            words = binary_cross_entropy_with_logits(faults[at], wanted[at], pos_weight=emphasis)
            loss = loss + self.options.word_loss * words
        return loss

    def _forward(self, batch: Sequence[Encoded]) -> tuple[Tensor, Tensor, dict[str, Tensor], Tensor]:
        """Judge every pair of the claims; ``owner`` says whose claim's a pair is. *Shape:* (pairs,) and more."""
        rows = [row for claim in batch for row in claim.rows]
        owner = torch.tensor([i for i, claim in enumerate(batch) for _ in claim.rows], device=self.device)
        made = collate(rows, self.tokenizer.pad_token_id)
        inputs = {name: value.to(self.device) for name, value in made.items()}
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.in_bf16):
            logits, faults = self.net(inputs)
        return logits.float(), faults.float(), inputs, owner

    def measure(self, dev: Mapping[str, Sequence[Claim]], say: Callable[[str], None]) -> Score:
        """Score an epoch: the mean area under the ROC curve of the held-out files, and the loss over all of them."""
        from sklearn.metrics import log_loss, roc_auc_score

        areas: list[float] = []
        truths: list[bool] = []
        chances: list[float] = []
        for name, claims in dev.items():
            logits = self.judge(claims)
            own = [claim.is_true for claim in claims]
            areas.append(float(roc_auc_score(own, logits)))
            truths += own
            chances += torch.tensor(logits).sigmoid().tolist()
            say(f"  {name}: area {areas[-1]:.4f} on {len(own)} claims")
        return Score(round(sum(areas) / len(areas), 6), float(log_loss(truths, chances)))

    def judge(self, claims: Sequence[Claim]) -> list[float]:
        """Return the log-odds of each claim: those of its least supported sentence."""
        self.net.eval()
        encoded = self.encode(claims)
        if len(encoded) != len(claims):
            what = f"{len(claims) - len(encoded)} held-out claims are too long for the model"
            raise ModelError("dev", what, "Leave them out.")
        judged = [0.0] * len(encoded)
        order = sorted(range(len(encoded)), key=lambda i: encoded[i].longest)
        with torch.inference_mode():
            for start in range(0, len(order), PREDICT_PAIRS):
                part = order[start : start + PREDICT_PAIRS]
                logits, _, _, owner = self._forward([encoded[i] for i in part])
                for logit, place in zip(logits.tolist(), owner.tolist(), strict=True):
                    i = part[place]
                    judged[i] = logit if judged[i] == 0.0 else min(judged[i], logit)
        return judged


def _batches(claims: Sequence[Encoded], pairs: int, rng: random.Random) -> list[list[Encoded]]:
    """Shuffle, group claims of similar length inside windows, shuffle the groups; each claim once."""
    order = rng.sample(claims, len(claims))
    groups: list[list[Encoded]] = []
    for start in range(0, len(order), WINDOW_BATCHES * pairs):
        batch: list[Encoded] = []
        for claim in sorted(order[start : start + WINDOW_BATCHES * pairs], key=lambda claim: claim.longest):
            if batch and sum(len(own.rows) for own in batch) + len(claim.rows) > pairs:
                groups.append(batch)
                batch = []
            batch.append(claim)
        groups.append(batch)
    return rng.sample(groups, len(groups))


def _warmth(done: float, warmup: float) -> float:
    """Share of the peak learning rate: up over the warm-up, then down to nothing."""
    return (done + 1e-3) / (warmup + 1e-3) if done < warmup else (1 - done) / max(1e-9, 1 - warmup)

"""The learned support score: how likely an article's sentences bear out a sentence of its brief.

Comes after ``support_text``, which picks those sentences; ``decide`` asks it beside the rules of ``claims``, which know
names, numbers, dates and quotations but not who did what to whom.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from summarizer.batching import Batcher
from summarizer.bert.side_by_side import SideBySide
from summarizer.errors import ModelError
from summarizer.evidence.support_text import coverage, evidence_text, plain_marks
from summarizer.models import MANIFEST, RESTORE, ModelFolder, find_model
from summarizer.runtime import RuntimeOptions
from summarizer.text_encoder import load_adapted

__all__ = ["SupportModel", "evidence_text"]

NO_SUPPORT = 0.0
NUMBERS = ("max_tokens", "slope", "coverage", "shift", "threshold")
"""What the manifest says: tokens read; the line that makes log-odds and shared words a probability; the threshold."""


class SupportModel:
    """Scores sentences; construction loads the model.

    :ivar models: its name and hash, for ``made_by``.
    :ivar threshold: its own: a sentence below it is unsupported, as chosen on held-out claims.
    :raises ModelError: the model is missing, damaged or of another kind, or its base is.
    """

    def __init__(self, name: str, runtime: RuntimeOptions) -> None:
        import torch

        from summarizer.evidence.support_network import SupportHead, Tokens

        folder = find_model(name, runtime)
        numbers = _numbers(folder)
        adapted = load_adapted(folder, runtime)
        self._encoder = adapted.encoder
        head = SupportHead(int(adapted.encoder.config.hidden_size))
        try:
            head.load_state_dict(adapted.head)
        except RuntimeError as error:
            what = f"its head does not fit its base ({str(error).splitlines()[0]})"
            raise ModelError(str(folder.path), what, RESTORE) from error
        self._head = head.to(adapted.device).eval()
        self._one_by_one = SideBySide(torch.get_num_threads()) if adapted.device.type == "cpu" else None
        limit = int(adapted.encoder.config.max_position_embeddings)
        self._tokens = Tokens(adapted.tokenizer, min(int(numbers["max_tokens"]), limit), limit)
        self._line = [float(numbers[key]) for key in ("slope", "coverage", "shift")]
        self._batcher: Batcher[float] = Batcher(runtime.batch_tokens, pads=self._one_by_one is None)
        self.threshold = float(numbers["threshold"])
        self.models = {name: folder.identity}

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Return how likely the evidence bears each sentence out; a pair's neighbours do not matter.

        :param pairs: evidence, as ``evidence_text`` makes it, and sentence. Evidence is cut to what the model reads; a
            sentence never is.
        :return: one number (0 to 1, calibrated) a pair, in their order; 0 for a sentence that is too long for the
            model, is empty, or that it fails on: nothing was seen that bears it out.
        """
        plain = [(plain_marks(evidence), plain_marks(sentence)) for evidence, sentence in pairs]
        rows = self._tokens.encode(plain)
        readable = [i for i, row in enumerate(rows) if row is not None and row[1] > 1]
        known = [row for row in rows if row is not None and row[1] > 1]
        scores = [NO_SUPPORT] * len(rows)
        results = self._batcher.run([len(ids) for ids, _ in known], lambda part: self._judge([known[i] for i in part]))
        for i, result in zip(readable, results, strict=True):
            if not isinstance(result, BaseException) and not math.isnan(result):
                scores[i] = self._probability(result, coverage(*plain[i]))
        return scores

    def _judge(self, rows: list[tuple[list[int], int]]) -> list[float]:
        """Return the log-odds of one batch; on the CPU each pair is judged by itself."""
        if self._one_by_one is None:
            return self._judge_together(rows)
        judged = self._one_by_one.run(lambda row: self._judge_together([row]), rows)
        return [logit for (logit,) in judged]

    def _judge_together(self, rows: list[tuple[list[int], int]]) -> list[float]:
        import torch

        from summarizer.evidence.support_network import kinds_of, sentence_mask

        with torch.inference_mode():
            vectors = self._encoder.encode([ids for ids, _end in rows], [kinds_of(*row) for row in rows])
            padded = torch.nn.utils.rnn.pad_sequence(vectors, batch_first=True)  # (pairs, tokens, size)
            logits, _faults = self._head(padded.float(), sentence_mask(rows).to(padded.device))
            return logits.tolist()  # type: ignore[no-any-return]

    def _probability(self, logit: float, covered: float) -> float:
        slope, weight, shift = self._line
        return 1 / (1 + math.exp(-max(-700.0, slope * logit + weight * covered + shift)))


def _numbers(folder: ModelFolder) -> dict[str, float]:
    """Return what the manifest says of a support model: ``NUMBERS``."""
    where = str(folder.path / MANIFEST)
    if folder.manifest.get("task") != "support":
        what = f"is no support model (task is '{folder.manifest.get('task')}')"
        raise ModelError(where, what, "Name one that 'summarizer train support' made, or write null.")
    numbers = folder.manifest.get("support", {})
    if missing := [key for key in NUMBERS if key not in numbers]:
        raise ModelError(where, f"lacks support.{missing[0]}", RESTORE)
    return dict(numbers)

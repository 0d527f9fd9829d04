"""Beam search over many articles at once, as transformers' ``generate`` does it. Used by ``beam_decode``.

All that a search knows lies in tensors on the model's device, and a step only computes new values for them: nothing is
read back, no shape changes, and so a GPU can be given all kernels of a step in one go. The rules against repetition are
computed for all beams together; transformers goes through them one by one, on the CPU.

Source: transformers, ``GenerationMixin._beam_search`` and ``generation/logits_process.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

NEVER = -1.0e9
"""The score of what must not be chosen but may be; as in transformers, whose choices among such this shares."""
RULE_KEYS = frozenset(
    (
        "early_stopping",
        "forced_bos_token_id",
        "forced_eos_token_id",
        "length_penalty",
        "min_length",
        "no_repeat_ngram_size",
        "repetition_penalty",
    )
)
"""Settings of a generation config that ``BeamRules`` follows, beside those that every own loop does."""


@dataclass(frozen=True, slots=True)
class BeamRules:
    """What is searched for.

    :param beams: continuations that each article keeps.
    :param start: the decoder's first token, which is not part of a brief.
    :param ends: tokens that end a brief.
    :param least: tokens before which it may not end.
    :param most: tokens at which it is stopped.
    :param early_stopping: True stops an article once as many briefs as ``beams`` are finished, "never" once none can
        become better, False once that is unlikely.
    :param ngram: runs of so many tokens may not come twice; 0 lets them.
    :param forced_first: what every brief begins with; None leaves it to the model.
    :param forced_last: the last token of a brief that is stopped; None leaves it to the model.
    """

    beams: int
    start: int
    ends: tuple[int, ...]
    least: int
    most: int
    length_penalty: float = 1.0
    early_stopping: bool | str = False
    ngram: int = 0
    repetition_penalty: float = 1.0
    forced_first: int | None = None
    forced_last: int | None = None

    @property
    def candidates(self) -> int:
        """Continuations of an article that are looked at: even if all beams end, as many go on."""
        return max(2, 1 + len(self.ends)) * self.beams


def rules_of(config: Any, most: int) -> BeamRules | None:
    """Return the rules that a settled generation config asks for.

    None where it does not say how to begin or end, or leaves a choice of equals: several tokens to be stopped with.

    :param config: it has no settings beside ``RULE_KEYS`` and those of every own loop.
    :param most: tokens that a brief may have.
    """
    start = config.decoder_start_token_id if config.decoder_start_token_id is not None else config.bos_token_id
    ends = _as_tuple(config.eos_token_id)
    last = _as_tuple(config.forced_eos_token_id)
    if not isinstance(start, int) or not ends or len(last) > 1:
        return None
    penalty = config.length_penalty
    return BeamRules(
        beams=config.num_beams,
        start=start,
        ends=ends,
        least=max((config.min_length or 0) - 1, config.min_new_tokens or 0),  # min_length counts the start token
        most=most,
        length_penalty=1.0 if penalty is None else penalty,
        early_stopping=config.early_stopping or False,
        ngram=config.no_repeat_ngram_size or 0,
        repetition_penalty=config.repetition_penalty or 1.0,
        forced_first=config.forced_bos_token_id,
        forced_last=last[0] if last else None,
    )


def _as_tuple(ids: int | list[int] | None) -> tuple[int, ...]:
    return () if ids is None else (ids,) if isinstance(ids, int) else tuple(ids)


class BeamSearch:
    """The beams of some articles.

    *Shape:* step () int64, tokens written so far; tokens (articles x beams, 1) int64, the last of each beam; parents
    (articles, beams) int64, the beam of the step before that each goes on from.
    """

    def __init__(self, rules: BeamRules, articles: int, device: torch.device) -> None:
        """Let every article begin with its start token."""
        import torch

        self._rules = rules
        shape = (articles, rules.beams)
        self.step = torch.zeros((), dtype=torch.long, device=device)
        self.tokens = torch.full((articles * rules.beams, 1), rules.start, device=device)
        self.parents = torch.arange(rules.beams, device=device).repeat(articles, 1)
        self._written = torch.full((*shape, rules.most + 1), rules.start, device=device)  # start token included
        self._scores = torch.zeros(shape, device=device)
        self._scores[:, 1:] = NEVER  # all beams are alike at first: only one of them may choose
        self._done = self._written.clone()
        self._done_lengths = torch.zeros(shape, dtype=torch.long, device=device)
        self._done_scores = torch.full(shape, NEVER, device=device)
        self._is_done = torch.zeros(shape, dtype=torch.bool, device=device)
        self._is_open = torch.ones((articles, 1), dtype=torch.bool, device=device)
        self._places = torch.arange(rules.most + 1, device=device)
        self._ends = torch.tensor(rules.ends, device=device)
        self._is_top = torch.arange(rules.candidates, device=device) < rules.beams
        # computed here and not on the device, which would round another way
        penalties = [1.0, *(length**rules.length_penalty for length in range(1, rules.most + 1))]
        self._penalties = torch.tensor(penalties, dtype=torch.float64).float().to(device)

    def choose(self, logits: torch.Tensor, *, is_first: bool = False, is_last: bool = False) -> None:
        """Let every beam go on.

        :param is_first: no token is written yet.
        :param is_last: this is the last that is.

        *Shape:* logits (articles x beams, vocabulary).
        """
        scores = self._ruled(logits.float().log_softmax(dim=-1), is_first=is_first, is_last=is_last)
        best, beams, tokens = self._best(scores)
        written = self._written.take_along_dim(beams[:, :, None], dim=1)  # (articles, candidates, most + 1)
        length = self.step + 1
        written.scatter_(2, length.expand(tokens.shape)[..., None], tokens[..., None])
        ends = (tokens[..., None] == self._ends).any(dim=-1) | is_last
        scores, chosen = self._go_on(best, ends)
        self.tokens.copy_(tokens.gather(1, chosen).view(-1, 1))
        self.parents.copy_(beams.gather(1, chosen))
        self._written.copy_(written.take_along_dim(chosen[:, :, None], dim=1))
        self._scores.copy_(scores)
        self._finish(best, written, ends, length)
        self.step.add_(1)

    def is_over(self) -> bool:
        """Return whether no article can gain from another step; the device is waited for."""
        is_open = self._is_open[:, 0]
        if self._rules.early_stopping is True:
            is_open = is_open & ~self._is_done.all(dim=1)
        return not bool(is_open.any())

    def briefs(self) -> list[list[int]]:
        """Return the best brief of each article, its end token included where it has one."""
        lengths = self._done_lengths[:, 0].tolist()
        return [row[1 : length + 1] for row, length in zip(self._done[:, 0].tolist(), lengths, strict=True)]

    def _best(self, scores: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the best candidates of each article: their scores, beams and tokens, each (articles, candidates)."""
        rules = self._rules
        articles, vocabulary = self._scores.shape[0], scores.shape[-1]
        # of each beam first: what is not among its best is not among the article's
        own, tokens = scores.topk(min(rules.candidates, vocabulary), dim=-1)
        own = own.view(articles, rules.beams, -1) + self._scores[:, :, None]
        best, places = own.view(articles, -1).topk(rules.candidates)
        return best, places // tokens.shape[-1], tokens.view(articles, -1).gather(1, places)

    def _go_on(self, best: torch.Tensor, ends: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the scores and places of the candidates that become the new beams, each (articles, beams)."""
        scores, chosen = (best + ends * NEVER).topk(self._rules.beams)
        return scores, chosen

    def _finish(self, best: torch.Tensor, written: torch.Tensor, ends: torch.Tensor, length: torch.Tensor) -> None:
        """Keep the best finished briefs, and find out which articles cannot gain any more."""
        import torch

        rules = self._rules
        is_new = ends & self._is_top
        penalty = self._penalties.index_select(0, length[None])  # an index in brackets would be read back
        scores = best / penalty
        if rules.early_stopping is True:
            scores = scores + self._is_done.all(dim=1, keepdim=True) * NEVER
        scores = scores + ~self._is_open * NEVER + ~is_new * NEVER
        self._done_scores_of(scores, written, is_new, length)
        reachable = self._penalties[-1] if rules.early_stopping == "never" and rules.length_penalty > 0 else penalty
        worst = torch.where(self._is_done, self._done_scores.amin(dim=1, keepdim=True), NEVER)
        could_gain = (self._scores[:, :1] / reachable > worst).any(dim=1, keepdim=True)
        self._is_open.logical_and_(could_gain)

    def _done_scores_of(
        self, scores: torch.Tensor, written: torch.Tensor, is_new: torch.Tensor, length: torch.Tensor
    ) -> None:
        """Put the candidates beside what is finished, and keep the best."""
        import torch

        scores, kept = torch.cat((self._done_scores, scores), dim=1).topk(self._rules.beams)
        lengths = torch.cat((self._done_lengths, length.expand(is_new.shape)), dim=1)
        self._done_scores.copy_(scores)
        self._done_lengths.copy_(lengths.gather(1, kept))
        self._is_done.copy_(torch.cat((self._is_done, is_new), dim=1).gather(1, kept))
        self._done.copy_(torch.cat((self._done, written), dim=1).take_along_dim(kept[:, :, None], dim=1))

    def _ruled(self, scores: torch.Tensor, *, is_first: bool, is_last: bool) -> torch.Tensor:
        """Apply the rules in transformers' order; ``scores`` are changed in place."""
        import torch

        rules, written = self._rules, self._written.flatten(0, 1)
        if rules.repetition_penalty != 1.0:
            seen = torch.where(self._places <= self.step, written, rules.start)
            old = scores.gather(1, seen)
            factor = rules.repetition_penalty
            scores.scatter_(1, seen, torch.where(old < 0, old * factor, old / factor))
        if 0 < rules.ngram <= rules.most:
            self._forbid_repeats(scores, written, rules.ngram)
        if rules.least:
            early = torch.where(self.step < rules.least, float("-inf"), 0.0)
            scores[:, self._ends] += early
        for is_now, forced in ((is_first, rules.forced_first), (is_last, rules.forced_last)):
            if is_now and forced is not None:
                scores.fill_(float("-inf"))[:, forced] = 0.0
        return scores

    def _forbid_repeats(self, scores: torch.Tensor, written: torch.Tensor, size: int) -> None:
        """Forbid each beam the tokens that would make its last ones a run that it already has."""
        import torch

        windows = written.shape[1] - size + 1
        is_same = (self._places[:windows] + size - 1 <= self.step).expand(written.shape[0], -1)
        for i in range(size - 1):
            last = (self.step - (size - 2 - i)).clamp(min=0)
            is_same = is_same & (written[:, i : i + windows] == written.index_select(1, last[None]))
        scores.scatter_add_(1, written[:, size - 1 :], torch.where(is_same, float("-inf"), 0.0))

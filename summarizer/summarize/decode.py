"""The greedy loop for decoders on the CPU: prompts as token ids in, written tokens out. Used by ``generate``.

What a step costs is reading the weights, whether for one row or for ``ROWS``. So every step has ``ROWS`` rows: one of
each article that is being written, and where these are few, the rest guess ahead (``lookup``). An article that is done
makes room for the next. All steps have one shape, prompts are read one by one, and ``cache`` reads whole blocks:
numbers are summed up in the same order whatever the neighbours, and so an article's brief is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from summarizer.summarize.cache import ROWS, Slots
from summarizer.summarize.lookup import Lookup
from summarizer.summarize.vocabulary import Columns

if TYPE_CHECKING:
    import torch

MAX_GUESSES = 15
"""Tokens guessed ahead; more are seldom right."""
PROMPT_BLOCK = 16
"""Prompts are filled up to whole blocks: fewer shapes to prepare for, at most 3 % of a long prompt."""

Rule = Callable[[Any, Any], Any]
"""A logits processor of transformers: ids (1, written) and scores (1, vocabulary) in, scores out."""


class Network(Protocol):
    """What a decoder's layers are to this loop: ``gemma.Gemma``, or ``attention.HubNetwork`` for all others.

    :ivar head: the rows of the output head, *Shape:* (vocabulary, width).
    """

    dtype: torch.dtype
    head: torch.Tensor

    def in_use(self, columns: Columns | None) -> AbstractContextManager[None]:
        """Get ready to compute these columns of the vocabulary; None is all."""

    def read(self, ids: torch.Tensor, positions: torch.Tensor, slots: Slots) -> None:
        """Put a prompt's keys and values into ``slots``. *Shape:* ids and positions (tokens,) int64."""

    def logits(self, ids: torch.Tensor, positions: torch.Tensor, slots: Slots) -> torch.Tensor:
        """Take a step. *Shape:* ids and positions (rows,) int64 to (rows, vocabulary or columns)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When a brief is over, and what it must not say.

    :param ends: tokens that end it.
    :param least: tokens before which it may not end.
    :param most: tokens at which it is stopped.
    :param is_over: whether what is written is a whole brief.
    :param rules: against repetition; they see the brief without its prompt.
    """

    ends: frozenset[int]
    least: int
    most: int
    is_over: Callable[[list[int]], bool]
    rules: Sequence[Rule] = ()


@dataclass(slots=True)
class _Writing:
    """An article in hand; ``length`` of its tokens are in the cache."""

    index: int
    prompt: Sequence[int]
    lookup: Lookup
    length: int
    written: list[int] = field(default_factory=list)
    guesses: list[int] = field(default_factory=list)

    @property
    def last(self) -> int:
        return self.written[-1] if self.written else self.prompt[-1]


class Decoder:
    """Writes briefs with a decoder, greedily."""

    def __init__(
        self, network: Network, limits: Limits, *, budget_tokens: int, kept: torch.Tensor | None = None
    ) -> None:
        """Take a network; see ``trial`` for which models have one.

        :param budget_tokens: positions of all articles in hand together.
        :param kept: the tokens that may be written; None takes all.
        """
        self._network = network
        self._limits = limits
        self._budget_tokens = budget_tokens
        self._columns = None if kept is None else Columns(network.head, kept, ROWS)

    def write(self, prompts: Sequence[Sequence[int]]) -> list[list[int]]:
        """Continue every prompt; longest first, so that memory that does not suffice shows itself at once.

        :return: what was written for each, in the given order; the end token is among it where there is one.
        """
        import torch

        written: list[list[int]] = [[] for _ in prompts]
        order = sorted(range(len(prompts)), key=lambda i: -len(prompts[i]))
        columns = self._columns
        few = [i for i in order if columns and columns.suits(prompts[i])]
        rest = [i for i in order if not columns or not columns.suits(prompts[i])]
        with torch.inference_mode():
            for group, head in ((few, columns), (rest, None)):
                with self._network.in_use(head):
                    for done in self._run([(i, prompts[i]) for i in group], head):
                        written[done.index] = done.written
        return written

    def _run(self, waiting: list[tuple[int, Sequence[int]]], head: Columns | None) -> Iterator[_Writing]:
        """Yield each article when it is done; ``waiting`` is longest first."""
        if not waiting:
            return
        room = len(waiting[0][1]) + self._limits.most + ROWS
        slots = Slots(max(1, min(ROWS, self._budget_tokens // room, len(waiting))), room, self._network.dtype)
        free = list(range(slots.count))
        hand: dict[int, _Writing] = {}  # by slot
        while waiting or hand:
            while waiting and free:
                slot = free.pop(0)
                hand[slot] = self._read(slots, slot, *waiting.pop(0))
                if head:
                    head.fill(slot, hand[slot].prompt)
            for slot in self._advance(slots, dict(sorted(hand.items())), head):
                free = sorted([*free, slot])
                yield hand.pop(slot)

    def _read(self, slots: Slots, slot: int, index: int, prompt: Sequence[int]) -> _Writing:
        """Put all of a prompt but its last token, which the next step reads, into the cache."""
        import torch

        length = len(prompt) - 1
        if length:
            padded = -(-length // PROMPT_BLOCK) * PROMPT_BLOCK
            ids = torch.zeros(padded, dtype=torch.long)
            ids[:length] = torch.tensor(prompt[:-1])
            slots.begin_prompt(slot)
            self._network.read(ids, torch.arange(padded), slots)
        return _Writing(index, prompt, Lookup(prompt), length)

    def _advance(self, slots: Slots, hand: dict[int, _Writing], head: Columns | None) -> list[int]:
        """Take one step; return the slots whose articles are done.

        *Shape:* ids (ROWS,) int64; logits (ROWS, vocabulary or columns).
        """
        import torch

        width = min(ROWS // len(hand), MAX_GUESSES + 1)
        ids: list[int] = []
        for writing in hand.values():
            count = min(width, self._limits.most - len(writing.written)) - 1
            writing.guesses = writing.lookup.guess(writing.written, count)
            row = [writing.last, *writing.guesses]
            ids += row + [0] * (width - len(row))
        filled = [(slot, writing.length) for slot, writing in hand.items()]
        step = slots.begin_step(width, filled)
        row_ids = torch.tensor(ids + [0] * (ROWS - len(ids)))
        logits = self._network.logits(row_ids, step.positions, slots)
        rows = {slot: slice(i * width, (i + 1) * width) for i, slot in enumerate(hand)}
        if self._limits.rules or self._limits.least:
            return [
                slot
                for slot, writing in hand.items()
                if self._take(writing, self._ruled(writing, logits[rows[slot]], head, slot))
            ]
        if head:
            owners = torch.tensor([slot for slot in hand for _ in range(width)] + [0] * (ROWS - len(ids)))
            best = head.best(logits, owners).tolist()
        else:
            best = logits.argmax(dim=1).tolist()
        return [slot for slot, writing in hand.items() if self._take(writing, iter(best[rows[slot]]))]

    def _take(self, writing: _Writing, best: Iterator[int]) -> bool:
        """Keep the tokens up to the first that was not guessed; return whether the brief is done."""
        for guess in [*writing.guesses, None]:
            token = next(best)
            writing.written.append(token)
            writing.length += 1
            if self._is_done(writing.written):
                return True
            if token != guess:
                break
        return False

    def _is_done(self, written: list[int]) -> bool:
        limits = self._limits
        return written[-1] in limits.ends or len(written) >= limits.most or limits.is_over(written)

    def _ruled(self, writing: _Writing, logits: torch.Tensor, head: Columns | None, slot: int) -> Iterator[int]:
        """Yield the best token of each row under the rules, when what is written before it is known."""
        import torch

        for i in range(logits.shape[0]):
            scores = (head.spread(logits[i : i + 1], slot) if head else logits[i : i + 1]).float()
            written = torch.tensor([writing.written], dtype=torch.long)
            if len(writing.written) < self._limits.least:
                scores[:, list(self._limits.ends)] = float("-inf")
            for rule in self._limits.rules:
                scores = rule(written, scores)
            yield int(scores.argmax())

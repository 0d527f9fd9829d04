"""Says when a causal model's brief is over: base models go on with the next made-up article. Used by ``generate``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

_PARAGRAPH = re.compile(r"\S[^\n]*")
_STOP = re.compile(r"(?<=[.!?])[\"”’')]*\s+")


@dataclass(frozen=True, slots=True)
class BriefEnd:
    """The end of a brief.

    :param max_words: a text of more words holds a whole brief, or none.
    :param first_line_only: a line break after text ends it; off for models that answer with openers and lists.
    """

    max_words: int
    first_line_only: bool

    def cut(self, text: str) -> str:
        """Return the part of ``text`` that is the brief."""
        if not self.first_line_only:
            return text
        line = _PARAGRAPH.search(text)
        return line.group().rstrip() if line and "\n" in text.strip() else text

    def is_reached(self, text: str) -> bool:
        """Return whether nothing that follows ``text`` could be part of its brief."""
        bare = text.lstrip()
        if self.first_line_only and "\n" in bare:
            return True
        if len(bare.split()) > self.max_words:
            return True
        sentences = _STOP.split(bare.rstrip()) if bare.rstrip().endswith((".", "!", "?")) else []
        return len(sentences) > 1 and sentences[-1] in sentences[:-1]

    def watch(self, tokenizer: Any, start: int) -> Watch:
        """Return the stopping criterion for one batch whose prompts are ``start`` tokens wide."""
        return Watch(self, tokenizer, start)


class Watch:
    """Stops each brief of a batch at its end; ``generate`` calls it after every step, ``decode`` after every token."""

    def __init__(self, brief_end: BriefEnd, tokenizer: Any, start: int) -> None:
        self._brief_end = brief_end
        self._tokenizer = tokenizer
        self._start = start
        self._pieces: dict[int, str] = {}

    def __call__(self, input_ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
        """Return which rows are over.

        *Shape:* input_ids (rows, start + written) int64; return (rows,) bool.
        """
        import torch

        over = [self.is_over(row) for row in input_ids[:, self._start :].tolist()]
        return torch.tensor(over, device=input_ids.device, dtype=torch.bool)

    def is_over(self, row: list[int]) -> bool:
        """Return whether what is written, at least one token, holds a whole brief."""
        return self._may_end(row) and self._is_over(row)

    def _may_end(self, row: list[int]) -> bool:
        """Return whether the last token could have ended the brief; whole rows are decoded for such tokens only."""
        last = row[-1]
        if last not in self._pieces:
            self._pieces[last] = self._tokenizer.decode([last], skip_special_tokens=True)
        piece = self._pieces[last]
        return "\n" in piece or piece.rstrip().endswith((".", "!", "?")) or len(row) > self._brief_end.max_words

    def _is_over(self, row: list[int]) -> bool:
        return self._brief_end.is_reached(self._tokenizer.decode(row, skip_special_tokens=True))


class OnBrief:
    """Applies a logits processor to what is written, not to the prompt before it."""

    def __init__(self, rule: Any, start: int) -> None:
        self._rule = rule
        self._start = start

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Return the scores as the rule changes them.

        *Shape:* input_ids (rows, start + written) int64; scores (rows, vocabulary), in and out.
        """
        changed: torch.Tensor = self._rule(input_ids[:, self._start :], scores)
        return changed

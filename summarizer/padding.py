"""Counts padding: what a model reads of a batch only because another of its rows is longer.

Whatever fills rows up to one length counts here, and ``runner`` takes what came up during a window into the report.
What reads articles without filling rows up (BERT taggers and our own decoding loop on a CPU) has nothing to count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock


@dataclass(slots=True)
class Padding:
    """Both counts are of the process.

    :param tokens: that went through a model in rows of one length, padding included.
    :param padding: how many of them were padding.
    """

    tokens: int = 0
    padding: int = 0
    _lock: Lock = field(default_factory=Lock)

    def add(self, lengths: Sequence[int]) -> None:
        """Count a batch.

        :param lengths: each row's length in tokens before it is filled up to the longest.
        """
        tokens = max(lengths, default=0) * len(lengths)
        with self._lock:  # pieces of a batch run side by side
            self.tokens += tokens
            self.padding += tokens - sum(lengths)


PADDING = Padding()

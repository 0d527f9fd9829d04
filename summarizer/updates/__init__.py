"""Stories that repeat or update an earlier one are linked to it. Comes after the stages, one story at a time in order.

The ledger asks here, since what came before decides; ``docs/updates.md`` tells how and how well.
"""

from __future__ import annotations

from summarizer.updates.linker import Files, Linker
from summarizer.updates.options import UpdatesOptions

__all__ = ["Files", "Linker", "UpdatesOptions"]

"""The summarize stage: articles in, briefs out. Comes after ``clean`` and before ``evidence``.

A new backend is one file beside this one with a class and its options, and one line in ``BACKENDS``.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from summarizer.runtime import RuntimeOptions
from summarizer.summarize.base import SummarizeOptions, Summarizer
from summarizer.summarize.causal import Causal, CausalOptions
from summarizer.summarize.lead import Lead, LeadOptions
from summarizer.summarize.salience import SalienceOptions, SalientSentences
from summarizer.summarize.seq2seq import Seq2Seq, Seq2SeqOptions

BACKENDS: dict[str, type[Summarizer]] = {
    "lead": Lead,
    "salience": SalientSentences,
    "seq2seq": Seq2Seq,
    "causal": Causal,
}
SummarizeSection = Annotated[
    LeadOptions | SalienceOptions | Seq2SeqOptions | CausalOptions, Field(discriminator="backend")
]

__all__ = ["BACKENDS", "SummarizeOptions", "SummarizeSection", "Summarizer", "load_summarizer"]


def load_summarizer(options: SummarizeSection, runtime: RuntimeOptions) -> Summarizer:
    """Build the backend that the options name.

    :raises ModelError: its model is missing, damaged or of the wrong kind.
    """
    return BACKENDS[options.backend](options, runtime)  # type: ignore[call-arg]

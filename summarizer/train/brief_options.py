"""The settings of ``summarizer train brief``; light to import."""

from __future__ import annotations

from pydantic import Field

from summarizer.options import Options
from summarizer.read.options import FieldNames
from summarizer.runtime import RuntimeOptions


class BriefTraining(Options):
    """How to train an adapter that writes briefs."""

    data: str
    """Articles with their briefs: JSON lines, CSV or another format that ``input.format: auto`` reads."""
    out: str
    """Folder for the adapter; an unfinished run there is taken up again."""
    brief_field: str = "summary"
    """Field that holds the brief of an article."""
    fields: FieldNames = FieldNames()
    """What the data call an article's other fields."""
    base: str = "brief-gemma"
    """The causal model to adapt: a folder or a Hub name; of an adapter, its base."""
    prompt: str = "Article: {text}\n\nBrief:"
    """What the model is given before the brief; kept with the adapter."""
    epochs: int = Field(1, ge=1)
    """Times that every article is seen."""
    max_steps: int | None = Field(None, ge=1)
    """Stop after so many steps."""
    batch_articles: int = Field(4, ge=1)
    """Articles a step, of similar length."""
    max_article_tokens: int = Field(700, ge=16)
    """Pairs with a longer article are left out: the brief of an article that was cut teaches a model to invent."""
    learning_rate: float = Field(3e-4, gt=0)
    """Peak step; it rises for ``warmup_steps`` and falls along a cosine to a twentieth."""
    warmup_steps: int = Field(30, ge=0)
    """Steps in which the learning rate rises."""
    lora_rank: int = Field(16, ge=1)
    """Rank of the adapter's matrices."""
    lora_alpha: int = Field(32, ge=1)
    """The adapter's output is scaled by alpha / rank."""
    lora_dropout: float = Field(0.05, ge=0, lt=1)
    """Share of the adapter's inputs that is dropped in training."""
    save_every_steps: int = Field(50, ge=1)
    """A checkpoint is kept so often."""
    seed: int = 13
    """Order of the articles and dropout."""
    runtime: RuntimeOptions = RuntimeOptions()
    """``download`` and ``threads``; training is in float32 on the CPU."""

"""The settings of ``summarizer train salience``; light to import."""

from __future__ import annotations

from pydantic import Field

from summarizer.clean import CleanOptions
from summarizer.options import Options
from summarizer.read.options import FieldNames
from summarizer.runtime import RuntimeOptions


class SalienceTraining(Options):
    """How to train a model that says which sentences of an article its brief is made of."""

    data: list[str] = Field(min_length=1)
    """Articles with their briefs: files of JSON lines, CSV or another format that ``input.format: auto`` reads."""
    out: str
    """Folder for the model; an unfinished run there is taken up again."""
    dev: list[str] = Field([])
    """Held-out articles with briefs, scored after each epoch; empty holds ``dev_fraction`` of the data back."""
    keep_from: list[str] = Field([])
    """Articles to measure on later: like those of ``dev``, what nearly repeats one of them is left out of training."""
    dev_fraction: float = Field(0.1, gt=0, lt=0.5)
    """Share of ``data`` to hold back where ``dev`` is empty."""
    brief_field: str = "summary"
    """Field that holds the brief of an article."""
    fields: FieldNames = FieldNames()
    """What the data call an article's other fields."""
    clean: CleanOptions = CleanOptions()
    """As in a run: the model reads cleaned articles."""
    base: str = "topics-minilm"
    """Encoder to adapt: a model that ships, a folder or a Hub name, of the BERT kind."""
    layers: int | None = Field(6, ge=1)
    """How many of its layers are used, from below; null takes all. The seventh of topics-minilm only gathers topics."""
    adapted_layers: int | None = Field(3, ge=1)
    """How many of those, from above, get an adapter; null adapts all of them, at nearly twice the cost."""
    max_tokens: int = Field(512, ge=32)
    """Of a window, in training and in use."""
    max_windows: int = Field(2, ge=1)
    """Windows of an article that training reads; in use all of them are read."""
    softness: float = Field(0.3, ge=0, le=1)
    """How far a sentence's own likeness to the brief counts in its label, against the greedy choice of sentences."""
    word_weight: float = Field(1.0, ge=0)
    """Weight of the loss on words and pairs of words against that on sentences."""
    epochs: int = Field(2, ge=1)
    """Times that every article is seen, where ``patience`` does not end it sooner."""
    patience: int = Field(2, ge=1)
    """Training ends after so many epochs without a better score on held-out articles; the best one's weights stay."""
    batch_tokens: int = Field(4096, ge=64)
    """Tokens of a step, padding included."""
    learning_rate: float = Field(5e-4, gt=0)
    """Peak step of the adapter (AdamW, linear warm-up and decay)."""
    head_learning_rate: float = Field(1e-3, gt=0)
    """Peak step of the head."""
    warmup_fraction: float = Field(0.06, ge=0, lt=1)
    """Share of the steps in which the learning rate rises."""
    weight_decay: float = Field(0.01, ge=0)
    """AdamW's decay."""
    lora_rank: int = Field(32, ge=1)
    """Rank of the adapter's matrices."""
    lora_alpha: int = Field(64, ge=1)
    """The adapter's output is scaled by alpha / rank."""
    dropout: float = Field(0.1, ge=0, lt=1)
    """Share of the head's inputs that is dropped in training; the encoder runs without, which is faster."""
    save_every_steps: int = Field(100, ge=1)
    """A checkpoint is kept so often, and after each epoch."""
    seed: int = 13
    """Order of the articles, new weights and dropout; the same seed gives the same model."""
    runtime: RuntimeOptions = RuntimeOptions()
    """Device and threads; weights are float32, and ``dtype`` says what products are computed in."""

"""The settings of ``summarizer train support``; light to import, since config files are checked against it."""

from __future__ import annotations

from pydantic import Field

from summarizer.encoder_adapter import BASE
from summarizer.evaluate.evidence_options import ClaimFields
from summarizer.options import Options
from summarizer.read.options import FieldNames
from summarizer.runtime import RuntimeOptions


class SupportTraining(Options):
    """How to train a support model."""

    data: list[str] = Field(min_length=1)
    """Claims that are known to be borne out by their article or not: JSON lines, CSV or another format that
    ``input.format: auto`` reads."""
    out: str
    """Folder for the model; an unfinished run there is taken up again."""
    dev: list[str] = Field(min_length=1)
    """Held-out claims: the best epoch, calibration and threshold are chosen on them."""
    briefs: list[str] = Field([])
    """Articles with faithful briefs, of which further claims are made, true ones and false ones."""
    faithful: list[str] = Field([])
    """Further articles with faithful briefs, held out: the threshold raises few false alarms on their sentences."""
    max_false_alarms: float = Field(0.05, gt=0, lt=1)
    """At most this share of the sentences of ``faithful`` is below the threshold."""
    apart_from: list[str] = Field([])
    """Claims whose articles must not be learned from, since they measure: whatever is about one of them is left out."""
    fields: ClaimFields = ClaimFields()
    """What the claims call their fields."""
    brief_fields: FieldNames = FieldNames()
    """What ``briefs`` call their fields."""
    brief_field: str = "summary"
    """Field of ``briefs`` that holds the brief."""
    made_sentences: int = Field(4000, ge=0)
    """Sentences of briefs that an epoch makes claims of, others in each; each gives a true and a false claim."""
    base: str = BASE
    """The model whose encoder is adapted."""
    layers: int | None = Field(6, ge=1)
    """How many of its layers are used, from the bottom; null takes all."""
    max_tokens: int = Field(160, ge=16)
    """Sentence and evidence are read up to this many tokens; the evidence is cut, the sentence never."""
    lora_rank: int = Field(32, ge=1)
    """Rank of the adapter's matrices."""
    lora_alpha: int = Field(64, ge=1)
    """The adapter's output is scaled by alpha / rank."""
    epochs: int = Field(4, ge=1)
    """Times that every claim of ``data`` is seen, where ``patience`` does not end it sooner."""
    patience: int | None = Field(2, ge=1)
    """The held-out claims are scored after each epoch, the best epoch's weights are kept, and training ends after so
    many epochs without a better one. Null trains to the end; the best epoch's weights are kept all the same."""
    batch_pairs: int = Field(32, ge=1)
    """Sentences a step, about."""
    learning_rate: float = Field(5e-4, gt=0)
    """Peak step of the adapter (AdamW, linear warm-up and decay)."""
    head_learning_rate: float = Field(1e-3, gt=0)
    """Peak step of the head."""
    warmup_fraction: float = Field(0.06, ge=0, lt=1)
    """Share of the steps in which the learning rate rises."""
    weight_decay: float = Field(0.01, ge=0)
    """AdamW's decay."""
    word_loss: float = Field(0.5, ge=0)
    """Weight of the loss that tells the head which words of a made claim are wrong."""
    seed: int = 13
    """Order of the claims, what is made of briefs, new weights and dropout."""
    runtime: RuntimeOptions = RuntimeOptions()
    """Device and threads; a matrix product is in bfloat16 where ``dtype`` is that, the weights are in float32."""

"""The settings of ``summarizer train brief``; light to import, since config files are checked against it."""

from __future__ import annotations

from pydantic import Field, field_validator, model_validator

from summarizer.clean import CleanOptions
from summarizer.options import Options
from summarizer.read.options import FieldNames
from summarizer.runtime import RuntimeOptions
from summarizer.summarize.prompting import check_template


class BriefTraining(Options):
    """How to train an adapter that writes briefs; the defaults suit some thousand pairs and a small model."""

    data: list[str]
    """Articles with their briefs: a file, folder or glob that ``input.format: auto`` reads, or a list of them."""
    val: list[str] = Field([])
    """Held-out articles with their briefs, in the same form: their loss says which checkpoint is kept."""
    out: str
    """Folder for the adapter; new, empty, or an unfinished run of the same settings, which is then taken up again."""
    brief_field: str = "summary"
    """Field that holds the brief of an article."""
    fields: FieldNames = FieldNames()
    """What the data call an article's other fields."""
    clean: CleanOptions = CleanOptions()
    """What is left out of the articles; as in the runs that the adapter is for."""
    drop_unsupported: bool = True
    """Leave out pairs whose brief has a name, number, date, quotation or other claim that its article lacks, a stray
    question mark in place of a lost quotation mark, quotation marks that do not pair, or an advert: a model learns to
    invent from briefs that invent. The rules are the check's own; those for names are made for English."""
    base: str = "brief-gemma"
    """The causal or seq2seq model to adapt: a folder or a Hub name; of an adapter, its base."""
    warm_start: bool = False
    """Go on from the adapter that ``base`` names, instead of a new one on its base; its own rank stays."""
    revision: str | None = None
    """The base's Hub commit, branch or tag."""
    prompt: str | None = None
    """What the model is given before the brief, ``{text}`` being the article, ``{title}`` its title (a line with it is
    left out where there is none) and ``{max_words}`` the limit; kept with the adapter. Null takes the chat template of
    a causal model that has one, otherwise ``Article: {text}``, an empty line, ``Headline: {title}`` and ``Brief:``;
    of a seq2seq model its own prefix."""
    max_words: int = Field(80, ge=10)
    """Length of the longest brief, for ``{max_words}`` and for the sample briefs."""
    epochs: int = Field(1, ge=1)
    """Times that every article is seen."""
    max_steps: int | None = Field(None, ge=1)
    """Stop after so many steps."""
    batch_articles: int = Field(4, ge=1)
    """Articles a step, of similar length."""
    max_article_tokens: int = Field(700, ge=16)
    """Pairs with a longer article, prompt included, are left out: the brief of an article that was cut teaches a model
    to invent."""
    learning_rate: float = Field(3e-4, gt=0)
    """Peak step; it rises for ``warmup_steps`` and falls along a cosine to a twentieth."""
    warmup_steps: int = Field(30, ge=0)
    """Steps in which the learning rate rises."""
    lora_rank: int = Field(16, ge=1)
    """Rank of the adapter's matrices."""
    lora_alpha: int = Field(32, ge=1)
    """The adapter's output is scaled by alpha / rank."""
    lora_dropout: float = Field(0.0, ge=0, lt=1)
    """Share of the adapter's inputs that is dropped in training. On a CPU drawing the random numbers for any takes 40 %
    of a step, and one or two epochs hardly need it."""
    evaluate_every_steps: int = Field(100, ge=1)
    """With ``val``: its loss is measured so often and at the end."""
    samples: int = Field(3, ge=0)
    """With ``val``: briefs of so many of its articles are written to ``samples.md`` at each measuring."""
    patience: int | None = Field(None, ge=1)
    """With ``val``: training ends after so many measurings without a lower loss; null trains to the end."""
    save_every_steps: int = Field(50, ge=1)
    """A checkpoint is kept so often, and at each measuring."""
    seed: int = 13
    """Order of the articles, new weights and dropout; the same seed gives the same adapter."""
    runtime: RuntimeOptions = RuntimeOptions()
    """Device, threads, ``download`` and the number format of the frozen base (the adapter itself is in float32);
    float16, which cannot be trained in, becomes float32."""

    @field_validator("data", "val", mode="before")
    @classmethod
    def _listed(cls, paths: object) -> object:
        return [paths] if isinstance(paths, str) else [] if paths is None else paths

    @field_validator("data")
    @classmethod
    def _names_something(cls, paths: list[str]) -> list[str]:
        if not paths:
            raise ValueError("must name a file, a folder or a glob")
        return paths

    @field_validator("prompt")
    @classmethod
    def _has_text(cls, prompt: str | None) -> str | None:
        return prompt if prompt is None else check_template(prompt)

    @model_validator(mode="after")
    def _consistent(self) -> BriefTraining:
        if self.patience is not None and not self.val:
            raise ValueError("patience works with val only")
        return self

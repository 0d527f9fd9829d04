"""The settings of ``summarizer train topics``; light to import, since config files are checked against it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from summarizer.classify.thresholds import ACCEPT_PRECISION, REVIEW_RECALL
from summarizer.options import Options
from summarizer.read.options import FieldNames
from summarizer.runtime import RuntimeOptions


class TopicTraining(Options):
    """How to train a topic classifier; the defaults suit some thousand articles."""

    data: str
    """Articles with their topics: JSON lines, CSV or another format that ``input.format: auto`` reads."""
    dev: str | None = None
    """Held-out articles that thresholds are chosen on; null holds back ``dev_fraction`` of ``data``."""
    test: str | None = None
    """Articles that nothing is chosen on, measured once at the end for the card; null measures on ``dev`` alone."""
    out: str
    """Folder for the model; new, empty, or an unfinished run of the same settings, which is then taken up again."""
    topics_field: str = "topics"
    """Field that holds an article's topic ids: a list, or text with ';' or '|' between them."""
    fields: FieldNames = FieldNames()
    """What the data call an article's other fields."""
    topics_file: str | None = None
    """The topics' names and codes; null takes the topics from the data. topics.yaml (a list of id, name, iptc) and CSV
    (id,name,code) list the topics to learn, each of which must have articles. SKOS (.ttl, .rdf, .nt, .jsonld) and
    Annif's CSV (uri,label_en,notation) and TSV are vocabularies, of which the topics that the data use are learned; the
    data may name them by URI, by notation or by the last part of the URI."""
    partial: str | None = None
    """Encoder and multi-label only: further articles whose topics are true and whose other topics are unknown, not
    absent. An unknown topic takes no part in the loss, or is what ``teacher`` says."""
    partial_field: str = "topics"
    """Field of ``partial`` that holds an article's labels, in the form of ``topics_field``."""
    partial_topics: dict[str, str] = Field({})
    """The topic that each label of ``partial`` stands for; labels that are not here are ignored. Where this is empty,
    the labels are the topic ids themselves."""
    unlabelled: str | None = None
    """Encoder and multi-label only: further articles of which no topic is known; all that is learned from them is what
    ``teacher`` says."""
    teacher: str | None = None
    """A topic model, by name or folder, whose probabilities stand in for unknown topics of ``partial`` and
    ``unlabelled``: an earlier model of yours (self-training) or a larger one (distillation)."""
    labels: Literal["auto", "multi", "single"] = "auto"
    """``single`` gives each article exactly one topic; ``auto`` finds out from the data."""
    backend: Literal["encoder", "linear"] = "encoder"
    """``encoder`` fine-tunes a pretrained model, ``linear`` fits TF-IDF with logistic regression in seconds."""
    base: str = "topics-minilm"
    """Encoder only: the model to start from, by name, folder or Hub name; a new head is made where topics differ."""
    revision: str | None = None
    """Encoder only: the base's Hub commit, branch or tag."""
    pooling: Literal["first", "mean"] = "first"
    """Encoder only, where a new head is made: what it reads. ``mean`` suits sentence encoders of the BERT kind, whose
    meaning is in the mean of all token vectors: it adds a layer that starts as that mean and learns on."""
    dev_fraction: float = Field(0.15, gt=0, lt=0.5)
    """Share of ``data`` to hold back where ``dev`` is null."""
    seed: int = 13
    """Order of the articles, new weights, dropout and the held-out share; the same seed gives the same model."""
    epochs: int = Field(4, ge=1)
    """Encoder only: times that every article is seen, where ``patience`` does not end it sooner."""
    least_steps: int = Field(60, ge=1)
    """Encoder only: so many steps are planned at least; where the articles are few, that is more ``epochs``."""
    patience: int | None = Field(2, ge=1)
    """Encoder only: the held-out articles are scored after each epoch, the best epoch's weights are kept, and training
    ends after so many epochs without a better one. Null trains to the end and keeps the last weights."""
    batch_articles: int = Field(16, ge=1)
    """Encoder only: articles a step."""
    learning_rate: float = Field(8e-5, gt=0)
    """Encoder only: peak step of the pretrained weights (AdamW, linear warm-up and decay)."""
    head_learning_rate: float = Field(2e-3, gt=0)
    """Encoder only: peak step of the head's weights."""
    warmup_fraction: float = Field(0.06, ge=0, lt=1)
    """Encoder only: share of the steps in which the learning rate rises."""
    weight_decay: float = Field(0.01, ge=0)
    """Encoder only: AdamW's decay."""
    max_tokens: int = Field(160, ge=8)
    """Encoder only: title and text are read up to this many tokens, in training and in use."""
    inverse_regularization: float = Field(10.0, gt=0)
    """Linear only: scikit-learn's C; smaller is smoother."""
    max_features: int = Field(60_000, ge=10)
    """Linear only: the most frequent words and word pairs that are kept."""
    max_words: int | None = Field(150, ge=1)
    """Linear only: title and text are read up to this many words; null reads all, slower and hardly better."""
    accept_precision: float = Field(ACCEPT_PRECISION, gt=0, lt=1)
    """So many accepted tags shall be right: what the model's own thresholds promise; a run may state other targets."""
    review_recall: float = Field(REVIEW_RECALL, gt=0, lt=1)
    """So many of a topic's articles shall be accepted or shown to a person."""
    runtime: RuntimeOptions = RuntimeOptions()
    """Device and threads; training is in float32 whatever ``dtype`` says."""

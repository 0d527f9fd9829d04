"""The nouns: what the stages hand to each other and what goes out. Knows nobody.

Spans are half-open and count characters (code points) of ``Article.text`` as it came in.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

SCHEMA = 1
"""Version of the record's keys; none is renamed once released."""

Origin = Literal["verbatim", "generated", "replaced"]
Decision = Literal["accepted", "review", "rejected"]
LinkKind = Literal["same_as", "updates"]


@dataclass(frozen=True, slots=True)
class CleanText:
    """Cleaned text that knows the way back to the original.

    :param text: the cleaned text.
    :param starts: for each character of ``text`` where it begins in the original.
    :param ends: for each character of ``text`` where it ends in the original (exclusive).
    """

    text: str
    starts: array[int]
    ends: array[int]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original text that the non-empty clean span ``[start, end)`` came from."""
        return self.starts[start], self.ends[end - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One story as it was read.

    :param id: the input's own id, or one made from file name and line.
    :param text: the text as it came in, untouched.
    :param title: headline, or empty.
    :param date: as the input has it, or None.
    :param language: as the input has it, or None.
    :param fields: every further field of the input, untouched.
    :param source: where it was read, for messages: ``wire.jsonl:12`` or a file's path.
    :param cleaned: what ``clean`` made of the text; None before that.
    :param warnings: what the editor should know of reading and cleaning.
    """

    id: str
    text: str
    title: str = ""
    date: str | None = None
    language: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    cleaned: CleanText | None = None
    warnings: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """The text that the stages read: cleaned where ``clean`` ran, as it came in elsewhere."""
        return self.text if self.cleaned is None else self.cleaned.text

    def evidence(self, start: int, end: int) -> Evidence:
        """Return the evidence that the span ``[start, end)`` of ``body`` is, as a span of ``text``."""
        if self.cleaned is not None:
            start, end = self.cleaned.original_span(start, end)
        return Evidence(start, end, self.text[start:end])


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of ``Article.text``: ``article.text[start:end] == text``, always."""

    start: int
    end: int
    text: str

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"start": self.start, "end": self.end, "text": self.text}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of a brief.

    :param origin: ``verbatim`` stands so in the source, ``generated`` was written by a model and passed the check (or
        was flagged), ``replaced`` is a source sentence that stands where a generated one failed.
    :param support: 0 to 1, how far the evidence bears the sentence out.
    :param evidence: best supporting spans, in source order.
    :param unsupported: in words, each claim that the article does not bear out; of the sentence itself where it is
        ``generated``, of the one that it stands for where it is ``replaced``.
    :param replaces: the generated sentence that a ``replaced`` one stands for.
    """

    text: str
    origin: Origin
    support: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    unsupported: tuple[str, ...] = ()
    replaces: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form; ``replaces`` is left out where it says nothing."""
        out: dict[str, Any] = {
            "text": self.text,
            "origin": self.origin,
            "support": round(self.support, 4),
            "evidence": [span.to_dict() for span in self.evidence],
            "unsupported": list(self.unsupported),
        }
        if self.replaces:
            out["replaces"] = self.replaces
        return out


@dataclass(frozen=True, slots=True)
class Dropped:
    """A generated sentence that was taken out of a brief, and why."""

    text: str
    unsupported: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"text": self.text, "unsupported": list(self.unsupported)}


@dataclass(frozen=True, slots=True)
class SourceTokens:
    """How much of an article its reader model saw, in that model's tokens (in words for backends without a model)."""

    read: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """One paragraph: its sentences joined by single spaces.

    :param backend: the backend that wrote it; ``passed`` where the article was too short to condense.
    :param model: the model's name, or empty.
    :param dropped: generated sentences that the check took out.
    """

    sentences: tuple[Sentence, ...]
    backend: str
    model: str = ""
    source_tokens: SourceTokens
    dropped: tuple[Dropped, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The paragraph."""
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def words(self) -> int:
        """Number of blank-separated words."""
        return len(self.text.split())

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form; keys that have nothing to say are left out."""
        out: dict[str, Any] = {"text": self.text, "words": self.words, "backend": self.backend}
        if self.model:
            out["model"] = self.model
        out["source_tokens"] = {"read": self.source_tokens.read, "total": self.source_tokens.total}
        out["sentences"] = [sentence.to_dict() for sentence in self.sentences]
        if self.dropped:
            out["dropped"] = [sentence.to_dict() for sentence in self.dropped]
        return out


@dataclass(frozen=True, slots=True)
class Topic:
    """A label of a classifier.

    :param id: as in the training data, for example ``defence-cooperation``.
    :param name: for people; the id where nothing else is known.
    :param code: IPTC Media Topic such as ``medtop:20000598``, or empty.
    """

    id: str
    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A topic given to an article, with its probability (0 to 1) and what was decided.

    :param evidence: the one or two sentences that carry it, in source order; empty where nobody asked for them.
    :param limits: the probabilities from which on it is accepted (None: never) and shown to a person; None where
        nobody knows. Not written.
    :param own_decision: what this text alone would have got, where an earlier version's decision was kept.
    """

    topic: Topic
    probability: float
    decision: Decision
    evidence: tuple[Evidence, ...] = ()
    limits: tuple[float | None, float] | None = field(default=None, compare=False, repr=False)
    own_decision: Decision | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form; ``code``, ``own_decision`` and ``evidence`` are left out where there is none."""
        out: dict[str, Any] = {"topic": self.topic.id}
        if self.topic.code:
            out["code"] = self.topic.code
        out |= {"probability": round(self.probability, 4), "decision": self.decision}
        if self.own_decision:
            out["own_decision"] = self.own_decision
        if self.evidence:
            out["evidence"] = [span.to_dict() for span in self.evidence]
        return out


@dataclass(frozen=True, slots=True)
class MadeBy:
    """What made a record: the package's version, the config's hash and each model's hash or Hub commit."""

    summarizer: str
    config: str
    models: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"summarizer": self.summarizer, "config": self.config, "models": dict(self.models)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The earlier story that an article repeats (``same_as``: it says nothing new) or updates, and what changed.

    :param id: the earlier article's; the article's own where it is another version of the same item.
    :param similarity: 0 to 1, how far the two texts are the same.
    :param sentences: those that do not stand in the earlier text, in source order.
    :param gone: how many sentences of the earlier text do not stand in this one.
    :param title_was: the earlier title where it was another.
    :param version_was: the earlier version, as the publisher counts, where it was another.
    """

    kind: LinkKind
    id: str
    similarity: float
    sentences: tuple[Evidence, ...] = ()
    gone: int = 0
    title_was: str = ""
    version_was: str = ""

    def __str__(self) -> str:
        """Say it to a person: ``update of wire-0041, 78% alike, sentences: 1 new, 2 gone, its version was 3``."""
        kind = {"same_as": "the same as", "updates": "update of"}[self.kind]
        counts = ((len(self.sentences), "new"), (self.gone, "gone"))
        counted = ", ".join(f"{count} {what}" for count, what in counts if count)
        parts = [f"{kind} {self.id}", f"{self.similarity:.0%} alike", counted and f"sentences: {counted}"]
        parts.append(f"its version was {self.version_was}" if self.version_was else "")
        parts.append(f"its title was “{self.title_was}”" if self.title_was else "")
        return ", ".join(filter(None, parts))

    def to_dict(self) -> dict[str, Any]:
        """Return the record's keys: the kind, and ``changes``, of which only the similarity is always there."""
        changes: dict[str, Any] = {"similarity": round(self.similarity, 4)}
        if self.sentences:
            changes["sentences"] = [sentence.to_dict() for sentence in self.sentences]
        named = {"gone": self.gone, "title_was": self.title_was, "version_was": self.version_was}
        changes |= {name: value for name, value in named.items() if value}
        return {self.kind: self.id, "changes": changes}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What goes out for one article. ``brief`` or ``tags`` is None where the config leaves that stage out.

    :param tag_warnings: what the editor should know of the tagging.
    :param link: the earlier story that it repeats or updates; None where there is none, or nobody looked.
    """

    article: Article
    brief: Brief | None
    tags: Sequence[Tag] | None
    needs_review: bool
    made_by: MadeBy
    tag_warnings: tuple[str, ...] = ()
    link: Link | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """Everything that the editor should know, in the order of the stages."""
        return self.article.warnings + (self.brief.warnings if self.brief else ()) + self.tag_warnings

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form of the record, schema version first."""
        article = self.article
        out: dict[str, Any] = {"schema": SCHEMA, "id": article.id}
        named = {"title": article.title, "date": article.date, "language": article.language}
        out |= {key: value for key, value in named.items() if value}
        if self.link is not None:
            out |= self.link.to_dict()
        if self.brief is not None:
            out["brief"] = self.brief.to_dict()
        if self.tags is not None:
            out["tags"] = [tag.to_dict() for tag in self.tags]
            out["needs_review"] = self.needs_review
        if self.warnings:
            out["warnings"] = list(self.warnings)
        if article.fields:
            out["fields"] = dict(article.fields)
        return out | {"made_by": self.made_by.to_dict()}


@dataclass(frozen=True, slots=True)
class Failure:
    """An article or input line that got no record, and why.

    :param where: ``wire.jsonl:1042`` or a path.
    :param stage: ``read``, ``clean``, ``summarize``, ``check``, ``classify``, ``write`` or ``worker``.
    :param id: the article's id, where one was read.
    """

    where: str
    stage: str
    what: str
    mend: str = ""
    id: str = ""

    def __str__(self) -> str:
        name = f" ({self.id})" if self.id and self.id not in self.where else ""
        return f"{self.where}{name}: {self.what}" + (f". {self.mend}" if self.mend else "")

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form; keys that have nothing to say are left out."""
        named = {"id": self.id, "where": self.where, "stage": self.stage, "what": self.what, "mend": self.mend}
        return {"schema": SCHEMA} | {key: value for key, value in named.items() if value}

"""What the stages make of an article: a brief, tags, and a link to an earlier story. Comes after ``article``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from summarizer.records.article import Evidence

Origin = Literal["verbatim", "generated", "replaced"]
Decision = Literal["accepted", "review", "rejected"]
LinkKind = Literal["same_as", "updates"]


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

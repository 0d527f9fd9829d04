"""Makes true and false claims out of briefs that are true; comes after ``support_edits``, before the training.

An edit changes the sentence, or the article's sentences instead, or both: a model that reads the sentence alone cannot
tell the three apart, and the third is still true. Other false claims join the halves of two sentences, add the end of
another article's sentence, or stand where their evidence has been taken away.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from summarizer.evidence.search import find_support
from summarizer.evidence.source import Source
from summarizer.evidence.support_text import evidence_text, plain_marks
from summarizer.train import support_edits as edits
from summarizer.train.support_edits import Edit, Maker, Setting

EDIT_SENTENCE, EDIT_EVIDENCE = 0.6, 0.85
"""Shares of the edits that change the sentence, and that change it or the evidence; the rest change both."""
MOST_LEFT = 0.45
"""Evidence counts as taken away where what is left holds less of the sentence than this."""
_VERB = re.compile(
    r"\s(?=(?:is|are|was|were|has|have|had|will|would|can|could|said|says|told|should|may|must|won|lost|made)\s)"
)
_TAIL = re.compile(
    r",?\s(?:in|on|at|after|for|during|because|following|when|since|amid|despite|including|by)\s[^.?!]{4,70}[.?!]?\Z"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and what the article has to say about it.

    :param faults: spans of the sentence that are wrong; None where nobody knows.
    """

    evidence: str
    sentence: str
    faults: tuple[tuple[int, int], ...] | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One or several sentences that are borne out together, or not.

    :param weight: in the loss.
    :param kind: how it was made false.
    :param is_flagged: the rules find something unsupported in it; not worked out for claims that are made.
    """

    pairs: tuple[Pair, ...]
    is_true: bool
    weight: float = 1.0
    kind: str = "given"
    is_flagged: bool = False


@dataclass(frozen=True, slots=True)
class Truth:
    """A sentence that its article bears out, and what false claims are made of.

    :param evidence: of the article, for the sentence.
    :param less: what is left of it without the best sentences; empty where that may still bear the sentence out.
    :param mixed: claims of its beginning with another sentence's end and the other way round.
    :param capitals: folded words that the article writes with a capital in mid-sentence.
    :param names: of the evidence, each with whether it is a place.
    """

    sentence: str
    evidence: str
    less: str
    mixed: list[Claim]
    capitals: frozenset[str]
    names: list[tuple[str, bool]]


def find_truth(sentence: str, others: Sequence[str], source: Source, capitals: frozenset[str]) -> Truth:
    """Look up what the article says about a true sentence.

    :param others: further sentences of the brief.
    """
    sentence = plain_marks(sentence)
    evidence = evidence_text(sentence, source)
    names = edits.names_with_kind(evidence, capitals)
    mixed = [claim for other in others[:1] for claim in _mixed(sentence, plain_marks(other), source)]
    return Truth(sentence, evidence, _without_best(sentence, source), mixed, capitals, names)


def _without_best(sentence: str, source: Source) -> str:
    """Return the evidence that is left when the best sentences are taken away; empty where it may still do."""
    support = find_support(sentence, source, 5)
    left = [index for index, share in support.overlaps.items() if index not in support.chosen and share < MOST_LEFT]
    if support.score < MOST_LEFT or len(left) < 2 or len(left) < len(support.overlaps) - len(support.chosen):
        return ""
    return plain_marks(" ".join(source.sentences[index] for index in sorted(left[:3])))


class ClaimMaker:
    """Draws claims; the same ``rng`` state gives the same claims."""

    def __init__(self, truths: Sequence[Truth]) -> None:
        self._truths = truths
        names = [name for truth in truths for name in truth.names]
        self._makers: dict[str, tuple[Maker, float]] = {
            "other name": (edits.other_name, 4),
            "foreign name": (edits.foreign_name(names), 1.5),
            "exchanged names": (edits.exchanged_names, 3),
            "number": (edits.other_number, 2),
            "date": (edits.other_date, 1),
            "negation": (edits.negation, 2.5),
            "opposite": (edits.opposite, 4),
            "speaker": (edits.other_speaker, 1),
        }

    def draw(self, count: int, rng: random.Random) -> list[Claim]:
        """Draw so many truths and give each as it is and as a false claim; fewer where nothing could be changed."""
        claims: list[Claim] = []
        for truth in rng.sample(self._truths, min(count, len(self._truths))):
            claims.append(Claim((Pair(truth.evidence, truth.sentence, ()),), is_true=True, kind="true"))
            claims += self._false(truth, rng)
        return claims

    def _false(self, truth: Truth, rng: random.Random) -> list[Claim]:
        roll = rng.random()
        made = None
        if roll < 0.10 and truth.mixed:
            made = rng.choice(truth.mixed)
        elif roll < 0.20:
            made = self._extended(truth, rng)
        elif roll < 0.27 and truth.less:
            made = Claim((Pair(truth.less, truth.sentence),), is_true=False, kind="no evidence")
        return [made] if made else self._edited(truth, rng)

    def _edited(self, truth: Truth, rng: random.Random) -> list[Claim]:
        """Make an edit of one kind; of others where that one finds nothing to change."""
        setting = Setting(truth.evidence, truth.capitals)
        left = {name: weight for name, (_, weight) in self._makers.items()}
        while left:
            name = rng.choices(list(left), list(left.values()))[0]
            del left[name]
            edit = self._makers[name][0](truth.sentence, setting, rng)
            if edit and edit.new.lower() != truth.sentence[edit.start : edit.end].lower():
                return [_claim(truth, edit, name, rng)]
        return []

    def _extended(self, truth: Truth, rng: random.Random) -> Claim | None:
        """Add, or put in the place of its own end, the end of another article's sentence."""
        tail = _TAIL.search(rng.choice(self._truths).sentence)
        if not tail:
            return None
        own = _TAIL.search(truth.sentence)
        kept = truth.sentence[: own.start()] if own and rng.random() < 0.5 else truth.sentence.rstrip(".?! ")
        sentence = kept + tail.group()
        return Claim((Pair(truth.evidence, sentence, ((len(kept), len(sentence)),)),), is_true=False, kind="extended")


def _claim(truth: Truth, edit: Edit, name: str, rng: random.Random) -> Claim:
    """Change the sentence, the evidence or both."""
    old = truth.sentence[edit.start : edit.end]
    roll = rng.random()
    in_evidence = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)", re.I)
    if roll < EDIT_SENTENCE or name == "exchanged names" or not old or not in_evidence.search(truth.evidence):
        sentence = edit.apply(truth.sentence)
        span = (edit.start, max(edit.start + len(edit.new), edit.start + 1))
        faults = None if name == "exchanged names" else (span,)  # between the two names all is right
        return Claim((Pair(truth.evidence, sentence, faults),), is_true=False, kind=name)
    evidence = in_evidence.sub(lambda _: edit.new, truth.evidence)
    if roll < EDIT_EVIDENCE:
        return Claim((Pair(evidence, truth.sentence, ((edit.start, edit.end),)),), is_true=False, kind=f"{name} there")
    everywhere = in_evidence.sub(lambda _: edit.new, truth.sentence)
    return Claim((Pair(evidence, everywhere, ()),), is_true=True, kind=f"{name} in both")


def _mixed(sentence: str, other: str, source: Source) -> Iterator[Claim]:
    """Join the beginning of each of two sentences with the end of the other."""
    first, second = _VERB.search(sentence), _VERB.search(other)
    if not first or not second or sentence[: first.start()].lower() == other[: second.start()].lower():
        return
    for joined, start in (
        (sentence[: first.start()] + other[second.start() :], first.start()),
        (other[: second.start()] + sentence[first.start() :], second.start()),
    ):
        pair = Pair(evidence_text(joined, source), joined, ((start, len(joined)),))
        yield Claim((pair,), is_true=False, kind="mixed")


def weighed(claims: Sequence[Claim], least: float = 0.3, most: float = 3.0) -> list[Claim]:
    """Return the claims of one source with weights that let both labels count alike, within limits."""
    trues = sum(claim.is_true for claim in claims)
    counts = {True: trues, False: len(claims) - trues}
    return [replace(claim, weight=min(most, max(least, len(claims) / (2 * counts[claim.is_true])))) for claim in claims]

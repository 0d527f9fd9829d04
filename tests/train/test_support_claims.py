from __future__ import annotations

import random

from invented_briefs import ARTICLE

from summarizer.evidence.claims import capitalized_words
from summarizer.evidence.source import Source
from summarizer.records import Article
from summarizer.train.support_claims import Claim, ClaimMaker, Pair, Truth, find_truth, weighed

SENTENCES = [
    "Two ministers have met harbour council members in Tessland.",
    "The mayor, Anneli Korvat, said repairs will cost 3 million crowns.",
    "Ferries will carry cars until the work is done.",
]


def truths() -> list[Truth]:
    source = Source(Article(id="a", text=ARTICLE))
    capitals = capitalized_words(ARTICLE)
    return [find_truth(own, [other for other in SENTENCES if other != own], source, capitals) for own in SENTENCES]


def drawn(count: int = 200) -> list[Claim]:
    maker = ClaimMaker(truths())
    return [claim for seed in range(count) for claim in maker.draw(3, random.Random(seed))]


def test_support_claims_give_every_truth_as_it_is() -> None:
    claims = ClaimMaker(truths()).draw(3, random.Random(1))
    assert {claim.pairs[0].sentence for claim in claims if claim.kind == "true"} == set(SENTENCES)
    assert all(claim.is_true for claim in claims if claim.kind == "true")


def test_support_claims_are_the_same_for_a_seed() -> None:
    maker = ClaimMaker(truths())
    assert maker.draw(3, random.Random(4)) == maker.draw(3, random.Random(4)) != maker.draw(3, random.Random(5))


def test_support_claims_edit_sentence_evidence_or_both() -> None:
    plain = {truth.sentence: truth.evidence for truth in truths()}
    sides = set()
    for claim in drawn():
        pair = claim.pairs[0]
        if claim.kind in ("true", "no evidence", "mixed", "extended"):
            continue
        is_own_sentence = pair.sentence in plain
        is_own_evidence = pair.evidence in plain.values()
        sides.add((is_own_sentence, is_own_evidence))
        assert claim.is_true == (not is_own_sentence and not is_own_evidence)
    assert sides == {(False, True), (True, False), (False, False)}


def test_support_claims_faults_are_where_the_sentence_was_changed() -> None:
    for claim in drawn():
        pair = claim.pairs[0]
        if claim.kind == "number":
            assert pair.faults is not None
            (start, end) = pair.faults[0]
            assert pair.sentence[:start] + pair.sentence[end:] in {
                text.replace("3 million", "") for text in SENTENCES
            } | {text.replace("3", "", 1) for text in SENTENCES}
            return
    raise AssertionError("no number was changed in 200 draws")


def test_support_claims_mix_two_sentences() -> None:
    mixed = {claim.pairs[0].sentence for truth in truths() for claim in truth.mixed}
    assert "Ferries have met harbour council members in Tessland." in mixed
    assert "Two ministers will carry cars until the work is done." in mixed


def test_support_claims_weights_let_both_labels_count_alike() -> None:
    pair = (Pair("", "x"),)
    claims = weighed([Claim(pair, is_true=True)] + [Claim(pair, is_true=False)] * 3)
    sums = {label: sum(claim.weight for claim in claims if claim.is_true is label) for label in (True, False)}
    assert sums[True] == sums[False] == 2


def test_support_claims_weights_have_limits() -> None:
    pair = (Pair("", "x"),)
    claims = weighed([Claim(pair, is_true=True)] + [Claim(pair, is_true=False)] * 99)
    assert {claim.weight for claim in claims} == {3.0, 50 / 99}

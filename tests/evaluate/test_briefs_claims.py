from __future__ import annotations

import pytest
from invented_briefs import ARTICLE, GOOD, WRITTEN

from summarizer.clean import CleanOptions, clean
from summarizer.evaluate.briefs_claims import count_unsupported, find_reasons, wrong_spans
from summarizer.evidence import EvidenceOptions
from summarizer.records import Article, Brief, Evidence, Sentence, SourceTokens

STORY = clean(Article(id="a", text=ARTICLE), CleanOptions())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The bridge closes for 45 weeks.", "number"),
        ("Repairs cost 3 million crowns, said the trader, Pelle Drommund.", "name"),
        ("They met on a Friday.", "date"),
        ("The mayor spoke of “a very long delay for everyone”.", "quotation"),
    ],
)
def test_briefs_claims_counts_each_kind(text: str, kind: str) -> None:
    claims = count_unsupported([GOOD, text], STORY, EvidenceOptions())
    assert (claims.sentences, claims.unsupported) == (2, 1)
    assert {name: count for name, count in claims.kinds.items() if count} == {kind: 1}


def test_briefs_claims_replaces_nothing_whatever_the_options_say() -> None:
    reasons = find_reasons([WRITTEN, "It closes for 45 weeks.", GOOD], STORY, EvidenceOptions(on_unsupported="drop"))
    assert [bool(own) for own in reasons] == [False, True, False]


def test_briefs_claims_of_an_empty_brief() -> None:
    claims = count_unsupported([], STORY, EvidenceOptions())
    assert (claims.sentences, claims.unsupported, sum(claims.kinds.values())) == (0, 0, 0)


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        (Sentence(text="Anything.", origin="generated", evidence=(Evidence(0, 7, "Harbour"),)), 0),
        (Sentence(text="Anything.", origin="generated", evidence=(Evidence(1, 8, "Harbour"),)), 1),
        (Sentence(text="Harbour", origin="verbatim", evidence=(Evidence(0, 7, "Harbour"),)), 0),
        (Sentence(text="Harbours", origin="verbatim", evidence=(Evidence(0, 7, "Harbour"),)), 1),
        (Sentence(text="Council", origin="replaced", evidence=(Evidence(0, 7, "Harbour"),)), 1),
    ],
)
def test_briefs_claims_finds_wrong_spans(sentence: Sentence, wrong: int) -> None:
    brief = Brief(sentences=(sentence,), backend="causal", source_tokens=SourceTokens(1, 1))
    assert wrong_spans(brief, ARTICLE) == (wrong, 1)

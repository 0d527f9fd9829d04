"""The record's JSON form, which users build on: keys, what is left out, spans."""

from array import array

import pytest

from summarizer.records import (
    Article,
    Brief,
    CleanText,
    Dropped,
    Evidence,
    Failure,
    MadeBy,
    Record,
    Sentence,
    SourceTokens,
    Tag,
    Topic,
)

MADE_BY = MadeBy("0.1.0", "sha256:c", {"m": "sha256:m"})
SENTENCE = Sentence(text="It rained.", origin="verbatim", support=1.0, evidence=(Evidence(0, 10, "It rained."),))


def brief(**changes) -> Brief:
    return Brief(**{"sentences": (SENTENCE,), "backend": "lead", "source_tokens": SourceTokens(2, 4)} | changes)


def record(**changes) -> Record:
    base = {"article": Article(id="a", text="It rained. Then not."), "brief": None, "tags": None}
    return Record(**base | {"needs_review": False, "made_by": MADE_BY} | changes)


def test_records_full_record_has_the_documented_keys_in_order():
    article = Article(id="a", text="It rained.", title="Rain", date="2024-05-03", language="en", fields={"desk": "w"})
    tag = Tag(Topic("environment-weather", "weather", "medtop:06000000"), 0.98765, "accepted")
    out = record(article=article, brief=brief(model="m", warnings=("short",)), tags=[tag]).to_dict()
    keys = "schema id title date language brief tags needs_review warnings fields made_by"
    assert list(out) == keys.split()
    assert list(out["brief"]) == ["text", "words", "backend", "model", "source_tokens", "sentences"]
    assert out["brief"]["sentences"][0]["evidence"] == [{"start": 0, "end": 10, "text": "It rained."}]
    assert out["tags"][0] == {
        "topic": "environment-weather",
        "code": "medtop:06000000",
        "probability": 0.9877,
        "decision": "accepted",
    }


def test_records_keys_with_nothing_to_say_are_left_out():
    assert list(record().to_dict()) == ["schema", "id", "made_by"]
    assert "model" not in brief().to_dict()
    assert "code" not in Tag(Topic("t", "t"), 0.5, "review").to_dict()


def test_records_replaced_and_dropped_sentences_keep_what_was_there_and_why():
    replaced = Sentence(text="It rained.", origin="replaced", unsupported=("number 9 ...",), replaces="It rained 9 mm.")
    out = brief(sentences=(replaced,), dropped=(Dropped("It snowed.", ("name ...",)),)).to_dict()
    assert out["sentences"][0]["replaces"] == "It rained 9 mm."
    assert out["dropped"] == [{"text": "It snowed.", "unsupported": ["name ..."]}]


def test_records_brief_counts_words_of_its_text():
    assert brief(sentences=(SENTENCE, SENTENCE)).words == 4


def test_records_evidence_of_a_clean_span_is_in_the_original_text():
    text = "X  - It   rained."
    starts = [5, 6, 7, *range(10, 17)]
    cleaned = CleanText("It rained.", array("L", starts), array("L", [6, 7, 10, *(start + 1 for start in starts[3:])]))
    article = Article(id="a", text=text, cleaned=cleaned)
    span = article.evidence(0, 10)
    assert (article.body, span.text) == ("It rained.", "It   rained.")
    assert text[span.start : span.end] == span.text


@pytest.mark.parametrize(
    ("failure", "wanted"),
    [
        (Failure("w.jsonl:3", "read", "not JSON", "Mend it."), "w.jsonl:3: not JSON. Mend it."),
        (Failure("w.jsonl:3", "classify", "no", id="x1"), "w.jsonl:3 (x1): no"),
        (Failure("x1.txt", "read", "empty", id="x1"), "x1.txt: empty"),
    ],
)
def test_records_failure_says_where_what_and_how_to_mend(failure: Failure, wanted: str):
    assert str(failure) == wanted


def test_records_failure_dict_leaves_out_what_is_empty():
    assert Failure("w:3", "read", "no").to_dict() == {"schema": 1, "where": "w:3", "stage": "read", "what": "no"}

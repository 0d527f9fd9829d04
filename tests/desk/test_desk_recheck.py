"""Sentences that an editor wrote, checked against the article: over HTTP, and as they are kept with a sign-off."""

import json
import threading

import pytest
from desk_cases import COST, QUOTED, TEXT, TITLE, accord, record_of, rules_check
from test_desk_routes_signing import signing

from summarizer.config import RunConfig, parse_config
from summarizer.desk import recheck
from summarizer.desk.entry import Entry, entry_of
from summarizer.desk.recheck import Rechecks, SentenceCheck
from summarizer.desk.signoff import SignOff
from summarizer.errors import ModelError, UsageError

WRONG = "The programme costs 12 million euros over five years."
TRUE = "The programme costs 9.4 million euros over five years."


def opened(desk) -> dict:
    return desk.paste(TEXT, TITLE)["records"][0]


def sign_off(*sentences: dict) -> SignOff:
    return SignOff.model_validate({"ticket": "ticket-1", "editor": "Maren", "brief": list(sentences)})


def test_desk_checks_each_sentence_against_the_article(call_desk):
    desk = call_desk()
    key = opened(desk)["key"]
    answer = desk.post("/desk/api/checks", json={"key": key, "sentences": [WRONG, TRUE, QUOTED[0]]})
    wrong, true, quoted = answer.json()["sentences"]
    [reason] = wrong["unsupported"]
    assert "12 million euros" in reason
    assert true["unsupported"] == []
    assert next(TEXT[span["start"] : span["end"]] for span in true["evidence"]).startswith(COST)
    assert (quoted["origin"], quoted["evidence"][0]["text"]) == ("verbatim", QUOTED[0])
    assert desk.get("/desk/api/about").json()["checks"] is True


@pytest.mark.parametrize(
    ("changes", "status", "told"),
    [
        ({"key": "0" * 64}, 404, "never opened here"),
        ({"sentences": []}, 422, "sentences"),
        ({"sentences": [" "]}, 422, "sentences"),
        ({"sentences": ["x"] * 201}, 422, "sentences"),
        ({"extra": 1}, 422, "extra"),
    ],
)
def test_desk_refuses_a_check_that_does_not_fit(call_desk, changes, status, told):
    desk = call_desk()
    body = {"key": opened(desk)["key"], "sentences": [TRUE]} | changes
    answer = desk.post("/desk/api/checks", json=body)
    assert answer.status_code == status
    assert told in answer.json()["detail"]


def test_desk_without_a_check_says_so(call_desk):
    desk = call_desk(check=None)
    key = opened(desk)["key"]
    answer = desk.post("/desk/api/checks", json={"key": key, "sentences": [TRUE]})
    assert (answer.status_code, desk.get("/desk/api/about").json()["checks"]) == (422, False)
    assert desk.post("/desk/api/signoffs", json=signing(key, brief=[{"text": WRONG, "of": 3}])).status_code == 200


def test_desk_keeps_what_the_check_said_with_the_sign_off(call_desk):
    desk = call_desk()
    shown = opened(desk)
    brief = [
        {"text": sentence["text"], "of": place} for place, sentence in enumerate(shown["record"]["brief"]["sentences"])
    ]
    brief[3]["text"] = WRONG
    assert desk.post("/desk/api/signoffs", json=signing(shown["key"], brief=brief)).status_code == 200
    [change] = json.loads(desk.get("/desk/api/export/audit.jsonl").text)["brief"]["changes"]
    assert (change["after"], change["check"]["origin"]) == (WRONG, "generated")
    assert "12 million euros" in change["check"]["unsupported"][0]


def test_rechecks_ask_once_of_a_brief():
    asked = []

    def check(texts, article):
        asked.append(list(texts))
        return rules_check(texts, article)

    rechecks, entry = Rechecks(check), entry_of(record_of(accord()))
    first = rechecks.said("key", entry, [WRONG])
    kept = rechecks.of_changed("key", entry, sign_off({"text": WRONG, "of": 3}))
    assert kept == first
    assert asked == [[WRONG]]


def test_rechecks_leave_alone_what_nobody_changed():
    entry = entry_of(record_of(accord()))
    rechecks = Rechecks(lambda *_: pytest.fail("nothing was to be checked"))
    assert rechecks.of_changed("key", entry, sign_off({"text": QUOTED[0], "of": 1})) == [None]


def test_rechecks_let_nobody_wait_to_sign(monkeypatch):
    monkeypatch.setattr(recheck, "SIGNING_SECONDS", 0.05)
    goes_on = threading.Event()

    def slow(texts, article):
        goes_on.wait(20)
        return rules_check(texts, article)

    rechecks, entry = Rechecks(slow), entry_of(record_of(accord()))
    assert rechecks.of_changed("key", entry, sign_off({"text": WRONG, "of": 3})) == [None]
    goes_on.set()
    assert len(rechecks.said("key", entry, [WRONG])) == 1


def test_rechecks_try_again_what_failed():
    answers = [ModelError("support-minilm", "is damaged", "Fetch it again.")]

    def check(texts, article):
        if answers:
            raise answers.pop()
        return rules_check(texts, article)

    rechecks, entry = Rechecks(check), entry_of(record_of(accord()))
    with pytest.raises(ModelError, match="damaged"):
        rechecks.said("key", entry, [WRONG])
    assert len(rechecks.said("key", entry, [WRONG])) == 1


def test_rechecks_need_the_article():
    entry = entry_of(record_of(accord()))
    without = Entry(article={**entry.article, "text": None}, record=entry.record, names=entry.names)
    with pytest.raises(UsageError, match="no article"):
        Rechecks(rules_check).said("key", without, [WRONG])
    assert Rechecks(rules_check).of_changed("key", without, sign_off({"text": WRONG, "of": 3})) == [None]


def test_sentence_check_reads_the_article_as_the_run_does():
    config = parse_config("summarize: {backend: lead}\nevidence: {support: null}\n", RunConfig)
    dateline, true = SentenceCheck(config)(["TALLINN, March 10 (Meridian) —", TRUE], accord())
    assert dateline.origin == "generated"  # cleaning leaves it out, so that it is no sentence of the article
    assert true.unsupported == ()

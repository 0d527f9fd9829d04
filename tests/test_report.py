"""The report's sums and words."""

import json

import pytest

from summarizer.records import (
    Article,
    Brief,
    Dropped,
    Failure,
    MadeBy,
    Record,
    Sentence,
    SourceTokens,
    Tag,
    Topic,
)
from summarizer.report import Report


def record() -> Record:
    sentences = (
        Sentence(text="A b.", origin="generated", unsupported=("name 'A'",)),
        Sentence(text="C.", origin="replaced"),
    )
    brief = Brief(
        sentences=sentences, backend="causal", source_tokens=SourceTokens(6, 8), dropped=(Dropped("D.", ("x",)),)
    )
    tags = (Tag(Topic("energy", "energy"), 0.9, "accepted"), Tag(Topic("sport", "sport"), 0.3, "review"))
    made_by = MadeBy("0.1.0", "sha256:c", {})
    return Record(article=Article(id="a", text="x"), brief=brief, tags=tags, needs_review=True, made_by=made_by)


def test_report_counts_add_up():
    report = Report()
    report.count(record())
    report.count(Failure("w:1", "read", "no"))
    out = report.to_dict()
    assert (out["read"], out["written"], out["failed"]) == (2, 1, 1)
    assert out["sentences"] == {"generated": 1, "replaced": 1}
    assert (out["dropped"], out["flagged"], out["needs_review"]) == (1, 1, 1)
    assert out["source_tokens"] == {"read": 6, "total": 8}
    assert out["decisions"] == {"accepted": 1, "review": 1}


def test_report_lines_say_what_was_lost_and_where():
    report = Report()
    report.count(record())
    report.count(Failure("w:1", "read", "no"))
    report.duplicate_ids = 2
    text = "\n".join(report.lines())
    assert "read 2, written 1, failed 1 (1 at read)" in text
    assert "source tokens unread 2 of 8 (25.0%)" in text
    assert "1 dropped, 1 flagged" in text
    assert "duplicate ids 2" in text
    assert report.losses == 3


def test_report_of_nothing_is_short():
    assert len(Report().lines()) == 2


def test_report_times_add_up_by_stage():
    report = Report()
    for _ in range(2):
        with report.timed("read"):
            pass
    assert list(report.seconds) == ["read"]
    assert report.seconds["read"] >= 0


def test_report_goes_on_from_the_state_of_an_earlier_process():
    first, second = Report(), Report()
    for report in (first, second):
        report.count(Failure("wire.jsonl:1", "read", "not JSON"))
        report.duplicate_ids += 2
        report.sentences.update(verbatim=3)
        report.seconds["load"] = 1.5
    first.interrupted = True
    second.go_on_from(json.loads(json.dumps(first.to_state())))
    assert (second.read, second.failed, second.duplicate_ids, second.resumed_at) == (2, 2, 4, 1)
    assert second.failures_by_stage == {"read": 2}
    assert second.sentences == {"verbatim": 6}
    assert second.seconds == {"load": 3.0}
    assert not second.interrupted


def test_report_elapsed_covers_earlier_processes_and_the_rate_does_not(monkeypatch: pytest.MonkeyPatch):
    report = Report()
    report.go_on_from(Report(read=100).to_state() | {"elapsed": 50.0})
    report.read += 20
    monkeypatch.setattr("time.monotonic", lambda: report._started + 10)
    assert report.elapsed == pytest.approx(60)
    assert report.rate == pytest.approx(2.0)

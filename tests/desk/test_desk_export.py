import json
from dataclasses import replace

import pytest
from desk_cases import TEXT, TITLE, TOPICS, accord, record_of
from test_desk_store import sign

from summarizer.desk.entry import Entry, entry_of
from summarizer.desk.export import export_lines
from summarizer.desk.store import SignOffStore
from summarizer.train.topics_data import read_articles
from summarizer.train.topics_options import TopicTraining


@pytest.fixture
def store(tmp_path):
    store = SignOffStore(tmp_path / "signoffs.sqlite")
    yield store
    store.close()


def rows(store: SignOffStore, kind: str) -> list[dict]:
    return [json.loads(line) for line in export_lines(store, kind)]


def test_export_training_is_what_train_topics_reads(store, tmp_path):
    sign(store, entry_of(record_of(accord())), tags={"armed-forces": "accepted", "diplomacy": "rejected"})
    other = replace(accord(), id="two\ud83d", title="", text="A second story. " * 5)
    sign(store, entry_of(record_of(other)), ticket="ticket-2", tags={"armed-forces": "rejected", "space": "accepted"})
    path = tmp_path / "training.jsonl"
    path.write_bytes(b"".join(export_lines(store, "training")))
    said = []
    read = read_articles(str(path), TopicTraining(data=str(path), out="unused"), said.append)
    assert said == []
    assert [article.topics for article in read] == [
        ("defence-cooperation", "armed-forces"),
        ("defence-cooperation", "diplomacy", "space"),
    ]
    assert read[0].text == f"{TITLE}. {TEXT}"
    assert (read[0].id, read[0].source) == ("accord", "Meridian")


def test_export_training_is_what_train_brief_reads(store, tmp_path):
    from summarizer.read import InputOptions, read

    sign(store, entry_of(record_of(accord())), brief=[{"text": "One.", "of": 0}, {"text": "Two.", "of": None}])
    path = tmp_path / "training.jsonl"
    path.write_bytes(b"".join(export_lines(store, "training")))
    [article] = read(InputOptions(path=str(path)))
    assert (article.text, article.fields["summary"]) == (TEXT, "One. Two.")


def test_export_training_takes_the_later_of_two_editors(store):
    entry = entry_of(record_of(accord()))
    sign(store, entry, editor="Maren", ticket="ticket-1", tags={"armed-forces": "accepted"})
    sign(store, entry, editor="Olli", ticket="ticket-2", tags={"armed-forces": "rejected"})
    [row] = rows(store, "training")
    assert (row["signed_by"], row["topics"]) == ("Olli", ["defence-cooperation", "diplomacy"])


def test_export_training_takes_the_later_of_two_records_of_an_article(store):
    record = record_of(accord())
    sign(store, entry_of(record), ticket="ticket-1")
    sign(store, entry_of(replace(record, needs_review=True)), ticket="ticket-2", editor="Olli")
    assert [row["signed_by"] for row in rows(store, "training")] == ["Olli"]


def test_export_training_leaves_out_what_has_no_text(store):
    entry = entry_of(record_of(accord()))
    without = Entry(article={**entry.article, "text": None}, record=entry.record, names=entry.names)
    sign(store, without)
    assert rows(store, "training") == []
    assert len(rows(store, "audit")) == 1


def test_export_training_has_no_topics_where_nobody_was_asked(store):
    sign(store, entry_of(replace(record_of(accord()), tags=None)), tags={})
    [row] = rows(store, "training")
    assert "topics" not in row


def test_export_audit_shows_both_editors_with_before_and_after(store):
    record = record_of(accord())
    entry = entry_of(record)
    before = [sentence.text for sentence in record.brief.sentences]
    kept = [{"text": text, "of": place} for place, text in enumerate(before)]
    sign(store, entry, editor="Maren", ticket="ticket-1", brief=kept)
    fixed = [kept[0], {"text": "It costs 9.4 million euros in all.", "of": 3}, {"text": "Both agreed.", "of": None}]
    sign(store, entry, editor="Olli", ticket="ticket-2", brief=fixed, tags={"armed-forces": "accepted"}, note="late")
    first, second = rows(store, "audit")
    assert (first["editor"], first["latest"], first["brief"]["changes"]) == ("Maren", False, [])
    assert (second["editor"], second["latest"], second["note"]) == ("Olli", True, "late")
    assert second["made_by"] == record.made_by.to_dict()
    assert second["brief"]["before"] == record.brief.text
    assert second["brief"]["after"].endswith("in all. Both agreed.")
    assert second["brief"]["changes"] == [
        {"before": before[3], "after": "It costs 9.4 million euros in all.", "check": None},
        {"before": None, "after": "Both agreed.", "check": None},
        {"before": before[1], "after": None},
        {"before": before[2], "after": None},
    ]
    assert second["tags"][2] == {
        "topic": TOPICS[2].id,
        "code": TOPICS[2].code,
        "probability": 0.46,
        "before": "review",
        "after": "accepted",
    }

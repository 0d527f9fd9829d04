import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from desk_cases import TOPICS, accord, record_of

from summarizer.desk.entry import Entry, entry_of
from summarizer.desk.signoff import SignOff, check_brief, settle_tags, topic_id
from summarizer.desk.store import SignOffStore
from summarizer.errors import OutputError, UsageError

KNOWN = {topic.id: topic for topic in TOPICS}


@pytest.fixture
def store(tmp_path):
    store = SignOffStore(tmp_path / "signoffs.sqlite")
    yield store
    store.close()


def signing(**changes) -> SignOff:
    values = {"ticket": "ticket-1", "editor": "Maren", "tags": {"armed-forces": "rejected"}} | changes
    return SignOff.model_validate(values)


def sign(store: SignOffStore, entry: Entry, **changes):
    signed = signing(**changes)
    return store.sign(store.keep(entry), signed, settle_tags(entry, signed, KNOWN))


def test_store_keeps_who_when_and_both_versions(store):
    entry = entry_of(record_of(accord()))
    sign(store, entry, brief=[{"text": "Shorter.", "of": 0}], note="checked by phone")
    [signed] = store.of_article(entry.article_key)
    assert (signed.editor, signed.note, signed.entry) == ("Maren", "checked by phone", entry.key)
    assert signed.at.endswith("+00:00")
    assert signed.brief_before == [sentence["text"] for sentence in entry.record["brief"]["sentences"]]
    assert signed.brief_after == [{"text": "Shorter.", "of": 0}]
    assert {tag.topic: (tag.before, tag.after) for tag in signed.tags} == {
        "defence-cooperation": ("accepted", "accepted"),
        "diplomacy": ("accepted", "accepted"),
        "armed-forces": ("review", "rejected"),
        "sport": ("rejected", "rejected"),
    }


def test_store_is_found_again_by_another_process(store):
    entry = entry_of(record_of(accord()))
    sign(store, entry)
    other = SignOffStore(store.path)
    assert other.find(entry.key) == entry
    assert [signed.editor for signed in other.of_article(entry.article_key)] == ["Maren"]
    other.close()


def test_store_signs_a_ticket_once(store):
    entry = entry_of(record_of(accord()))
    first, again = sign(store, entry), sign(store, entry, editor="somebody else")
    assert again == first
    assert len(store.of_article(entry.article_key)) == 1


def test_store_keeps_two_editors_and_tells_the_later_one(store):
    entry = entry_of(record_of(accord()))
    sign(store, entry, editor="Maren", ticket="ticket-1")
    sign(store, entry, editor="Olli", ticket="ticket-2")
    assert [(signed.editor, latest) for signed, _, latest in store.all()] == [("Maren", False), ("Olli", True)]


def test_store_keeps_every_one_of_many_at_once(store):
    entry = entry_of(record_of(accord()))
    other = SignOffStore(store.path)  # as a second desk on the same file would
    failed = []

    def work(own: SignOffStore, name: str) -> None:
        try:
            for number in range(10):
                sign(own, entry, editor=name, ticket=f"{name}-ticket-{number}")
        except Exception as error:  # a thread's error would go unseen
            failed.append(error)

    threads = [threading.Thread(target=work, args=(own, f"e{i}")) for i, own in enumerate([store, store, other, other])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert failed == []
    assert len(store.of_article(entry.article_key)) == 40


def test_store_never_changes_what_was_signed(store):
    sign(store, entry_of(record_of(accord())))
    direct = sqlite3.connect(store.path)
    for statement in ("UPDATE signoff SET editor = 'x'", "DELETE FROM tag", "DELETE FROM signoff"):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            direct.execute(statement)
    direct.close()


def test_store_holds_half_of_a_surrogate_pair(store):
    from dataclasses import replace

    entry = entry_of(record_of(replace(accord(), id="broken-\ud83d", text="A ship \ud83d sank. " * 5)))
    sign(store, entry)
    assert store.find(entry.key) == entry


def test_store_refuses_a_database_of_something_else(tmp_path):
    other = sqlite3.connect(tmp_path / "other.sqlite")
    other.execute("CREATE TABLE mine (x)")
    other.commit()
    other.close()
    with pytest.raises(OutputError, match="something else"):
        SignOffStore(tmp_path / "other.sqlite")


def test_store_refuses_a_later_schema(store, tmp_path):
    direct = sqlite3.connect(store.path)
    direct.execute("PRAGMA user_version = 99")
    direct.close()
    with pytest.raises(OutputError, match="schema 99"):
        SignOffStore(store.path)


def test_store_tells_a_file_that_is_no_database(tmp_path):
    (tmp_path / "letter.sqlite").write_text("Dear editor, " * 100)
    with pytest.raises(OutputError, match="cannot be used"):
        SignOffStore(tmp_path / "letter.sqlite")


def test_store_lists_what_nobody_signed(store):
    from dataclasses import replace

    waiting = entry_of(record_of(replace(accord(), id="later", text="Another story. " * 9)))
    store.keep(waiting)
    sign(store, entry_of(record_of(accord())))
    assert [entry.article["id"] for _, entry in store.recent(5)] == ["later"]
    assert store.signed_ids() == {"accord": "Maren"}


KILLED = """
import sys
sys.path[:0] = {paths!r}
from test_desk_store import *
store = SignOffStore(Path(sys.argv[1]))
entry = entry_of(record_of(accord()))
number = 0
while True:
    number += 1
    sign(store, entry, ticket=f"{{sys.argv[2]}}-ticket-{{number}}")
    print(number, flush=True)
"""


@pytest.mark.slow
def test_store_loses_nothing_that_was_acknowledged_when_killed(tmp_path):
    path = tmp_path / "signoffs.sqlite"
    code = KILLED.format(paths=[str(Path(__file__).parent), os.getcwd()])
    acknowledged = 0
    for turn in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(path), f"turn-{turn}"], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3 + 4 * turn):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        told = 3 + 4 * turn + len(process.stdout.read().splitlines())
        process.wait()
        process.stdout.close()
        acknowledged += told
        store = SignOffStore(path)
        kept = list(store.all())
        store.close()
        # One more than was told may be there: it was killed between the two.
        assert acknowledged <= len(kept) <= acknowledged + turn + 1
        assert all(len(signed.tags) == 4 for signed, *_ in kept)


def test_signoff_wants_an_answer_to_every_question():
    with pytest.raises(UsageError, match=r"armed-forces.*yes or no"):
        settle_tags(entry_of(record_of(accord())), signing(tags={}), KNOWN)


def test_signoff_adds_a_topic_with_its_code():
    signed = signing(tags={"armed-forces": "accepted", "space": "accepted", "naval-exercise": "accepted"})
    changes = settle_tags(entry_of(record_of(accord())), signed, KNOWN)
    added = [(change.topic, change.code, change.probability, change.before) for change in changes[4:]]
    assert added == [("space", "medtop:20000742", None, None), ("naval-exercise", "", None, None)]


@pytest.mark.parametrize("name", ["two words", "Big", "a;b", "<b>", " "])
def test_signoff_refuses_what_is_no_name_for_a_topic(name):
    with pytest.raises(UsageError, match="no name for a topic"):
        settle_tags(entry_of(record_of(accord())), signing(tags={"armed-forces": "accepted", name: "accepted"}), KNOWN)


def test_signoff_refuses_a_sentence_that_the_brief_does_not_have():
    with pytest.raises(UsageError, match="sentence 4 of a brief of 4"):
        check_brief(entry_of(record_of(accord())), signing(brief=[{"text": "x", "of": 4}]))


def test_topic_id_is_made_of_what_was_typed():
    assert [topic_id(name) for name in ("Space flight", " Küste ", "a;b|c", "politics/elections", "--")] == [
        "space-flight",
        "küste",
        "abc",
        "politics/elections",
        "",
    ]


def test_entry_key_hangs_on_article_and_record():
    first, same = entry_of(record_of(accord())), entry_of(record_of(accord()))
    other = Entry(article=first.article, record={**first.record, "needs_review": True}, names=first.names)
    assert first.key == same.key
    assert (other.key == first.key, other.article_key == first.article_key) == (False, True)
    assert json.loads(json.dumps(dict(first.article)))["source"] == "Meridian"

"""What is fit to learn from: each kind of fault is found, told and counted, and what is sound stays."""

import json
import random
from pathlib import Path

import pytest

from summarizer.errors import InputError
from summarizer.records import Article
from summarizer.train.brief_cleaning import find_fault
from summarizer.train.brief_data import LeftOut, digest, read_pairs
from summarizer.train.brief_examples import Example, make_batches
from summarizer.train.brief_options import BriefTraining

ARTICLE = Article(
    id="1",
    title="Ferry to Lunde stopped",
    text='Mayor Ilse Tamm stopped the ferry on Monday after 12 complaints. "It was not safe," she said. '
    "Will it go again? The council of Port Arven meets on 4 May.",
)


@pytest.mark.parametrize(
    "brief",
    [
        "Mayor Ilse Tamm stopped the ferry to Lunde on Monday after twelve complaints.",
        'Tamm stopped the ferry. "It was not safe," she said.',
        "Will the ferry go again? The council of Port Arven meets on 4 May.",
        'She asked "Will it go again?" and the council meets.',
        "The ferry's stop followed 12 complaints; the mayors' council meets.",
        "Nobody has to vote, and nobody has to sign up.",
    ],
)
def test_brief_cleaning_sound_briefs_stay(brief: str):
    assert find_fault(brief, ARTICLE) == ""


@pytest.mark.parametrize(
    ("brief", "fault"),
    [
        ("Mayor Dana Okoro stopped the ferry.", "a name that the article lacks"),
        ("Tamm stopped the ferry after 14 complaints.", "a number that the article lacks"),
        ("Tamm stopped the ferry. The council meets on 6 May.", "a date that the article lacks"),
        ('Tamm said: "It was never safe."', "a quotation that the article lacks"),
        ("It was not safe,? the mayor said.", "a question mark where nothing is asked"),
        ("The mayor said ?it was not safe.", "a question mark where nothing is asked"),
        ("The mayor?s ferry was stopped.", "a question mark where nothing is asked"),
        ('Tamm paid "12 for the ferry.', "quotation marks that do not pair"),
        ('Tamm paid "12 or "12 for it.', "quotation marks that do not pair"),
        ("Tamm said “it was not safe.", "quotation marks that do not pair"),
        ("The ferry was stopped. Click here for the council.", "an advert"),
        ("The ferry was stopped. Share your stories of it.", "an advert"),
    ],
)
def test_brief_cleaning_faults_are_named(brief: str, fault: str):
    assert find_fault(brief, ARTICLE).startswith(fault)


def options(data: Path, **changes) -> BriefTraining:
    return BriefTraining(data=str(data), out="unused", **changes)


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Two sound pairs, three that are not."""
    path = tmp_path / "mixed.jsonl"
    briefs = ["Tamm stopped it.", "Okoro stopped it.", None, "Olsen stopped it.", "Tamm met the council."]
    rows = [{"id": str(n), "text": ARTICLE.text, "summary": brief} for n, brief in enumerate(briefs)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_brief_data_tells_how_many_were_left_out_and_why(mixed: Path):
    left_out = LeftOut()
    pairs = read_pairs([str(mixed)], options(mixed), left_out)
    assert [pair.article.id for pair in pairs] == ["0", "4"]
    said: list[str] = []
    left_out.say_all(said.append)
    assert said == [
        f"2 left out: its brief has a name that the article lacks (first: {mixed}:2)",
        f"1 left out: has no 'summary' (first: {mixed}:3)",
    ]


def test_brief_data_keeps_every_brief_where_told_to(mixed: Path):
    kept = read_pairs([str(mixed)], options(mixed, drop_unsupported=False), LeftOut())
    assert [pair.article.id for pair in kept] == ["0", "1", "3", "4"]


def test_brief_data_articles_are_cleaned_as_for_a_run(tmp_path: Path):
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps({"text": f"LUNDE (Agency) — {ARTICLE.text}", "summary": "Tamm stopped it."}))
    [pair] = read_pairs([str(path)], options(path), LeftOut())
    assert pair.article.body == ARTICLE.text
    [raw] = read_pairs([str(path)], options(path, clean={"datelines": False}), LeftOut())
    assert raw.article.body.startswith("LUNDE")


def test_brief_data_without_one_pair_is_an_error(tmp_path: Path):
    path = tmp_path / "none.jsonl"
    path.write_text(json.dumps({"text": ARTICLE.text}))
    with pytest.raises(InputError, match="none of its 1 articles has a brief"):
        read_pairs([str(path)], options(path), LeftOut())


def test_brief_data_digest_hangs_on_texts_and_briefs(mixed: Path):
    pairs = read_pairs([str(mixed)], options(mixed), LeftOut())
    assert digest(pairs) == digest(read_pairs([str(mixed)], options(mixed), LeftOut()))
    assert digest(pairs) != digest(pairs[::-1])


def test_brief_examples_each_stands_once_an_epoch_among_others_of_its_length(mixed: Path):
    [pair, _] = read_pairs([str(mixed)], options(mixed), LeftOut())
    lengths = random.Random(1).sample(range(10, 500), 96)
    examples = [Example(pair, [0] * length, [1]) for length in lengths]
    batches = make_batches(examples, options(mixed, epochs=2, batch_articles=4))
    assert len(batches) == 48
    for epoch in (batches[:24], batches[24:]):
        assert sorted(len(example.prompt) for batch in epoch for example in batch) == sorted(lengths)
    assert batches[:24] != batches[24:]
    padding = sum(max(map(len, batch)) * len(batch) - sum(map(len, batch)) for batch in batches)
    assert padding < 0.1 * sum(map(len, examples)) * 2
    assert batches == make_batches(examples, options(mixed, epochs=2, batch_articles=4))

"""The independent counter: what it takes for the same, what for invented, and that it leans on nothing of ours."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from benchmark_scripts import FOLDER, load

unsupported_counts, counts_numbers = load("unsupported_counts"), load("counts_numbers")
SCRIPT = FOLDER / "unsupported_counts.py"
PARTS = {"counts_names", "counts_numbers"}


@pytest.mark.parametrize("name", ["unsupported_counts", *sorted(PARTS)])
def test_unsupported_counts_imports_the_standard_library_only(name: str):
    tree = ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    named = [getattr(node, "module", None) or node.names[0].name for node in imports]
    assert {name.split(".")[0] for name in named} <= sys.stdlib_module_names | PARTS


@pytest.mark.parametrize(
    ("brief", "article"),
    [
        ("It cost 1200 marks.", "It cost 1,200 marks."),
        ("It cost $1.2bn.", "It cost 1.2 billion dollars."),
        ("It cost 1.2 billion.", "It cost 1,200 million."),
        ("It cost 10 lakh.", "It cost 1 million."),
        ("It cost 1,00,000.", "It cost 100,000."),
        ("They paid £5m.", "They paid 5 million pounds."),
        ("A run of 100m.", "A run of 100 metres."),
        ("Seven people came.", "7 people came."),
        ("It was the 7th time.", "It was the seventh time."),
        ("Twenty-five people came.", "25 people came."),
        ("It has 250,000 members.", "It has two hundred and fifty thousand members."),
        ("It lost 5%.", "It lost five per cent."),
        ("One of them came first.", "Some came."),
        ("It begins at 7:30.", "It begins at 7.30."),
        ("In 2016, 3 won.", "Three won in 2016"),
    ],
)
def test_unsupported_counts_numbers_are_compared_by_value(brief: str, article: str):
    assert counts_numbers.missing_numbers(brief, article) == []


@pytest.mark.parametrize(
    ("brief", "article", "missing"),
    [
        ("It cost 1.3 billion.", "It cost 1,200 million.", ["1.3 billion"]),
        ("It cost 12 crore.", "It cost 12 lakh.", ["12 crore"]),
        ("Three people and 4 dogs came.", "4 people came.", ["Three"]),
        ("It was the eighth time.", "It was the seventh time.", ["eighth"]),
        ("Two or three came.", "Two came.", ["three"]),
        ("In 2017 it was 17.", "In 2017 it was.", ["17"]),
    ],
)
def test_unsupported_counts_numbers_of_another_value_are_found(brief: str, article: str, missing: list[str]):
    assert counts_numbers.missing_numbers(brief, article) == missing


@pytest.mark.parametrize(
    "brief",
    [
        'She said: "It was not safe."',
        "She said “It was  not safe”.",
        "She said 'it was not safe' and left.",
        'She said it was "not safe, and never ... again".',
        "The mayor's ferry and the councils' boats were not safe.",
    ],
)
def test_unsupported_counts_quotations_word_for_word_are_borne_out(brief: str):
    article = "“It was not safe, and never will be so again,” she said of the mayor’s ferry."
    assert unsupported_counts.unsupported(brief, article, frozenset()).get("quotation", []) == []


@pytest.mark.parametrize("brief", ['She said: "It was unsafe."', "She said 'it was not very safe' and left."])
def test_unsupported_counts_altered_quotations_are_found(brief: str):
    found = unsupported_counts.unsupported(brief, '"It was not safe," she said.', frozenset())
    assert len(found["quotation"]) == 1


def test_unsupported_counts_a_mark_without_its_partner_is_counted_apart():
    found = unsupported_counts.unsupported('They paid "12 for it.', "They paid 12 for it.", frozenset())
    assert found == {"unpaired mark": ['"']}


ARTICLE = (
    "Mayor Ilse Tamm of Port Arven met Norvian ministers at the North Sea Board. The police of Tessland's south-"
    "western coast sent two O'Neill-class boats. Everyone came on Monday."
)


@pytest.mark.parametrize(
    "brief",
    [
        "The mayor, Ilse Tamm, met ministers.",
        "Ministers of Norvia met Tamm.",
        "The NSB met in Port Arven.",
        "Boats came from the South-Western coast of Tessland.",
        "The Tamms' boats were of the O'Neill class.",
        "However, the police came. Meanwhile the ministers met.",
        "Police met Tamm's Tesslanders.",
    ],
)
def test_unsupported_counts_names_in_other_forms_are_borne_out(brief: str):
    ordinary = frozenset({"however", "meanwhile", "boats", "ministers", "the"})
    assert "name" not in unsupported_counts.unsupported(brief, ARTICLE, ordinary)


@pytest.mark.parametrize(
    ("brief", "name"),
    [
        ("The mayor, Dana Okoro, met ministers.", "Dana Okoro"),
        ("The ministers of Sweden met.", "Sweden"),
        ("Okoro met the ministers.", "Okoro"),
        ("The minister met Ilse Berg.", "Ilse Berg"),
        ("The UN met.", "UN"),
        ("They met. Berg left.", "Berg"),
    ],
)
def test_unsupported_counts_names_that_the_article_lacks_are_found(brief: str, name: str):
    assert unsupported_counts.unsupported(brief, ARTICLE, frozenset({"the", "they"}))["name"] == [name]


def test_unsupported_counts_days_are_counted_apart():
    assert unsupported_counts.unsupported("They came on Friday.", ARTICLE, frozenset({"they"})) == {"day": ["Friday"]}


def test_unsupported_counts_the_date_of_an_article_bears_out_its_day_and_year():
    article = unsupported_counts.article_text({"text": "They came.", "date": "2026-05-04"})
    assert unsupported_counts.unsupported("They came on Monday, 4 May 2026.", article, frozenset({"they"})) == {}


def test_unsupported_counts_prints_counts_shares_and_what_was_found(tmp_path: Path):
    articles = [{"id": n, "title": "Ferry", "text": "Ilse Tamm stopped the ferry after 12 complaints."} for n in "abcd"]
    briefs = ["Tamm stopped it.", "Tamm and Okoro stopped 2.", "Okoro stopped it.", "She stopped it."]
    records = [{"id": n, "brief": {"text": brief}} for n, brief in zip("abcx", briefs, strict=True)]
    for name, rows in (("articles", articles), ("records", records)):
        (tmp_path / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    command = [sys.executable, str(SCRIPT), str(tmp_path / "records"), str(tmp_path / "articles")]
    result = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert (result["briefs"], result["without_article_or_brief"]) == (3, 1)
    assert result["counts"] == {"number": 1, "quotation": 0, "name": 2, "day": 0, "unpaired mark": 0, "any": 2}
    assert result["shares"]["name"] == 0.6667
    assert result["found"]["name"] == {"b": ["Okoro"], "c": ["Okoro"]}
    assert result["found"]["number"] == {"b": ["2"]}

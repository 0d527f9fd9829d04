"""Counts briefs that hold a number, a quotation or a name that their article lacks, with rules of its own.

    python benchmarks/unsupported_counts.py records.jsonl articles.jsonl
    python benchmarks/unsupported_counts.py references.jsonl references.jsonl --field summary

It stands beside the check that the package makes and shares nothing with it: nothing of ``summarizer`` is imported, and
the rules are few and strict, so that what is counted here can be looked up by eye. An article is its title, text and
date.

- number: digits and words alike by value (1,200 = 1200; $1.2bn = 1.2 billion = 1,200 million; 5 lakh = 500,000;
  seventh = 7th = 7), whatever it counts. Only the words "one" and "first" are no claim.
- quotation: the words between quotation marks, one after another in the article, but for blanks, capitals, dashes and
  the kind of quotation marks; square brackets and dots stand for what was left out. A mark without its partner is
  counted apart.
- name: words with a capital in mid-sentence, each of which must stand in the article, in any case, with or without
  possessive and plural; parts of a hyphened name count one by one, initials of the article's own names as its
  abbreviations, and nationality and country as one where they begin alike. At the start of a sentence a word is a name
  where no article at all has it in small letters. Days and months are counted apart.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from counts_names import MONTHS, WEEKDAYS, missing_names, small_words
from counts_numbers import missing_numbers

KINDS = ("number", "quotation", "name")
"""What a brief must not have invented; a brief with any of them is counted as unsupported."""
APART = ("day", "unpaired mark")
"""Also looked for, and shown beside."""

_PLAIN_QUOTES = str.maketrans(dict.fromkeys("“”„«»‟❝❞", '"') | dict.fromkeys("‘’‚`´", "'"))
_DASHES = str.maketrans(dict.fromkeys("–—−‐‑", "-"))
_DOUBLE = re.compile(r'(?<!\w)"(?=\S)([^"]+)(?<=\S)"(?!\w)')
_SINGLE = re.compile(r"(?<!\w)'(?=\w)((?:[^']|(?<=\w)'(?=\w))+)'(?!\w)")
_GAP = re.compile(r"\[[^\]]*\]|\.\.\.|…")


def main() -> None:
    """Count and print JSON; the exit code says only whether there was anything to count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", type=Path, help="JSON lines: records of summarizer, or rows with --field")
    parser.add_argument("articles", type=Path, help="JSON lines with id, text and perhaps title and date")
    parser.add_argument("--field", help="the brief stands in this field rather than in brief.text")
    arguments = parser.parse_args()
    articles = {str(row["id"]): article_text(row) for row in rows_of(arguments.articles)}
    briefs = {str(row["id"]): brief_of(row, arguments.field) for row in rows_of(arguments.records)}
    known = {key: brief for key, brief in briefs.items() if key in articles and brief}
    if not known:
        sys.exit(f"{arguments.records}: no id with a brief is among those of {arguments.articles}")
    result = count(known, articles)
    left_out = {"without_article_or_brief": len(briefs) - len(known)}
    print(json.dumps(left_out | result, indent=1, ensure_ascii=False))


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """Read JSON lines."""
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


def article_text(row: Mapping[str, Any]) -> str:
    """Return all that an article says: title, text and date, the date also in words."""
    stated = str(row.get("date") or "")
    parts = [str(row.get("title") or ""), str(row["text"]), stated]
    if match := re.match(r"(\d{4})-(\d{2})-(\d{2})", stated):
        day = date(*map(int, match.groups()))
        parts.append(f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}")
    return "\n".join(parts)


def brief_of(row: Mapping[str, Any], field: str | None) -> str:
    """Return the brief of a row; empty where it has none."""
    if field is not None:
        return str(row.get(field) or "")
    return str((row.get("brief") or {}).get("text") or "")


def count(briefs: Mapping[str, str], articles: Mapping[str, str]) -> dict[str, Any]:
    """Return counts, shares and what was found in which brief.

    :param briefs: by id.
    :param articles: the texts by id, every brief's among them; all of them tell ordinary words from names.
    """
    ordinary = small_words(articles.values())
    found = {key: unsupported(brief, articles[key], ordinary) for key, brief in briefs.items()}
    offending: dict[str, dict[str, list[str]]] = {
        kind: {key: claims[kind] for key, claims in found.items() if kind in claims} for kind in (*KINDS, *APART)
    }
    counts = {kind: len(ids) for kind, ids in offending.items()}
    counts["any"] = sum(any(kind in claims for kind in KINDS) for claims in found.values())
    return {
        "briefs": len(briefs),
        "counts": counts,
        "shares": {kind: round(number / len(briefs), 4) for kind, number in counts.items()},
        "found": offending,
    }


def unsupported(brief: str, article: str, ordinary: frozenset[str]) -> dict[str, list[str]]:
    """Return what of each kind a brief has and its article lacks; kinds without any are left out.

    :param ordinary: see ``small_words``.
    """
    brief, article = plain(brief), plain(article)
    names, days = missing_names(brief, article, ordinary)
    found = {
        "number": missing_numbers(brief, article),
        "quotation": missing_quotations(brief, article),
        "name": names,
        "day": days,
        "unpaired mark": ['"'] if '"' in _DOUBLE.sub("", brief) else [],
    }
    return {kind: list(dict.fromkeys(claims)) for kind, claims in found.items() if claims}


def plain(text: str) -> str:
    """Return the text with straight quotation marks, plain dashes, and letters that look alike as one."""
    return unicodedata.normalize("NFKC", text).translate(_PLAIN_QUOTES).translate(_DASHES)


def missing_quotations(brief: str, article: str) -> list[str]:
    """Return the quotations of the brief that the article does not have word for word."""
    known = f" {_words(article)} "
    outside = _DOUBLE.sub(" ", brief)
    quoted = [match[1] for match in _DOUBLE.finditer(brief)] + [match[1] for match in _SINGLE.finditer(outside)]
    said = {text: [part for part in map(_words, _GAP.split(text)) if part] for text in quoted}
    return [text for text, parts in said.items() if any(f" {part} " not in known for part in parts)]


def _words(text: str) -> str:
    """Return the words of a text in small letters, one blank between."""
    return " ".join(re.findall(r"[\w%$£€₹]+", text.lower().replace("'", "")))


if __name__ == "__main__":
    main()

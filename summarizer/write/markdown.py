"""Writes Markdown for reading: a section an article, the brief ready to be copied, and below it what bears it out.

The input's further fields are left out, and so are rejected tags but for those whose earlier decision was kept; JSON
lines and Parquet have them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from summarizer.records import Decision, Evidence, Link, Record, Sentence, Tag
from summarizer.write.plain import utf8

SPECIAL = re.compile(r"[\\`*_\[\]<>~]|&(?=#?\w+;)")
LINE_START = re.compile(r"^([-+#=]|\d+(?=[.)]))")
ORIGINS = {
    "verbatim": "word for word",
    "generated": "written",
    "replaced": "put in for one that failed the check",
}

DECISIONS: dict[Decision, str] = {"accepted": "accepted", "review": "to review", "rejected": "rejected"}


class Markdown:
    """Encoder of Markdown."""

    whole_only = False

    def start(self) -> bytes:
        """Return the heading of the whole."""
        return utf8(["# Briefs\n"])

    def encode(self, records: Sequence[Record]) -> bytes:
        """Return a section for each record."""
        return utf8(f"\n{block}\n" for record in records for block in _section(record))

    def end(self) -> bytes:
        """Return nothing."""
        return b""


def escape(text: str) -> str:
    """Return text on one line with nothing in it that Markdown or HTML would act on."""
    line = SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))
    return LINE_START.sub(lambda m: f"\\{m[0]}" if not m[0].isdigit() else f"{m[0]}\\", line)


def _section(record: Record) -> Iterator[str]:
    """Yield the blocks of a section, each to be set off by blank lines."""
    article, brief = record.article, record.brief
    yield f"## {escape(article.title or article.id)}"
    facts = [
        article.id if article.title else "",
        article.date,
        article.language,
        None if brief is None else f"{brief.words} words",
    ]
    if any(facts):
        yield " · ".join(escape(fact) for fact in facts if fact)
    if record.link is not None:
        yield from _link(record.link)
    if brief is not None:
        yield escape(brief.text)
    if record.tags is not None:
        yield f"**Topics:** {_topics(record.tags)}"
    checks = list(_checks(record))
    if checks:
        yield "**To check**"
        yield "\n".join(f"- {check}" for check in checks)
    if brief is not None:
        yield "**Evidence**"
        yield "\n".join(_evidence(number, sentence) for number, sentence in enumerate(brief.sentences, 1))


def _link(link: Link) -> Iterator[str]:
    said = str(link)
    yield f"**{escape(said[0].upper() + said[1:])}**"
    if link.sentences:
        yield "\n".join(f"- new: {_quote(sentence)}" for sentence in link.sentences)


def _topics(tags: Sequence[Tag]) -> str:
    return " · ".join(_topic(tag) for tag in tags if tag.decision != "rejected" or tag.own_decision) or "none"


def _topic(tag: Tag) -> str:
    """Return a topic with its probability, and what is to be said of its decision."""
    note = "" if tag.decision == "accepted" else DECISIONS[tag.decision]
    if tag.own_decision:
        note = f"{DECISIONS[tag.decision]} as before, alone it would be {DECISIONS[tag.own_decision]}"
    return f"{escape(tag.topic.name)} {tag.probability:.0%}" + (f" ({note})" if note else "")


def _checks(record: Record) -> Iterator[str]:
    """Yield what the editor should look at: warnings, then claims without support, then sentences taken out."""
    yield from (escape(warning) for warning in record.warnings)
    brief = record.brief
    if brief is None:
        return
    for number, sentence in enumerate(brief.sentences, 1):
        if sentence.replaces:
            yield f"sentence {number} stands for “{escape(sentence.replaces)}”{_claims(sentence.unsupported)}"
        else:
            yield from (f"sentence {number}: {escape(claim)}" for claim in sentence.unsupported)
    for dropped in brief.dropped:
        yield f"taken out: “{escape(dropped.text)}”{_claims(dropped.unsupported)}"


def _claims(unsupported: Sequence[str]) -> str:
    return f": {escape('; '.join(unsupported))}" if unsupported else ""


def _evidence(number: int, sentence: Sentence) -> str:
    """Return a list item with the sentence's source spans as quotations below it."""
    head = f"{number}. {ORIGINS[sentence.origin]}, support {sentence.support:.0%}"
    quotes = [_quote(evidence) for evidence in sentence.evidence] or ["no evidence found"]
    # An empty quoted line between two spans keeps them apart.
    return f"{head}\n   > " + "\n   >\n   > ".join(quotes)


def _quote(evidence: Evidence) -> str:
    return f"“{escape(evidence.text)}” (characters {evidence.start}–{evidence.end})"

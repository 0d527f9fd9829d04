"""A record for a person to read: headline, brief, tags with bars, and where each sentence comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from summarizer.records import Brief, Link, Record, Sentence, Tag

BAR_CELLS = 20
DECISIONS = {"accepted": "accepted", "review": "please look", "rejected": "rejected"}
MARKS = {"verbatim": "=", "generated": "~", "replaced": "!"}
STYLES = {"accepted": "bold green", "review": "yellow", "rejected": "dim"}
LEGEND = (
    "= the source's own words   ~ rewritten, borne out by the lines below it   ! stands for a sentence that was not"
)


def show_record(record: Record, console: Console, *, evidence: bool = False) -> None:
    """Print one record.

    :param evidence: also list, under each sentence of the brief, the characters of the source that support it, and
        what reading and cleaning had to say.
    """
    article = record.article
    parts: list[RenderableType] = [] if record.link is None else [*_link(record.link, evidence), Text()]
    if record.brief is not None:
        parts.append(Text(record.brief.text))
        if evidence:
            parts += [Text(), _sentences(record.brief)]
    if record.tags is not None:
        parts += [Text(), _tags(record)]
    notes = record.warnings if evidence or record.brief is None else record.brief.warnings
    parts += [Text(f"note: {note}", style="dim italic") for note in notes]
    title = Text(article.title or article.id, style="bold")
    console.print(Panel(Group(*parts), title=title, title_align="left", subtitle=_foot(record), padding=(1, 2)))


def _link(link: Link, evidence: bool) -> list[RenderableType]:
    """Say which earlier story it goes on from, and which sentences are new."""
    said = str(link)
    rows: list[RenderableType] = [Text(said[0].upper() + said[1:], style="bold cyan")]
    for sentence in link.sentences:
        where = f"[{sentence.start}:{sentence.end}] " if evidence else ""
        rows.append(Padding(Text(f"+ {where}{' '.join(sentence.text.split())}", style="cyan"), (0, 0, 0, 2)))
    return rows


def _foot(record: Record) -> Text:
    words = f"{len(record.article.text.split())} words"
    brief = f" in {record.brief.words}" if record.brief is not None else ""
    return Text(f"{record.article.id} · {words}{brief}", style="dim")


def _tags(record: Record) -> RenderableType:
    assert record.tags is not None
    if not record.tags:
        return Text("no topic fits; please look at this one", style="yellow")
    table = Table.grid(padding=(0, 2))
    for tag in record.tags:
        table.add_row(*_tag_row(tag))
    return table


def _tag_row(tag: Tag) -> tuple[Text, Text, Text, Text]:
    style = STYLES[tag.decision]
    kept = f" as before, alone it would be: {DECISIONS[tag.own_decision]}" if tag.own_decision else ""
    full = round(tag.probability * BAR_CELLS)
    bar = Text("█" * full + "░" * (BAR_CELLS - full), style=style)
    return (
        Text(tag.topic.id, style=style),
        bar,
        Text(f"{tag.probability:.0%}", style=style, justify="right"),
        Text(DECISIONS[tag.decision] + kept, style=style),
    )


def _sentences(brief: Brief) -> RenderableType:
    rows: list[RenderableType] = []
    for sentence in brief.sentences:
        rows += _sentence(sentence)
    for dropped in brief.dropped:
        rows.append(Text(f"x {dropped.text}", style="dim strike"))
        rows += [Padding(Text(reason, style="yellow"), (0, 0, 0, 4)) for reason in dropped.unsupported]
    return Group(*rows, Text(LEGEND, style="dim"))


def _sentence(sentence: Sentence) -> list[RenderableType]:
    style = "yellow" if sentence.unsupported else ""
    rows: list[RenderableType] = [Text(f"{MARKS[sentence.origin]} {sentence.text}", style=style)]
    if sentence.replaces:
        rows.append(Padding(Text(f"instead of: {sentence.replaces}", style="dim strike"), (0, 0, 0, 4)))
    rows += [Padding(Text(reason, style="yellow"), (0, 0, 0, 4)) for reason in sentence.unsupported]
    if sentence.origin == "generated":
        for span in sentence.evidence:
            quoted = " ".join(span.text.split())
            rows.append(Padding(Text(f"[{span.start}:{span.end}] {quoted}", style="dim"), (0, 0, 0, 4)))
    return rows

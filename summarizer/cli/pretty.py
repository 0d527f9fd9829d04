"""A record for a person to read: headline, brief, tags with bars, and where each sentence comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from summarizer.records import Brief, Record, Sentence, Tag

BAR_CELLS = 20
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
    parts: list[RenderableType] = []
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
    full = round(tag.probability * BAR_CELLS)
    bar = Text("█" * full + "░" * (BAR_CELLS - full), style=style)
    return (
        Text(tag.topic.id, style=style),
        bar,
        Text(f"{tag.probability:.0%}", style=style, justify="right"),
        Text("please look" if tag.decision == "review" else tag.decision, style=style),
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

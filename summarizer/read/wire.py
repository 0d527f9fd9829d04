"""Wire messages of the telegraph age: IPTC 7901 and its American sister ANPA 1312. Comes after ``lines``.

A message is ``SOH header STX text ETX date EOT``. IPTC 7901 heads it with source, number, priority, category and word
count, then a keyword line; ANPA 1312 with service, number and selector, then priority, category, keyword, date and
words. Source: IPTC 7901, "The IPTC Recommended Message Format", and ANPA 1312.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from summarizer.documents import with_document
from summarizer.errors import ArticleError
from summarizer.read.lines import read_whole
from summarizer.read.options import InputOptions
from summarizer.read.source import Source
from summarizer.records import Article, Failure

SOH, STX, ETX, EOT = "\x01", "\x02", "\x03", "\x04"
MOST_HEADING_LINES = 8
"""Lines before the first paragraph that may be title and byline."""
_START = re.compile(r"[\x00\x07\x0d\x0a\x16\x7f\s]*\x01")
_HEADER = re.compile(r"([A-Za-z]+)(\d+)[ \t]+(\S)[ \t]+(\S{1,4})(?:[ \t]+(\d*))?(?:[ \t]+(.*))?")
_ANPA_HEADER = re.compile(r"([A-Za-z])(\d{1,4})\x1f([^\r\n]*)")
_ANPA_LINE = re.compile(
    r"[ \t]*(\S)[ \t]+(\S)[ \t]*[\x13\x14]?[\x11\x12]?[ \t]*(.*?)(?:[ \t]+(\d{1,2})-(\d{1,2}))?(?:[ \t]+(\d+))?[ \t]*$"
)
_IPTC_DATE = re.compile(r"(\d\d)(\d\d)(\d\d)\s*(?:GMT|UTC|Z)?\s*([A-Za-z]{3,4})\w*\.?\s+(\d\d(?:\d\d)?)")
_ANPA_DATE = re.compile(r"(\d\d?)-(\d\d?)-(\d\d)\s+(\d\d)(\d\d)\s*GMT")
_MONTHS = ("jan", "feb", "mar mär mrz", "apr", "may mai", "jun", "jul", "aug", "sep", "oct okt", "nov", "dec dez")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NATIONAL = re.compile(r"[A-Za-z][{|}~\[\\\]]+[a-z]")
"""What a letter of a national seven-bit set looks like when it is read as ASCII."""
_MANY = 3
_BLANKS = str.maketrans({"\x08": "\t", "\x10": " ", "\x1e": " ", "\x1f": " "})
"""ANPA's marks for the line of a table, and for the blanks in it."""
_BY = re.compile(r"(?:By|BY|Von|Par)\s+\S")


def is_wire(head: str) -> bool:
    """Tell whether a text begins as a wire message does."""
    return _START.match(head) is not None


def read_wire(source: Source, options: InputOptions) -> Iterator[Article | Failure]:
    """Yield the article, or the failure, of each message.

    :raises ArticleError: there is no message in the file.
    """
    with source.open() as stream:
        text, warnings = read_whole(source, stream, options.encoding)
    yield from wire_articles(text, source, warnings)


def wire_articles(text: str, source: Source, warnings: tuple[str, ...]) -> Iterator[Article | Failure]:
    """Yield the article, or the failure, of each message in a text.

    :raises ArticleError: there is none.
    """
    messages = [SOH + piece for piece in text.split(SOH)[1:] if piece.strip(f"{EOT}\x7f\x16 \t\r\n")]
    if not messages:
        what = "no wire message (there is no start of heading, byte 0x01)"
        raise ArticleError(source.at(), what, "Set input.format to text to read it as it is.")
    for number, message in enumerate(messages, 1):
        yield _article(message, source, number if len(messages) > 1 else None, warnings)


def _article(message: str, source: Source, number: int | None, warnings: tuple[str, ...]) -> Article | Failure:
    head, begun, rest = message[1:].replace("\r\n", "\n").replace("\r", "\n").partition(STX)
    if not begun:
        what, mend = "a wire message without text (there is no start of text, byte 0x02)", "Fetch it again."
        return source.failure(what, mend, number=number)
    text, ended, trailer = rest.partition(ETX)
    if not ended:
        warnings = (*warnings, "the message has no end of text (byte 0x03); it may be cut off")
    anpa = _ANPA_HEADER.match(head.strip("\x16 \n"))
    if anpa is not None:
        header, date = _anpa_header(anpa, head), _anpa_date(trailer)
        title, author, body = _anpa_text(text)
    else:
        header, date = _iptc_header(head), _iptc_date(trailer)
        title, author, body = _iptc_text(text)
        if len(_NATIONAL.findall(text)) >= _MANY:
            warnings = (*warnings, "brackets stand inside words; set input.encoding, to iso646-de or the like")
    own = "-".join(header[key] for key in ("source", "number") if header.get(key))
    stem = source.stem if number is None else f"{source.stem}-{number}"
    name = f"{stem}-{own}" if own else stem
    if not body:
        return source.failure("a wire message without text", "Leave it out.", number=number, article=name)
    facts = {"author": author, "slugline": header.get("keyword", ""), "urgency": _digit(header.get("priority", ""))}
    facts["provider"] = header.get("source", "")
    return Article(
        id=name,
        text=body,
        title=title,
        date=date,
        fields={"header": header, **with_document(facts, "iptc7901", message)},
        source=source.at(number),
        warnings=warnings,
    )


def _iptc_header(head: str) -> dict[str, str]:
    """Return what stands between SOH and STX; a header in another form is kept as it is."""
    first, _, rest = head.strip("\n").partition("\n")
    keyword = " ".join(rest.split()).rstrip("/")
    found = _HEADER.match(first.strip())
    if found is None:
        return _said({"line": first.strip(), "keyword": keyword})
    names = ("source", "number", "priority", "category", "words", "information")
    return _said(dict(zip(names, (group or "" for group in found.groups()), strict=True)) | {"keyword": keyword})


def _anpa_header(found: re.Match[str], head: str) -> dict[str, str]:
    header = {"source": found[1], "number": found[2], "selector": found[3]}
    line = next((line for line in head.strip("\x16 \n").split("\n")[1:] if line.strip()), "")
    second = _ANPA_LINE.match(line)
    if second is not None:
        header |= {"priority": second[1], "category": second[2], "keyword": second[3].strip()}
        header |= {"day": "-".join(filter(None, second.group(4, 5))), "words": second[6] or ""}
    return _said(header)


def _said(header: dict[str, str]) -> dict[str, str]:
    cleaned = {key: _CONTROLS.sub("", value).strip() for key, value in header.items()}
    return {key: value for key, value in cleaned.items() if value}


def _iptc_text(text: str) -> tuple[str, str, str]:
    """Return title, byline and text.

    Lines up to one that ends in ``=`` are the heading, the last of them that is no byline the title; without such a
    mark the first line is the title where a blank line follows.
    """
    lines = text.strip("\n").split("\n")
    marked = next((i for i, line in enumerate(lines[:MOST_HEADING_LINES]) if line.rstrip().endswith("=")), None)
    if marked is None:
        has_title = len(lines) > 2 and not lines[1].strip() and not lines[0].startswith((" ", "\t"))
        return (lines[0].strip() if has_title else ""), "", _paragraphs("\n".join(lines[1 if has_title else 0 :]))
    heading = [line.rstrip().rstrip("=").strip() for line in lines[: marked + 1] if line.strip(" =")]
    author = next((line for line in heading if _BY.match(line)), "")
    titles = [line for line in heading if line != author]
    return (titles[-1] if titles else ""), author, _paragraphs("\n".join(lines[marked + 1 :]))


def _anpa_text(text: str) -> tuple[str, str, str]:
    """Return title, byline and text: lines that begin with ``^`` are headings, those with a tab are paragraphs."""
    lines = [line.rstrip(" <") for line in text.translate(_BLANKS).split("\n")]
    headings = [line.strip("^<= ") for line in lines if line.startswith("^")]
    headings = [line for line in headings if line and line != "END"]
    author = next((line for line in headings if _BY.match(line)), "")
    title = headings[1] if len(headings) > 1 else (headings[0] if headings else "")
    body = [line for line in lines if not line.startswith("^")]
    if not any(line.strip() for line in body):  # a list of headlines: they are the text
        body = [f"\t{line}" for line in headings[2:]]
    text = _paragraphs("\n".join(body))
    # Seven bits have no curly quotes and no dash; this is how ANPA writes them.
    return title, author, text.replace("``", "“").replace("''", "”").replace(" _ ", " — ")


def _paragraphs(text: str) -> str:
    """Join the lines of each paragraph; a blank line or an indented line begins a new one."""
    text = re.sub(r"\n(?=\t|[ ]{2,})", "\n\n", _CONTROLS.sub("", text))
    pieces = (" ".join(piece.split()) for piece in re.split(r"\n[ \t]*\n", text))
    return "\n\n".join(piece for piece in pieces if piece)


def _iptc_date(trailer: str) -> str | None:
    """Return ``131137 GMT Nov 13`` (day, hour, minute) as 2013-11-13T11:37:00Z; None where there is none."""
    found = _IPTC_DATE.search(trailer)
    if found is None:
        return None
    month = next((i for i, names in enumerate(_MONTHS, 1) if found[4][:3].lower() in names.split()), None)
    return None if month is None else _moment(found[5], month, found[1], found[2], found[3])


def _anpa_date(trailer: str) -> str | None:
    """Return ``11-13-13 1509GMT`` (month, day, year) as 2013-11-13T15:09:00Z; None where there is none."""
    found = _ANPA_DATE.search(trailer)
    return None if found is None else _moment(found[3], int(found[1]), found[2], found[4], found[5])


def _moment(year: str, month: int, day: str, hour: str, minute: str) -> str | None:
    from datetime import datetime

    full = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 70 else 1900)
    try:
        return datetime(full, month, int(day), int(hour), int(minute)).isoformat() + "Z"
    except ValueError:
        return None


def _digit(priority: str) -> Any:
    return int(priority) if len(priority) == 1 and priority in "123456789" else None

"""What the news formats have in common: which tags go out and as what, who made them, where a brief comes from.

Only accepted tags go out: none of the formats can say that a person has yet to look at a tag.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from urllib.parse import quote

from summarizer.documents import moment
from summarizer.records import Article, Brief, Record

MEDIA_TOPICS = "http://cv.iptc.org/newscodes/mediatopic/"
MEDIA_TOPIC_ALIAS = "medtop:"
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""The IPTC's vocabulary for what made a piece of content."""
CREATOR = "summarizer/"
"""What the name of the maker of a tag or a brief begins with; a version follows. What has it may be replaced."""
CREATOR_URI = "urn:x-summarizer:"
BRIEF_NAME = "summarizer_brief"
STATUSES = {
    "usable": "usable",
    "withheld": "withheld",
    **dict.fromkeys(("canceled", "cancelled", "killed"), "canceled"),
}
"""What words for an article's status mean in the IPTC's vocabulary."""
_PARAGRAPH = re.compile(r"\s*\n\s*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+$")


@dataclass(frozen=True, slots=True)
class Subject:
    """An accepted tag as news formats have it.

    :param code: ``medtop:20000598``; the topic's own id where it has no Media Topic.
    :param uri: the Media Topic's address; empty where it has none.
    :param confidence: 0 to 100.
    """

    name: str
    code: str
    uri: str
    confidence: int


def subjects(record: Record) -> list[Subject]:
    """Return the accepted tags of a record, best first."""
    accepted = [tag for tag in record.tags or () if tag.decision == "accepted"]
    return [
        Subject(
            name=tag.topic.name,
            code=tag.topic.code or tag.topic.id,
            uri=_uri(tag.topic.code),
            confidence=round(100 * tag.probability),
        )
        for tag in accepted
    ]


def _uri(code: str) -> str:
    return MEDIA_TOPICS + code.removeprefix(MEDIA_TOPIC_ALIAS) if code.startswith(MEDIA_TOPIC_ALIAS) else ""


def creator(record: Record) -> str:
    """Return who made tags and brief: ``summarizer/0.1.0``."""
    return CREATOR + record.made_by.summarizer


def creator_uri(record: Record) -> str:
    """Return the same as an address: ``urn:x-summarizer:0.1.0``."""
    return CREATOR_URI + record.made_by.summarizer


def source_type(brief: Brief) -> str:
    """Return the address of a brief's Digital Source Type.

    ``trainedAlgorithmicMedia`` where a model wrote any sentence of it, ``algorithmicallyEnhanced`` where all of them
    stand so in the article and were only picked.
    """
    is_written = any(sentence.origin == "generated" for sentence in brief.sentences)
    return SOURCE_TYPES + ("trainedAlgorithmicMedia" if is_written else "algorithmicallyEnhanced")


def article_uri(article: Article) -> str:
    """Return an article's id as an address: itself where it is one, else a URN made of it."""
    return article.id if _SCHEME.match(article.id) else f"{CREATOR_URI}{quote(article.id, safe='', errors='replace')}"


def status(article: Article) -> str | None:
    """Return an article's publishing status as the IPTC's formats have it; None where the article says none.

    What its provider calls neither usable nor canceled is withheld: a stranger's word for it must not free it.
    """
    found = article.fields.get("pubstatus")
    if not isinstance(found, str) or not found:
        return None
    return STATUSES.get(found.lower(), "withheld")


def embargo(article: Article) -> str | None:
    """Return when an article's embargo ends, as the input has it; None where it has none."""
    found = article.fields.get("embargoed")
    return found if isinstance(found, str) else None


def paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of a text, each on one line."""
    yield from (" ".join(piece.split()) for piece in _PARAGRAPH.split(text) if piece.strip())


def html_of(text: str) -> str:
    """Return a text as HTML, an element for each paragraph."""
    return "".join(f"<p>{html.escape(paragraph, quote=False)}</p>" for paragraph in paragraphs(text))


def iso(date: str | None) -> str | None:
    """Return a date as ISO 8601 with time and zone; None where it is in no known form."""
    found = moment(date)
    return None if found is None else found.isoformat(timespec="seconds").replace("+00:00", "Z")


def now() -> str:
    """Return the time in UTC, for what a format wants the time of writing of."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")

"""ninjs, IPTC's news in JSON: an object becomes an article. ``jsonl`` cuts the objects out of the file and asks here.

Version 1 has ``headline``, ``body_text``, ``subject``; version 2 has lists of them, version 3 the lists in camel case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from summarizer.documents import not_usable, use_warnings, with_document
from summarizer.read.markup import looks_like_markup, text_of_html, without_title
from summarizer.read.source import Source
from summarizer.records import Article, Failure
from summarizer.safe_xml import XmlFault

SIGNS = frozenset(
    (
        "bodies", "body_text", "body_xhtml", "body_html", "descriptions", "headlines", "pubstatus", "pubStatus",
        "renditions", "representationtype", "representationType", "versioncreated", "versionCreated",
    )
)  # fmt: skip
"""Keys by which an object with a ``uri`` is known to be ninjs where it does not say so itself."""
TYPES = ("text", "audio", "video", "picture", "graphic", "composite")
NAMES = ("uri", "guid")
"""What holds the name of an item; ``guid`` is what Superdesk writes."""
PLAIN = ("text/plain", "text")


def is_ninjs(row: Mapping[str, Any]) -> bool:
    """Tell whether a JSON object is a ninjs item."""
    if not any(isinstance(row.get(name), str) for name in NAMES):
        return False
    standard = row.get("standard", row.get("$standard"))
    says_so = isinstance(standard, dict) and "ninjs" in str(standard.get("name", "")).lower()
    return says_so or row.get("type") in TYPES or not SIGNS.isdisjoint(row)


def ninjs_article(
    row: dict[str, Any], source: Source, *, number: int | None, warnings: tuple[str, ...]
) -> Article | Failure:
    """Make an article of a ninjs item; one without a body becomes a failure.

    :param number: line or place in the file, from 1.
    """
    name = _string(row, *NAMES) or f"{source.stem}-{number}"
    try:
        text = _body(row)
        title = _line(_first(row, "headline"))
        abstract = "\n\n".join(filter(None, (_plain(value, kind) for value, kind in _texts(row, "description"))))
    except XmlFault as fault:
        return source.failure(str(fault), fault.mend, number=number, article=name)
    facts = _facts(row) | {"abstract": abstract}
    if not text:
        what = f"a ninjs item of type '{row.get('type', 'not given')}' without a body"
        what = ", ".join(filter(None, (what, not_usable(facts))))
        mend = "Leave it out; an article needs bodies (ninjs 2 and 3) or body_text (ninjs 1)."
        return source.failure(what, mend, number=number, article=name)
    date = _string(row, "versionCreated", "versioncreated", "firstCreated", "firstcreated")
    title = title or _line((_string(row, "title") or "", ""))
    return Article(
        id=name,
        text=without_title(text, title),
        title=title,
        date=date,
        language=_string(row, "language"),
        fields=with_document(facts, "ninjs", row),
        source=source.at(number),
        warnings=(*warnings, *use_warnings(facts, date)),
    )


def _body(row: Mapping[str, Any]) -> str:
    """Return the text: that of a plain body where there is one, else that of the first that has any."""
    bodies = [(value, kind) for value, kind in _texts(row, "body") if value.strip()]
    plain = [body for body in bodies if body[1] in PLAIN and not body[0].lstrip().startswith("<")]
    return next(filter(None, (_plain(value, kind) for value, kind in [*plain, *bodies])), "")


def _texts(row: Mapping[str, Any], name: str) -> Iterator[tuple[str, str]]:
    """Yield value and kind of each body, headline or description, in any version's way, the main one first."""
    entries = row.get({"body": "bodies"}.get(name, f"{name}s"))
    found = []
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("value"), str):
            kind = str(entry.get("contentType") or entry.get("contenttype") or "").lower()
            found.append((entry.get("role") != "main", entry["value"], kind))
    yield from ((value, kind) for _, value, kind in sorted(found, key=lambda one: one[0]))
    for key, value in row.items():
        if isinstance(value, str) and (key == name or key.startswith(f"{name}_")):
            yield value, key.removeprefix(name).lstrip("_")


def _first(row: Mapping[str, Any], name: str) -> tuple[str, str]:
    return next(_texts(row, name), ("", ""))


def _plain(value: str, kind: str) -> str:
    """Return a text without markup; a kind that says nothing is told by the text."""
    if kind in PLAIN and not value.lstrip().startswith("<"):
        return value.strip()
    is_markup = any(sign in kind for sign in ("html", "xml", "nitf")) or looks_like_markup(value)
    return text_of_html(value) if is_markup else value.strip()


def _line(text: tuple[str, str]) -> str:
    return " ".join(_plain(*text).split())


def _facts(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an item says of itself, by the names of ``documents.FACTS``."""
    sources = _objects(row, "infoSources", "infosources", "infosource")
    return {
        "author": _string(row, "by", "byline"),
        "slugline": _string(row, "slugline"),
        "urgency": row["urgency"] if isinstance(row.get("urgency"), int) else None,
        "version": _string(row, "version"),
        "evolvedfrom": _string(row, "evolvedFrom", "evolvedfrom"),
        "pubstatus": _string(row, "pubStatus", "pubstatus"),
        "embargoed": _string(row, "embargoedUntil", "embargoed"),
        "provider": next((name for source in sources if (name := _string(source, "name", "uri", "literal"))), None),
        "location": _string(row, "located"),
        "copyrightholder": _string(row, "copyrightHolder", "copyrightholder"),
        "copyrightnotice": _string(row, "copyrightNotice", "copyrightnotice"),
        "usageterms": _string(row, "usageTerms", "usageterms"),
        "ednote": _string(row, "edNote", "ednote"),
        "keywords": [word for word in _list(row.get("keywords")) if isinstance(word, str)],
        "subjects": [one for found in _objects(row, "subjects", "subject") if (one := _subject(found))],
    }


def _subject(subject: Mapping[str, Any]) -> dict[str, str]:
    pair = {"code": _string(subject, "uri", "code", "literal"), "name": _string(subject, "name")}
    return {key: value for key, value in pair.items() if value}


def _objects(row: Mapping[str, Any], *names: str) -> list[dict[str, Any]]:
    return [one for name in names for one in _list(row.get(name)) if isinstance(one, dict)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _string(row: Mapping[str, Any], *names: str) -> str | None:
    """Return the first of some keys that holds text; a number counts as text."""
    for name in names:
        value = row.get(name)
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and str(value).strip():
            return str(value)
    return None

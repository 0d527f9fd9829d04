"""NITF, one article a document; comes after ``xml``. NewsML-G2 may carry NITF, so ``newsml`` asks here for the text.

A file may hold several documents one after the other, each with its XML declaration, as the writer makes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from summarizer.documents import moment, not_usable, use_warnings, with_document
from summarizer.read.markup import one_line, text_of, without_title
from summarizer.read.xml import XmlFile
from summarizer.records import Article, Failure
from summarizer.safe_xml import XmlFault, local_name, parse_xml, to_text

_DOCUMENTS = re.compile(r"(?=<\?xml\s)")


def read_nitf(file: XmlFile) -> Iterator[Article | Failure]:
    """Yield the article, or the failure, of each document.

    :raises XmlFault: the one document of a file is not well-formed.
    """
    documents = [piece for piece in _DOCUMENTS.split(file.text) if piece.strip()]
    if len(documents) == 1:
        yield _article(parse_xml(file.text), file, None)
        return
    for number, document in enumerate(documents, 1):
        try:
            root = parse_xml(document)
        except XmlFault as fault:
            yield file.source.failure(str(fault), fault.mend, number=number)
        else:
            yield _article(root, file, number)


def nitf_text(nitf: Any) -> str:
    """Return the text of an NITF document's ``body.content``."""
    return "\n\n".join(filter(None, (text_of(content) for content in _all(nitf, "body.content"))))


def nitf_facts(nitf: Any) -> dict[str, Any]:
    """Return what an NITF document says of itself, by the names of ``documents.FACTS``, and its ``title``."""
    head, body = _one(nitf, "head"), _one(nitf, "body.head")
    return {
        "title": one_line(_one(body, "hl1")) or one_line(_one(head, "title")),
        "author": "; ".join(filter(None, (one_line(line) for line in _all(body, "byline")))),
        "slugline": _value(head, "du-key", "key") or _value(head, "fixture", "fix-id"),
        "urgency": _number(_value(head, "urgency", "ed-urg")),
        "version": _value(head, "du-key", "version"),
        "pubstatus": _value(head, "docdata", "management-status"),
        "embargoed": _embargo(nitf),
        "provider": one_line(_one(body, "distributor")),
        "location": one_line(_one(_one(body, "dateline"), "location")),
        "copyrightholder": _value(head, "doc.copyright", "holder") or one_line(_one(body, "rights.owner")),
        "ednote": _value(head, "ed-msg", "info"),
        "abstract": "\n\n".join(filter(None, (text_of(abstract) for abstract in _all(body, "abstract")))),
        "keywords": [key for word in _all(head, "keyword") if (key := word.get("key", "").strip())],
        "subjects": list(_subjects(head)),
    }


def _article(nitf: Any, file: XmlFile, number: int | None) -> Article | Failure:
    source = file.source
    if local_name(nitf) != "nitf":
        return source.failure(f"the root element <{local_name(nitf)}> is not nitf", number=number)
    head = _one(nitf, "head")
    made_id = source.stem if number is None else f"{source.stem}-{number}"
    name = _value(head, "doc-id", "id-string") or made_id
    text = nitf_text(nitf)
    facts, date = nitf_facts(nitf), _date(nitf)
    if not text:
        what = "an NITF document without text (body.content is missing or empty)"
        what = ", ".join(filter(None, (what, not_usable(facts))))
        return source.failure(what, "Leave it out.", number=number, article=name)
    return Article(
        id=name,
        text=without_title(text, facts["title"]),
        title=facts["title"],
        date=date,
        language=_language(nitf),
        fields=with_document(facts, "nitf", to_text(nitf, whole=True)),
        source=source.at(number),
        warnings=(*file.warnings, *use_warnings(facts, date)),
    )


def _date(nitf: Any) -> str | None:
    """Return when it was issued."""
    norm = _value(nitf, "date.issue", "norm") or _value(nitf, "story.date", "norm")
    return _iso(norm or _value(nitf, "pubdata", "date.publication"))


def _iso(norm: str | None) -> str | None:
    """Return ``20260310T101500Z`` as 2026-03-10T10:15:00Z, anything else as it stands there."""
    found = re.match(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z|[+-]\d\d:?\d\d)?)?$", norm or "")
    if found is None:
        return norm
    day = "-".join(found.group(1, 2, 3))
    zone = re.sub(r"([+-]\d\d)(\d\d)", r"\1:\2", found[7] or "")
    return day if found[4] is None else f"{day}T{found[4]}:{found[5]}:{found[6] or '00'}{zone}"


def _embargo(nitf: Any) -> str | None:
    """Return the time of release where the document says that it is embargoed, or was issued before it."""
    release = _iso(_value(nitf, "date.release", "norm"))
    if _value(nitf, "docdata", "management-status") == "embargoed":
        return release
    end, issued = moment(release), moment(_date(nitf))
    return release if end is not None and issued is not None and end > issued else None


def _language(nitf: Any) -> str | None:
    holders = (nitf, _one(nitf, "body"), _one(nitf, "body.content"))
    names = (holder.get("{http://www.w3.org/XML/1998/namespace}lang") for holder in holders if holder is not None)
    return next(filter(None, names), None) or nitf.get("baselang") or None


def _subjects(head: Any) -> Iterator[dict[str, str]]:
    for subject in _all(head, "tobject.subject"):
        named = ("tobject.subject.detail", "tobject.subject.matter", "tobject.subject.type")
        pair = {
            "code": subject.get("tobject.subject.refnum", ""),
            "name": next(filter(None, (subject.get(name) for name in named)), ""),
        }
        yield {key: value for key, value in pair.items() if value}
    for classifier in _all(head, "classifier"):
        pair = {"code": classifier.get("value", ""), "name": one_line(classifier)}
        if any(pair.values()):
            yield {key: value for key, value in pair.items() if value}


def _all(element: Any, name: str) -> list[Any]:
    """Return the elements of a name within another, which may be None, whatever their namespace."""
    return [] if element is None else list(element.iter(f"{{*}}{name}"))


def _one(element: Any, name: str) -> Any:
    return None if element is None else next(element.iter(f"{{*}}{name}"), None)


def _value(element: Any, name: str, attribute: str) -> str | None:
    """Return an attribute of the first element of a name that has it; None where none has."""
    return next((value for found in _all(element, name) if (value := found.get(attribute, "").strip())), None)


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 4 else None

"""NewsML-G2: a newsItem, or a newsMessage with many; comes after ``xml``. Items that carry no text become failures.

The text is the first rendition in ``contentSet`` that has any: NITF or XHTML in line, or plain text or HTML as
character data. Other XML, such as tables of results in SportsML, is no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from summarizer.documents import USABLE, not_usable, use_warnings, with_document
from summarizer.read.markup import BLOCKS, looks_like_markup, one_line, text_of, text_of_html, without_title
from summarizer.read.nitf import nitf_facts, nitf_text
from summarizer.read.xml import XmlFile
from summarizer.records import Article, Failure
from summarizer.safe_xml import XmlFault, local_name, parse_xml, to_text

XHTML = "http://www.w3.org/1999/xhtml"
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_BLANK_LINES = re.compile(r"[ \t\r]*\n(?:[ \t\r]*\n)+")


def read_newsml(file: XmlFile) -> Iterator[Article | Failure]:
    """Yield the article, or the failure, of each item.

    :raises XmlFault: the file is not well-formed.
    """
    root = parse_xml(file.text)
    if local_name(root) != "newsMessage":
        yield _article(root, file, None, "")
        return
    envelope = _envelope(root)
    items = [item for item_set in root.iterchildren("{*}itemSet") for item in item_set if local_name(item)]
    for number, item in enumerate(items, 1):
        yield _article(item, file, number, envelope)


def _envelope(message: Any) -> str:
    """Return a message without its items: the header, an empty item set, and what stands outside the root element."""
    bare = deepcopy(message.getroottree()).getroot()
    for item_set in bare.iterchildren("{*}itemSet"):
        for item in item_set:
            item_set.remove(item)
        item_set.text = None
    return to_text(bare, whole=True)


def _article(item: Any, file: XmlFile, number: int | None, envelope: str) -> Article | Failure:
    source = file.source
    name = (item.get("guid") or "").strip() or (source.stem if number is None else f"{source.stem}-{number}")
    if local_name(item) != "newsItem":
        what = f"a {local_name(item)} of NewsML-G2, which holds no text"
        return source.failure(what, "Leave it out.", number=number, article=name)
    try:
        text = _text(item)
    except XmlFault as fault:
        return source.failure(str(fault), fault.mend, number=number, article=name)
    facts = _facts(item)
    if not text:
        what = f"a NewsML-G2 item without text (itemClass {_code(item, 'itemClass') or 'missing'})"
        what = ", ".join(filter(None, (what, not_usable(facts))))
        return source.failure(what, "Leave it out.", number=number, article=name)
    date = one_line(_one(item, "versionCreated")) or one_line(_one(item, "contentCreated")) or None
    return Article(
        id=name,
        text=without_title(text, facts["title"]),
        title=facts["title"],
        date=date,
        language=_language(item),
        fields=with_document(facts, "newsml-g2", to_text(item, whole=number is None), envelope),
        source=source.at(number),
        warnings=(*file.warnings, *use_warnings(facts, date)),
    )


def _text(item: Any) -> str:
    """Return the text of the first rendition that has any; empty where none has."""
    for content_set in item.iterchildren("{*}contentSet"):
        for content in content_set.iterchildren():
            name = local_name(content)
            text = ""
            if name == "inlineXML":
                text = nitf_text(content) or (text_of(content) if _is_markup(content) else "")
            elif name == "inlineData" and not content.get("encoding"):
                text = _character_data(content)
            if text:
                return text
    return ""


def _is_markup(content: Any) -> bool:
    """Tell whether an ``inlineXML`` holds text or XHTML, whole or a piece."""
    first = next(content.iterchildren("{*}*"), None)
    if first is None:
        return True
    namespace = first.tag.rpartition("}")[0].lstrip("{")
    is_known = namespace in ("", XHTML) or content.tag.startswith(f"{{{namespace}}}")
    return is_known and (local_name(first) == "html" or local_name(first) in BLOCKS)


def _character_data(content: Any) -> str:
    """Return the text of an ``inlineData``: plain, or HTML in which every tag was escaped."""
    text = "".join(content.itertext())
    kind = content.get("contenttype", "")
    is_plain = kind.startswith("text/plain") and not text.lstrip().startswith("<")
    if "html" in kind or "xml" in kind or (not is_plain and looks_like_markup(text)):
        return text_of_html(text)
    return _BLANK_LINES.sub("\n\n", text).strip()


def _facts(item: Any) -> dict[str, Any]:
    """Return what an item says of itself, by the names of ``documents.FACTS``, and its ``title``; else its NITF's."""
    meta, rights = _child(item, "contentMeta"), _child(item, "rightsInfo")
    nitf = next(item.iter("{*}nitf"), None)
    inner = {} if nitf is None else nitf_facts(nitf)
    evolved = next((link for link in _all(item, "link") if _ends(link, "rel", "evolvedFrom")), None)
    facts = {
        "title": one_line(_main_headline(meta)) or one_line(_one(_child(item, "itemMeta"), "title")),
        "author": "; ".join(filter(None, (one_line(by) for by in _children(meta, "by")))),
        "slugline": one_line(_child(meta, "slugline")),
        "urgency": _number(one_line(_child(meta, "urgency"))),
        "version": item.get("version"),
        "evolvedfrom": None if evolved is None else evolved.get("residref") or evolved.get("href"),
        "pubstatus": _status(item),
        "embargoed": one_line(_one(_child(item, "itemMeta"), "embargoed")),
        "provider": _named(_one(item, "provider")),
        "location": _named(_child(meta, "located")),
        "copyrightholder": _named(_child(rights, "copyrightHolder")),
        "copyrightnotice": one_line(_child(rights, "copyrightNotice")),
        "usageterms": one_line(_child(rights, "usageTerms")),
        "ednote": "\n\n".join(filter(None, (text_of(note) for note in _all(_child(item, "itemMeta"), "edNote")))),
        "abstract": "\n\n".join(filter(None, (text_of(text) for text in _children(meta, "description")))),
        "keywords": [word for keyword in _children(meta, "keyword") if (word := one_line(keyword))],
        "subjects": [subject for found in _children(meta, "subject") if (subject := _subject(found))],
    }
    return {**inner, **{name: value for name, value in facts.items() if value or name not in inner}}


def _status(item: Any) -> str:
    """Return ``usable``, ``withheld`` or ``canceled``; ``embargoed`` where an embargo has no end."""
    status = (_code(item, "pubStatus") or "").rpartition("/")[2].rpartition(":")[2]
    embargoed = _one(_child(item, "itemMeta"), "embargoed")
    is_endless = embargoed is not None and not one_line(embargoed)
    return "embargoed" if is_endless and status in ("", USABLE) else status


def _main_headline(meta: Any) -> Any:
    headlines = _children(meta, "headline")
    plain = [headline for headline in headlines if not headline.get("role") or _ends(headline, "role", "main")]
    return next(iter(plain or headlines), None)


def _subject(subject: Any) -> dict[str, str]:
    code = subject.get("qcode") or subject.get("uri") or subject.get("literal") or ""
    pair = {"code": code, "name": one_line(_child(subject, "name"))}
    return {key: value for key, value in pair.items() if value}


def _language(item: Any) -> str | None:
    language = _child(_child(item, "contentMeta"), "language")
    return (None if language is None else language.get("tag")) or item.get(XML_LANGUAGE) or None


def _named(element: Any) -> str:
    """Return the name in an element, else the code or address that stands for it."""
    if element is None:
        return ""
    found = one_line(_child(element, "name"))
    return found or element.get("literal") or element.get("qcode") or element.get("uri") or ""


def _code(item: Any, name: str) -> str | None:
    element = _one(_child(item, "itemMeta"), name)
    return None if element is None else element.get("qcode") or element.get("uri")


def _ends(element: Any, attribute: str, ending: str) -> bool:
    """Tell whether a code, whatever its alias, or an address ends in a name."""
    value = element.get(attribute) or element.get(f"{attribute}uri") or ""
    return re.split(r"[:/]", value)[-1] == ending


def _all(element: Any, name: str) -> list[Any]:
    return [] if element is None else list(element.iter(f"{{*}}{name}"))


def _one(element: Any, name: str) -> Any:
    return None if element is None else next(element.iter(f"{{*}}{name}"), None)


def _children(element: Any, name: str) -> list[Any]:
    return [] if element is None else list(element.iterchildren(f"{{*}}{name}"))


def _child(element: Any, name: str) -> Any:
    return next(iter(_children(element, name)), None)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None

"""The articles in a request's body, by the readers of ``summarizer.read``. Comes after ``body``.

Each media type stands for one of their formats. What a request does not name gets a name here: an article without an id
of its own is called by the request.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from summarizer.errors import ArticleError, InputError
from summarizer.read import FORMATS, InputOptions
from summarizer.read.source import Source
from summarizer.records import Article, Failure
from summarizer.serve.limits import Limits
from summarizer.serve.problems import Problem

_GZIP = 16 + zlib.MAX_WBITS
BODY = "body"
"""What messages call the request: ``body:2`` is its second article, or second line."""


@dataclass(frozen=True, slots=True)
class Media:
    """How a media type is read.

    :param format: its name in ``summarizer.read.FORMATS``.
    :param ending: of the file that it would be in.
    :param is_list: whether it may hold several articles, so that the answer is a list; None where that is up to it.
    """

    format: str
    ending: str
    is_list: bool | None


_LINES = Media("jsonl", ".jsonl", True)
_XML = Media("xml", ".xml", True)
_NEWSML = Media("newsml-g2", ".xml", True)
_FEED = Media("feed", ".xml", True)
_WIRE = Media("iptc7901", ".iptc", True)
MEDIA_TYPES = {
    "application/json": Media("jsonl", ".json", None),
    "application/x-ndjson": _LINES,
    "application/ndjson": _LINES,
    "application/jsonl": _LINES,
    "application/ninjs+json": Media("ninjs", ".json", None),
    "text/plain": Media("text", ".txt", False),
    "text/markdown": Media("markdown", ".md", False),
    "text/html": Media("html", ".html", False),
    "application/xhtml+xml": Media("html", ".html", False),
    "application/xml": _XML,
    "text/xml": _XML,
    "application/vnd.iptc.g2.newsitem+xml": _NEWSML,
    "application/vnd.iptc.g2.newsmessage+xml": _NEWSML,
    "text/vnd.iptc.nitf": Media("nitf", ".xml", True),
    "application/rss+xml": _FEED,
    "application/atom+xml": _FEED,
    "text/x-iptc7901": _WIRE,
    "text/x-anpa": _WIRE,
}
"""In small letters. Where a format has no registered type, as IPTC 7901, the name is ours."""


@dataclass(frozen=True, slots=True)
class Content:
    """What the head of a request says of its body.

    :param encoding: ``auto`` or the name of a codec.
    """

    media: Media
    encoding: str
    is_packed: bool


@dataclass(frozen=True, slots=True)
class Articles:
    """The articles of a request, in their order, with a failure in the place of each that cannot be read.

    :param is_list: whether the answer is a list.
    """

    items: Sequence[Article | Failure]
    is_list: bool


def content_of(headers: Mapping[str, str]) -> Content:
    """Tell what a body is.

    :param headers: with names in small letters, or in any.
    :raises Problem: 415, it is nothing that can be read here.
    """
    from email.message import Message

    message = Message()
    message["content-type"] = headers.get("content-type", "")
    name = headers.get("content-type", "").partition(";")[0].strip().lower()
    if name not in MEDIA_TYPES:
        seen = f"the body is '{name}'" if name else "the request has no Content-Type"
        raise Problem(415, f"{seen[0].upper()}{seen[1:]}. Known: {', '.join(MEDIA_TYPES)}.", headers=_accept())
    packing = headers.get("content-encoding", "identity").strip().lower() or "identity"
    if packing not in ("identity", "gzip"):
        detail = f"The body is packed by '{packing}'. Send it plain or by gzip."
        raise Problem(415, detail, headers={"Accept-Encoding": "gzip"})
    return Content(MEDIA_TYPES[name], _encoding(str(message.get_content_charset() or "auto")), packing == "gzip")


def _accept() -> dict[str, str]:
    return {"Accept-Post": ", ".join(MEDIA_TYPES)}


def _encoding(name: str) -> str:
    try:
        " ".encode(name if name != "auto" else "utf-8")
    except (LookupError, ValueError) as error:  # not known, or no encoding of text; ValueError: a NUL in it
        raise Problem(415, f"The charset '{name}' is not known. Use utf-8, or leave it out.") from error
    return name


def read_articles(body: bytes, content: Content, options: InputOptions, limits: Limits, name: str) -> Articles:
    """Read the articles of a request.

    :param options: the config's ``input``, for the names of fields.
    :param name: of the request; articles without an id are called by it.
    :raises Problem: 413 there are too many of them or the body unpacks to too much, 422 the body as a whole cannot be
        read.
    """
    data = _unpack(body, limits) if content.is_packed else body
    if content.encoding != "auto":
        options = options.model_copy(update={"encoding": content.encoding})
    options = options.model_copy(update={"format": "auto"})
    source = Source(name + content.media.ending, content.media.format, io.BytesIO(data))
    try:
        items = list(islice(_read(source, options), limits.articles + 1))
    except (ArticleError, InputError) as error:
        fault = error.fault
        where = _renamed(fault.where, source)
        raise Problem(422, str(replace(fault, where=where))) from error
    if len(items) > limits.articles:
        raise Problem(413, f"The request has more than {limits.articles} articles, the limit. Send them in several.")
    is_list = content.media.is_list
    if is_list is None:
        is_list = _begins_array(data) or len(items) != 1
    return Articles([_of_request(item, source, limits) for item in items], is_list)


def _read(source: Source, options: InputOptions) -> Iterator[Article | Failure]:
    return FORMATS[source.format].load()(source, options)


def _unpack(body: bytes, limits: Limits) -> bytes:
    unpacker = zlib.decompressobj(_GZIP)
    try:
        data = unpacker.decompress(body, limits.body_bytes + 1)
    except zlib.error as error:
        raise Problem(422, f"The body is not gzip ({error}).") from error
    if len(data) > limits.body_bytes:
        raise Problem(413, f"The body unpacks to more than {limits.body_bytes} bytes, the limit.")
    if not unpacker.eof or unpacker.unused_data:
        what = "goes on behind its end" if unpacker.eof else "is cut off"
        raise Problem(422, f"The gzip data of the body {what}.")
    return data


def _begins_array(data: bytes) -> bool:
    """Tell whether JSON in any encoding begins an array."""
    return data[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"[")


def _of_request(item: Article | Failure, source: Source, limits: Limits) -> Article | Failure:
    if isinstance(item, Failure):
        return replace(item, where=_renamed(item.where, source))
    article = replace(item, source=_renamed(item.source, source))
    if len(article.text) > limits.article_characters:
        what = f"the text has {len(article.text)} characters, the limit is {limits.article_characters}"
        return Failure(article.source, "read", what, "Split it.", article.id)
    if _is_deeper(article.fields, limits.depth):
        what = f"lists and objects are nested more than {limits.depth} deep"
        return Failure(article.source, "read", what, "Leave such a field out.", article.id)
    return article


def _renamed(where: str, source: Source) -> str:
    return BODY + where.removeprefix(source.name) if where.startswith(source.name) else where


def _is_deeper(value: Any, depth: int) -> bool:
    level = [value]
    for _ in range(depth + 1):
        level = [inner for outer in level for inner in _inside(outer)]
    return any(isinstance(inner, (Mapping, list)) for inner in level)


def _inside(value: Any) -> Sequence[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else ()

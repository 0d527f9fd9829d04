"""JSON lines, one article a line; and ``.json`` files, which may hold one object or an array over many lines instead.

Comes after ``lines``, before ``rows``, or ``ninjs`` where the objects are news items in that standard.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from summarizer.errors import ArticleError
from summarizer.read import decode
from summarizer.read.decode import Line, megabytes
from summarizer.read.lines import read_lines
from summarizer.read.ninjs import is_ninjs, ninjs_article
from summarizer.read.options import InputOptions
from summarizer.read.rows import to_article
from summarizer.read.source import Source
from summarizer.records import Article, Failure

_BETWEEN = re.compile(r"[\s,\[\]]*")


def read_jsonl(source: Source, options: InputOptions) -> Iterator[Article | Failure]:
    """Yield the article, or the failure, of each line that is not blank; ids are made from line numbers.

    A ``.json`` file whose first line is no whole object is read as an array, or as objects one after the other; their
    place is counted from 1 in the stead of lines. Objects that are ninjs items are read as such, unless the format
    was named as JSON lines.
    """
    with source.open() as stream:
        lines = (line for line in read_lines(source, stream, options.encoding) if line.fault or line.text.strip())
        first = next(lines, None)
        if first is None:
            return
        may_go_on = source.ending == ".json" or source.format == "ninjs"
        if may_go_on and not first.fault and _goes_on(first.text):
            yield from _read_values(source, chain([first], lines), options)
            return
        for line in chain([first], lines):
            yield _read_line(source, line, options)


def _goes_on(text: str) -> bool:
    """Tell whether a file's first line begins an array or object that further lines complete."""
    if text.lstrip().startswith("["):
        return True
    try:
        json.loads(text.strip())
    except json.JSONDecodeError as error:
        # A line that was cut off ends inside a string more often than not; JSON has no line breaks there.
        return error.pos >= len(text.strip()) and not error.msg.startswith("Unterminated")
    except (ValueError, RecursionError):
        pass
    return False


def _read_line(source: Source, line: Line, options: InputOptions) -> Article | Failure:
    if line.fault:
        return source.failure(line.fault, line.mend, number=line.number)
    row, fault = _parse(line.text)
    if fault:
        spread = line.text.strip() in ("[", "]", "{", "}", "},")
        mend = "Write each article on one line, or name the file .json." if spread else ""
        return source.failure(fault, mend, number=line.number)
    return _to_article(row, source, options, number=line.number, warnings=line.warnings)


def _to_article(
    row: dict[str, Any], source: Source, options: InputOptions, *, number: int, warnings: tuple[str, ...]
) -> Article | Failure:
    is_news = options.format == "auto" and options.fields.text not in row and is_ninjs(row)
    if is_news or source.format == "ninjs":
        return ninjs_article(row, source, number=number, warnings=warnings)
    return to_article(row, source, options.fields, number=number, warnings=warnings)


def _read_values(source: Source, lines: Iterator[Line], options: InputOptions) -> Iterator[Article | Failure]:
    """Yield the articles of a file that is not JSON lines; it is held in memory, so it may not be long."""
    text, warnings = _join(source, lines)
    decoder = json.JSONDecoder()
    number, end = 0, 0
    while (start := _between(text, end)) < len(text):
        number += 1
        try:
            value, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError) as error:
            raise ArticleError(source.at(number), _fault(error, text), "What came before it was read.") from error
        row, fault = _object(value)
        if fault:
            yield source.failure(fault, number=number)
        else:
            yield _to_article(row, source, options, number=number, warnings=warnings)
    if text.startswith("[") and not text.rstrip().endswith("]"):
        raise ArticleError(source.at(number), "not JSON (the array is cut off)", "What came before it was read.")


def _between(text: str, start: int) -> int:
    """Return where the next object begins, past commas and brackets; the length of the text where none does."""
    found = _BETWEEN.match(text, start)
    return found.end() if found else start


def _join(source: Source, lines: Iterator[Line]) -> tuple[str, tuple[str, ...]]:
    """Return the text of all lines, and what to warn of.

    :raises ArticleError: there is too much of it, or a line of it cannot be decoded.
    """
    parts: list[str] = []
    size = 0
    warnings: dict[str, None] = {}
    for line in lines:
        if line.fault:
            raise ArticleError(source.at(), f"line {line.number}: {line.fault}", line.mend)
        size += len(line.text)
        if size > decode.MAX_BYTES:
            what = f"JSON that is not JSON lines, of more than {megabytes(decode.MAX_BYTES)}, the limit for it"
            raise ArticleError(source.at(), what, "Write it as JSON lines, one article a line: they have no limit.")
        parts.append(line.text)
        warnings |= dict.fromkeys(line.warnings)
    return "".join(parts).lstrip(), tuple(warnings)


def _parse(text: str) -> tuple[dict[str, Any], str]:
    """Return the object that a line holds, or what is wrong with it."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:  # no JSON, a number of thousands of digits; nested too deep
        return {}, _fault(error, text)
    return _object(value)


def _fault(error: ValueError | RecursionError, text: str) -> str:
    if not isinstance(error, json.JSONDecodeError):
        return f"not JSON that can be read ({str(error).split(';')[0].lower()})"
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
        return "not JSON (it is cut off)"
    place = f"line {error.lineno} column {error.colno}" if error.lineno > 1 else f"column {error.colno}"
    return f"not JSON ({error.msg[0].lower()}{error.msg[1:].rstrip(':')} at {place})"


def _object(value: Any) -> tuple[dict[str, Any], str]:
    if isinstance(value, dict):
        return value, ""
    kinds = {"list": "an array", "str": "a string", "bool": "true or false", "NoneType": "null"}
    return {}, f"not a JSON object but {kinds.get(type(value).__name__, 'a number')}"

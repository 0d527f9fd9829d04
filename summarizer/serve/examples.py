"""What the OpenAPI description shows of requests and answers: schemas and invented examples."""

from __future__ import annotations

from typing import Any

from summarizer.serve.articles import MEDIA_TYPES
from summarizer.serve.problems import MEDIA_TYPE

STORY = {
    "id": "wire-0007",
    "title": "Norvia and Tessland sign defence accord",
    "text": "Norvia and Tessland signed a defence accord in Orma on Tuesday. It runs for five years and covers joint "
    "exercises, the ministers said. The first is planned for May off Port Arven.",
    "date": "2026-03-03",
    "desk": "foreign",
}
SECOND = {"id": "wire-0008", "title": "Grid of Kell restored", "text": "Power is back in Kell after two days."}
_SPAN = {"start": 0, "end": 63, "text": "Norvia and Tessland signed a defence accord in Orma on Tuesday."}
RECORD = {
    "schema": 1,
    "id": "wire-0007",
    "title": STORY["title"],
    "date": "2026-03-03",
    "brief": {
        "text": _SPAN["text"],
        "words": 11,
        "backend": "salience",
        "source_tokens": {"read": 33, "total": 33},
        "sentences": [
            {"text": _SPAN["text"], "origin": "verbatim", "support": 1.0, "evidence": [_SPAN], "unsupported": []}
        ],
    },
    "tags": [
        {"topic": "defence-cooperation", "code": "medtop:20000598", "probability": 0.97, "decision": "accepted"},
    ],
    "needs_review": False,
    "fields": {"desk": "foreign"},
    "made_by": {"summarizer": "0.1.0", "config": "sha256:1f0c...", "models": {"topics-minilm": "sha256:77ab..."}},
}
FAILURE = {
    "schema": 1,
    "id": "wire-0009",
    "where": "body:2",
    "stage": "read",
    "what": "field 'text' is empty",
    "mend": "Give the article its text or leave it out.",
}
TOPICS = [
    {
        "topic": "defence-cooperation",
        "name": "defence cooperation",
        "code": "medtop:20000598",
        "accept": 0.62,
        "review": 0.08,
    }
]
_OBJECT = {"type": "object"}


def _texts(*names: str) -> dict[str, dict[str, str]]:
    return {name: {"type": "string"} for name in names}


_ARTICLE = {
    "type": "object",
    "description": "By the names that the config's input.fields gives; further fields travel through. Or ninjs.",
    "properties": _texts("id", "title", "text", "date", "language"),
}
_RECORD_SCHEMA = {
    "type": "object",
    "required": ["schema", "id", "made_by"],
    "properties": {
        "schema": {"type": "integer"},
        **_texts("id", "title", "date", "language"),
        "brief": _OBJECT,
        "fields": _OBJECT,
        "made_by": _OBJECT,
        "tags": {"type": "array", "items": _OBJECT},
        "needs_review": {"type": "boolean"},
        "warnings": {"type": "array", "items": {"type": "string"}},
    },
}
_FAILURE_SCHEMA = {
    "type": "object",
    "required": ["schema", "where", "stage", "what"],
    "properties": {
        "schema": {"type": "integer"},
        **_texts("id", "where", "stage", "what", "mend"),
    },
}
_PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "failures": {"type": "array", "items": _FAILURE_SCHEMA},
    },
}
_SAID = {
    401: "The token is missing or not the right one.",
    403: "A page of another site may not call this.",
    413: "The body is too long, or holds too many articles.",
    415: "The body's media type, charset or packing is not known.",
    422: "No article of the body can be read, or its one article failed.",
    503: "Too much is in hand; Retry-After says when to come again.",
}


def describe_request() -> dict[str, Any]:
    """Return the ``requestBody`` of what takes articles."""
    content: dict[str, Any] = {name: {"schema": {"type": "string"}} for name in MEDIA_TYPES}
    content["application/json"] = {
        "schema": {"oneOf": [_ARTICLE, {"type": "array", "items": _ARTICLE}]},
        "examples": {"one": {"value": STORY}, "several": {"value": [STORY, SECOND]}},
    }
    content["text/plain"]["example"] = STORY["text"]
    return {"requestBody": {"required": True, "content": content}}


def describe_records() -> dict[int | str, dict[str, Any]]:
    """Return the ``responses`` of what gives records."""
    schema = {"oneOf": [_RECORD_SCHEMA, {"type": "array", "items": {"anyOf": [_RECORD_SCHEMA, _FAILURE_SCHEMA]}}]}
    examples = {"one": {"value": RECORD}, "several": {"value": [RECORD, FAILURE]}}
    found = {
        "description": "A record; for several articles a list, with a failure in the place of each that got none.",
        "content": {"application/json": {"schema": schema, "examples": examples}},
    }
    return {200: found, **describe_problems(*_SAID)}


def describe_problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses`` for statuses of problems."""
    content = {MEDIA_TYPE: {"schema": _PROBLEM_SCHEMA}}
    return {status: {"description": _SAID[status], "content": content} for status in statuses}

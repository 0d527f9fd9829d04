"""How much the service takes at once, of one client and of all."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """One service's.

    :param body_bytes: of one request, packed or unpacked.
    :param held_bytes: of all requests that are being read or worked on; more are told to come again.
    :param articles: in one request.
    :param article_characters: in one article's text, since the others wait for a model to read it.
    :param queue_articles: that wait for the models; more are told to come again.
    :param depth: how deep lists and objects may be nested in an article's fields.
    :param gather_seconds: for so long the first article waits for others to be worked on with.
    :param head_seconds: for a request's head to come in, and for what is left of a body that was refused.
    :param body_seconds: for a request's body to come in.
    :param answer_seconds: for an answer to be taken, from when the client's system takes no more of it.
    :param stop_seconds: for what was accepted to be finished when the service is told to end.
    """

    body_bytes: int = 8 << 20
    held_bytes: int = 256 << 20
    articles: int = 100
    article_characters: int = 200_000
    queue_articles: int = 256
    depth: int = 32
    gather_seconds: float = 0.005
    head_seconds: float = 10.0
    body_seconds: float = 30.0
    answer_seconds: float = 30.0
    stop_seconds: float = 300.0

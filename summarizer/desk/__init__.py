"""The editor's desk: a page where people read a brief beside its source, correct it, decide on tags and sign off.

Comes after the runner, whose records it shows; what people decide goes to ``store`` and out again by ``export``.
FastAPI is imported when the desk is added to an app, not before.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from summarizer.desk.store import SignOffStore
from summarizer.records import Topic

if TYPE_CHECKING:
    from fastapi import FastAPI

    from summarizer.desk.recheck import Check
    from summarizer.desk.routes import Work
    from summarizer.desk.shelf import Shelf

__all__ = ["SignOffStore", "add_desk"]


def add_desk(
    app: FastAPI,
    work: Work | None,
    store: SignOffStore,
    *,
    shelf: Shelf | None = None,
    topics: Sequence[Topic] = (),
    check: Check | None = None,
    hosts: Collection[str] = (),
    dependencies: Sequence[Any] = (),
) -> None:
    """Serve the desk at ``/`` and below ``/desk/``.

    :param work: makes records of articles, as ``Runner.work`` does; called in a thread, several at a time. None where
        no models are at hand: the desk then shows the shelf's records only.
    :param store: keeps what was opened and signed; closed by whoever made it.
    :param shelf: the records of a run, to be picked from.
    :param topics: what an editor may add, with names and codes; others can be typed in.
    :param check: says what an article bears out of sentences that an editor wrote; None leaves them unchecked.
    :param hosts: further names, ``desk.example`` or ``desk.example:8080``, by which browsers may call it; the address
        that it is bound to, and the loopback names where that is one, are known. ``*`` allows any name: only where
            ``dependencies`` ask for a token, which another site's page does not have.
    :param dependencies: FastAPI dependencies of every route that has data, such as a check of a token: the page asks
        for the token where it is answered 401. The page itself and its files hold no data and are open.
    """
    from summarizer.desk.routes import Desk

    Desk(work, store, shelf, topics, check).mount(app, hosts, dependencies)

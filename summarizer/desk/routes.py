"""The desk's routes: the page and its files, reading articles, records of a run, sign-offs and exports.

Comes after ``guard``, which stands before each of them; what they do is in the modules that it imports.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from hashlib import sha256
from importlib.resources import files
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from summarizer.desk.entry import Entry, entry_of, spoken
from summarizer.desk.export import Export, export_lines
from summarizer.desk.guard import Refused, guarded_route, read_body
from summarizer.desk.intake import ENDINGS, MOST_ARTICLES, pasted_article, read_file
from summarizer.desk.page_data import entry_data, failures_data, signed_data, summary_data
from summarizer.desk.recheck import Check, Rechecks, ToCheck
from summarizer.desk.shelf import Only, Shelf
from summarizer.desk.signoff import SignOff, check_brief, settle_tags
from summarizer.desk.store import SignOffStore
from summarizer.options import Options
from summarizer.records import Article, Failure, Record, Topic

Work = Callable[[list[Article | Failure]], list[Record | Failure]]
MOST_FILE_BYTES = 8 << 20
MOST_JSON_BYTES = 2 << 20
RECENT = 12
LISTED = 50
KINDS = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


class Paste(Options):
    """An article that was typed or pasted."""

    title: str = ""
    text: str


class Asked(SignOff):
    """A sign-off, and of which record."""

    key: str


Sent = TypeVar("Sent", bound=Options)


class Desk:
    """What the routes share. See ``add_desk`` for the parameters."""

    def __init__(
        self,
        work: Work | None,
        store: SignOffStore,
        shelf: Shelf | None,
        topics: Sequence[Topic] = (),
        check: Check | None = None,
    ) -> None:
        self._work = work
        self._store = store
        self._shelf = shelf
        self._rechecks = Rechecks(check)
        self._topics = {topic.id: topic for topic in topics}

    def mount(self, app: FastAPI, hosts: Collection[str], dependencies: Sequence[Any]) -> None:
        """Add the routes to an app."""
        route = guarded_route({host.lower() for host in hosts})
        page = APIRouter(route_class=route, include_in_schema=False)
        page.add_api_route("/", _page_file("index.html"), methods=["GET"])
        for file in files(__package__).joinpath("page").iterdir():
            if file.name.rpartition(".")[2] in KINDS:
                page.add_api_route(f"/desk/{file.name}", _page_file(file.name), methods=["GET"])
        data = APIRouter(
            prefix="/desk/api", route_class=route, include_in_schema=False, dependencies=list(dependencies)
        )
        data.add_api_route("/about", self.about, methods=["GET"])
        data.add_api_route("/run", self.rows, methods=["GET"])
        data.add_api_route("/run/{number}", self.take, methods=["GET"])
        data.add_api_route("/records/{key}", self.record, methods=["GET"])
        data.add_api_route("/articles", self.read, methods=["POST"])
        data.add_api_route("/checks", self.check, methods=["POST"])
        data.add_api_route("/signoffs", self.sign, methods=["POST"])
        data.add_api_route("/signoffs", self.signed, methods=["GET"])
        data.add_api_route("/export/{kind}.jsonl", self.export, methods=["GET"])
        app.include_router(page)
        app.include_router(data)

    def about(self) -> Response:
        """Say what this desk can do, and what was opened last."""
        shelf = self._shelf
        return _json(
            {
                "run": None
                if shelf is None
                else {"name": shelf.path.name, "count": shelf.count, "bad": shelf.bad_lines},
                "checks": self._rechecks.is_on,
                "reads": self._work is not None,
                "endings": ENDINGS,
                "most_bytes": MOST_FILE_BYTES,
                "most_articles": MOST_ARTICLES,
                "topics": [{"id": topic.id, "name": topic.name} for topic in self._topics.values()],
                "recent": [summary_data(entry, key) for key, entry in self._store.recent(RECENT)] if self._work else [],
            }
        )

    def rows(
        self,
        start: Annotated[int, Query(ge=0, le=1 << 40)] = 0,
        count: Annotated[int, Query(ge=1, le=200)] = 25,
        find: Annotated[str, Query(max_length=200)] = "",
        only: Only = "all",
    ) -> Response:
        """List records of the run."""
        shelf, signed = self._of_run(), self._store.signed_ids()
        fitting, rows = shelf.rows(start, count, find=find, only=only, signed=signed)
        listed = [
            {"number": row.number, "id": row.id, "title": row.title, "needs_review": row.is_review}
            | {"signed": signed.get(row.id)}
            for row in rows
        ]
        unsigned, _ = shelf.rows(0, 0, only="open", signed=signed)
        return _json({"count": shelf.count, "signed": shelf.count - unsigned, "fitting": fitting, "rows": listed})

    def take(self, number: int) -> Response:
        """Show a record of the run."""
        entry = self._of_run().entry(number)
        if entry is None:
            raise Refused(404, "No such record", f"The run has no record {number + 1}.")
        return _json(self._shown(entry, self._store.keep(entry)) | {"number": number})

    def record(self, key: str) -> Response:
        """Show a record that was opened before."""
        return _json(self._shown(self._kept(key), key))

    async def read(self, request: Request, name: Annotated[str, Query(max_length=500)] = "") -> Response:
        """Read what was pasted or, where it has a name, a file; answer with its records."""
        if self._work is None:
            raise Refused(503, "No models", "This desk shows the records of a run; it has no models to read others.")
        body = await read_body(request, MOST_FILE_BYTES)
        return await run_in_threadpool(self._read, self._work, name, body)

    def _read(self, work: Work, name: str, body: bytes) -> Response:
        items: list[Article | Failure]
        if name:
            items = read_file(name, body)
        else:
            paste = _parsed(Paste, body)
            items = [pasted_article(paste.title, paste.text)]
        results = work(items)
        entries = [entry_of(result) for result in results if isinstance(result, Record)]
        shown = [self._shown(entry, self._store.keep(entry)) for entry in entries]
        failed = failures_data(result for result in results if isinstance(result, Failure))
        return _json({"records": shown, "failures": failed})

    async def check(self, request: Request) -> Response:
        """Say what the article bears out of sentences that an editor wrote."""
        body = await read_body(request, MOST_JSON_BYTES)
        return await run_in_threadpool(self._checked, body)

    def _checked(self, body: bytes) -> Response:
        asked = _parsed(ToCheck, body)
        return _json({"sentences": self._rechecks.said(asked.key, self._kept(asked.key), asked.sentences)})

    async def sign(self, request: Request) -> Response:
        """Keep a sign-off; answer once it is on the disk."""
        body = await read_body(request, MOST_JSON_BYTES)
        return await run_in_threadpool(self._sign, body)

    def _sign(self, body: bytes) -> Response:
        asked = _parsed(Asked, body)
        entry = self._kept(asked.key)
        check_brief(entry, asked)
        tags = settle_tags(entry, asked, self._topics)
        checks = self._rechecks.of_changed(asked.key, entry, asked)
        signed = self._store.sign(asked.key, asked, tags, checks)
        return _json(
            {"signed": signed.id, "signoffs": list(map(signed_data, self._store.of_article(entry.article_key)))}
        )

    def signed(self) -> Response:
        """List the last sign-offs."""
        latest = self._store.latest(LISTED)
        return _json([summary_data(entry, signed.entry) | signed_data(signed) for signed, entry in latest])

    def export(self, kind: Export) -> Response:
        """Send what was signed as JSON lines."""
        headers = {"Content-Disposition": f'attachment; filename="{kind}.jsonl"'}
        return StreamingResponse(export_lines(self._store, kind), media_type="application/jsonl", headers=headers)

    def _of_run(self) -> Shelf:
        if self._shelf is None:
            raise Refused(404, "No run", "This desk was opened without a run.")
        return self._shelf

    def _kept(self, key: str) -> Entry:
        entry = self._store.find(key)
        if entry is None:
            raise Refused(404, "No such record", "It was never opened here. Open it from the list, or paste it again.")
        return entry

    def _shown(self, entry: Entry, key: str) -> dict[str, Any]:
        shown = entry_data(entry, key, self._store.of_article(entry.article_key))
        for signed in shown["signoffs"]:  # topics that an editor added have no name in the record
            for topic in signed["added"]:
                known = self._topics.get(topic)
                shown["names"].setdefault(topic, known.name if known else spoken(topic))
        return shown


def _page_file(name: str) -> Callable[[Request], Response]:
    """Return a route that sends one file of the page."""
    content = files(__package__).joinpath("page").joinpath(name).read_bytes()
    headers = {"ETag": f'"{sha256(content).hexdigest()[:24]}"', "Cache-Control": "no-cache"}
    kind = KINDS[name.rpartition(".")[2]]

    def send(request: Request) -> Response:
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=kind, headers=headers)

    return send


def _parsed(kind: type[Sent], body: bytes) -> Sent:
    return kind.model_validate_json(body)


def _json(content: Any) -> Response:
    """Send JSON in ASCII: an article may hold half of a surrogate pair, which UTF-8 cannot."""
    return Response(json.dumps(content), media_type="application/json")

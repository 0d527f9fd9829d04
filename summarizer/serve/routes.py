"""The endpoints. They only translate between HTTP and ``service``."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from summarizer.records import Failure, Record
from summarizer.serve.articles import Articles, content_of, read_articles
from summarizer.serve.examples import TOPICS, describe_problems, describe_records, describe_request
from summarizer.serve.gather import Kind
from summarizer.serve.problems import Problem, respond
from summarizer.serve.service import Service
from summarizer.write.plain import plain, utf8

SMALL_BYTES = 1 << 16
"""A larger body is read on a thread, so that other requests need not wait for it."""
WORKER = "worker"
"""The stage of failures that are the service's fault."""
PROBLEMS = describe_problems(401, 403)


class Endpoints:
    """Of one service."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def open_routes(self) -> APIRouter:
        """Return what anybody may call: whatever looks after the process."""
        router = APIRouter()
        router.add_api_route("/health", self.health, methods=["GET"], summary="The process lives.")
        ready = describe_problems(503)
        router.add_api_route("/ready", self.ready, methods=["GET"], summary="Articles are taken.", responses=ready)
        return router

    def guarded_routes(self) -> APIRouter:
        """Return everything else."""
        router = APIRouter()
        posts: dict[str, Any] = {
            "methods": ["POST"],
            "openapi_extra": describe_request(),
            "responses": describe_records(),
        }
        router.add_api_route("/v1/records", self.records, summary="Briefs and tags of articles.", **posts)
        router.add_api_route("/v1/brief", self.brief, summary="Briefs of articles, without tags.", **posts)
        router.add_api_route("/v1/tags", self.tags, summary="Tags of articles, without briefs.", **posts)
        example: dict[str, Any] = {"content": {"application/json": {"example": TOPICS}}}
        router.add_api_route(
            "/v1/topics",
            self.topics,
            methods=["GET"],
            summary="What tags can be, and the probabilities from which they are accepted or shown to a person.",
            responses={200: example, **PROBLEMS},
        )
        metrics: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}
        router.add_api_route(
            "/metrics",
            self.metrics,
            methods=["GET"],
            summary="Counts, for Prometheus.",
            response_class=Response,
            responses=metrics | PROBLEMS,
        )
        return router

    async def health(self) -> dict[str, str]:
        """Say that the process lives."""
        return {"status": "ok"}

    async def ready(self) -> dict[str, str]:
        """Say whether articles are taken."""
        if not self._service.is_ready:
            raise Problem(503, "The service does not take articles.", headers={"Retry-After": "5"})
        return {"status": "ready"}

    async def records(self, request: Request) -> Response:
        """Make a brief and tags of each article, as the config says."""
        return await self._answer(request, "records")

    async def brief(self, request: Request) -> Response:
        """Make a brief of each article."""
        return await self._answer(request, "brief")

    async def tags(self, request: Request) -> Response:
        """Tag each article."""
        return await self._answer(request, "tags")

    async def topics(self) -> Response:
        """List the topics."""
        if "tags" not in self._service.kinds:
            raise _left_out("tags")
        return _json(self._service.describe_topics())

    async def metrics(self) -> Response:
        """Give all counts in the text format."""
        from prometheus_client import CONTENT_TYPE_LATEST

        return Response(self._service.metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _answer(self, request: Request, kind: Kind) -> Response:
        service = self._service
        if kind not in service.kinds:
            raise _left_out(kind)
        content = content_of(request.headers)
        async with service.bodies.read(request) as body:
            arguments = (body, content, service.config.input, service.limits, request.state.name)
            if len(body) > SMALL_BYTES or content.is_packed:
                read = await asyncio.to_thread(read_articles, *arguments)
            else:
                read = read_articles(*arguments)
            _refuse_unreadable(read)
            return _respond(read, await service.answer(read.items, kind))


def _left_out(kind: Kind) -> Problem:
    section = {"tags": "classify", "brief": "summarize"}[kind]
    return Problem(404, f"The service's config has no section '{section}', so there is nothing here.")


def _refuse_unreadable(read: Articles) -> None:
    """Refuse a body in which there is no article at all.

    :raises Problem: 422.
    """
    failures = [item for item in read.items if isinstance(item, Failure)]
    if failures and len(failures) == len(read.items):
        others = f" (and {len(failures) - 1} others)" if len(failures) > 1 else ""
        raise Problem(422, f"{failures[0]}{others}", failures=failures)


def _respond(read: Articles, results: Sequence[Record | Failure]) -> Response:
    if read.is_list:
        return _json([result.to_dict() for result in results])
    [result] = results
    if isinstance(result, Record):
        return _json(result.to_dict())
    return respond(Problem(500 if result.stage == WORKER else 422, str(result), failures=[result]))


def _json(content: Any) -> Response:
    text = json.dumps(plain(content), ensure_ascii=False, allow_nan=False)
    return Response(utf8([text]), media_type="application/json")

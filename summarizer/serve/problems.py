"""What went wrong with a request, as problem details (RFC 9457); every module of the service raises it.

Source: RFC 9457, "Problem Details for HTTP APIs".
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from summarizer.records import Failure
from summarizer.write.plain import plain

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 1


class Problem(Exception):
    """Ends a request with a status.

    :param detail: what was seen and what to do about it, in whole sentences.
    :param failures: what became of the articles that the request held, where that is the problem.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        failures: Sequence[Failure] = (),
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.failures = failures


def problem_bytes(status: int, detail: str, failures: Sequence[Failure] = ()) -> bytes:
    """Return the body of a problem."""
    content: dict[str, Any] = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    if failures:
        content["failures"] = [failure.to_dict() for failure in failures]
    return json.dumps(plain(content), ensure_ascii=False).encode()


def respond(problem: Problem) -> Response:
    """Return the response that a problem is."""
    from starlette.responses import Response

    content = problem_bytes(problem.status, problem.detail, problem.failures)
    return Response(content, problem.status, problem.headers, MEDIA_TYPE)


def add_problems(app: FastAPI) -> None:
    """Make every error of an app a problem, those of the framework and of our own code included."""
    from starlette.exceptions import HTTPException

    async def on_problem(_request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return respond(error)

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        details = {
            404: f"There is nothing at {request.url.path}. See /openapi.json for what there is.",
            405: f"{request.method} is not possible at {request.url.path}; see the header Allow.",
        }
        detail = details.get(error.status_code, str(error.detail))
        return respond(Problem(error.status_code, detail, headers=error.headers))

    async def on_error(_request: Request, _error: Exception) -> Response:
        return respond(Problem(500, "An error of the service itself; its log says more. Please report it."))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_error)

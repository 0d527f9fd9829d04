"""Puts the service together as a FastAPI app. Comes before ``server``, which runs it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI

from summarizer import __version__
from summarizer.desk import SignOffStore, add_desk
from summarizer.serve.guard import Counted, token_check
from summarizer.serve.problems import add_problems
from summarizer.serve.routes import Endpoints
from summarizer.serve.service import Service

DESCRIPTION = (
    "Turns news articles into one-paragraph briefs whose every sentence names its source, and into topic tags with "
    "calibrated probabilities. Errors are problem details (RFC 9457)."
)


def make_app(service: Service, *, token: str = "", signoffs: SignOffStore | None = None) -> FastAPI:
    """Build the app; the service is opened when it starts and closed, after its last answer, when it ends.

    :param token: that everything but ``/health``, ``/ready`` and the desk's empty page asks for; empty asks for none.
    :param signoffs: what the desk keeps, closed by whoever opened it; None leaves the desk out.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await service.open()
        yield
        await service.close()

    # No pages of documentation: they would fetch scripts from elsewhere.
    app = FastAPI(
        title="summarizer",
        description=DESCRIPTION,
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    guarded = [Depends(token_check(token))]
    endpoints = Endpoints(service)
    app.include_router(endpoints.open_routes())
    app.include_router(endpoints.guarded_routes(), dependencies=guarded)
    if signoffs is not None:
        hosts = ("*",) if token else ()  # under any name, since no other site's page has the token
        add_desk(
            app,
            service.work,
            signoffs,
            topics=service.topics,
            check=service.check,
            hosts=hosts,
            dependencies=guarded,
        )
    add_problems(app)
    app.add_middleware(Counted, metrics=service.metrics)
    return app

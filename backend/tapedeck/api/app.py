"""The service, put together."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from itertools import takewhile
from pathlib import Path
from typing import NoReturn

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException
from starlette.routing import Match

import tapedeck
from tapedeck.api import errors
from tapedeck.api.admission import Admission
from tapedeck.api.farewell import Farewell
from tapedeck.api.limits import BodyLimit
from tapedeck.api.root_path import RootPath
from tapedeck.api.routes import (
    checkpoints,
    evaluation,
    health,
    importance,
    provenance,
    stream,
    sweep,
    tasks,
    trace,
    training,
)
from tapedeck.api.routes import files as files_route
from tapedeck.api.runs import Runs
from tapedeck.api.schemas import ErrorDocument
from tapedeck.api.settings import ApiSettings
from tapedeck.checkpoints import CheckpointInfo, CheckpointLibrary
from tapedeck.compiled.choice import prepare_all
from tapedeck.errors import TapedeckError
from tapedeck.ntm import NeuralTM
from tapedeck.training.jobs import JobQueue

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

WAITING_AT_ONCE = 4
"""Threads that wait for trainings to save themselves, which takes seconds: they are none of those all else runs on."""


def create_app(settings: ApiSettings | None = None, files: Sequence[Path] = ()) -> FastAPI:
    """The service with everything it needs, which nothing else shares.

    Every path under /api belongs to it, those that do not exist too, so a page may be attached to the rest; and under
    /files, where the trace files stand that the page may open.
    """
    settings = settings or ApiSettings()
    app = FastAPIOffline(
        title="Tapedeck",
        summary="Runs a trained Neural Turing Machine on a sequence and gives every number of every step.",
        version=tapedeck.__version__,
        openapi_url="/api/openapi.json",
        docs_url="/api/docs",
        redoc_url=None,
        static_url="/api/docs/assets",
        swagger_ui_oauth2_redirect_url="/api/docs/oauth2-redirect",
        responses={"default": {"model": ErrorDocument, "description": "Every error has this shape."}},
        lifespan=_lifespan,
    )
    app.state.settings = settings
    app.state.files = tuple(file.absolute() for file in files)
    app.state.library = CheckpointLibrary(settings.checkpoints, (settings.runs, *settings.more_runs))
    admission = Admission(settings)
    app.state.runs = Runs(app.state.library, settings, admission)
    app.state.evaluations = Runs(app.state.library, settings, admission)  # with a worker of their own
    app.state.jobs = JobQueue(
        settings.runs,
        (settings.checkpoints, *settings.more_runs),
        settings.training_compilation,
        settings.max_training_jobs,
    )
    app.state.patience = ThreadPoolExecutor(WAITING_AT_ONCE, "patience")
    for part in (health, checkpoints, tasks, trace, provenance, importance, evaluation, stream, sweep, training):
        app.include_router(part.router, prefix="/api")
    app.include_router(files_route.router)
    for path in ("/api", "/api/{path:path}"):
        app.add_api_route(path, _nothing_there, methods=list(METHODS), include_in_schema=False, response_model=None)
    app.add_middleware(BodyLimit, settings=settings)
    if settings.allowed_origins:
        app.add_middleware(CORSMiddleware, allow_origins=settings.allowed_origins, allow_methods=["GET", "POST"])
    app.add_middleware(RootPath, root_path=settings.root_path)
    app.add_middleware(Farewell)
    errors.install(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Looks through the checkpoints before the first request comes; ends with no run left, and training paused."""
    await to_thread(app.state.library.list)
    prepare_all(_machines(app.state.library))
    if app.state.settings.training:
        app.state.jobs.watch()
    yield
    app.state.jobs.leave()  # before all else: what trains saves while the rest is closed
    for part in (app.state.runs, app.state.evaluations, app.state.jobs):
        await to_thread(part.close)  # waits for what is being made, and the event loop must not
    await to_thread(app.state.patience.shutdown)


def _machines(library: CheckpointLibrary) -> Iterator[tuple[NeuralTM, str]]:
    """Every machine that can be read, the first in the list first, each when it is asked for."""
    for entry in library.list():
        if isinstance(entry, CheckpointInfo):
            with suppress(TapedeckError):  # it has gone, or changed; whoever asks for it is told
                yield library.get(entry.id).machine, entry.task


async def _nothing_there(request: Request) -> NoReturn:
    """The last route: what no other takes ends here, before a page that is attached would answer it."""
    allowed = [method for method in METHODS if _is_taken(request, method)]
    if not allowed:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    raise HTTPException(
        HTTPStatus.METHOD_NOT_ALLOWED,
        f"{request.url.path} takes {' or '.join(allowed)}, not {request.method}.",
        {"Allow": ", ".join(allowed)},
    )


def _is_taken(request: Request, method: str) -> bool:
    earlier = takewhile(lambda route: route is not request.scope["route"], request.app.router.routes)
    scope = {**request.scope, "method": method}
    return any(route.matches(dict(scope))[0] is Match.FULL for route in earlier)

"""POST /api/trace: a whole run in one answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import StreamingResponse

from tapedeck.api import costs
from tapedeck.api.dependencies import ServiceRuns
from tapedeck.api.errors import refusal
from tapedeck.api.negotiation import preferred
from tapedeck.api.recording import ERRORS, Held, finish, record, sent
from tapedeck.api.schemas import ErrorDocument, PictureQuery, RunRequest, TraceDocument
from tapedeck.api.trace_forms import (
    CONTENT,
    DESCRIPTION,
    FORMS,
    JSON,
    SENTENCE,
    SHORT,
    Form,
    check_no_picture,
)
from tapedeck.api.trace_schemas import DescribedTrace
from tapedeck.figures import pictures
from tapedeck.figures.view import View, panels_of
from tapedeck.tracing import verdict_in_parts

router = APIRouter()


@router.post(
    "/trace",
    summary="The whole trace of a run",
    response_class=Response,
    responses={
        200: {"model": DescribedTrace | TraceDocument, "description": DESCRIPTION, "content": CONTENT},
        406: {"model": ErrorDocument, "description": "The Accept header allows none of the forms."},
        **ERRORS,
    },
)
async def trace(
    asked: RunRequest, request: Request, runs: ServiceRuns, held: Held, wanted: Annotated[PictureQuery, Query()]
) -> Response:
    """Runs a machine on its task's input. The stream gives the same, step by step, while it is computed.

    As JSON, a request with `sequence` is answered in the form of version 1, with `input` or with interventions in that
    of version 2.
    """
    media_type = preferred(request.headers.get("accept", ""), tuple(FORMS))
    if media_type is None:
        return refusal(HTTPStatus.NOT_ACCEPTABLE, SENTENCE)
    short = media_type == JSON and asked.input is None and not asked.interventions
    form = SHORT if short else FORMS[media_type]
    about = await runs.ask(asked)
    cost = costs.of_trace(about.spec, about.steps, about.locations, drawn=form.drawn)
    export: Callable[..., Iterator[bytes]] = form.export
    if form.drawn == "figure":
        view = View(wanted.step, wanted.rows, wanted.panel)
        view.check(about.steps, about.locations, panels_of(about.read.layout(about.spec, about.locations)))
        if view.origins_of:
            cost = cost.and_then(costs.of_picture(about.spec, about.steps, about.locations))
        await asyncio.to_thread(pictures.load)
        export = partial(export, view=view)
    else:
        check_no_picture(wanted)
    recorded = await record(about, cost, request, runs, held)
    diagnosis = await finish(verdict_in_parts(recorded.run, recorded.trace), request, runs)
    said = {"diagnosis": None if diagnosis is None else diagnosis.document()}
    pieces = export(recorded.trace, about.checkpoint, said)
    return StreamingResponse(sent(runs.each(form.parts(pieces))), media_type=media_type, headers=_headers(form))


def _headers(form: Form) -> dict[str, str]:
    # An encoding that is said keeps a middleware from compressing some hundred megabytes of digits.
    headers = {"Content-Encoding": "identity", "Vary": "Accept"}
    return headers | {"Content-Disposition": f'attachment; filename="{form.name}"'} if form.name else headers

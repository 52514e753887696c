"""POST /api/importance: what the answer of a run hangs on."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from tapedeck.api import costs
from tapedeck.api.dependencies import ServiceRuns
from tapedeck.api.lab_schemas import ImportanceDocument, ImportanceRequest
from tapedeck.api.recording import ERRORS, Held, batches, finish, sent, still_there
from tapedeck.lab.importance import importance_in_parts
from tapedeck.tracing.export import document_pieces
from tapedeck.tracing.provenance import check_step

router = APIRouter()


@router.post(
    "/importance",
    summary="What the answer hangs on",
    response_class=Response,
    responses={200: {"model": ImportanceDocument, "description": "A map of parts and steps, and of rows."}, **ERRORS},
)
async def importance(asked: ImportanceRequest, request: Request, runs: ServiceRuns, held: Held) -> Response:
    """Takes each part of the machine out at each step, and each row of its memory at one, and says what becomes of the
    answer.

    Exact: each number is that of a run with one intervention. Interventions of the request stay in all of them.
    """
    about = await runs.ask(asked)
    if asked.row_step is not None:
        check_step(asked.row_step, about.steps)
    cost = costs.of_importance(about.spec, about.steps, about.locations).and_then(about.cost_of_interventions)
    await held.enter_async_context(runs.place(cost))
    await still_there(request)
    run = await runs.prepare(about)
    found = await finish(importance_in_parts(run, asked.row_step), request, runs)
    document: dict[str, Any] = await asyncio.to_thread(found.document)
    pieces = batches(document_pieces(document))
    return StreamingResponse(
        sent(runs.each(pieces)), media_type="application/json", headers={"Content-Encoding": "identity"}
    )

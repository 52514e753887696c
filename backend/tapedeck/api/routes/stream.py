"""WS /api/stream: a run, step by step."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request, Response, WebSocket

from tapedeck.api import sockets
from tapedeck.api.dependencies import ServiceRuns, Settings
from tapedeck.api.errors import refusal
from tapedeck.api.origin import objection
from tapedeck.api.schemas import ErrorDocument
from tapedeck.api.stream import Conversation

router = APIRouter()


@router.websocket("/stream")
async def stream(socket: WebSocket, runs: ServiceRuns, settings: Settings) -> None:
    """See `tapedeck.api.sockets`."""
    await sockets.hold(socket, settings, lambda: Conversation(socket, runs, settings))


@router.get(
    "/stream",
    summary="The same run, streamed step by step over a WebSocket",
    response_class=Response,
    status_code=101,
    responses={
        **sockets.RESPONSES,
        403: {
            "model": ErrorDocument,
            "description": "The page may not use this service; with `origin`, a page of that origin may not.",
        },
    },
)
async def explain(request: Request, settings: Settings, origin: str | None = None) -> Response:
    """The client sends text frames that hold JSON:

    * `{"type": "run", "checkpoint": …, "input": …, "locations": …, "interventions": []}` starts a run, as in
      `POST /api/trace`, with `sequence` too. Any number of runs, one after another. With `"then": [id, …]` the same
      is run on those machines as well, each with a header, frames and `done` of its own, without being asked again.
    * `{"type": "cancel"}` ends the current one, and what would have followed it.

    The server sends, for a run:

    1. a text frame `{"type": "header", "version": 2, "checkpoint", "task", "input", "steps", "locations", "width",
       "input_channels", "output_channels", "phases", "scored", "heads", "memory", "output", "fields", "engine",
       "interventions"}`, the description as in `POST /api/trace` with `input`;
    2. binary frames of 1 to 16 steps each: four little-endian uint32 (version 2, first step, number of steps, total
       steps), then for each step one row of little-endian float32, the header's `fields` side by side;
    3. a text frame `{"type": "done", "wrong", "score", "diagnosis"}`, each as in `POST /api/trace` with `input`, or
       `{"type": "cancelled"}` where the client ended it.

    `{"type": "error", "error": {"code", "detail", "field"}}` answers what cannot be done. The connection stays usable,
    and so does a run that is under way, unless the code is `internal_error`.

    Without a WebSocket, `origin` asks whether a page of that origin would be refused, and why: browsers do not tell.

    The memory is not sent: it is M ← M ∘ (1 − w eᵀ) + w aᵀ, from `memory.start`, with the weighting, the erase vector
    and the add vector of each write head at each step, in acting order.
    """
    headers = {"host": request.headers.get("host", "")} | ({} if origin is None else {"origin": origin})
    detail = objection(headers, settings.allowed_origins, settings.allowed_hosts)
    if detail is not None:
        return refusal(HTTPStatus.FORBIDDEN, detail)
    return sockets.upgrade_required("/api/stream")

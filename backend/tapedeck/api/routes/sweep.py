"""WS /api/sweep: a parameter turned through its values."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response, WebSocket

from tapedeck.api import sockets
from tapedeck.api.dependencies import Evaluations, Settings
from tapedeck.api.lab_schemas import SweepHeader, SweepPoint, SweepRequest
from tapedeck.api.sweeping import SweepConversation

router = APIRouter()


@router.websocket("/sweep")
async def sweep(socket: WebSocket, evaluations: Evaluations, settings: Settings) -> None:
    """See `tapedeck.api.sockets`."""
    await sockets.hold(socket, settings, lambda: SweepConversation(socket, evaluations, settings))


@router.get(
    "/sweep",
    summary="A parameter turned through its values, over a WebSocket",
    response_class=Response,
    status_code=101,
    responses={
        **sockets.RESPONSES,
        200: {
            "model": SweepRequest | SweepHeader | SweepPoint,
            "description": "What the text frames hold, once the WebSocket is open.",
        },
    },
)
async def explain(_: Request) -> Response:
    """The client sends text frames that hold JSON:

    * `{"type": "sweep", "checkpoint": …, "axes": [{"vary": …, "values": […]}], "size": {"length": 20},
      "sequences": 100}` starts a sweep. Any number of them, one after another.
    * `{"type": "cancel"}` ends the current one.

    An axis varies `locations`, a size of the task such as `length`, or the number of an intervention: the `value` of
    set, scale and add, the `spread` of noise, `by` of move. Two axes make a map.

    The server sends `{"type": "header", "checkpoint", "axes", "points", "measure", "title"}`; for each point, as soon
    as it is known and in order, `{"type": "point", "index", "values", "rate", "interval", "exact", "sequences"}`, or
    with an `error` instead of the counts where that point cannot be computed; and last `{"type": "done", "points"}`, or
    `{"type": "cancelled"}`. `{"type": "error", "error": {"code", "detail", "field"}}` answers what cannot be done.

    All points of one size have the same examples; the interval is 95 %, clustered by example.
    """
    return sockets.upgrade_required("/api/sweep")

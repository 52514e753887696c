"""What the WebSockets of the service share: who may open one, and what is said to whoever asks for one without."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import Response, WebSocket

from tapedeck.api.errors import refusal
from tapedeck.api.origin import objection
from tapedeck.api.schemas import ErrorDocument
from tapedeck.api.settings import ApiSettings
from tapedeck.api.stream import Conversation

RESPONSES: dict[int | str, dict[str, Any]] = {
    101: {"description": "The WebSocket is open."},
    426: {"model": ErrorDocument, "description": "The request does not ask for a WebSocket."},
}
"""Of a path that is a WebSocket, in the API's description."""


async def hold(socket: WebSocket, settings: ApiSettings, conversation: Callable[[], Conversation]) -> None:
    """Refuses browsers on foreign pages, and talks with everyone else."""
    detail = objection(socket.headers, settings.allowed_origins, settings.allowed_hosts)
    if detail is None:
        await conversation().hold()
        return
    await socket.send_denial_response(refusal(HTTPStatus.FORBIDDEN, detail))


def upgrade_required(path: str) -> Response:
    """For a request that does not ask for a WebSocket."""
    return refusal(
        HTTPStatus.UPGRADE_REQUIRED,
        f"{path} is a WebSocket; connect with ws:// (or wss://).",
        {"Upgrade": "websocket", "Connection": "Upgrade"},
    )

"""What a request is told that the end of the service cuts off."""

from __future__ import annotations

from asyncio import CancelledError
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tapedeck.api import errors

BACK_IN = 5
"""Seconds after which it is worth trying again: what restarts a service needs about as long."""


class Farewell:
    """ASGI middleware: where nothing was answered yet, the answer is a 503 in the one shape, not the server's own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on; the server cancels it when its time is over."""
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except CancelledError:
            if scope["type"] == "http" and not started:
                detail = "The service is being stopped, and this was not finished; try again when it is back."
                answer = errors.refusal(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": str(BACK_IN)})
                await answer(scope, receive, send)
            raise

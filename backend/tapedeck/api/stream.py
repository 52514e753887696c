"""One client's conversation over a WebSocket: any number of runs, one after another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar

import orjson
from fastapi import WebSocket, WebSocketDisconnect
from pydantic import ValidationError

from tapedeck.api import costs, errors, wire
from tapedeck.api.errors import ClientGone
from tapedeck.api.limits import MessageRate, Patience, check_size
from tapedeck.api.problems import first_problem, malformed
from tapedeck.api.runs import Runs
from tapedeck.api.schemas import RunRequest, StreamedRunRequest
from tapedeck.api.settings import ApiSettings
from tapedeck.errors import InvalidRequest, RunInProgress, TapedeckError, shown

logger = logging.getLogger(__name__)


NOT_READING = 1008
"""The code of RFC 6455 for a client that does not keep to the rules of the service."""


class Conversation:
    """Reads the client's messages while at most one run streams to it; others stream something else in the same way.

    An error refuses the one message that it answers; the connection, and a run that is under way, are untouched.
    """

    starts: ClassVar[str] = "run"
    """The type of the message that starts something"""

    def __init__(self, socket: WebSocket, runs: Runs, settings: ApiSettings) -> None:
        self._socket, self._runs, self._settings = socket, runs, settings
        self._rate = MessageRate(settings.max_messages_per_second, asyncio.get_running_loop().time)
        self._running: asyncio.Task[None] | None = None
        self._patience = Patience(settings.send_timeout, settings.max_send_time)
        self._waited = 0.0

    async def hold(self) -> None:
        """From the handshake until the client is gone; then its run ends as well."""
        await self._socket.accept()
        try:
            with suppress(ClientGone):
                while (message := await self._socket.receive())["type"] != "websocket.disconnect":
                    await self._answer(message)
        finally:
            await self._stop()

    async def _answer(self, message: Mapping[str, Any]) -> None:
        try:
            self._rate.count()
            await self._obey(self._read(message))
        except TapedeckError as error:
            await self._send_error(error)

    def _read(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON object in a message."""
        text = message.get("text")
        if text is None:
            raise InvalidRequest("Messages must be JSON text; this one was binary.")
        check_size(len(text.encode()), "The message", self._settings)
        try:
            request = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise malformed(error.msg, error.pos) from error
        if not isinstance(request, dict):
            raise InvalidRequest(f"A message must be a JSON object, got {shown(request)}.")
        return request

    async def _obey(self, request: dict[str, Any]) -> None:
        match request.pop("type", None):
            case self.starts:
                self._start(request)
            case "cancel":
                await self._cancel()
            case other:
                raise InvalidRequest(f"type is {shown(other)}; send “{self.starts}” or “cancel”.", field="type")

    def _start(self, request: dict[str, Any]) -> None:
        if self._running and not self._running.done():
            raise RunInProgress(
                f"A {self.starts} is under way on this connection; wait for it to end, cancel it, or open another "
                "connection."
            )
        try:
            carried_out = self._carry_out(request)
        except ValidationError as error:
            raise first_problem(error.errors()) from error
        self._running = asyncio.create_task(self._run(carried_out))

    def _carry_out(self, request: dict[str, Any]) -> Callable[[], Coroutine[Any, Any, None]]:
        """What the message asks for; raises pydantic's ValidationError where it is not a request."""
        return partial(self._stream_all, StreamedRunRequest.model_validate(request))

    async def _cancel(self) -> None:
        """Nothing is said where no run is under way: it may just have ended by itself, which was said."""
        if await self._stop():
            await self._send(wire.cancelled())

    async def _stop(self) -> bool:
        """Ends the current run; whether there was one to end."""
        if self._running is None or self._running.done():
            return False
        self._running.cancel()
        await asyncio.wait([self._running])
        return self._running.cancelled()

    async def _run(self, carried_out: Callable[[], Coroutine[Any, Any, None]]) -> None:
        with suppress(ClientGone):
            try:
                await carried_out()
            except TapedeckError as error:
                await self._send_error(error)
            except ClientGone:
                raise
            except Exception:  # the edge of the service: it is logged, and the connection stays usable
                logger.exception("A %s broke off.", self.starts)
                await self._send(wire.error(errors.BROKEN))

    async def _stream_all(self, request: StreamedRunRequest) -> None:
        await self._stream(request)
        for checkpoint in request.then:
            await asyncio.sleep(0)  # for others, and for what is to be sent
            await self._stream(request.model_copy(update={"checkpoint": checkpoint, "sha256": None}))

    async def _stream(self, request: RunRequest) -> None:
        asked = await self._runs.ask(request)
        cost = costs.of_stream(asked.spec, asked.steps, asked.locations).and_then(asked.cost_of_interventions)
        async with self._runs.place(cost):
            self._waited = 0.0
            made = partial(wire.messages, checkpoint=asked.checkpoint, written=self._runs.written)
            here = cost.quick and asked.begins_at_once
            async for message in self._runs.each(self._runs.begun(asked, made), here=here):
                if message is None:
                    continue
                await self._send(message.content)
                if message.last:
                    break  # over before the client can know it and send its next run

    async def _send_error(self, error: TapedeckError) -> None:
        await self._send(wire.error(errors.document(error), errors.retry_after(error)))

    async def _send(self, message: str | bytes) -> None:
        """Waits while the client is slow.

        Raises:
            ClientGone: it has left, was cut off, or has read nothing, or too slowly, for longer than its time.
        """
        clock = asyncio.get_running_loop().time
        start, seconds = clock(), self._patience.left(self._waited)
        try:
            async with asyncio.timeout(seconds):
                if isinstance(message, str):
                    await self._socket.send_text(message)
                else:
                    await self._socket.send_bytes(message)
        except TimeoutError as error:
            await self._dismiss(too_slow=seconds < self._patience.once)
            raise ClientGone from error
        except (WebSocketDisconnect, RuntimeError) as error:  # RuntimeError: the server closed it first
            raise ClientGone from error
        finally:
            self._waited += clock() - start

    async def _dismiss(self, *, too_slow: bool) -> None:
        """Closes the connection of a client that does not read, or too slowly, and says why, should it ever read on."""
        reason = f"The client read nothing for {self._patience.once:g} seconds (send_timeout)."
        if too_slow:
            reason = (
                f"The client kept the run waiting for {self._patience.all_in_all:g} seconds in all (max_send_time)."
            )
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
            async with asyncio.timeout(self._patience.once):
                await self._socket.close(NOT_READING, reason)

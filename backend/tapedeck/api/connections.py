"""Connections that are counted: uvicorn's protocols, with a bound on how many there are and an end for each of them."""

from __future__ import annotations

import asyncio
import sys
from typing import Any, ClassVar, cast

import orjson
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from tapedeck.api.limits import Patience

LINGER = 5.0
"""Seconds that a connection which is being closed gets to take what was sent to it, before it is cut off."""

GATHERED = 64 * 1024
"""Bytes that are not kept back for more: as many as asyncio lets wait for a client before it says so."""

RESERVE = 128
"""Open files that are kept for everything but connections: checkpoints, trainings, and those just being refused."""

BURST_SHARE = 8
"""The part of the reserve that may be taken up at one moment by connections that wait to be accepted."""


def room(wanted: int) -> tuple[int, int]:
    """How many connections there may be at once, and how many may be accepted at one moment.

    Raises the process's limit of open files as far as it may be, and stays well below it: at the limit asyncio would
    log the same traceback without end and answer nobody.
    """
    if sys.platform == "win32":  # which has no such limit for sockets
        return wanted, RESERVE // BURST_SHARE
    import resource  # noqa: PLC0415 - is not there on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted + RESERVE:
        soft = wanted + RESERVE if hard == resource.RLIM_INFINITY else min(hard, wanted + RESERVE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    files = wanted + RESERVE if soft == resource.RLIM_INFINITY else soft
    reserve = min(RESERVE, files // 2)
    return min(wanted, files - reserve), max(1, reserve // BURST_SHARE)


class Refusal(asyncio.Protocol):
    """Answers a connection that there is no room for, whatever it asks, and ends it.

    Not before it asks: WebSocket clients do not take an answer that comes before their request for one.

    Attributes:
        going_on: all refusals that are not over, so that these are bounded, too.
    """

    going_on: ClassVar[set[Refusal]] = set()

    def __init__(self, most: int) -> None:
        self._most, self._said = most, False

    def refuse(self, transport: asyncio.Transport, burst: int) -> None:
        """Waits a moment for what it asks, and for it to read the answer; of too many at once some are just cut off."""
        if len(self.going_on) >= burst:
            transport.abort()
            return
        self._transport = transport
        transport.set_protocol(self)
        self.going_on.add(self)
        self._end = asyncio.get_running_loop().call_later(LINGER, transport.abort)

    def data_received(self, data: bytes) -> None:
        """The request begins; the rest of it is not looked at."""
        if self._said:
            return
        self._said = True
        detail = (
            f"This service has {self._most:,} connections, the most it takes (max_connections). Try again in a moment."
        )
        body = orjson.dumps({"error": {"code": "too_many_connections", "detail": detail, "field": None}})
        head = (
            "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nRetry-After: 5\r\n"
            f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._transport.write(head.encode() + body)
        self._transport.write_eof()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has read it, or time is over."""
        self._end.cancel()
        self.going_on.discard(self)


def http_protocol(most: int, burst: int, patience: Patience) -> type[H11Protocol]:
    """HTTP that takes so many connections, WebSockets among them, and refuses all others at once.

    An answer that its client does not read in time is cut off, so that nobody keeps a place by reading nothing.
    """

    class CountedProtocol(H11Protocol):
        """One of them."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            if len(self.connections) >= most:
                Refusal(most).refuse(transport, burst)
                return
            super().connection_made(transport)
            self._waiting: asyncio.TimerHandle | None = None
            self._spent, self._since = 0.0, 0.0
            # One that never asks for anything ends as one that asks for nothing more.
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

        def pause_writing(self) -> None:
            super().pause_writing()
            self._since = self.loop.time()
            self._waiting = self.loop.call_later(patience.left(self._spent), self.transport.abort)

        def resume_writing(self) -> None:
            super().resume_writing()
            self._stop_waiting()

        def on_response_complete(self) -> None:
            self._spent = 0.0  # the next answer on this connection has time of its own
            super().on_response_complete()

        def connection_lost(self, exc: Exception | None) -> None:
            if self.transport is not None:  # else there never was room for it
                self._stop_waiting()
                super().connection_lost(exc)

        def _stop_waiting(self) -> None:
            if self._waiting is not None:
                self._waiting.cancel()
                self._waiting = None
                self._spent += self.loop.time() - self._since

    return CountedProtocol


class GatheringTransport:
    """A transport that sends at once what is written to it in one turn of the event loop.

    Each write is a call of the system, which wakes whoever reads it: of a browser on the same machine three processes,
    that take the processor for as long as the steps of a frame do.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._gathered, self._size = list[bytes](), 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Later in this turn, or now where it is much."""
        if not self._gathered:
            self._loop.call_soon(self.flush)
        self._gathered.append(data)
        self._size += len(data)
        if self._size >= GATHERED:
            self.flush()

    def flush(self) -> None:
        """Sends what was gathered."""
        gathered, self._gathered, self._size = self._gathered, [], 0
        if gathered:
            self._transport.write(b"".join(gathered))

    def close(self) -> None:
        """After what was written."""
        self.flush()
        self._transport.close()


class EndingWebSocket(WebSocketsSansIOProtocol):
    """A WebSocket that comes to an end though its client reads nothing: uvicorn's waits for the client for ever."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """As uvicorn's, but messages of one turn go out together."""
        super().connection_made(
            cast("asyncio.Transport", GatheringTransport(cast("asyncio.Transport", transport), self.loop))
        )

    async def send(self, message: Any) -> None:
        """As uvicorn's, but what closes the connection waits for nobody: it is sent after what is not read yet."""
        if message["type"] == "websocket.close" and not self.writable.is_set():
            self.writable.set()
            self._cut_off_later()
        elif message["type"] == "websocket.send" and self.transport.is_closing():
            raise ClientDisconnected  # else every frame would be written to nobody, and asyncio would log each
        await super().send(message)
        if self.initial_response is not None and self.close_sent:
            self.handshake_complete = True  # with a refusal; uvicorn would log that the service gave no answer

    def keepalive_timeout(self) -> None:
        """Nothing was heard for long."""
        super().keepalive_timeout()
        self._cut_off_later()

    def _cut_off_later(self) -> None:
        self.loop.call_later(LINGER, self.transport.abort)

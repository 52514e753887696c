"""The service, and the page on top of it, as one server: for `tapedeck serve`, `tapedeck view` and `td.view`."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError
from pydantic_settings import BaseSettings

from tapedeck.api import connections, logs
from tapedeck.api.app import create_app
from tapedeck.api.limits import Patience
from tapedeck.api.settings import ApiSettings
from tapedeck.errors import AddressUnavailable, InvalidConfiguration, quoted

S = TypeVar("S", bound=BaseSettings)

LOOPBACK = "127.0.0.1"

MESSAGE_CAP = 16
"""How many times `max_body_bytes` a WebSocket message may hold before the connection is cut off, not just answered."""

WAITING_ROOM = 1024
"""Connections that the system holds until they are accepted."""

TICK = 1
"""Seconds between two looks at the time, which answers are dated with."""

GOODBYE = 1
"""Seconds that requests being answered get when the service is told to stop."""


class Server(uvicorn.Server):
    """Says when it answers and, before anything is closed, that it is about to stop. At rest it wakes once a second."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], leaving: Callable[[], None]) -> None:
        self._told: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._should_exit = False
        super().__init__(config)
        self._ready, self._leaving = ready, leaving

    @property
    def should_exit(self) -> bool:
        """Whether it is to stop. Setting it, from any thread or signal, ends the wait of the loop below."""
        return self._should_exit

    @should_exit.setter
    def should_exit(self, value: bool) -> None:
        self._should_exit = value
        if value and self._told is not None and self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: it has stopped
                self._loop.call_soon_threadsafe(self._told.set)

    async def main_loop(self) -> None:
        """As uvicorn's, which looks ten times a second whether it is to stop: 2 % of a small machine's core."""
        self._loop, self._told = asyncio.get_running_loop(), asyncio.Event()
        while not await self.on_tick(counter=0):  # 0 sets the clock of the answers
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), timeout=TICK)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listens, and says so."""
        await super().startup(sockets)
        if self.started and not self.should_exit:
            for listening in sockets or ():
                listening.listen(WAITING_ROOM)  # more than asyncio accepts at one moment, which is what it was told
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Says so, and closes everything."""
        self._leaving()
        await super().shutdown(sockets)


def configured(app: FastAPI, settings: ApiSettings, log_config: dict[str, Any] | None = logs.CONFIG) -> uvicorn.Config:
    """How the server serves it; without `log_config` logging stays as the process has it."""
    most, burst = connections.room(settings.max_connections)
    return uvicorn.Config(
        app,
        http=connections.http_protocol(most, burst, Patience(settings.send_timeout, settings.max_send_time)),
        ws=connections.EndingWebSocket,
        backlog=burst,
        ws_max_size=MESSAGE_CAP * settings.max_body_bytes,
        ws_per_message_deflate=False,  # saves 3 % of float32 and costs up to 60 times the time
        timeout_graceful_shutdown=GOODBYE,
        access_log=False,
        log_config=log_config,
        log_level="warning",
    )


def build(given: dict[str, Any], *, api_only: bool = False, files: Sequence[Path] = ()) -> tuple[FastAPI, ApiSettings]:
    """The app, and its settings.

    Args:
        given: settings that the environment does not decide; None counts as not given.
        api_only: without the page.
        files: trace files that the page may open, see `tapedeck.api.routes.files`.

    Raises:
        InvalidConfiguration: the environment sets something to what it cannot be.
        CheckpointUnreadable: the folder of the machines cannot be read.
    """
    settings = read(ApiSettings, {name: value for name, value in given.items() if value is not None})
    app = create_app(settings, files)
    app.state.library.list()
    if not api_only:
        # Where the service runs alone, Dash need not be installed.
        from tapedeck_page.app import create_app as create_page  # noqa: PLC0415
        from tapedeck_page.settings import PageSettings  # noqa: PLC0415

        create_page(read(PageSettings, {"root_path": settings.root_path}), server=app)
    return app, settings


def read(kind: type[S], given: dict[str, Any]) -> S:
    """Settings from the environment, but for those that are given."""
    try:
        return kind(**given)
    except ValidationError as error:
        problem = error.errors()[0]
        name = f"{kind.model_config['env_prefix']}{problem['loc'][0]}".upper()
        raise InvalidConfiguration(f"{name} is {quoted(problem['input'])}: {problem['msg']}.") from error


def listen(host: str, port: int) -> socket.socket:
    """A socket that has the address.

    Raises:
        AddressUnavailable: another program has it, or this machine does not.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # With its protocol named: only then asyncio switches off Nagle's algorithm, which holds answers back for 40 ms.
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen()
    except OSError as error:
        raise AddressUnavailable(
            f"Cannot listen on {host} port {port}: {error.strerror}. Choose another with --host or --port."
        ) from error
    return listening


def url_of(host: str, listening: socket.socket) -> str:
    """The address of a page that is served there."""
    port = listening.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

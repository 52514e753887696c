"""`tapedeck serve`: the service, and the page on top of it, in one process."""

from __future__ import annotations

import gc
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, TypeVar

import typer
import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError
from pydantic_settings import BaseSettings

from tapedeck.api import connections, logs
from tapedeck.api.app import create_app
from tapedeck.api.limits import Patience
from tapedeck.api.settings import ApiSettings
from tapedeck.cli import interruption
from tapedeck.errors import AddressUnavailable, InvalidConfiguration, quoted

S = TypeVar("S", bound=BaseSettings)

MESSAGE_CAP = 16
"""How many times `max_body_bytes` a WebSocket message may hold before the connection is cut off, not just answered."""

WAITING_ROOM = 1024
"""Connections that the system holds until they are accepted."""

GOODBYE = 1
"""Seconds that requests being answered get when the service is told to stop."""


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for every network.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free port.")] = 8050,
    checkpoints: Annotated[Path | None, typer.Option(help="The folder of the machines.")] = None,
    *,
    root_path: Annotated[
        str | None, typer.Option(help="The sub-path that a proxy serves this under, such as /tapedeck.")
    ] = None,
    api_only: Annotated[bool, typer.Option("--api-only", help="The service without the page.")] = False,
) -> None:
    """Serve the page and the service until stopped. TAPEDECK_… in the environment sets limits and more."""
    with _listen(host, port) as listening:
        interruption.ends_at_once()
        app, settings = _build(checkpoints, root_path, api_only=api_only)
        url = _url(host, listening) + settings.root_path
        most, burst = connections.room(settings.max_connections)
        patience = Patience(settings.send_timeout, settings.max_send_time)
        config = uvicorn.Config(
            app,
            http=connections.http_protocol(most, burst, patience),
            ws=connections.EndingWebSocket,
            backlog=burst,
            ws_max_size=MESSAGE_CAP * settings.max_body_bytes,
            ws_per_message_deflate=False,  # saves 3 % of float32 and costs up to 60 times the time
            timeout_graceful_shutdown=GOODBYE,
            access_log=False,
            log_config=logs.CONFIG,
            log_level="warning",
        )
        server = _Server(config, ready=lambda: typer.echo(f"Tapedeck is ready at {url}"), leaving=app.state.jobs.leave)
        with _stopped_by_signals(server.handle_exit):
            server.run(sockets=[listening])


class _Server(uvicorn.Server):
    """Says when it answers and, before anything is closed, that it is about to stop."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], leaving: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready, self._leaving = ready, leaving

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            for listening in sockets or ():
                listening.listen(WAITING_ROOM)  # more than asyncio accepts at one moment, which is what it was told
            _favour_answers()
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._leaving()
        await super().shutdown(sockets)


def _favour_answers() -> None:
    """Tunes the interpreter for a process in which a thread computes beside the event loop."""
    # What was imported stays for good. Looking through all of it again and again for garbage would hold up every
    # answer for 0.1 to 0.2 seconds.
    gc.collect()
    gc.freeze()
    # The event loop waits at most this long for the thread to hand over the interpreter; the default is ten times that.
    sys.setswitchinterval(0.0005)


def _build(checkpoints: Path | None, root_path: str | None, *, api_only: bool) -> tuple[FastAPI, ApiSettings]:
    """The app, and its settings.

    Raises:
        InvalidConfiguration: the environment sets something to what it cannot be.
        CheckpointUnreadable: the folder of the machines cannot be read.
    """
    given = {"checkpoints": checkpoints, "root_path": root_path}
    settings = _read(ApiSettings, {name: value for name, value in given.items() if value is not None})
    app = create_app(settings)
    app.state.library.list()
    if not api_only:
        # Where the service runs alone, Dash need not be installed.
        from tapedeck_page.app import create_app as create_page  # noqa: PLC0415
        from tapedeck_page.settings import PageSettings  # noqa: PLC0415

        create_page(_read(PageSettings, {"root_path": settings.root_path}), server=app)
    return app, settings


def _read(kind: type[S], given: dict[str, Any]) -> S:
    """Settings from the environment, but for those that are given."""
    try:
        return kind(**given)
    except ValidationError as error:
        problem = error.errors()[0]
        name = f"{kind.model_config['env_prefix']}{problem['loc'][0]}".upper()
        raise InvalidConfiguration(f"{name} is {quoted(problem['input'])}: {problem['msg']}.") from error


def _listen(host: str, port: int) -> socket.socket:
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


def _url(host: str, listening: socket.socket) -> str:
    port = listening.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def _stopped_by_signals(stop: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """From here on a signal stops the server, even before it has handlers of its own.

    Uvicorn raises the signal again when everything is closed; being stopped is not a failure.
    """
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

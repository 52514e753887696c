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
from typing import Annotated

import typer
from fastapi import FastAPI

from tapedeck.api.settings import ApiSettings
from tapedeck.cli import interruption
from tapedeck.serving import Server, build, configured, listen, url_of


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
    with listen(host, port) as listening:
        interruption.ends_at_once()
        app, settings = build({"checkpoints": checkpoints, "root_path": root_path}, api_only=api_only)
        url = url_of(host, listening) + settings.root_path
        run(app, settings, listening, lambda: typer.echo(f"Tapedeck is ready at {url}"))


def run(app: FastAPI, settings: ApiSettings, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serves until a signal stops it; says when it is ready."""

    def answers() -> None:
        _favour_answers()
        ready()

    server = Server(configured(app, settings), ready=answers, leaving=app.state.jobs.leave)
    with _stopped_by_signals(server.handle_exit):
        server.run(sockets=[listening])


def _favour_answers() -> None:
    """Tunes the interpreter for a process in which a thread computes beside the event loop."""
    # What was imported stays for good. Looking through all of it again and again for garbage would hold up every
    # answer for 0.1 to 0.2 seconds.
    gc.collect()
    gc.freeze()
    # The event loop waits at most this long for the thread to hand over the interpreter; the default is ten times that.
    sys.setswitchinterval(0.0005)


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

"""The service as it runs: a real server on a free loopback port, in a thread of the test's own process."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import torch
import uvicorn

from tapedeck.api.app import create_app
from tapedeck.api.settings import ApiSettings
from tapedeck.checkpoints import write_checkpoint
from tapedeck.ntm import NeuralTM, NTMConfig
from tests.api.client import WAIT, Service

ID = "copy-test"


class ThreadServer(uvicorn.Server):
    """Tells another thread when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answers = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answers.set()


@contextmanager
def serving(settings: ApiSettings) -> Iterator[Service]:
    """A server with these settings, until the end of the block."""
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_max_size=16 * settings.max_body_bytes,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=5,
        log_config=None,
    )
    server = ThreadServer(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
        thread.start()
        try:
            assert server.answers.wait(WAIT)
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            with httpx.Client(base_url=url, timeout=WAIT) as http:
                yield Service(url, http)
        finally:
            server.should_exit = True
            thread.join(WAIT)
            assert not thread.is_alive()


def small_machine(seed: int = 3) -> NeuralTM:
    """Untrained, with visible numbers, and with the eight bits of a shipped machine."""
    torch.manual_seed(seed)
    return NeuralTM(NTMConfig(locations=12, width=5, bits=8, controller_size=7))


def save(path: Path, machine: NeuralTM, seen: int = 100, task: str = "copy") -> None:
    write_checkpoint(
        path,
        machine,
        name="A test's machine",
        task=task,
        sequences_seen=seen,
        seed=3,
        metrics={"bit_errors": 1.5},
        origin={"kind": "trained", "run": path.stem},
    )


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One good machine."""
    folder = tmp_path_factory.mktemp("checkpoints")
    save(folder / f"{ID}.safetensors", small_machine())
    return folder


@pytest.fixture(scope="session")
def service(folder: Path) -> Iterator[Service]:
    """A service that tests share, as settings leave it. It keeps nothing between runs."""
    with serving(ApiSettings(checkpoints=folder, max_messages_per_second=1e6)) as service:
        yield service


Serve = Callable[..., Service]


@pytest.fixture
def serve(folder: Path) -> Iterator[Serve]:
    """Starts services of the test's own, each with settings of its own."""
    with ExitStack() as stack:

        def start(**settings: Any) -> Service:
            chosen: dict[str, Any] = {"checkpoints": folder, "max_messages_per_second": 1e6} | settings
            return stack.enter_context(serving(ApiSettings(**chosen)))

        yield start


class Gate:
    """Holds every machine before its next step until the test lets it go."""

    def __init__(self) -> None:
        self._permits = threading.Semaphore(0)
        self._open = False
        self.reached = threading.Event()
        self.steps = 0

    def let(self, steps: int) -> None:
        self._permits.release(steps)

    def open(self) -> None:
        self._open = True
        self._permits.release(1000)

    def wait(self) -> None:
        self.reached.set()
        assert self._open or self._permits.acquire(timeout=WAIT)
        self.steps += 1


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """The machines' steps wait at it; it opens for good at the end of the test."""
    gate, step = Gate(), NeuralTM.step

    def gated(*arguments: Any) -> object:
        gate.wait()
        return step(*arguments)

    monkeypatch.setattr(NeuralTM, "step", gated)
    yield gate
    gate.open()

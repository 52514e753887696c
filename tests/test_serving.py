"""The server of `tapedeck serve` and of `td.view`."""

from __future__ import annotations

import asyncio
from threading import Thread

import pytest
import uvicorn
from fastapi import FastAPI

from tapedeck import serving
from tests.api.client import WAIT
from tests.loops import run_apart


def test_a_server_at_rest_is_told_to_stop_and_does_not_look_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "TICK", 3600)
    config = uvicorn.Config(FastAPI())
    config.load()
    server = serving.Server(config, ready=lambda: None, leaving=lambda: None)

    def stop() -> None:
        server.should_exit = True

    async def rest() -> None:
        resting = asyncio.create_task(server.main_loop())
        await asyncio.sleep(0)
        assert not resting.done()
        Thread(target=stop).start()
        await asyncio.wait_for(resting, WAIT)

    run_apart(rest())
    stop()  # once more, of a loop that is closed
    assert server.should_exit

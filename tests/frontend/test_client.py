"""The client of the service, against small services that run."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from tapedeck_page.client import ServiceAway, ServiceClient
from tapedeck_page.components.chooser import choices
from tests.frontend.conftest import Json, machine, run


def service(answer: Response | list[Json], wait: float = 0) -> FastAPI:
    """A service that answers so when it is asked for its checkpoints."""
    app = FastAPI()

    @app.get("/api/checkpoints", response_model=None)
    async def checkpoints() -> Response | list[Json]:
        await asyncio.sleep(wait)
        return answer

    return app


def client(app: FastAPI) -> ServiceClient:
    return ServiceClient("http://service", 5, httpx.ASGITransport(app=app))


def test_lists_what_the_service_lists() -> None:
    listed = [machine("copy-1"), {"id": "broken", "error": "cut short"}]
    assert run(client(service(listed)).checkpoints()) == listed
    assert choices(listed).first == "copy-1"


def test_many_ask_at_once() -> None:
    async def ask() -> list[list[Json]]:
        asking = client(service([machine("copy-1")], wait=0.01))
        return await asyncio.gather(*(asking.checkpoints() for _ in range(20)))

    assert run(ask()) == [[machine("copy-1")]] * 20


@pytest.mark.parametrize(
    "answer",
    [
        JSONResponse({"error": {"code": "x", "detail": "Too busy.", "field": None}}, status_code=503),
        PlainTextResponse("<!doctype html>"),
        JSONResponse({"not": "a list"}),
        Response(status_code=404),
        Response(status_code=204),
    ],
    ids=["an error", "no JSON", "no list", "not found", "nothing"],
)
def test_another_answer_than_the_contracts_is_no_service(answer: Response) -> None:
    with pytest.raises(ServiceAway, match="The service at http://service did not send its list of machines"):
        run(client(service(answer)).checkpoints())


def test_nobody_there_is_no_service() -> None:
    away = ServiceClient("http://127.0.0.1:9", 5)
    with pytest.raises(ServiceAway, match=r"http://127\.0\.0\.1:9"):
        run(away.checkpoints())

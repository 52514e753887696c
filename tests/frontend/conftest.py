"""The page on a small service of its own: one that lists what a test gives it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import httpx
import pytest
from dash import Dash
from fastapi import FastAPI

from tapedeck_page.app import create_app
from tapedeck_page.settings import PageSettings

T = TypeVar("T")
Json = dict[str, Any]


def machine(name: str, **more: Any) -> Json:
    """One entry of GET /api/checkpoints."""
    entry = {"id": name, "name": name, "task": "copy", "sequences_seen": 16000, "seed": 1}
    return entry | {"config": {"locations": 128, "width": 20, "bits": 8}, "metrics": {}, "origin": {}} | more


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """The outcome of a coroutine, from a thread of its own: in this one Playwright keeps a loop going."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


class Page:
    """The page's server, asked as browsers ask it."""

    def __init__(self, app: Dash) -> None:
        self._transport = httpx.ASGITransport(app=app.server)
        self.dependencies: list[Json] = run(self.get("/_dash-dependencies"))

    async def text(self, path: str, **headers: str) -> str:
        async with httpx.AsyncClient(transport=self._transport, base_url="http://page") as http:
            return (await http.get(path, headers=headers)).raise_for_status().text

    async def answer(self, path: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=self._transport, base_url="http://page") as http:
            return await http.get(path)

    async def get(self, path: str) -> Any:
        return json.loads(await self.text(path))

    async def call(self, output: str, changed: str, values: Json) -> Json:
        """A callback's answer, as `{id: {property: value}}`: what it changes.

        Args:
            output: `id.property`, one of those that the callback sets.
            changed: `id.property`, the one that calls it.
            values: by `id.property`; what is not given is null.
        """
        callback = next(each for each in self.dependencies if output in _outputs(each))
        question = {
            "output": callback["output"],
            "outputs": [_address(name) for name in _outputs(callback)],
            "inputs": [_filled(each, values) for each in callback["inputs"]],
            "state": [_filled(each, values) for each in callback["state"]],
            "changedPropIds": [changed],
        }
        if not callback["output"].startswith(".."):
            question["outputs"] = question["outputs"][0]
        async with httpx.AsyncClient(transport=self._transport, base_url="http://page") as http:
            answer = await http.post("/_dash-update-component", json=question)
        told: Json = answer.raise_for_status().json()["response"]
        return told


def _outputs(callback: Json) -> list[str]:
    """What a callback sets, each as `id.property`; Dash marks what several callbacks set with @ and a hash."""
    return [name.partition("@")[0] for name in callback["output"].strip(".").split("...")]


def _address(name: str) -> Json:
    owner, _, prop = name.rpartition(".")
    return {"id": owner, "property": prop}


def _filled(asked: Json, values: Json) -> Any:
    if asked["id"].startswith("{"):  # any number of components: none of them was pressed
        pattern = json.loads(asked["id"])
        assert any(each == ["ALL"] for each in pattern.values())
        return []
    return {**asked, "value": values.get(f"{asked['id']}.{asked['property']}")}


def task(name: str) -> Json:
    """One entry of GET /api/tasks."""
    return {"name": name, "input": {"type": "object", "properties": {}}}


def page_app(listed: list[Json]) -> Dash:
    """The page, in one process with a service that has these machines."""
    service = FastAPI()

    @service.get("/api/tasks")
    async def tasks() -> list[Json]:
        return [task("copy"), task("repeat_copy")]

    @service.get("/api/checkpoints")
    async def checkpoints() -> list[Json]:
        return listed

    return create_app(PageSettings(), server=service)


@pytest.fixture(scope="session")
def app() -> Dash:
    """The page on a service with two machines. What is asked of it leaves nothing behind; a test says so."""
    return page_app([machine("copy-1"), machine("copy-1-000400", sequences_seen=400)])


@pytest.fixture(scope="session")
def page(app: Dash) -> Page:
    """The page's server."""
    return Page(app)

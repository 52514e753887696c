"""What must hold behind the gateway, as a browser and as a program see it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import numpy as np
import numpy.typing as npt
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

SEQUENCE = [[1, 0, 1, 1, 0, 0, 1, 1], [0, 0, 1, 0, 1, 1, 0, 0], [1, 1, 1, 1, 0, 0, 0, 0]]
STEPS = 2 * len(SEQUENCE) + 2
TOO_LARGE = 5 * 1024**2
FRAME_HEADER = 16

Check = tuple[str, Callable[[], None]]


def checks(port: int) -> Iterator[Check]:
    """Each with its name, in order, of the gateway on this port of this machine."""
    url = f"http://localhost:{port}"
    http = httpx.Client(base_url=url, timeout=30)
    yield "the page is served", lambda: _page(http)
    yield "the service is healthy", lambda: _health(http)
    yield "a run streams exactly what the trace holds", lambda: _stream_is_trace(http, port)
    yield "a page of another origin is refused", lambda: _foreign_origin(port)
    yield "errors have the one shape", lambda: _errors(http)


def _page(http: httpx.Client) -> None:
    page = http.get("/")
    assert page.status_code == 200, page.status_code
    assert "Tapedeck" in page.text
    assert http.get("/_dash-layout").status_code == 200
    assert http.get("/assets/bridge.js").status_code == 200
    (modules,) = re.findall(r'<link rel="modulepreload" href="([^"]+)">', page.text)
    assert "immutable" in http.get(modules).raise_for_status().headers["cache-control"]


def _health(http: httpx.Client) -> None:
    health = http.get("/api/health").json()
    assert health["status"] == "ok", health
    assert health["checkpoints"] > 0, health


def _stream_is_trace(http: httpx.Client, port: int) -> None:
    request = {"checkpoint": _machine(http), "input": {"sequence": SEQUENCE}}
    answer = http.post("/api/trace", json=request)
    assert answer.status_code == 200, answer.text
    trace = answer.json()
    assert trace["steps"] == STEPS

    header, rows, done = _stream(port, request)
    start = 0
    for field in header["fields"]:
        length = math.prod(field["shape"])
        columns = rows[:, start : start + length]
        start += length
        expected = np.array(trace[field["name"]], dtype=np.float32)
        np.testing.assert_array_equal(columns, expected.reshape(STEPS, -1), err_msg=field["name"])
    assert start == rows.shape[1]
    assert done["wrong"] == trace["wrong"] == 0


def _machine(http: httpx.Client) -> str:
    listed = http.get("/api/checkpoints").json()
    return next(str(entry["id"]) for entry in listed if "error" not in entry)


def _stream(port: int, request: dict[str, Any]) -> tuple[dict[str, Any], npt.NDArray[np.float32], dict[str, Any]]:
    """Header, all rows, and the closing message of a run."""
    with connect(f"ws://localhost:{port}/api/stream", origin=Origin(f"http://localhost:{port}")) as socket:
        socket.send(json.dumps({"type": "run", **request}))
        header = json.loads(socket.recv(timeout=30))
        rows: list[npt.NDArray[np.float32]] = []
        while isinstance(message := socket.recv(timeout=30), bytes):
            _, first, count, total = np.frombuffer(message[:FRAME_HEADER], dtype="<u4")
            assert first == sum(len(frame) for frame in rows)
            assert total == STEPS
            rows.append(np.frombuffer(message[FRAME_HEADER:], dtype="<f4").reshape(count, -1))
    return header, np.concatenate(rows), json.loads(message)


def _foreign_origin(port: int) -> None:
    for origin in ("http://example.org", f"http://localhost:{port + 1}"):
        assert _refused_with(port, origin) == 403, origin


def _refused_with(port: int, origin: str) -> int | None:
    """The status of the answer to a handshake that was refused; None where it was accepted."""
    try:
        with connect(f"ws://localhost:{port}/api/stream", origin=Origin(origin)):
            return None
    except InvalidStatus as refused:
        return refused.response.status_code


def _errors(http: httpx.Client) -> None:
    unknown = http.get("/api/nowhere")
    too_large = http.post("/api/trace", content=b" " * TOO_LARGE)
    assert (unknown.status_code, too_large.status_code) == (404, 413)
    for answer in (unknown, too_large):
        assert answer.json()["error"].keys() == {"code", "detail", "field"}

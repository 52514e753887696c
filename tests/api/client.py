"""A client of the service that is written from its contract alone."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import numpy as np
import numpy.typing as npt
from websockets.sync.client import ClientConnection, connect

WAIT = 30.0
"""Seconds after which something that should have come never will."""

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Service:
    """Where a service is."""

    url: str
    http: httpx.Client

    @contextmanager
    def socket(self, **options: Any) -> Iterator[Talk]:
        url = f"ws{self.url.removeprefix('http')}/api/stream"
        with connect(url, compression=None, max_size=None, open_timeout=WAIT, **options) as socket:
            yield Talk(socket)


@dataclass
class Streamed:
    """What a run sent."""

    header: dict[str, Any]
    last: dict[str, Any] = field(default_factory=dict)
    frames: list[Array] = field(default_factory=list)

    @property
    def arrays(self) -> dict[str, Array]:
        """Every field over all steps, as the header lays them out."""
        rows, arrays, start = np.concatenate(self.frames), {}, 0
        for name, length in ((each["name"], int(np.prod(each["shape"]))) for each in self.header["fields"]):
            arrays[name] = rows[:, start : start + length]
            start += length
        assert start == rows.shape[1]
        return arrays


@dataclass(frozen=True)
class Talk:
    """One open connection."""

    socket: ClientConnection

    def send(self, **message: Any) -> None:
        self.socket.send(json.dumps(message))

    def run(self, sequence: list[list[int]], **request: Any) -> None:
        self.send(type="run", sequence=sequence, **request)

    def message(self) -> dict[str, Any]:
        """The next text frame."""
        received = self.socket.recv(WAIT)
        assert isinstance(received, str), "a binary frame where a text frame was due"
        message: dict[str, Any] = json.loads(received)
        return message

    def error(self) -> dict[str, Any]:
        """The next text frame, which must be an error of the one shape."""
        message = self.message()
        assert message["type"] == "error", message
        assert message.keys() - {"retry_after"} == {"type", "error"}
        return check_error(message["error"])

    def frame(self) -> tuple[int, int, Array]:
        """The next binary frame: first step, total steps, rows."""
        received = self.socket.recv(WAIT)
        assert isinstance(received, bytes), received
        return _unpack(received)

    def whole(self, header: dict[str, Any] | None = None) -> Streamed:
        """All of a run from its header, which may have been taken already, to its end."""
        header = header or self.message()
        assert header["type"] == "header", header
        streamed = Streamed(header)
        while not streamed.last:
            received = self.socket.recv(WAIT)
            if isinstance(received, str):
                streamed.last = json.loads(received)
            else:
                first, total, rows = _unpack(received)
                assert (first, total) == (sum(map(len, streamed.frames)), header["steps"])
                streamed.frames.append(rows)
        return streamed

    def end(self) -> str:
        """How a run ends, whatever came of it before."""
        while True:
            received = self.socket.recv(WAIT)
            if isinstance(received, str) and (kind := json.loads(received)["type"]) != "header":
                return str(kind)


def _unpack(message: bytes) -> tuple[int, int, Array]:
    version, first, count, total = struct.unpack_from("<4I", message)
    assert version == 2
    assert 1 <= count <= 16
    return first, total, np.frombuffer(message, "<f4", offset=16).reshape(count, -1)


def check_error(error: dict[str, Any]) -> dict[str, Any]:
    """An error as a person may read it: a sentence with nothing of the inside of the program in it."""
    assert error.keys() == {"code", "detail", "field"}
    assert error["code"]
    assert error["detail"].endswith("."), error
    assert not any(word in error["detail"] for word in ("Traceback", "pydantic", "Input should", "None", "True"))
    return error


def refused(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The error in an answer of that status."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    document = answer.json()
    assert document.keys() == {"error"}
    return check_error(document["error"])


def vectors(length: int, seed: int = 0) -> list[list[int]]:
    """A random sequence of that many vectors of 8 bits."""
    rows: list[list[int]] = np.random.default_rng(seed).integers(0, 2, (length, 8)).tolist()
    return rows

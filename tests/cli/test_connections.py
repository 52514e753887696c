"""Many clients, and clients that vanish or read nothing: a real server, which goes on answering."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from http import HTTPStatus
from pathlib import Path
from signal import SIGTERM
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tapedeck.api import connections
from tests.api.client import WAIT, refused, vectors
from tests.checkpoints.conftest import write
from tests.cli.serving import Server, served
from tests.training.tiny import until

OPEN_FILES = 160


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "only.safetensors")
    return tmp_path


def stream(server: Server, **options: Any) -> ClientConnection:
    url = f"ws{server.url.removeprefix('http')}/api/stream"
    return connect(url, compression=None, max_size=None, open_timeout=WAIT, legacy=True, **options)


def run(length: int, locations: int | None = None) -> str:
    sequence = [vector[:3] for vector in vectors(length)]
    return json.dumps({"type": "run", "checkpoint": "only", "sequence": sequence, "locations": locations})


def test_connections_are_bounded_below_the_limit_of_open_files(folder: Path) -> None:
    """Twice as many as there may be files: those that there is no room for are told, the others are served."""
    with served("--api-only", "--checkpoints", folder, open_files=OPEN_FILES) as server:
        with ExitStack() as stack:
            taken = list[ClientConnection]()
            with pytest.raises(InvalidStatus) as turned_away:
                taken.extend(stack.enter_context(stream(server)) for _ in range(OPEN_FILES))
            response = turned_away.value.response
            assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
            with httpx.Client(base_url=server.url, timeout=WAIT) as http:
                for _ in range(OPEN_FILES):  # each is refused, and none of them stays
                    assert refused(http.get("/api/health"), 503)["code"] == "too_many_connections"
            taken[0].send(run(2))
            assert "header" in str(taken[0].recv(WAIT))
        until(lambda: httpx.get(f"{server.url}/api/health", timeout=WAIT).is_success, "free for another connection")
        assert server.stop(SIGTERM) == (0, "")


def test_a_crowd_at_once_leaves_the_service_answering_and_its_log_short(folder: Path) -> None:
    with served("--api-only", "--checkpoints", folder, open_files=OPEN_FILES) as server:
        host, _, port = server.url.removeprefix("http://").partition(":")
        with ExitStack() as stack:
            for _ in range(3 * OPEN_FILES):
                stack.enter_context(socket.create_connection((host, int(port)), timeout=WAIT))
        until(lambda: httpx.get(f"{server.url}/api/health", timeout=WAIT).is_success, "free for another connection")
        assert server.stop(SIGTERM) == (0, "")


def test_clients_that_vanish_while_frames_are_sent_leave_no_line_each(folder: Path) -> None:
    with served("--api-only", "--checkpoints", folder) as server:
        for _ in range(30):
            talk = stream(server)
            talk.send(run(1000, locations=1024))
            talk.recv(WAIT)
            # A reset instead of a goodbye, as when a machine loses its power.
            talk.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            talk.socket.close()
        assert httpx.get(f"{server.url}/api/health", timeout=WAIT).is_success
        code, said = server.stop(SIGTERM)
        assert code == 0
        assert len(said.splitlines()) <= 1, said


def test_a_page_that_is_refused_leaves_no_line_in_the_log(folder: Path) -> None:
    with served("--api-only", "--checkpoints", folder) as server:
        with pytest.raises(InvalidStatus) as refusal:
            stream(server, origin="http://foreign.example")
        assert refusal.value.response.status_code == HTTPStatus.FORBIDDEN
        assert httpx.get(f"{server.url}/api/health", timeout=WAIT).is_success
        assert server.stop(SIGTERM) == (0, "")


def test_a_client_that_reads_nothing_is_closed_with_a_code_and_a_reason(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAPEDECK_MAX_CONCURRENT_RUNS", "1")
    monkeypatch.setenv("TAPEDECK_MAX_WAIT", str(WAIT))
    monkeypatch.setenv("TAPEDECK_SEND_TIMEOUT", "0.2")
    with (
        served("--api-only", "--checkpoints", folder) as server,
        stream(server, max_queue=1, close_timeout=0.1) as asleep,
        stream(server) as other,
    ):
        asleep.send(run(1000, locations=4096))  # more than any buffer on the way holds
        asleep.recv(WAIT)
        other.send(run(1))  # waits for the place of the one that reads nothing
        assert "header" in str(other.recv(WAIT))
        with pytest.raises(ConnectionClosed) as closed:
            _read_to_the_end(asleep)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008
        assert closed.value.rcvd.reason == "The client read nothing for 0.2 seconds (send_timeout)."


def test_a_client_that_reads_a_little_now_and_then_keeps_its_place_for_a_bounded_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It never reads nothing for as long as the send timeout: the time it is waited for adds up."""
    monkeypatch.setenv("TAPEDECK_MAX_CONCURRENT_RUNS", "1")
    monkeypatch.setenv("TAPEDECK_MAX_WAIT", str(WAIT))
    monkeypatch.setenv("TAPEDECK_SEND_TIMEOUT", str(WAIT))
    monkeypatch.setenv("TAPEDECK_MAX_SEND_TIME", "1")
    with (
        served("--api-only", "--checkpoints", folder) as server,
        stream(server, max_queue=1, close_timeout=0.1) as slow,
        stream(server) as other,
    ):
        slow.send(run(1000, locations=4096))
        slow.recv(WAIT)
        other.send(run(1))
        assert "header" in str(_first_while_another_reads_little(other, slow))
        with pytest.raises(ConnectionClosed) as closed:
            _read_to_the_end(slow)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.reason == "The client kept the run waiting for 1 seconds in all (max_send_time)."


def test_an_answer_over_http_that_is_not_read_holds_no_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAPEDECK_MAX_CONCURRENT_RUNS", "1")
    monkeypatch.setenv("TAPEDECK_MAX_WAIT", str(WAIT))
    monkeypatch.setenv("TAPEDECK_SEND_TIMEOUT", "0.2")
    with served("--api-only", "--checkpoints", folder) as server:
        host, _, port = server.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=WAIT) as asleep:
            request = {"checkpoint": "only", "sequence": [[0, 1, 1]] * 1000, "locations": 4096}
            body = json.dumps(request).encode()
            head = f"POST /api/trace HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
            asleep.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            assert asleep.recv(12, socket.MSG_WAITALL) == b"HTTP/1.1 200"  # it has the place, and more than it reads
            with stream(server) as other:
                other.send(run(1))
                assert "header" in str(other.recv(WAIT))
        assert server.stop(SIGTERM) == (0, "")


def test_who_is_turned_away_is_answered_after_it_has_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A WebSocket client that gets the answer before it has sent its request knows nothing but that it was cut off."""
    monkeypatch.setattr(connections, "LINGER", 0.1)

    async def turned_away() -> tuple[bytes, bytes]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Door(connections.Refusal(80)), "127.0.0.1", 0)
        async with server:
            address = server.sockets[0].getsockname()
            silent, says_nothing = await asyncio.open_connection(*address)
            heard, ask = await asyncio.open_connection(*address)
            ask.write(b"GET / HTTP/1.1\r\n\r\n")
            answers = await _all_of(silent), await _all_of(heard)
            says_nothing.close()
            ask.close()
            return answers

    # In a thread of its own: the tests of the browser leave a loop running in this one.
    with ThreadPoolExecutor(1) as aside:
        silent, heard = aside.submit(asyncio.run, turned_away()).result()
    assert silent == b""
    assert heard.startswith(b"HTTP/1.1 503 ")
    assert not connections.Refusal.going_on


class _Door(asyncio.Protocol):
    """Turns away whoever comes."""

    def __init__(self, refusal: connections.Refusal) -> None:
        self._refusal = refusal

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._refusal.refuse(transport, 2)


async def _all_of(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionError:
        return b""


def _first_while_another_reads_little(waiting: ClientConnection, slow: ClientConnection) -> str | bytes:
    """What the one that waits is sent first. Until then the other takes a message now and then."""
    for _ in range(int(10 * WAIT)):
        try:
            return waiting.recv(0.1)
        except TimeoutError:
            with suppress(ConnectionClosed):
                slow.recv(0)
    pytest.fail("The slow client still has its place.")


def _read_to_the_end(socket: ClientConnection) -> None:
    while True:
        socket.recv(WAIT)

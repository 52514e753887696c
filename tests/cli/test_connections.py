"""Many clients, and clients that vanish or read nothing: a real server, which goes on answering."""

from __future__ import annotations

import json
import socket
import struct
from contextlib import ExitStack
from pathlib import Path
from signal import SIGTERM
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

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
        until(lambda: httpx.get(f"{server.url}/api/health").is_success, "free for another connection")
        assert server.stop(SIGTERM) == (0, "")


def test_a_crowd_at_once_leaves_the_service_answering_and_its_log_short(folder: Path) -> None:
    with served("--api-only", "--checkpoints", folder, open_files=OPEN_FILES) as server:
        host, _, port = server.url.removeprefix("http://").partition(":")
        with ExitStack() as stack:
            for _ in range(3 * OPEN_FILES):
                stack.enter_context(socket.create_connection((host, int(port)), timeout=WAIT))
        until(lambda: httpx.get(f"{server.url}/api/health").is_success, "free for another connection")
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
        assert httpx.get(f"{server.url}/api/health").is_success
        code, said = server.stop(SIGTERM)
        assert code == 0
        assert len(said.splitlines()) <= 1, said


def test_a_client_that_reads_nothing_is_closed_with_a_code_and_a_reason(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAPEDECK_MAX_CONCURRENT_RUNS", "1")
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
        assert closed.value.rcvd.reason == "Nothing was read for 0.2 seconds (send_timeout)."


def _read_to_the_end(socket: ClientConnection) -> None:
    while True:
        socket.recv(WAIT)

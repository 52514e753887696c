"""`tapedeck serve`: ready when it says so, and gone when it is told to go."""

from __future__ import annotations

import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tapedeck.cli.serve import serve
from tapedeck.errors import CheckpointUnreadable, InvalidConfiguration
from tapedeck.serving import listen
from tests.api.client import WAIT, refused
from tests.checkpoints.conftest import write
from tests.cli.conftest import Tapedeck
from tests.cli.serving import served
from tests.training.tiny import until


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "machines"
    folder.mkdir()
    write(folder / "only.safetensors")
    return folder


def test_answers_as_soon_as_it_says_so(folder: Path) -> None:
    with served("--api-only", "--checkpoints", folder) as server:
        assert httpx.get(f"{server.url}/api/health", timeout=WAIT).json()["checkpoints"] == 1
        assert httpx.get(f"{server.url}/", timeout=WAIT).status_code == 404


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_at_once_though_clients_are_connected(folder: Path, number: int) -> None:
    """Says nothing, leaves nothing, and being stopped is no failure."""
    with served("--api-only", "--checkpoints", folder) as server:
        stream = f"ws{server.url.removeprefix('http')}/api/stream"
        request = '{"type": "run", "checkpoint": "only", "locations": 4096, "sequence": [%s]}'
        with connect(stream) as idle, connect(stream, max_queue=None) as running:
            running.send(request % ",".join(["[0,1,0]"] * 1000))
            assert "header" in str(running.recv(WAIT))
            assert server.stop(number) == (0, "")
            assert texts(idle) == texts(running) == []  # closed, the run on its way


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("path", ["evaluation", "trace"])
def test_a_stop_ends_what_is_being_computed_without_a_word_in_the_log(
    monkeypatch: pytest.MonkeyPatch, path: str, number: int
) -> None:
    """And tells its client, in the one shape where nothing was sent yet."""
    monkeypatch.setenv("TAPEDECK_MAX_CONCURRENT_RUNS", "1")
    # Long enough for a run to come after a look that has the only place; far shorter than the run.
    monkeypatch.setenv("TAPEDECK_MAX_WAIT", "0.2")
    machine = {"checkpoint": "copy-1"}
    # The first length is soon through, the others are not; nor is the run.
    lengths = {"lengths": [1, *[120] * 20], "sequences": 300}
    run = {"sequence": [[0, 1] * 4] * 1000, "locations": 4096}
    with (
        served("--api-only") as server,
        httpx.Client(base_url=server.url, timeout=WAIT) as http,
        ThreadPoolExecutor(1) as aside,
    ):
        if path == "evaluation":
            with http.stream("POST", "/api/evaluation", json=machine | lengths) as answer:
                body = answer.iter_lines()
                assert '"length":1,' in next(body)
                assert server.stop(number) == (0, "")
                with pytest.raises(httpx.RemoteProtocolError):
                    list(body)
        else:
            asked = [aside.submit(http.post, "/api/trace", json=machine | run)]

            def is_computed() -> bool:
                """Whether it has the only place; where a look had it at that moment, it was refused, and asks again."""
                if asked[-1].done():
                    asked.append(aside.submit(http.post, "/api/trace", json=machine | run))
                look = http.post("/api/trace", json=machine | {"sequence": [[0, 1] * 4]})
                return look.status_code == HTTPStatus.SERVICE_UNAVAILABLE

            until(is_computed, "under way")
            assert server.stop(number) == (0, "")
            assert refused(asked[-1].result(), 503)["detail"].startswith("The service is being stopped")


def texts(socket: ClientConnection) -> list[str]:
    """What still comes before the connection is closed, but for frames."""
    received = list[str]()
    with suppress(ConnectionClosed):
        while True:
            if isinstance(message := socket.recv(WAIT), str):
                received.append(message)
    return received


def test_an_address_that_is_taken(folder: Path, tapedeck: Tapedeck) -> None:
    """One line and exit code 2, as every error of the command line."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = tapedeck("serve", "--api-only", "--port", port, "--checkpoints", folder)
    assert (done.returncode, done.stdout) == (2, "")
    expected = f"Cannot listen on 127.0.0.1 port {port}: Address already in use. Choose another with --host or --port."
    assert done.stderr == f"Error: {expected}\n"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CheckpointUnreadable, match=r"folder .*nowhere cannot be read: No such file"):
        serve(port=0, checkpoints=tmp_path / "nowhere", api_only=True)


def test_a_setting_that_cannot_be(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAPEDECK_MAX_LOCATIONS", "many")
    with pytest.raises(InvalidConfiguration, match=r"^TAPEDECK_MAX_LOCATIONS is “many”: "):
        serve(port=0, checkpoints=folder, api_only=True)


def test_page_and_service_in_one_process(folder: Path) -> None:
    with served("--checkpoints", folder) as server:
        page = httpx.get(f"{server.url}/", timeout=WAIT)
        assert page.headers["content-type"].startswith("text/html")
        assert httpx.get(f"{server.url}/api/health", timeout=WAIT).json()["status"] == "ok"
        unknown = httpx.get(f"{server.url}/api/nowhere", timeout=WAIT)
        assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "not_found")
        whole = httpx.post(
            f"{server.url}/api/trace", json={"checkpoint": "only", "sequence": [[0, 1, 1]]}, timeout=WAIT
        )
        assert whole.headers["content-encoding"] == "identity"
        assert whole.json()["steps"] == 4


def test_no_answer_is_held_back() -> None:
    """Asyncio switches Nagle's algorithm off only for sockets that name their protocol."""
    with listen("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP

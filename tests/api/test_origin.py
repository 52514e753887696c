"""Which pages may open a WebSocket or train."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from tapedeck.api.origin import objection
from tests.api.client import Service, check_error, refused, vectors
from tests.api.conftest import ID, Serve


@pytest.mark.parametrize(
    ("origin", "host", "expected"),
    [
        (None, "127.0.0.1:8050", True),
        ("http://127.0.0.1:8050", "127.0.0.1:8050", True),
        ("http://LocalHost:8050", "localhost:8050", True),
        ("https://tape.example", "tape.example", True),
        ("https://tape.example", "tape.example:443", True),
        ("http://tape.example:80", "tape.example", True),
        ("http://[::1]:8050", "[::1]:8050", True),
        ("https://friend.example", "tape.example", True),
        ("http://friend.example", "tape.example", False),
        ("http://localhost:3000", "localhost:8050", False),
        ("http://evil.example:8050", "localhost:8050", False),
        ("http://localhost:8050.evil.example", "localhost:8050", False),
        ("http://localhost:8050@evil.example", "localhost:8050", False),
        ("null", "localhost:8050", False),
        ("", "localhost:8050", False),
        ("file://", "", False),
        ("http://localhost:port", "localhost:8050", False),
        ("http://[::1", "[::1", False),
    ],
)
def test_own_pages_allowed_pages_and_no_page(origin: str | None, host: str, *, expected: bool) -> None:
    headers = {"host": host} | ({} if origin is None else {"origin": origin})
    assert (objection(headers, ("https://friend.example",), ("tape.example",)) is None) is expected


def test_every_page_where_that_is_set() -> None:
    assert objection({"host": "localhost", "origin": "http://anywhere.example"}, ("*",), ()) is None


@pytest.mark.parametrize(
    ("host", "hosts", "expected"),
    [
        ("localhost:8050", (), True),
        ("tape.localhost:8050", (), True),
        ("192.168.1.20:8050", (), True),
        ("[fe80::1]:8050", (), True),
        ("rebound.example:8050", (), False),
        ("localhost.rebound.example", (), False),
        ("127.0.0.1.rebound.example", (), False),
        ("rebound.example:8050", ("tape.example",), False),
        ("sub.tape.example:8050", ("tape.example",), False),
        ("Tape.example:8050", ("tape.example",), True),
        ("anything.example", ("*",), True),
    ],
)
def test_a_name_that_leads_here_makes_no_page_the_services_own(
    host: str, hosts: tuple[str, ...], *, expected: bool
) -> None:
    said = objection({"host": host, "origin": f"http://{host}"}, (), hosts)
    assert (said is None) is expected
    assert said is None or "(allowed_hosts)" in said
    assert objection({"host": host}, (), hosts) is None, "programs say no origin, and may use any name"


def test_a_rebound_page_is_refused_by_what_trains(serve: Serve, tmp_path: Path) -> None:
    rebound = {"Origin": "http://Tape.example", "Host": "tape.example"}
    for hosts, status in (("", 403), ("other.example, TAPE.example", 404)):
        service = serve(runs=tmp_path / "runs", allowed_hosts=hosts)
        error = refused(service.http.post("/api/training/copy-4/stop", headers=rebound), status)
        assert status == 404 or error["detail"].startswith("This service does not know tape.example as a name of its")
        assert service.http.get("/api/health", headers=rebound).is_success


def test_a_foreign_page_is_refused_in_the_one_shape(service: Service) -> None:
    with pytest.raises(InvalidStatus) as refusal, service.socket(origin="http://evil.example"):
        pass
    response = refusal.value.response
    assert response.status_code == 403
    assert response.body is not None
    error = check_error(json.loads(response.body)["error"])
    assert error["code"] == "forbidden"
    assert error["detail"].startswith("Pages of http://evil.example may not use this service")
    assert error["detail"].endswith("(allowed_origins).")


def test_why_a_page_would_be_refused_is_said_without_a_websocket(serve: Serve) -> None:
    service = serve(allowed_hosts="tape.example")
    known, unknown = {"Host": "tape.example"}, {"Host": "other.example"}

    def asked(origin: str, headers: dict[str, str], status: int) -> str:
        return str(
            refused(service.http.get("/api/stream", params={"origin": origin}, headers=headers), status)["detail"]
        )

    assert "must pass on the Host header" in asked("https://tape.example", {"Host": "127.0.0.1:8050"}, 403)
    assert "TAPEDECK_ALLOWED_HOSTS" in asked("https://other.example", unknown, 403)
    assert "is a WebSocket" in asked("https://tape.example", known, 426)


@pytest.mark.parametrize("origin", ["own", "https://friend.example"])
def test_own_and_allowed_pages_are_served(serve: Serve, origin: str) -> None:
    service = serve(allowed_origins="https://friend.example")
    with service.socket(origin=service.url if origin == "own" else origin) as talk:
        talk.run(vectors(1), checkpoint=ID)
        assert talk.end() == "done"


def test_only_allowed_pages_may_read_over_http(serve: Serve) -> None:
    service = serve(allowed_origins="https://friend.example")
    friend = service.http.get("/api/health", headers={"Origin": "https://friend.example"})
    assert friend.headers["access-control-allow-origin"] == "https://friend.example"
    asked = {"Origin": "https://friend.example", "Access-Control-Request-Method": "POST"}
    preflight = service.http.options("/api/trace", headers=asked | {"Access-Control-Request-Headers": "content-type"})
    assert preflight.status_code == 200
    stranger = service.http.get("/api/health", headers={"Origin": "http://evil.example"})
    assert "access-control-allow-origin" not in stranger.headers

"""Which pages may open a WebSocket."""

from __future__ import annotations

import json

import pytest
from websockets.exceptions import InvalidStatus

from backend.api.origin import is_allowed
from tests.api.client import Service, check_error, vectors
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
    assert is_allowed(headers, ("https://friend.example",)) is expected


def test_every_page_where_that_is_set() -> None:
    assert is_allowed({"host": "localhost", "origin": "http://anywhere.example"}, ("*",))


def test_a_foreign_page_is_refused_in_the_one_shape(service: Service) -> None:
    with pytest.raises(InvalidStatus) as refusal, service.socket(origin="http://evil.example"):
        pass
    response = refusal.value.response
    assert response.status_code == 403
    assert response.body is not None
    error = check_error(json.loads(response.body)["error"])
    assert (error["code"], error["detail"]) == (
        "forbidden",
        "Pages of http://evil.example may not use this service (allowed_origins).",
    )


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

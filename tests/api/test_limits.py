"""Limits: what is over one is refused by name and value, and everything up to it works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tapedeck.api.limits import MessageRate, update_bytes
from tapedeck.api.settings import ApiSettings
from tapedeck.errors import TooManyMessages
from tapedeck.ntm import NeuralTM
from tapedeck.training.recipe import Recipe
from tests.api.client import WAIT, Service, check_error, refused, vectors
from tests.api.conftest import ID, Gate, Serve


@pytest.mark.parametrize(
    ("change", "field", "detail"),
    [
        (
            {"sequence": vectors(1001)},
            *("sequence", "The sequence has 1,001 vectors; this service runs at most 1,000 (max_sequence_length). "),
        ),
        ({"locations": 4097}, "locations", "locations is 4,097; this service runs 3 to 4,096 (max_locations)."),
        ({"locations": 10**30}, "locations", "locations is 1,000,000,"),
        ({"locations": 2}, "locations", "locations is 2; this service runs 3 to 4,096 (min_locations)."),
        ({"locations": -1}, "locations", "locations is -1; this service runs 3 to 4,096 (min_locations)."),
    ],
)
def test_a_run_over_a_limit(service: Service, change: dict[str, object], field: str, detail: str) -> None:
    request = {"checkpoint": ID, "sequence": vectors(1)} | change
    error = refused(service.http.post("/api/trace", json=request), 422)
    assert (error["code"], error["field"]) == ("limit_exceeded", field)
    assert error["detail"].startswith(detail)


def test_limits_are_settings(serve: Serve) -> None:
    service = serve(max_sequence_length=2, min_locations=5, max_locations=9)
    for locations in (5, 9):
        good = {"checkpoint": ID, "sequence": vectors(2), "locations": locations}
        assert service.http.post("/api/trace", json=good).json()["locations"] == locations
    for change, limit in (
        ({"sequence": vectors(3)}, "at most 2 (max_sequence_length)"),
        ({"locations": 4}, "5 to 9 (min_locations)"),
        ({"locations": 10}, "5 to 9 (max_locations)"),
    ):
        request = {"checkpoint": ID, "sequence": vectors(1)} | change
        assert limit in refused(service.http.post("/api/trace", json=request), 422)["detail"]


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAPEDECK_MAX_LOCATIONS", "77")
    monkeypatch.setenv("TAPEDECK_ALLOWED_ORIGINS", "https://a.example/, https://b.example")
    settings = ApiSettings()
    assert settings.max_locations == 77
    assert settings.allowed_origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("size", [2_001, 100_000])
def test_a_body_over_the_limit(serve: Serve, size: int, *, declared: bool) -> None:
    """With its length said beforehand, and in chunks without; a little too long, and far too long."""
    service = serve(max_body_bytes=2000)

    def chunks() -> Iterator[bytes]:
        for start in range(0, size, 1000):
            yield b" " * min(1000, size - start)

    content = b" " * size if declared else chunks()
    answer = service.http.post("/api/trace", content=content, headers={"Content-Type": "application/json"})
    error = refused(answer, 413)
    assert error["code"] == "too_large"
    assert "2,000 bytes (max_body_bytes)" in error["detail"]


def test_a_body_of_the_limit_itself(serve: Serve) -> None:
    body = b'{"checkpoint": "%b", "sequence": [[0,0,0,0,0,0,0,0]]}' % ID.encode()
    service = serve(max_body_bytes=500)
    answer = service.http.post("/api/trace", content=body.ljust(500), headers={"Content-Type": "application/json"})
    assert answer.json()["steps"] == 4


def test_a_message_over_the_limit_leaves_the_connection_usable(serve: Serve) -> None:
    with serve(max_body_bytes=500).socket() as talk:
        talk.socket.send(" " * 501)
        error = talk.error()
        assert error["code"] == "too_large"
        assert "500 bytes (max_body_bytes)" in error["detail"]
        talk.run(vectors(1), checkpoint=ID)
        assert talk.end() == "done"


def test_who_waits_too_long_is_refused_and_told_when_to_come_again(serve: Serve, gate: Gate) -> None:
    service = serve(max_concurrent_runs=1, max_wait=0.05, workers=2)
    with service.socket() as first, service.socket() as second:
        first.run(vectors(1), checkpoint=ID)
        assert first.message()["type"] == "header"
        second.run(vectors(1), checkpoint=ID)
        refusal = second.message()
        assert refusal["type"] == "error"
        assert refusal["retry_after"] >= 1
        assert check_error(refusal["error"])["code"] == "too_many_runs"
        assert "This service is busy with 1 run, " in refusal["error"]["detail"]
        assert "(max_concurrent_runs)" in refusal["error"]["detail"]
        answer = service.http.post("/api/trace", json={"checkpoint": ID, "sequence": vectors(1)})
        assert refused(answer, 503) == refusal["error"]
        assert int(answer.headers["retry-after"]) >= 1
        gate.open()
        assert first.end() == "done"
        second.run(vectors(1), checkpoint=ID)
        assert second.end() == "done"


def test_nobody_is_refused_who_can_wait(serve: Serve) -> None:
    """Busy is a queue: of sixty clients on two places every one has its run."""
    service = serve(max_concurrent_runs=2, max_wait=WAIT)
    with ExitStack() as stack:
        talks = [stack.enter_context(service.socket()) for _ in range(60)]
        for talk in talks:
            talk.run(vectors(5), checkpoint=ID)
        assert [talk.end() for talk in talks] == ["done"] * 60


@pytest.mark.parametrize("request_", [{"checkpoint": "nobody"}, {"sha256": "0" * 64}, {"sequence": [[1]]}])
@pytest.mark.parametrize("path", ["trace", "provenance", "evaluation"])
def test_a_wrong_request_is_refused_at_once_though_every_worker_computes(
    serve: Serve, gate: Gate, path: str, request_: dict[str, object]
) -> None:
    """Nothing is let through by the gate before it is refused."""
    service = serve(max_concurrent_runs=1, max_wait=WAIT, workers=1)
    with service.socket() as running:
        running.run(vectors(1), checkpoint=ID)
        assert running.message()["type"] == "header"
        asked = {"lengths": [2]} if path == "evaluation" else {"sequence": vectors(1)}
        answer = service.http.post(f"/api/{path}", json={"checkpoint": ID} | asked | request_)
        refused(answer, 404 if "checkpoint" in request_ else 409 if "sha256" in request_ else 422)
        assert gate.steps == 0
        gate.open()


@pytest.mark.parametrize("path", ["trace", "provenance", "evaluation", "stream"])
@pytest.mark.parametrize("limit", ["max_run_bytes", "max_work"])
def test_everything_that_is_computed_has_one_budget(serve: Serve, gate: Gate, path: str, limit: str) -> None:
    """Said before anything is computed, and by the limit's name."""
    service = serve(**{limit: 1000})
    asked = {"lengths": [20]} if path == "evaluation" else {"sequence": vectors(20)}
    if path == "stream":
        with service.socket() as talk:
            talk.send(type="run", checkpoint=ID, **asked)
            error = talk.error()
    else:
        error = refused(service.http.post(f"/api/{path}", json={"checkpoint": ID} | asked), 422)
    assert error["code"] == "limit_exceeded"
    assert f"1,000 for one request ({limit})" in error["detail"]
    assert gate.steps == 0


def test_memory_of_a_trace_is_free_again_when_it_is_sent(serve: Serve) -> None:
    service = serve(max_run_bytes=20_000, max_concurrent_runs=1)
    for _ in range(20):
        answer = service.http.post("/api/trace", json={"checkpoint": ID, "sequence": vectors(2)})
        assert answer.status_code == 200


def test_messages_come_too_fast(serve: Serve) -> None:
    """More of them than a minute allows: as many as come within a second are read, however slow the machine is."""
    with serve(max_messages_per_second=3).socket() as talk:
        for _ in range(200):
            talk.socket.send("{}")
        codes = [talk.error()["code"] for _ in range(200)]
        assert codes[:3] == ["invalid_request"] * 3
        assert "too_many_messages" in codes


def test_the_rate_counts_by_the_clock() -> None:
    now = 100.0
    rate = MessageRate(2, lambda: now)
    rate.count()
    rate.count()
    with pytest.raises(TooManyMessages, match=r"faster than 2 a second \(max_messages_per_second\)"):
        rate.count()
    now += 0.5
    rate.count()
    with pytest.raises(TooManyMessages):
        rate.count()
    now += 60  # a minute of silence allows no more than one second's worth
    rate.count()
    rate.count()
    with pytest.raises(TooManyMessages):
        rate.count()


def test_an_update_of_an_lstm_is_known_to_take_more() -> None:
    """At least its gates at every step, and four numbers for each parameter that it has more."""
    feed_forward, lstm = Recipe(), Recipe(controller="lstm")
    counts = [sum(each.numel() for each in NeuralTM(recipe.spec).parameters()) for recipe in (feed_forward, lstm)]
    steps = (2 * lstm.longest + 2) * lstm.batch_size
    more = 4 * (steps * 3 * lstm.controller_size + 4 * 0.95 * (counts[1] - counts[0]))
    assert update_bytes(lstm) - update_bytes(feed_forward) >= more

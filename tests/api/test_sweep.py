"""WS /api/sweep: a message for each point, cancelled when it is asked for, and what is wrong as an error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.sync.client import connect

from tapedeck.api.lab_schemas import SweepHeader, SweepPoint
from tests.api.client import WAIT, Service
from tests.api.conftest import ID

SWEEP: dict[str, Any] = {
    "type": "sweep",
    "checkpoint": ID,
    "axes": [{"vary": {"kind": "move", "head": "read"}, "values": [0, 1, 2]}],
    "size": {"length": 3},
    "sequences": 5,
}


@contextmanager
def talk(service: Service) -> Iterator[Any]:
    url = f"ws{service.url.removeprefix('http')}/api/sweep"
    with connect(url, compression=None, open_timeout=WAIT) as socket:
        yield (
            lambda message=None: json.loads(socket.recv(WAIT)) if message is None else socket.send(json.dumps(message))
        )


def test_every_point_comes_as_soon_as_it_is_known_and_in_order(service: Service) -> None:
    with talk(service) as said:
        for _ in range(2):
            said(SWEEP)
            header = SweepHeader.model_validate(said())
            assert (header.points, header.measure, header.axes[0]["title"]) == (3, "bit_error_rate", "read moved by")
            points = [SweepPoint.model_validate(said()) for _ in range(3)]
            assert [(point.index, point.values, point.sequences) for point in points] == [
                (index, [index], 5) for index in range(3)
            ]
            for point in points:
                assert point.interval is not None
                assert point.rate is not None
                assert point.interval[0] <= point.rate <= point.interval[1]
            assert said() == {"type": "done", "points": 3}


def test_a_sweep_is_cancelled_and_the_connection_stays_usable(service: Service) -> None:
    with talk(service) as said:
        said(SWEEP | {"axes": [{"vary": "length", "values": [float(length) for length in range(1, 300)]}], "size": {}})
        assert said()["type"] == "header"
        said({"type": "cancel"})
        while (message := said())["type"] == "point":
            pass
        assert message == {"type": "cancelled"}
        said(SWEEP)
        assert said()["type"] == "header"


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        ({"axes": []}, "invalid_request", "axes"),
        ({"checkpoint": "nobody"}, "checkpoint_not_found", "There is no checkpoint “nobody”"),
        ({"axes": [{"vary": "speed", "values": [1]}]}, "invalid_configuration", "Axis 0 varies “speed”"),
        (
            {"axes": [{"vary": {"kind": "move", "head": "eye"}, "values": [1]}]},
            *("invalid_interventions", "Intervention 0: this machine has no head “eye”"),
        ),
        ({"type": "run"}, "invalid_request", "type is “run”; send “sweep” or “cancel”."),
    ],
)
def test_a_wrong_sweep_is_an_error_in_the_one_shape(
    service: Service, change: dict[str, Any], code: str, says: str
) -> None:
    with talk(service) as said:
        said(SWEEP | change)
        error = said()["error"]
        assert error["code"] == code
        assert error["detail"].startswith(says)


def test_more_than_a_service_computes_is_refused_before_anything_is(service: Service) -> None:
    values = [1000.0] * 2000
    with talk(service) as said:
        said(SWEEP | {"axes": [{"vary": "length", "values": values}], "size": {}, "sequences": 10_000})
        error = said()["error"]
    assert error["code"] == "limit_exceeded"
    assert "max_work" in error["detail"]


def test_without_a_websocket_it_says_what_to_send(service: Service) -> None:
    assert service.http.get("/api/sweep").status_code == 426

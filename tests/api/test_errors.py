"""Every error of HTTP and of the stream: the one shape, the first thing that is wrong, a sentence to act on."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any

import pytest
from fastapi.routing import APIRoute

from tapedeck import errors
from tapedeck.api.app import create_app
from tapedeck.api.errors import STATUS
from tapedeck.api.settings import ApiSettings
from tapedeck.checkpoints import CheckpointLibrary
from tapedeck.ntm import NeuralTM
from tests.api.client import WAIT, Service, refused, vectors
from tests.api.conftest import ID

GOOD: dict[str, Any] = {"checkpoint": ID, "sequence": [[1, 0, 1, 1, 0, 0, 1, 1], [0] * 8]}

FREEZE: dict[str, Any] = {"kind": "freeze", "head": "read"}
MOVE: dict[str, Any] = {"kind": "move", "head": "read", "by": 1}
WRONG_CHANGES: list[tuple[Any, str, str]] = [
    (None, "", "interventions is null; give a list of at most 100, empty for a plain run."),
    ([{}], ".0.kind", "Intervention 0 has no kind; give one of set, scale, add, noise, swap, "),
    ([FREEZE, {**FREEZE, "step": 6}], ".1.step", "Intervention 1: step is 6; this run has the steps 0 to 5."),
    ([FREEZE, MOVE], ".1", "Intervention 1 (move) contradicts intervention 0 (freeze): both decide read.weighting"),
    ([{**MOVE, "head": "eye"}], ".0.head", "Intervention 0: this machine has no head “eye”; it has write, read."),
    ([{**MOVE, "by": "x"}], ".0.by", "Intervention 0: by is “x”; give a whole number of locations."),
]

# What is changed of a good request, then the error: code, field, and the sentence or its beginning.
WRONG = [
    ({"checkpoint": "nobody"}, "checkpoint_not_found", "checkpoint", "There is no checkpoint “nobody”; there are "),
    ({"checkpoint": 5}, "invalid_request", "checkpoint", "checkpoint is 5; give the id of a machine, as "),
    ({"checkpoint": ""}, "invalid_request", "checkpoint", "checkpoint is “”; give the id of a machine, as "),
    ({"sequence": []}, "invalid_sequence", "sequence", "The sequence is empty; give at least one vector of 8 bits"),
    ({"sequence": "10110011"}, "invalid_sequence", "sequence", "sequence is “10110011”; give a list of vectors of "),
    ({"sequence": None}, "invalid_sequence", "sequence", "sequence is null; give a list of vectors of 0s and 1s"),
    (
        {"sequence": [[0] * 8, "10110011"]},
        *("invalid_sequence", "sequence.1", "Vector 2 is “10110011”; every vector must be a list of 0s and 1s."),
    ),
    ({"sequence": [[]]}, "invalid_sequence", "sequence.0", "Vector 1 has 0 bits; this machine reads 8 bits a vector."),
    (
        {"sequence": [[0] * 8, [0] * 8, [0] * 9]},
        *("invalid_sequence", "sequence.2", "Vector 3 has 9 bits; this machine reads 8 bits a vector."),
    ),
    *(
        (
            {"sequence": [[0] * 8, [0, 0, 1, 0, 0, bit, 0, 7]]},
            *("invalid_sequence", "sequence.1.5"),
            f"Bit 6 of vector 2 is {shown}; every bit must be the number 0 or 1.",
        )
        for bit, shown in [
            (2, "2"),
            (-1, "-1"),
            (0.5, "0.5"),
            (1.0, "1.0"),
            (True, "true"),
            ("1", "“1”"),
            (None, "null"),
        ]
    ),
    ({"sequence": [[0] * 7 + ["x" * 200_000]]}, "invalid_sequence", "sequence.0.7", "Bit 8 of vector 1 is “xxxxxx"),
    ({"locations": "128"}, "invalid_locations", "locations", "locations is “128”; give a whole number, or null"),
    ({"locations": 12.5}, "invalid_locations", "locations", "locations is 12.5; give a whole number, or null"),
    ({"locations": True}, "invalid_locations", "locations", "locations is true; give a whole number, or null"),
    *(
        ({"interventions": given}, "invalid_interventions", f"interventions{field}", sentence)
        for given, field, sentence in WRONG_CHANGES
    ),
    ({"speed": 2}, "invalid_request", "speed", "“speed” is not part of this request; leave it out."),
]


@pytest.mark.parametrize(("change", "code", "field", "sentence"), WRONG)
def test_a_wrong_request_is_answered_alike_on_both_ways(
    service: Service, change: dict[str, Any], code: str, field: str, sentence: str
) -> None:
    error = refused(service.http.post("/api/trace", json=GOOD | change), 404 if code == "checkpoint_not_found" else 422)
    assert (error["code"], error["field"]) == (code, field)
    assert error["detail"].startswith(sentence)
    assert len(error["detail"]) < 200
    with service.socket() as talk:
        talk.send(type="run", **GOOD | change)
        assert talk.error() == error
        talk.send(type="run", **GOOD)
        assert talk.end() == "done"


@pytest.mark.parametrize("missing", ["checkpoint", "sequence"])
def test_says_what_is_missing(service: Service, missing: str) -> None:
    request = {name: value for name, value in GOOD.items() if name != missing}
    error = refused(service.http.post("/api/trace", json=request), 422)
    assert error["field"] == missing
    assert error["detail"].startswith(f"The request has no {missing}; give ")


@pytest.mark.parametrize(
    ("body", "status", "code", "beginning"),
    [
        ("", 422, "invalid_request", "The request must be a JSON object, got null."),
        ("[]", 422, "invalid_request", "The request must be a JSON object, got a list."),
        ('"text"', 422, "invalid_request", "The request must be a JSON object, got “text”."),
        ('{"checkpoint": ', 400, "malformed_json", "Not valid JSON: "),
        ("[" * 100_000, 400, "bad_request", ""),
        (b"\xff{}", 400, "bad_request", ""),
    ],
)
def test_a_body_that_is_no_object(service: Service, body: str | bytes, status: int, code: str, beginning: str) -> None:
    answer = service.http.post("/api/trace", content=body, headers={"Content-Type": "application/json"})
    error = refused(answer, status)
    assert error["code"] == code
    assert error["detail"].startswith(beginning)


def test_malformed_json_says_where(service: Service) -> None:
    body = '{"checkpoint": "x", "sequence": [[1 0]]}'
    answer = service.http.post("/api/trace", content=body, headers={"Content-Type": "application/json"})
    assert f"at character {body.index('0]') + 1}." in refused(answer, 400)["detail"]


def test_half_a_surrogate_pair_does_not_break_the_answer(service: Service) -> None:
    for body in ('{"checkpoint": "\\ud800", "sequence": [[1]]}', '{"\\udfff": 1}'):
        answer = service.http.post("/api/trace", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in {404, 422}
        refused(answer, answer.status_code)


def test_a_body_that_is_not_said_to_be_json(service: Service) -> None:
    answer = service.http.post("/api/trace", content=json.dumps(GOOD), headers={"Content-Type": "text/plain"})
    error = refused(answer, 415)
    assert error["code"] == "unsupported_media_type"
    assert "text/plain" in error["detail"]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nowhere", "/api/trace/1", "/api/checkpoints/a/b"])
def test_an_unknown_path(service: Service, method: str, path: str) -> None:
    error = refused(service.http.request(method, path), 404)
    assert error["code"] == "not_found"
    assert error["detail"] == f"There is nothing at {path}; /api/docs lists what there is."


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/api/health", "GET"),
        ("DELETE", "/api/checkpoints/anything", "GET"),
        ("GET", "/api/trace", "POST"),
        ("PUT", "/api/trace", "POST"),
        ("POST", "/api/stream", "GET"),
    ],
)
def test_a_method_that_a_path_does_not_take(service: Service, method: str, path: str, allowed: str) -> None:
    answer = service.http.request(method, path)
    error = refused(answer, 405)
    assert answer.headers["allow"] == allowed
    assert (error["code"], error["detail"]) == ("method_not_allowed", f"{path} takes {allowed}, not {method}.")


def test_the_stream_without_a_websocket(service: Service) -> None:
    answer = service.http.get("/api/stream")
    assert refused(answer, 426)["code"] == "upgrade_required"
    assert answer.headers["upgrade"] == "websocket"


@pytest.mark.parametrize(
    ("message", "code", "field", "sentence"),
    [
        ("{", "malformed_json", None, "Not valid JSON: "),
        ("", "malformed_json", None, "Not valid JSON: "),
        ("[1]", "invalid_request", None, "A message must be a JSON object, got a list."),
        ("7", "invalid_request", None, "A message must be a JSON object, got 7."),
        (b"{}", "invalid_request", None, "Messages must be JSON text; this one was binary."),
        ("{}", "invalid_request", "type", "type is null; send “run” or “cancel”."),
        ('{"type": "stop"}', "invalid_request", "type", "type is “stop”; send “run” or “cancel”."),
        ('{"type": {}}', "invalid_request", "type", "type is an object; send “run” or “cancel”."),
        ('{"type": "run"}', "invalid_request", "checkpoint", "The request has no checkpoint; give "),
    ],
)
def test_a_wrong_message_leaves_the_connection_usable(
    service: Service, message: str | bytes, code: str, field: str | None, sentence: str
) -> None:
    with service.socket() as talk:
        talk.socket.send(message)
        error = talk.error()
        assert (error["code"], error["field"]) == (code, field)
        assert error["detail"].startswith(sentence)
        talk.send(type="run", **GOOD)
        assert talk.end() == "done"


class Listener(logging.Handler):
    """Hands what another thread logs to this one."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: SimpleQueue[str] = SimpleQueue()

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.put(logging.Formatter().format(record))


@pytest.fixture
def log() -> Iterator[Listener]:
    listener = Listener()
    logging.getLogger().addHandler(listener)
    yield listener
    logging.getLogger().removeHandler(listener)


def test_what_nobody_foresaw_is_logged_and_not_told(
    service: Service, monkeypatch: pytest.MonkeyPatch, log: Listener
) -> None:
    def broken(_: CheckpointLibrary) -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(CheckpointLibrary, "list", broken)
    error = refused(service.http.get("/api/checkpoints"), 500)
    assert error["code"] == "internal_error"
    assert "secret" not in error["detail"]
    assert "ZeroDivisionError: a secret" in log.heard.get(timeout=WAIT)


def test_a_run_that_breaks_off_is_logged_and_the_connection_stays_usable(
    service: Service, monkeypatch: pytest.MonkeyPatch, log: Listener
) -> None:
    with service.socket() as talk, monkeypatch.context() as patch:
        patch.setattr(NeuralTM, "step", None)
        talk.run(vectors(2), checkpoint=ID)
        assert talk.message()["type"] == "header"
        assert talk.error()["code"] == "internal_error"
        assert "TypeError" in log.heard.get(timeout=WAIT)
        patch.undo()
        talk.run(vectors(2), checkpoint=ID)
        assert talk.end() == "done"


def test_every_error_has_a_status() -> None:
    """Those that a request can meet have one of their own, or their parent's."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    assert all(any(parent in STATUS for parent in kind.__mro__) for kind in kinds if issubclass(kind, Exception))


def test_an_attached_page_does_not_answer_for_the_service() -> None:
    """A catch-all route that is added later, as Dash adds one, gets no path under /api."""
    app = create_app(ApiSettings())
    app.add_api_route("/{path:path}", lambda: "page", methods=["GET"])
    paths = [route.path for route in app.router.routes if isinstance(route, APIRoute)]
    assert paths.index("/api/{path:path}") < paths.index("/{path:path}")

"""POST /api/trace: the same numbers as the machine's own, in every form."""

from __future__ import annotations

import csv
import io
import json
import socket
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from tapedeck.api.settings import ApiSettings
from tapedeck.api.trace_forms import FORMS
from tapedeck.checkpoints import read_checkpoint
from tapedeck.figures.pictures import svg_pieces
from tapedeck.figures.view import View
from tapedeck.tracing import Trace, measure, prepare
from tests.api.client import WAIT, Service, refused, vectors
from tests.api.conftest import ID, Gate, Serve, save, serving, small_machine
from tests.verdicts import verdict_on

NPZ = {"Accept": "application/x-npz"}
SEQUENCE = vectors(9)
FILES = {
    "application/x-npz": "npz",
    "text/csv": "csv",
    "text/html": "html",
    "image/gif": "gif",
    "image/svg+xml": "svg",
    "image/png": "png",
}
WRITE = ["erase_vector", "add_vector"]
ADDRESSING = [
    *("weighting", "content_weighting", "gated_weighting", "shifted_weighting", "key", "key_strength"),
    *("interpolation_gate", "sharpening", "shift_weighting"),
]


@pytest.fixture
def local(folder: Path) -> Trace:
    """The run without a service."""
    return prepare(read_checkpoint(folder / f"{ID}.safetensors").machine, "copy", SEQUENCE).trace()


@pytest.fixture
def answer(service: Service) -> dict[str, Any]:
    response = service.http.post("/api/trace", json={"checkpoint": ID, "sequence": SEQUENCE})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    trace: dict[str, Any] = response.json()
    return trace


def test_json_holds_what_the_contract_says(answer: dict[str, Any], service: Service) -> None:
    assert list(answer) == [
        *("checkpoint", "steps", "locations", "width", "phases", "inputs", "targets", "outputs"),
        *("bit_errors", "heads", "initial", "diagnosis"),
    ]
    checkpoint = service.http.get(f"/api/checkpoints/{ID}").json()
    assert answer["checkpoint"] == {name: value for name, value in checkpoint.items() if name != "machine"}
    assert (answer["steps"], answer["locations"], answer["width"]) == (20, 12, 5)
    assert answer["phases"] == [
        {"name": "start", "start": 0, "stop": 1},
        {"name": "input", "start": 1, "stop": 10},
        {"name": "end", "start": 10, "stop": 11},
        {"name": "recall", "start": 11, "stop": 20},
    ]
    assert list(answer["heads"]) == ["write", "read"]
    assert set(answer["heads"]["write"]) == {"kind", *ADDRESSING, *WRITE}
    assert set(answer["heads"]["read"]) == {"kind", *ADDRESSING, "read_vector"}
    assert [head["kind"] for head in answer["heads"].values()] == ["write", "read"]


def test_json_numbers_are_the_machines_own_bit_for_bit(answer: dict[str, Any], local: Trace) -> None:
    for name, expected in local.arrays.items():
        head, _, field = name.rpartition(".")
        if head == "controller":
            continue  # not part of version 1
        got = np.array((answer["heads"][head] if head else answer)[field], dtype=np.float32)
        np.testing.assert_array_equal(got, expected, err_msg=name, strict=True)
    for name, expected in (("memory", local.initial.memory), ("weighting", local.initial.weightings["write"])):
        np.testing.assert_array_equal(np.array(answer["initial"][name], np.float32), expected, strict=True)
    assert answer["bit_errors"] == local.bit_errors > 0


def test_it_says_what_became_of_the_run(answer: dict[str, Any], local: Trace, folder: Path) -> None:
    machine = read_checkpoint(folder / f"{ID}.safetensors").machine
    assert answer["diagnosis"] == verdict_on(local, machine).document()
    assert list(answer["diagnosis"]) == ["kind", "first_wrong_step", "offset", "sentence", "marks"]
    assert answer["diagnosis"]["kind"] == "untrained"
    assert answer["diagnosis"]["marks"][0] == {"step": answer["diagnosis"]["first_wrong_step"], "kind": "untrained"}


def test_npz_holds_the_same_arrays(service: Service, local: Trace) -> None:
    response = service.http.post("/api/trace", json={"checkpoint": ID, "sequence": SEQUENCE}, headers=NPZ)
    assert response.headers["content-type"] == "application/x-npz"
    assert response.headers["content-disposition"] == 'attachment; filename="trace.npz"'
    with np.load(io.BytesIO(response.content), allow_pickle=False) as arrays:
        extras = {"meta", "initial.memory", "initial.weighting", "bit_errors", "checkpoint_sha256", "diagnosis"}
        assert set(arrays) == {*local.arrays, *extras, *measure(local).arrays}
        for name, expected in local.arrays.items():
            np.testing.assert_array_equal(arrays[name], expected, err_msg=name, strict=True)
        np.testing.assert_array_equal(arrays["initial.memory"], local.initial.memory, strict=True)
        assert arrays["bit_errors"] == local.bit_errors
        assert json.loads(str(arrays["diagnosis"]))["kind"] == "untrained"
        assert arrays["checkpoint_sha256"] == service.http.get(f"/api/checkpoints/{ID}").json()["sha256"]


def test_the_same_request_has_the_same_answer_to_the_byte(service: Service) -> None:
    first, second = (
        service.http.post("/api/trace", json={"checkpoint": ID, "sequence": SEQUENCE}, headers=NPZ).content
        for _ in range(2)
    )
    assert first == second


@pytest.mark.parametrize("locations", [3, 64, None])
def test_runs_on_other_numbers_of_locations(service: Service, locations: int | None) -> None:
    request = {"checkpoint": ID, "sequence": SEQUENCE, "locations": locations, "interventions": []}
    answer = service.http.post("/api/trace", json=request).json()
    expected = locations or 12
    assert answer["locations"] == expected
    assert np.shape(answer["initial"]["memory"]) == (expected, 5)
    assert np.shape(answer["heads"]["read"]["weighting"]) == (20, expected)


def test_a_trace_of_many_pieces_is_whole(service: Service, folder: Path) -> None:
    """N = 4096: every row of a weighting is a piece of its own size."""
    sequence = vectors(4)
    request = {"checkpoint": ID, "sequence": sequence, "locations": 4096}
    machine = read_checkpoint(folder / f"{ID}.safetensors").machine
    expected = prepare(machine, "copy", sequence, 4096).trace().arrays["read.weighting"]
    answer = service.http.post("/api/trace", json=request).json()
    np.testing.assert_array_equal(np.array(answer["heads"]["read"]["weighting"], np.float32), expected, strict=True)


def test_a_dropped_client_stops_the_computing(serve: Serve, gate: Gate) -> None:
    service = serve(workers=1)
    body = json.dumps({"checkpoint": ID, "sequence": vectors(1000)}).encode()
    head = b"POST /api/trace HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    with socket.create_connection((service.http.base_url.host, service.http.base_url.port or 0)) as client:
        client.sendall(head % len(body) + body)
        assert gate.reached.wait(WAIT)
    service.http.get("/api/health")  # answered after the server has heard that the client left
    gate.open()
    assert service.http.post("/api/trace", json={"checkpoint": ID, "sequence": vectors(1)}).status_code == 200
    assert gate.steps <= 1 + 16 + 4


def test_it_is_not_compressed_on_its_way(service: Service) -> None:
    """A middleware that compresses (the page brings one) leaves alone what says its encoding."""
    response = service.http.post("/api/trace", json={"checkpoint": ID, "sequence": SEQUENCE})
    assert response.headers["content-encoding"] == "identity"


def test_refuses_a_form_that_it_has_not(service: Service) -> None:
    request = {"checkpoint": ID, "sequence": SEQUENCE}
    error = refused(service.http.post("/api/trace", json=request, headers={"Accept": "image/webp"}), 406)
    assert error["code"] == "not_acceptable"
    for form in FORMS:
        assert form in error["detail"]


@pytest.mark.parametrize("accept", ["*/*", "", "application/*", "application/json, */*;q=0.1"])
def test_whoever_does_not_choose_gets_json(service: Service, accept: str) -> None:
    request = {"checkpoint": ID, "sequence": SEQUENCE}
    answer = service.http.post("/api/trace", json=request, headers={"Accept": accept})
    assert answer.headers["content-type"] == "application/json"
    assert "content-disposition" not in answer.headers


@pytest.mark.parametrize("form", FILES)
def test_is_the_same_as_without_a_service(service: Service, local: Trace, folder: Path, form: str) -> None:
    """To the byte, in each form that is a file; with the machine's hash inside."""
    checkpoint = read_checkpoint(folder / f"{ID}.safetensors")
    said = {"diagnosis": verdict_on(local, checkpoint.machine).document()}
    request = {"checkpoint": ID, "sequence": SEQUENCE}
    answer = service.http.post("/api/trace", json=request, headers={"Accept": form})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == form
    assert answer.headers["content-disposition"] == f'attachment; filename="trace.{FILES[form]}"'
    assert answer.headers["vary"] == "Accept"
    assert answer.content == b"".join(FORMS[form].export(local, checkpoint.info.document(), said))
    assert checkpoint.info.sha256.encode() in answer.content.replace(b"\0", b"")  # NumPy's text has four bytes a sign


def test_csv_is_a_row_a_step(service: Service, local: Trace) -> None:
    request = {"checkpoint": ID, "sequence": SEQUENCE}
    answer = service.http.post("/api/trace", json=request, headers={"Accept": "text/csv"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(int(row["step"]), row["phase"]) for row in rows][::10] == [(0, "start"), (10, "end")]
    weighting = local.arrays["read.weighting"]
    got = np.array([[row[f"read.weighting.{i}"] for i in range(weighting.shape[1])] for row in rows], np.float32)
    np.testing.assert_array_equal(got, weighting, strict=True)


def drawn_in_turns(service: Service, path: str, form: str) -> bytes:
    """A picture of a long run, which a short run does not wait for: it is over before the picture is."""
    request = {"checkpoint": ID, "sequence": vectors(200)}
    with service.http.stream("POST", path, json=request, headers={"Accept": form}) as answer:
        parts = answer.iter_raw()
        first = next(parts)
        assert service.http.post("/api/trace", json={"checkpoint": ID, "sequence": vectors(1)}).status_code == 200
        return first + b"".join(parts)


def test_an_animation_is_drawn_in_turns_with_what_else_is_asked(serve: Serve) -> None:
    """A frame is a job of its own, with one worker for all."""
    with Image.open(io.BytesIO(drawn_in_turns(serve(workers=1), "/api/trace", "image/gif"))) as image:
        assert getattr(image, "n_frames", 1) == 402


def test_a_figure_is_drawn_in_turns_with_what_else_is_asked(serve: Serve) -> None:
    """A panel or some rows of pixels are a job of their own, with one worker for all."""
    with Image.open(io.BytesIO(drawn_in_turns(serve(workers=1), "/api/trace?step=9", "image/png"))) as image:
        assert image.width > 2400


def test_a_figure_shows_the_step_the_rows_and_the_panel_that_are_asked_for(service: Service, folder: Path) -> None:
    checkpoint = read_checkpoint(folder / f"{ID}.safetensors")
    local = prepare(checkpoint.machine, "copy", SEQUENCE).trace()
    for query, view in (
        ("step=3", View(step=3)),
        ("rows=all&panel=read.key", View(rows="all", panel="read.key")),
        ("step=0&rows=2-4&panel=memory", View(0, "2-4", "memory")),
    ):
        request = {"checkpoint": ID, "sequence": SEQUENCE}
        answer = service.http.post(f"/api/trace?{query}", json=request, headers={"Accept": "image/svg+xml"})
        assert answer.status_code == 200
        assert answer.content == b"".join(svg_pieces(local, checkpoint.info.document(), {}, view)), query


@pytest.mark.parametrize(
    ("query", "accept", "field", "sentence"),
    [
        ("step=20", "image/png", "step", "step is 20; this run has the steps 0 to 19."),
        ("step=x", "image/png", "step", "step is “x”; give a whole number from 0, or leave it out."),
        (
            "panel=nothing",
            "image/svg+xml",
            "panel",
            "This run has no panel “nothing”; it has inputs, targets,",
        ),
        ("panel=memory", "image/svg+xml", "step", "The memory is that of a step: give step as well."),
        ("rows=0-99", "image/svg+xml", "rows", "rows is “0-99”; it must be used, all, or the first and the last"),
        (
            "step=1",
            "text/csv",
            "step",
            "step belongs to a picture: accept image/svg+xml or image/png, or",
        ),
    ],
)
def test_a_picture_that_a_run_has_not_is_refused_in_one_sentence(
    service: Service, query: str, accept: str, field: str, sentence: str
) -> None:
    request = {"checkpoint": ID, "sequence": SEQUENCE}
    error = refused(service.http.post(f"/api/trace?{query}", json=request, headers={"Accept": accept}), 422)
    assert error["field"] == field
    assert error["detail"].startswith(sentence)


@pytest.mark.parametrize("path", ["trace", "provenance", "stream"])
def test_an_overflow_is_the_error_of_a_run_and_never_a_null(tmp_path: Path, path: str) -> None:
    machine = small_machine()
    with torch.no_grad():
        machine.r_to_s.bias.fill_(3e38)
        machine.r_to_s.weight.fill_(3e38)
    save(tmp_path / "huge.safetensors", machine)
    request = {"checkpoint": "huge", "sequence": SEQUENCE}
    with serving(ApiSettings(checkpoints=tmp_path)) as service:
        if path == "stream":
            with service.socket() as talk:
                talk.send(type="run", **request)
                assert talk.whole().last["error"]["code"] == "non_finite"
        for accept in ("application/json", "application/x-npz", "text/html") if path != "stream" else ():
            answer = service.http.post(f"/api/{path}", json=request, headers={"Accept": accept})
            error = refused(answer, 422)
            assert (error["code"], error["field"]) == ("non_finite", "checkpoint")


@pytest.mark.parametrize("path", ["trace", "provenance", "evaluation", "stream"])
def test_a_request_can_pin_the_hash_of_its_machine(service: Service, path: str) -> None:
    own = service.http.get(f"/api/checkpoints/{ID}").json()["sha256"]
    asked = {"checkpoint": ID} | ({"lengths": [2]} if path == "evaluation" else {"sequence": SEQUENCE})
    if path == "stream":
        with service.socket() as talk:
            talk.send(type="run", **asked, sha256="f" * 64)
            error = talk.error()
            talk.send(type="run", **asked, sha256=own)
            assert talk.end() == "done"
    else:
        for same in (own, own.upper(), None):
            assert service.http.post(f"/api/{path}", json=asked | {"sha256": same}).status_code == 200
        error = refused(service.http.post(f"/api/{path}", json=asked | {"sha256": "f" * 64}), 409)
        wrong = refused(service.http.post(f"/api/{path}", json=asked | {"sha256": "copy-1"}), 422)
        assert wrong["detail"].startswith("sha256 is “copy-1”; give the 64 hexadecimal digits")
    assert (error["code"], error["field"]) == ("checkpoint_changed", "sha256")
    assert own[:12] in error["detail"]

"""POST /api/provenance: the terms of one step and the picture of all, and what cannot be asked."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tapedeck.api.schemas import ProvenanceDocument
from tapedeck.checkpoints import read_checkpoint
from tapedeck.ntm import NeuralTM
from tapedeck.tracing import OutputLayer, Trace, explain_read, explain_reads, prepare
from tests.api.client import WAIT, Service, refused, vectors
from tests.api.conftest import ID, Gate, Serve

SEQUENCE = vectors(20)
RUN: dict[str, Any] = {"checkpoint": ID, "sequence": SEQUENCE}


@pytest.fixture
def machine(folder: Path) -> NeuralTM:
    return read_checkpoint(folder / f"{ID}.safetensors").machine


@pytest.fixture
def local(machine: NeuralTM) -> Trace:
    """The run without a service."""
    return prepare(machine, "copy", SEQUENCE).trace()


def ask(service: Service, **request: Any) -> dict[str, Any]:
    answer = service.http.post("/api/provenance", json=RUN | request)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    document: dict[str, Any] = answer.json()
    ProvenanceDocument.model_validate(document)
    return document


@pytest.mark.parametrize("step", [0, 17, 41])
def test_the_terms_of_a_step_add_up_to_what_the_machine_read_and_gave_out(
    service: Service, machine: NeuralTM, local: Trace, step: int
) -> None:
    found = ask(service, step=step)
    whole = service.http.post("/api/trace", json=RUN).json()
    about = ("checkpoint", "steps", "locations", "width", "phases")
    assert list(found) == [*about, "step", "read_vector", "output", "shares", "sentences"]
    assert {name: found[name] for name in about} == {name: whole[name] for name in about}
    assert found["step"] == step

    read_vector = local.arrays["read.read_vector"][step]
    unclamped = machine.r_to_s(torch.from_numpy(read_vector.copy())).detach().numpy()
    for name, expected in (("read_vector", read_vector), ("output", unclamped)):
        terms = found[name]
        assert np.shape(terms["writes"]) == (step + 1, len(expected))
        total = np.sum(terms["writes"], axis=0) + terms["initial"] + terms.get("bias", 0)
        np.testing.assert_allclose(total, expected, rtol=0, atol=1e-4 * abs(expected).max())
        np.testing.assert_allclose(terms["total"], expected, rtol=0, atol=1e-4 * abs(expected).max())
    assert sum(found["shares"]["writes"]) + found["shares"]["initial"] == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("step", [0, 17, 41])
def test_shares_of_an_output_have_the_sign_of_what_they_are_shares_of(service: Service, step: int) -> None:
    output = ask(service, step=step)["output"]
    shares = {name: np.array(values) for name, values in output["shares"].items()}
    for name, parts in shares.items():
        np.testing.assert_array_equal(np.sign(parts), np.sign(output[name]))
    whole = np.abs(shares["writes"]).sum(axis=0) + np.abs(shares["initial"]) + np.abs(shares["bias"])
    np.testing.assert_allclose(whole, 1, atol=1e-5)
    assert (shares["bias"] < 0).any() or (shares["bias"] > 0).any()


def test_they_are_those_of_the_trace(service: Service, machine: NeuralTM, local: Trace) -> None:
    found, expected = ask(service, step=30), explain_read(local, 30)
    np.testing.assert_array_equal(np.array(found["read_vector"]["writes"], np.float32), expected.writes.astype("f4"))
    through = expected.through(OutputLayer.of(machine))
    np.testing.assert_array_equal(np.array(found["output"]["writes"], np.float32), through.writes.astype("f4"))
    np.testing.assert_array_equal(np.array(found["output"]["bias"], np.float32), through.bias.astype("f4"))


@pytest.mark.parametrize("request_", [{}, {"step": None}], ids=["left out", "null"])
def test_the_picture(service: Service, local: Trace, request_: dict[str, None]) -> None:
    found, expected = ask(service, **request_), explain_reads(local)
    assert list(found) == ["checkpoint", "steps", "locations", "width", "phases", "step", "shares"]
    assert found["step"] is None
    np.testing.assert_allclose(found["shares"]["writes"], expected.writes, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(found["shares"]["initial"], expected.initial, rtol=1e-6, atol=1e-9)
    rows = np.sum(found["shares"]["writes"], axis=1) + found["shares"]["initial"]
    np.testing.assert_allclose(rows, 1, rtol=0, atol=1e-6)
    row = ask(service, step=33)["shares"]
    np.testing.assert_allclose(found["shares"]["writes"][33][:34], row["writes"], rtol=1e-6, atol=1e-9)


def test_on_another_number_of_locations(service: Service, machine: NeuralTM) -> None:
    found = ask(service, step=9, locations=64)
    expected = explain_read(prepare(machine, "copy", SEQUENCE, 64).trace(), 9)
    assert found["locations"] == 64
    np.testing.assert_allclose(found["read_vector"]["initial"], expected.initial, rtol=1e-6)


@pytest.mark.parametrize(
    ("change", "code", "field", "sentence"),
    [
        ({"step": 42}, "invalid_step", "step", "step is 42; this run has the steps 0 to 41."),
        ({"step": -1}, "invalid_step", "step", "step is -1; this run has the steps 0 to 41."),
        ({"step": "7"}, "invalid_step", "step", "step is “7”; give a whole number from 0, or null for the picture"),
        ({"step": 1.5}, "invalid_step", "step", "step is 1.5; give a whole number from 0, or null for the picture"),
        ({"step": True}, "invalid_step", "step", "step is true; give a whole number from 0, or null for the picture"),
        ({"steps": 1}, "invalid_request", "steps", "“steps” is not part of this request; leave it out."),
        ({"sequence": []}, "invalid_sequence", "sequence", "The sequence is empty; "),
        ({"locations": 2}, "limit_exceeded", "locations", "locations is 2; this service runs 3 to 4,096"),
    ],
)
def test_a_wrong_request(service: Service, change: dict[str, Any], code: str, field: str, sentence: str) -> None:
    error = refused(service.http.post("/api/provenance", json=RUN | change), 422)
    assert (error["code"], error["field"]) == (code, field)
    assert error["detail"].startswith(sentence)


def test_a_machine_that_is_not_there(service: Service) -> None:
    refused(service.http.post("/api/provenance", json=RUN | {"checkpoint": "nobody"}), 404)


def test_runs_no_further_than_the_step(serve: Serve, gate: Gate) -> None:
    gate.open()
    ask(serve(), step=3)
    assert gate.steps == 4


def test_counts_as_a_run(serve: Serve) -> None:
    service = serve(max_run_bytes=1000)
    assert "max_run_bytes" in refused(service.http.post("/api/provenance", json=RUN), 422)["detail"]


def test_a_dropped_client_stops_the_computing(serve: Serve, gate: Gate) -> None:
    service = serve(workers=1)
    body = json.dumps({"checkpoint": ID, "sequence": vectors(1000)}).encode()
    head = b"POST /api/provenance HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    with socket.create_connection((service.http.base_url.host, service.http.base_url.port or 0)) as client:
        client.sendall(head % len(body) + body)
        assert gate.reached.wait(WAIT)
    service.http.get("/api/health")  # answered after the server has heard that the client left
    gate.open()
    ask(service, step=0, sequence=vectors(1))
    assert gate.steps <= 1 + 16 + 4

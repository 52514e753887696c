"""Interventions in every request that runs a machine: trace, stream, provenance, exports."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np

from tapedeck.api.lab_schemas import ImportanceDocument
from tests.api.client import Service, refused, vectors
from tests.api.conftest import ID

CHANGES: list[dict[str, Any]] = [
    {"kind": "scale", "target": "read.sharpening", "value": 0.5, "phase": "recall"},
    {"kind": "scale", "target": "memory", "rows": [0, 3], "value": -2.0, "step": 5},
    {"kind": "noise", "target": "memory", "spread": 0.5, "seed": 3, "start": 7, "stop": 9},
    {"kind": "add", "target": "read.read_vector", "value": 0.25, "step": 8},
    {"kind": "set", "target": "write.weighting", "value": 1, "elements": [2], "step": 2},
]
REQUEST: dict[str, Any] = {"checkpoint": ID, "input": {"sequence": vectors(4)}, "interventions": CHANGES}


def test_a_trace_its_file_and_its_stream_carry_out_and_tell_the_same_interventions(service: Service) -> None:
    whole = service.http.post("/api/trace", json=REQUEST).json()
    assert whole["interventions"] == CHANGES
    assert whole["normalized"] == ["write.weighting"]
    with service.socket() as talk:
        talk.send(type="run", **REQUEST)
        streamed = talk.whole()
    for name, values in streamed.arrays.items():
        np.testing.assert_array_equal(values.ravel(), np.array(whole[name], np.float32).ravel(), err_msg=name)
    header = streamed.header
    assert {name: whole[name] for name in header if name != "type"} == {n: v for n, v in header.items() if n != "type"}
    assert sorted(set(header["memory.applied.steps"])) == [5, 7, 8]
    assert set(header["reads.applied.offsets"]) == {0.25}
    file = service.http.post("/api/trace", json=REQUEST, headers={"Accept": "application/x-npz"}).content
    with np.load(io.BytesIO(file)) as arrays:
        assert json.loads(str(arrays["meta"]))["interventions"] == CHANGES
        for name in ("memory.applied.values", "reads.applied.gains", "read.weighting"):
            np.testing.assert_array_equal(arrays[name], np.array(whole[name], np.float32))


def test_provenance_of_a_changed_run_has_the_interventions_among_its_sources(service: Service) -> None:
    whole = service.http.post("/api/trace", json=REQUEST).json()
    found = service.http.post("/api/provenance", json=REQUEST | {"step": 6}).json()
    read = found["reads"]["read"]
    parts = np.sum([np.sum(read["writes"]["write"], axis=0), read["initial"], np.sum(read["interventions"], axis=0)], 0)
    np.testing.assert_allclose(parts, whole["read.read_vector"][6], rtol=1e-4, atol=1e-4)
    assert np.any(read["interventions"][5])
    picture = service.http.post("/api/provenance", json=REQUEST).json()
    shares = picture["shares"]["read"]
    together = np.sum(shares["writes"], axis=1) + np.sum(shares["interventions"], axis=1) + shares["initial"]
    np.testing.assert_allclose(together, 1, atol=1e-5)


def test_every_form_of_a_trace_can_be_had_of_a_changed_run_and_a_short_request_is_told_whole(service: Service) -> None:
    for accept in ("text/csv", "text/html"):
        assert service.http.post("/api/trace", json=REQUEST, headers={"Accept": accept}).status_code == 200
    short = {"checkpoint": ID, "sequence": vectors(4), "interventions": CHANGES}
    assert service.http.post("/api/trace", json=short).json()["interventions"] == CHANGES


def test_each_kind_has_its_line_of_meaning_in_the_openapi_document(service: Service) -> None:
    schemas = service.http.get("/api/openapi.json").json()["components"]["schemas"]
    items = schemas["RunRequest"]["properties"]["interventions"]["items"]
    kinds = items["discriminator"]["mapping"]
    assert set(kinds) == {"set", "scale", "add", "noise", "swap", "addressing", "freeze", "move", "ablate"}
    assert all(schemas[name.rpartition("/")[2]]["description"].endswith(".") for name in kinds.values())


def test_importance_is_asked_for_with_a_run_and_says_which_intervention_each_cell_is(service: Service) -> None:
    request = REQUEST | {"interventions": CHANGES[:1]}
    found = service.http.post("/api/importance", json=request).json()
    ImportanceDocument.model_validate(found)
    assert np.shape(found["above"]) == np.shape(found["change"]) == (len(found["parts"]), 10)
    part, step = 3, 2
    change = {**found["parts"][part]["intervention"], "step": step}
    plain, changed = (
        service.http.post("/api/trace", json=request | {"interventions": each}).json()["wrong"]
        for each in (CHANGES[:1], [*CHANGES[:1], change])
    )
    assert (found["amount"], found["above"][part][step]) == (plain, changed - plain)
    error = refused(service.http.post("/api/importance", json=REQUEST | {"row_step": 10}), 422)
    assert error["detail"] == "step is 10; this run has the steps 0 to 9."

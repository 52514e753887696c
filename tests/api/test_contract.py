"""Version 2 of the contract: any task on any machine, described so that a client needs to know neither."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tapedeck.api.settings import ApiSettings
from tapedeck.api.trace_schemas import DescribedProvenance, DescribedTrace, TaskDocument
from tapedeck.checkpoints import write_checkpoint
from tapedeck.ntm import ControllerSpec, HeadSpec, MachineSpec, MemorySpec, NeuralTM, OutputSpec, Start, Starts
from tapedeck.tasks import TASKS
from tests.api.client import Array, Service, refused, vectors
from tests.api.conftest import save, serving, small_machine

NPZ = {"Accept": "application/x-npz"}
CLAMPED = {"clamp": lambda y: np.clip(y, 0, 1), "sigmoid": lambda y: 1 / (1 + np.exp(-y)), "raw": lambda y: y}


def head(name: str, add_vector: Any = None) -> HeadSpec:
    write: dict[str, Any] = {"erase_vector": "sigmoid", "add_vector": add_vector} if add_vector else {}
    return HeadSpec(name, "write" if add_vector else "read", **write)


def machine_for(task: str, bits: int) -> NeuralTM:
    """Two read and two write heads, out of order, on an LSTM; outputs that see everything; adds of either sign."""
    torch.manual_seed(len(task))
    machine = NeuralTM(
        MachineSpec(
            inputs=TASKS[task].input_channels(bits),
            outputs=TASKS[task].output_channels(bits),
            memory=MemorySpec(9, 4),
            controller=ControllerSpec("lstm", (6, 5), "raw"),
            heads=(head("read1"), head("write1", "raw"), head("read2"), head("write2", "tanh")),
            output=OutputSpec(("hidden", "reads", "inputs"), "sigmoid"),
            starts=Starts(memory=Start("learned"), weightings=Start("uniform")),
        )
    )
    with torch.no_grad():
        for parameter in machine.parameters():
            parameter.normal_(std=0.7)
    return machine


ASKED: dict[str, dict[str, Any]] = {
    task: {"checkpoint": task, "input": dict(TASKS[task].example)}
    for task in ("repeat_copy", "associative_recall", "dynamic_ngrams", "priority_sort")
}
ASKED["copy"] = {"checkpoint": "copy-lstm", "input": {"sequence": vectors(3)}}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("machines")
    for task, asked in ASKED.items():
        write(folder / f"{asked['checkpoint']}.safetensors", task)
    save(folder / "copy-plain.safetensors", small_machine())
    write(folder / "narrow.safetensors", "associative_recall", labelled="repeat_copy")
    with serving(ApiSettings(checkpoints=folder, max_messages_per_second=1e6)) as service:
        yield service


def write(path: Path, task: str, labelled: str | None = None) -> None:
    machine = machine_for(task, TASKS[task].example_bits)
    known: dict[str, Any] = {"name": task, "sequences_seen": 1, "seed": 1, "metrics": {}, "origin": {}}
    write_checkpoint(path, machine, task=labelled or task, **known)


def trace(service: Service, **asked: Any) -> dict[str, Any]:
    answer = service.http.post("/api/trace", json=asked)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def arrays_of(document: dict[str, Any]) -> dict[str, Array]:
    return {each["name"]: np.array(document[each["name"]], np.float32) for each in document["fields"]}


@pytest.mark.parametrize("task", ASKED)
def test_a_trace_has_every_field_that_its_description_names(service: Service, task: str) -> None:
    found = trace(service, **ASKED[task])
    DescribedTrace.model_validate(found)
    assert (found["version"], found["task"], found["input"]) == (2, task, ASKED[task]["input"])
    assert found["checkpoint"] == service.http.get(f"/api/checkpoints/{ASKED[task]['checkpoint']}").json()
    lengths = {"location": found["locations"], "column": found["width"], "shift": 3, "unit": 5}
    for field, values in zip(found["fields"], arrays_of(found).values(), strict=True):
        assert values.shape == (found["steps"], *field["shape"]), field
        channels = found["input_channels" if field["role"] == "input" else "output_channels"]
        assert field["shape"] == [lengths.get(axis, len(channels)) for axis in field["axes"]]
        low, high = field["range"]
        assert low is None or values.min() >= low
        assert high is None or values.max() <= high + 1e-6
    assert [each["name"] for each in found["heads"]] == ["read1", "write1", "read2", "write2"]
    named = [name for each in found["heads"] for name in each["fields"]]
    beside = {"inputs", "targets", "outputs", "controller.hidden", "controller.cell"}
    beside |= {"optimum"} if TASKS[task].measure.foretold else set()
    assert {*named, *beside} == {field["name"] for field in found["fields"]}
    assert [(phase["start"], phase["stop"]) for phase in found["phases"]][-1][1] == found["steps"]


def assert_scored_in_bits(found: dict[str, Any], arrays: dict[str, Array]) -> None:
    """Against the optimum, which follows from what was counted."""
    known = {name: np.array(found["estimator"][name]) for name in ("contexts", "zeros", "ones")}
    expected = (known["ones"] + 0.5) / (known["zeros"] + known["ones"] + 1)
    np.testing.assert_allclose(arrays["optimum"][:, 0], expected, rtol=0, atol=1e-6)
    ((start, stop, *_),) = found["scored"]
    came = arrays["targets"][start:stop, 0] > 0.5

    def cost(name: str) -> float:
        said = np.clip(arrays[name][start:stop, 0].astype(np.float64), 0, 1)
        return float(-np.log2(np.clip(np.where(came, said, 1 - said), 1e-12, 1)).sum())

    assert found["wrong"] is None
    assert found["score"]["bits"] == stop - start
    assert found["score"]["cost"] == pytest.approx(cost("outputs"), rel=1e-5)
    assert found["score"]["optimum"] == pytest.approx(cost("optimum"), rel=1e-5)
    assert found["score"]["excess"] == pytest.approx(found["score"]["cost"] / found["score"]["optimum"] - 1)


@pytest.mark.parametrize("task", ASKED)
def test_memory_reads_outputs_and_wrong_bits_follow_from_the_description(service: Service, task: str) -> None:
    found = trace(service, **ASKED[task])
    arrays, memory = arrays_of(found), np.array(found["memory"]["start"], np.float32)
    assert found["memory"]["rule"] == "erase_then_add"
    for step in range(found["steps"]):
        for each in found["heads"]:
            of = {name: arrays[f"{each['name']}.{name}"][step] for name in ("weighting",)}
            if each["kind"] == "write":
                erase, add = (arrays[f"{each['name']}.{name}"][step] for name in ("erase_vector", "add_vector"))
                memory = memory * (1 - np.outer(of["weighting"], erase)) + np.outer(of["weighting"], add)
            else:
                read = arrays[f"{each['name']}.read_vector"][step]
                np.testing.assert_allclose(of["weighting"] @ memory, read, rtol=0, atol=1e-5)
    summed = np.array(found["output"]["bias"]) + sum(
        np.concatenate([arrays[name] for name in term["fields"]], axis=1) @ np.array(term["weights"]).T
        for term in found["output"]["terms"]
    )
    np.testing.assert_allclose(CLAMPED[found["output"]["activation"]](summed), arrays["outputs"], rtol=0, atol=1e-5)
    if TASKS[task].measure.foretold:
        assert_scored_in_bits(found, arrays)
        return
    differ = (arrays["outputs"] > 0.5) != (arrays["targets"] > 0.5)
    wrong = sum(int(differ[a:b, c:d].sum()) for a, b, c, d in found["scored"])
    bits = sum((b - a) * (d - c) for a, b, c, d in found["scored"])
    assert (found["wrong"], found["score"]["wrong_bits"], found["score"]["bits"]) == (wrong, wrong, bits)
    if task == "copy":  # judged of one head of each kind alone
        assert found["diagnosis"] is None
    else:
        assert (found["diagnosis"]["kind"] == "exact") == (wrong == 0)


@pytest.mark.parametrize("task", ASKED)
def test_a_trace_file_and_a_stream_hold_the_same_as_the_trace(service: Service, task: str) -> None:
    found = trace(service, **ASKED[task])
    arrays = arrays_of(found)
    description = {name: value for name, value in found.items() if name not in arrays}
    answer = service.http.post("/api/trace", json=ASKED[task], headers=NPZ)
    with np.load(io.BytesIO(answer.content), allow_pickle=False) as file:
        assert json.loads(str(file["meta"])) == description
        for name, values in arrays.items():
            np.testing.assert_array_equal(file[name], values, err_msg=name, strict=True)
    with service.socket() as talk:
        talk.send(type="run", **ASKED[task])
        streamed = talk.whole()
    results = {name: description.pop(name) for name in ("wrong", "score", "diagnosis")}
    assert streamed.header == {"type": "header", **description}
    assert streamed.last == {"type": "done", **results}
    for name, values in arrays.items():
        np.testing.assert_array_equal(streamed.arrays[name].reshape(values.shape), values, err_msg=name)


@pytest.mark.parametrize("task", ASKED)
def test_the_provenance_of_every_head_and_term_adds_up(service: Service, task: str) -> None:
    found = trace(service, **ASKED[task])
    arrays, step = arrays_of(found), found["steps"] - 2
    explained = service.http.post("/api/provenance", json=ASKED[task] | {"step": step}).json()
    DescribedProvenance.model_validate(explained)
    assert explained["heads"] == found["heads"]
    for name, read in explained["reads"].items():
        total = np.sum([np.sum(writes, axis=0) for writes in read["writes"].values()], axis=0) + read["initial"]
        np.testing.assert_allclose(total, arrays[f"{name}.read_vector"][step], rtol=0, atol=1e-4)
    output = explained["outputs"]
    terms = [np.sum(writes, axis=0) for writes in output["writes"].values()]
    total = np.sum([*terms, *(output[name] for name in ("initial", "hidden", "inputs", "bias"))], axis=0)
    np.testing.assert_allclose(1 / (1 + np.exp(-total)), arrays["outputs"][step], rtol=0, atol=1e-4)
    np.testing.assert_allclose(total, output["total"], rtol=0, atol=1e-4)
    pictures = service.http.post("/api/provenance", json=ASKED[task]).json()
    picture = DescribedProvenance.model_validate(pictures).model_dump()["shares"]
    for name, read in explained["reads"].items():
        shares = np.sum([*read["shares"]["writes"].values()], axis=0)
        np.testing.assert_allclose(picture[name]["writes"][step][: step + 1], shares, rtol=0, atol=1e-6)


def test_with_a_sequence_a_trace_is_answered_as_before(service: Service) -> None:
    short = trace(service, checkpoint="copy-plain", sequence=vectors(4))
    whole = trace(service, checkpoint="copy-plain", input={"sequence": vectors(4)})
    assert list(short) == [
        *("checkpoint", "steps", "locations", "width", "phases", "inputs", "targets", "outputs"),
        *("bit_errors", "heads", "initial", "diagnosis"),
    ]
    assert short["bit_errors"] == whole["wrong"] > 0
    assert short["diagnosis"] == whole["diagnosis"]
    assert short["initial"] == {"memory": whole["memory"]["start"], "weighting": whole["heads"][0]["start"]}
    for name, fields in short["heads"].items():
        for field in fields.keys() - {"kind"}:
            assert fields[field] == whole[f"{name}.{field}"]


def test_every_task_is_described_with_an_example_that_runs(service: Service) -> None:
    tasks = [TaskDocument.model_validate(task) for task in service.http.get("/api/tasks").json()]
    assert [task.name for task in tasks] == [*TASKS]
    for task in tasks:
        (example,) = task.input["examples"]
        assert set(task.input["required"]) == set(task.input["properties"]) == set(example)
        found = trace(service, checkpoint=ASKED[task.name]["checkpoint"], input=example)
        assert found["phases"] == [phase.model_dump() for phase in task.phases]
        assert found["input_channels"] == [channel.model_dump() for channel in task.input_channels]


ITEMS = TASKS["associative_recall"].example["items"]

WRONG: list[tuple[dict[str, Any], str, str, str]] = [
    (
        {"checkpoint": "copy-plain", "input": {"items": ITEMS, "query": 0}},
        *("invalid_sequence", "input.items", "An input for copy has no “items”; it has “sequence”."),
    ),
    (
        {"checkpoint": "repeat_copy", "input": {"sequence": [[0] * 8]}},
        *("invalid_sequence", "input.repeats", "An input for repeat_copy must have “repeats”; "),
    ),
    (
        {"checkpoint": "repeat_copy", "sequence": [[0] * 8]},
        *(
            "invalid_sequence",
            "sequence",
            "This machine was trained on repeat_copy; give its “input” with",
        ),
    ),
    (
        {"checkpoint": "repeat_copy", "input": {"sequence": [[0] * 8], "repeats": True}},
        *("invalid_sequence", "input.repeats", "repeats must be a whole number of 1 to 1,000, got true."),
    ),
    (
        {"checkpoint": "repeat_copy", "input": {"sequence": [[0] * 7], "repeats": 1}},
        *("invalid_sequence", "input.sequence.0", "Vector 1 of sequence must have 8 bits, got 7 bits."),
    ),
    (
        {"checkpoint": "copy-plain", "input": {"sequence": [[0] * 7 + [2]]}},
        *("invalid_sequence", "input.sequence.0.7", "Bit 8 of vector 1 is 2; every bit must be 0 or 1."),
    ),
    (
        {"checkpoint": "priority_sort", "input": {"vectors": [[0] * 8, [1] * 8], "priorities": [0.5, 0.5]}},
        *("invalid_sequence", "input.priorities.1", "The priority of vector 2 must not be that of vector 1 as well"),
    ),
    (
        {"checkpoint": "copy-plain", "input": {"sequence": [[0] * 8]}, "sequence": [[0] * 8]},
        *("invalid_request", "input", "The request has both input and sequence; give one of them."),
    ),
    (
        {"checkpoint": "copy-plain", "input": [[0] * 8]},
        *("invalid_sequence", "input", "input is a list; give an object, as GET /api/tasks describes it."),
    ),
    (
        {"checkpoint": "repeat_copy", "input": {"sequence": [[0] * 8] * 20, "repeats": 999}},
        *("limit_exceeded", "input", "This run has 20,003 steps; this service runs at most 2,002 "),
    ),
    (
        {"checkpoint": "narrow", "input": {"sequence": [[0] * 6], "repeats": 1}},
        *("invalid_request", "checkpoint", "This machine has 8 inputs, 6 of them bits, and 6 outputs; for 6 bits"),
    ),
]


@pytest.mark.parametrize(("asked", "code", "field", "sentence"), WRONG)
def test_an_input_that_is_not_the_machines_is_refused_in_one_sentence(
    service: Service, asked: dict[str, Any], code: str, field: str, sentence: str
) -> None:
    with service.socket() as talk:
        talk.send(type="run", **asked)
        streamed = talk.error()
    for path in ("trace", "provenance"):
        error = refused(service.http.post(f"/api/{path}", json=asked), 422)
        assert error == streamed
        assert (error["code"], error["field"]) == (code, field)
        assert error["detail"].startswith(sentence)


@pytest.mark.parametrize("form", ["text/html", "image/gif", "image/svg+xml", "image/png"])
@pytest.mark.parametrize("task", ASKED)
def test_every_form_shows_every_machine_and_task(service: Service, task: str, form: str) -> None:
    answer = service.http.post("/api/trace", json=ASKED[task], headers={"Accept": form})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == form
    assert len(answer.content) > 10_000

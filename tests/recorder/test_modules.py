"""`td.record`: a machine that the package knows, over inputs of any kind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings

import tapedeck as td
from tapedeck.errors import InvalidRecording
from tapedeck.ntm import MachineSpec, NeuralTM
from tapedeck.tracing import OutputLayer
from tests.tracing.specifications import specs


def test_a_recording_has_the_numbers_of_the_run_and_what_the_page_needs_to_explain_them() -> None:
    run = td.load("copy-1").run("Hi", locations=32)
    recording = td.record(td.load("copy-1"), run["inputs"], targets=run["targets"], locations=32, title="Hi")
    file = recording.trace_file()
    assert file.arrays.keys() == set(run.fields)
    for name in run.fields:
        np.testing.assert_array_equal(file.arrays[name], run[name], err_msg=name)
    described = file.description
    assert described["title"] == "Hi"
    assert file.memory.follows
    for key in ("input_channels", "heads", "fields"):
        assert [each["name"] for each in described[key]] == [each["name"] for each in run.trace.about[key]]
    bias = OutputLayer.of(td.load("copy-1").module).bias
    np.testing.assert_allclose(described["output"]["bias"], bias, rtol=1e-6)


@settings(max_examples=8, deadline=None)
@given(spec=specs())
def test_machines_of_any_specification_are_recorded(spec: MachineSpec) -> None:
    """Of any type, from any state, one example of a batch."""
    torch.manual_seed(3)
    machine = NeuralTM(spec).to(torch.float64)
    inputs = torch.rand(5, 2, len(machine.spec.inputs))
    whole = td.record(machine, inputs, batch=1).trace_file()
    assert [head.name for head in whole.heads] == [head.name for head in machine.spec.heads]
    assert whole.memory.follows
    state = machine.initial_state()
    with torch.no_grad():
        for x in inputs[:3, 1]:
            _, state, _ = machine.step(x.double(), state)
    rest = td.record(machine, inputs[3:, 1], state=state).trace_file()
    np.testing.assert_allclose(rest.arrays["outputs"], whole.arrays["outputs"][3:], atol=1e-6)


def test_what_cannot_be_recorded_says_what_was_expected() -> None:
    machine = td.load("copy-1")
    cases: list[tuple[Any, dict[str, Any], str]] = [
        (np.zeros((3, 4)), {}, r"inputs must have the shape \[T, 10\]; it has \(3, 4\)\."),
        (np.zeros((3, 2, 10)), {}, "Choose one example of a batch with batch=0."),
        (np.zeros((3, 2, 10)), {"batch": 1.0}, "batch must be the number of an example, from 0; it is 1.0."),
        (np.zeros((3, 2, 10)), {"batch": 2}, r"inputs has 2 examples, \(3, 2, 10\); batch is 2\."),
        (np.zeros((3, 10)), {"targets": np.zeros((2, 10))}, "targets must have 3 steps, as inputs has; it has 2."),
        ("Hello", {}, "inputs must be an array of numbers"),
    ]
    for inputs, options, sentence in cases:
        with pytest.raises(InvalidRecording, match=sentence):
            td.record(machine, inputs, **options)
    with pytest.raises(InvalidRecording, match=r"not Linear; record it from its own loop with td\.Recorder"):
        td.record(torch.nn.Linear(2, 2), np.zeros((3, 2)))

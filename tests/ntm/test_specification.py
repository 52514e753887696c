"""Specifications: any of them is stepped as the equations say, survives JSON, and is refused in one sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings

from tapedeck.errors import InvalidConfiguration, InvalidLocations
from tapedeck.ntm import (
    Channel,
    ControllerSpec,
    HeadSpec,
    MachineSpec,
    NeuralTM,
    NTMConfig,
    OutputSpec,
    Start,
    Starts,
    step_fields,
    step_values,
)
from tapedeck.training import fused, unroll
from tests import general_reference
from tests.ntm.strategies import general_machine, seeds, specifications

REFERENCE = NTMConfig().spec
SMALL = NTMConfig(locations=5, width=2, bits=1, controller_size=3).spec


def random_inputs(spec: MachineSpec, *shape: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.randn(*shape, len(spec.inputs), generator=generator, dtype=torch.float64)


@given(spec=specifications(), seed=seeds)
def test_any_machine_steps_as_in_plain_loops(spec: MachineSpec, seed: int) -> None:
    machine = general_machine(spec, seed)
    inputs = random_inputs(spec, 3)
    outputs, _, traces = machine(inputs)
    start = {name: value.detach().numpy() for name, value in machine.initial_state().named(spec).items()}
    weights = {name: value.numpy() for name, value in machine.state_dict().items()}
    expected = general_reference.run(spec.as_document(), weights, start, inputs.numpy())
    fields = step_fields(spec)
    assert {field.name for field in fields} == expected.keys() - {"memory"}
    for step, trace in enumerate(traces):
        for field, value in zip(fields, step_values(outputs[step], trace), strict=True):
            assert value.shape == (field.shape or (1,)), field.name
            wanted = expected[field.name][step]
            np.testing.assert_allclose(value.detach().numpy(), wanted, rtol=1e-9, atol=1e-9, err_msg=field.name)
            least, greatest = field.range
            assert least is None or (value >= least - 1e-9).all(), field.name
            assert greatest is None or (value <= greatest + 1e-9).all(), field.name


@given(spec=specifications(), seed=seeds)
@settings(max_examples=30)
def test_a_batch_and_the_forms_of_training_compute_what_single_steps_do(spec: MachineSpec, seed: int) -> None:
    machine = general_machine(spec, seed)
    inputs = random_inputs(spec, 3, 2)
    alone = torch.stack(
        [torch.stack([step.unclamped_output for step in machine(inputs[:, each])[2]]) for each in (0, 1)], 1
    )
    together = torch.stack([step.unclamped_output for step in machine(inputs)[2]])
    torch.testing.assert_close(together, alone, rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(unroll.unclamped_outputs(machine, inputs), alone, rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(fused.unclamped_outputs(machine, inputs), alone, rtol=1e-7, atol=1e-7)


@given(spec=specifications())
def test_a_specification_is_the_same_after_a_round_trip_through_json(spec: MachineSpec) -> None:
    assert MachineSpec.from_document(json.loads(json.dumps(spec.as_document()))) == spec


def test_the_reference_is_the_default() -> None:
    assert NeuralTM().spec == REFERENCE
    assert next(field.name for field in step_fields(REFERENCE, 7) if field.shape == (7,)) == "write.weighting"


def test_modules_of_another_machine_have_clear_names() -> None:
    write, read = REFERENCE.heads
    heads = (write, replace(read, name="read1"), replace(read, name="read2"))
    names = {name.rpartition(".")[0] for name in NeuralTM(replace(REFERENCE, heads=heads)).state_dict()}
    stages = {"key", "key_strength", "interpolation_gate", "shift_weighting", "sharpening"}
    expected = {f"{head}.{stage}" for head in ("write", "read1", "read2") for stage in stages}
    assert names == expected | {"write.erase_vector", "write.add_vector", "controller.layer1", "output"}


CONTRADICTIONS: dict[str, tuple[Any, str]] = {
    "no read head": (
        lambda: replace(SMALL, heads=SMALL.heads[:1]),
        "a machine must have at least one read head, got none.",
    ),
    "a wrong name": (
        lambda: replace(SMALL, heads=(replace(SMALL.heads[0], name="w"), SMALL.heads[1])),
        "write head 1 of 1 must be named “write”, got “w”.",
    ),
    "a weighting of nobody": (
        lambda: replace(SMALL, heads=(SMALL.heads[0], replace(SMALL.heads[1], previous="read7"))),
        "read takes the weighting of “read7”; there are write, read.",
    ),
    "a read head that adds": (
        lambda: HeadSpec("read", "read", add_vector="relu"),
        "read is a read head: it has no erase and no add vector.",
    ),
    "a write head that does not": (
        lambda: HeadSpec("write", "write"),
        "erase_vector must be one of sigmoid, relu, clamp, ones; got None.",
    ),
    "a shift twice": (
        lambda: HeadSpec("read", "read", shifts=(1, 1)),
        "read must have shifts that differ from one another, got [1, 1].",
    ),
    "a cell of no LSTM": (
        lambda: ControllerSpec(drives=("cell",)),
        "only an LSTM has a cell that could drive the heads.",
    ),
    "no layer": (lambda: ControllerSpec(sizes=()), "a controller must have at least one layer, got none."),
    "a channel twice": (
        lambda: replace(SMALL, inputs=(Channel("a", "bit"), Channel("a", "bit"))),
        "inputs must have a name each, got “a” twice.",
    ),
    "shifts that meet": (
        lambda: replace(SMALL, heads=(SMALL.heads[0], replace(SMALL.heads[1], shifts=(3, 0, -3)))),
        "locations must be a whole number of at least 7, got 5: two shifts would lead to the same location.",
    ),
    "a start beyond the memory": (
        lambda: replace(SMALL, starts=Starts(weightings=Start("one_hot", location=5))),
        "the weightings start at location 5; there are 5, counted from 0.",
    ),
    "a constant weighting": (
        lambda: Starts(weightings=Start("constant", 0.5)),
        "the start of weightings may be constant only at 0; uniform gives each location 1/N.",
    ),
    "a memory that is a weighting": (
        lambda: Starts(memory=Start("uniform")),
        "the start of memory is not a weighting.",
    ),
    "an activation without numbers": (
        lambda: Start("constant", activation="tanh"),
        "a start that is constant has no activation tanh.",
    ),
    "no output": (
        lambda: OutputSpec(terms=()),
        "terms must have at least one of reads, hidden, inputs, none twice; got [].",
    ),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_contradiction_is_one_sentence(name: str) -> None:
    make, sentence = CONTRADICTIONS[name]
    with pytest.raises(InvalidConfiguration) as caught:
        make()
    assert caught.value.detail == sentence


def test_a_document_that_is_none_is_refused_where_it_is_wrong() -> None:
    document = REFERENCE.as_document()
    wrong: list[tuple[Any, str]] = [
        ([], "the specification must be an object, got []."),
        (
            document | {"colour": 1},
            "the specification has no field “colour”; it has inputs, outputs, memory, controller,",
        ),
        (
            {name: value for name, value in document.items() if name != "heads"},
            "the specification must have the field “heads”.",
        ),
        (document | {"memory": {"locations": "many"}}, "memory.locations must be a whole number, got “many”."),
        (
            document | {"heads": [{"name": "write", "kind": "wirte"}]},
            "heads.0: kind must be one of write, read; got “wirte”.",
        ),
    ]
    for given_document, sentence in wrong:
        with pytest.raises(InvalidConfiguration) as caught:
            MachineSpec.from_document(given_document)
        assert caught.value.detail.startswith(sentence)


def test_a_learned_start_is_a_parameter_and_fixes_the_locations() -> None:
    machine = NeuralTM(replace(SMALL, starts=Starts(memory=Start("learned"))))
    assert "initial_memory" in dict(machine.named_parameters())
    torch.autograd.backward(machine(torch.ones(2, 3))[2][-1].unclamped_output.sum())
    assert machine.get_parameter("initial_memory").grad is not None
    with pytest.raises(InvalidLocations, match="learned what its 5 locations begin with; it runs on 5, not on 9"):
        machine.initial_state(locations=9)


def test_a_weighting_that_starts_at_a_row_starts_there_on_any_number_of_locations() -> None:
    machine = NeuralTM(replace(SMALL, starts=Starts(weightings=Start("one_hot", location=0))))
    for locations in (3, 5, 9):
        assert machine.initial_state(locations=locations).weightings[0].argmax() == 0

"""The whole machine: a run against the loop-form reference, and what must hold of any run."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from tapedeck.ntm import NeuralTM, NTMConfig, ReadTrace, State, WriteTrace
from tests import reference
from tests.ntm.columns import columns
from tests.ntm.strategies import bits, machines


@given(machine=machines(), data=st.data(), steps=st.integers(1, 5))
def test_a_run_is_the_references(machine: NeuralTM, data: st.DataObject, steps: int) -> None:
    inputs = data.draw(bits(steps, len(machine.spec.inputs)))
    outputs, state, traces = machine(inputs)
    parameters = {name: value.numpy() for name, value in machine.state_dict().items()}
    # float32's 1e-6: the machine was converted to float64 after its start had been made
    start = reference.Start(*(value.numpy() for value in machine.initial_state().tensors()))
    expected = reference.run(parameters, inputs.numpy(), machine.spec.memory.locations, start)

    found = {name: torch.stack([columns(trace)[name] for trace in traces]) for name in columns(traces[0])}
    found |= {"outputs": outputs, "inputs": inputs}
    assert found.keys() == expected.keys() - {"memory"}
    for name, values in found.items():
        actual = values.detach().numpy().reshape(expected[name].shape)
        np.testing.assert_allclose(actual, expected[name], rtol=1e-9, atol=1e-9, err_msg=name)
    np.testing.assert_allclose(state.memory.detach().numpy(), expected["memory"][-1], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("locations", [3, 22, 128])
def test_a_run_of_full_size_in_float32_is_the_references(locations: int) -> None:
    torch.manual_seed(7)
    machine, inputs = NeuralTM(), torch.randint(0, 2, (12, 10)).float()
    parameters = {name: value.numpy() for name, value in machine.state_dict().items()}
    expected = reference.run(parameters, inputs.numpy(), locations)
    with torch.inference_mode():
        outputs, state, _ = machine(inputs, machine.initial_state(locations=locations))
    np.testing.assert_allclose(outputs.numpy(), expected["outputs"], rtol=0, atol=5e-6)
    np.testing.assert_allclose(state.memory.numpy(), expected["memory"][-1], rtol=0, atol=5e-6)
    np.testing.assert_allclose(state.weightings[0].numpy(), expected["write.weighting"][-1], rtol=0, atol=1e-6)
    np.testing.assert_allclose(state.weightings[1].numpy(), expected["read.weighting"][-1], rtol=0, atol=1e-6)


@given(machine=machines(), data=st.data(), cut=st.integers(0, 4))
@settings(max_examples=30)
def test_stepping_equals_the_whole_sequence_wherever_it_is_cut(
    machine: NeuralTM, data: st.DataObject, cut: int
) -> None:
    inputs = data.draw(bits(4, len(machine.spec.inputs)))
    outputs, state, _ = machine(inputs)
    found, now = [], machine.initial_state()
    for x in inputs[:cut]:
        output, now, _ = machine.step(x, now)
        found.append(output)
    if cut < len(inputs):
        rest, now, _ = machine(inputs[cut:], now)
        found.extend(rest)
    assert torch.equal(torch.stack(found), outputs)
    for one, other in zip(now.tensors(), state.tensors(), strict=True):
        assert torch.equal(one, other)


@pytest.mark.parametrize("batch", [(1,), (4,), (2, 3)])
def test_a_batch_equals_its_single_runs(batch: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    machine = NeuralTM().double()
    inputs = torch.randint(0, 2, (6, *batch, 10)).double()
    outputs, state, traces = machine(inputs)
    for at in np.ndindex(*batch):
        alone, alone_state, alone_traces = machine(inputs[(slice(None), *at)])
        torch.testing.assert_close(outputs[(slice(None), *at)], alone, rtol=0, atol=1e-12)
        for whole, single in zip(state.tensors(), alone_state.tensors(), strict=True):
            torch.testing.assert_close(whole[at], single, rtol=0, atol=1e-12)
        for whole_step, single_step in zip(traces, alone_traces, strict=True):
            single_columns = columns(single_step)
            for name, value in columns(whole_step).items():
                torch.testing.assert_close(value[at], single_columns[name], rtol=0, atol=1e-12)


def test_a_run_changes_neither_the_machine_nor_the_state_it_came_from() -> None:
    torch.manual_seed(0)
    machine, x = NeuralTM(), torch.randint(0, 2, (10,)).float()
    state = machine.initial_state()
    before, state_before = copy.deepcopy((machine.state_dict(), list(machine.buffers()))), copy.deepcopy(state)
    machine.step(x, state)
    for one, other in zip(state.tensors(), state_before.tensors(), strict=True):
        assert torch.equal(one, other)
    parameters, buffers = before
    assert all(torch.equal(value, parameters[name]) for name, value in machine.state_dict().items())
    assert all(torch.equal(one, other) for one, other in zip(machine.buffers(), buffers, strict=True))


def test_two_runs_in_turns_share_one_machine() -> None:
    torch.manual_seed(0)
    machine, (one, other) = NeuralTM(), torch.randint(0, 2, (2, 5, 10)).float()
    states = [machine.initial_state(), machine.initial_state(locations=9)]
    outputs: list[list[Tensor]] = [[], []]
    for step in range(5):
        for run, inputs in enumerate((one, other)):
            output, states[run], _ = machine.step(inputs[step], states[run])
            outputs[run].append(output)
    assert torch.equal(torch.stack(outputs[0]), machine(one)[0])
    assert torch.equal(torch.stack(outputs[1]), machine(other, machine.initial_state(locations=9))[0])


def test_the_read_head_sees_what_the_write_head_has_just_written() -> None:
    torch.manual_seed(0)
    machine, x = NeuralTM(), torch.ones(10)
    _, state, trace = machine.step(x, machine.initial_state())
    written, found = trace.heads
    assert isinstance(written, WriteTrace)
    assert isinstance(found, ReadTrace)
    torch.testing.assert_close(found.read_vector, found.addressing.weighting @ state.memory)
    assert written.add_vector.any()
    assert (found.read_vector > 1e-5).any()  # the memory before the write holds 1e-6


def test_the_output_is_clamped_and_comes_from_the_read_vector_alone() -> None:
    torch.manual_seed(0)
    machine = NeuralTM(NTMConfig(bits=4))
    with torch.no_grad():
        machine.r_to_s.bias.copy_(torch.tensor([-5.0, 5.0, 0.5, 0, 0, 0]))
        machine.r_to_s.weight.zero_()
    output, _, trace = machine.step(torch.ones(6), machine.initial_state())
    assert output.tolist() == [0.0, 1.0, 0.5, 0, 0, 0]
    assert trace.unclamped_output.tolist() == [-5.0, 5.0, 0.5, 0, 0, 0]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_everything_of_a_run_has_the_machines_precision(dtype: torch.dtype) -> None:
    machine = NeuralTM().to(dtype)
    outputs, state, traces = machine(torch.ones(2, 10, dtype=dtype))
    assert {value.dtype for value in (outputs, *state.tensors(), *columns(traces[0]).values())} == {dtype}


def test_a_given_start_is_what_a_run_starts_from() -> None:
    config = NTMConfig(locations=5, width=2, bits=3, controller_size=4)
    weighting = torch.tensor([0.1, 0.2, 0.3, 0.4, 0.0])
    start = State(torch.arange(10.0).reshape(5, 2), (weighting, weighting.flip(0)), (torch.tensor([3.0, 4.0]),))
    for given_value, value in zip(start.tensors(), NeuralTM(config, start).initial_state().tensors(), strict=True):
        assert torch.equal(given_value, value)
    batched = NeuralTM(config, start).initial_state(2, 3)
    assert batched.memory.shape == (2, 3, 5, 2)
    assert torch.equal(batched.weightings[0][1, 2], weighting)

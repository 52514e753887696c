"""A run: the same numbers as the machine's own, in frames, as often as one likes, and refused before it starts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tapedeck.errors import InvalidLocations, InvalidSequence, NonFinite
from tapedeck.ntm import NeuralTM
from tapedeck.tasks import bit_errors
from tapedeck.tracing import FRAME_STEPS, Frame, prepare
from tests import reference
from tests.ntm.strategies import machines


def test_recording_changes_nothing(machine: NeuralTM, sequence: list[list[int]]) -> None:
    run = prepare(machine, "copy", sequence)
    outputs, state, _ = machine(run.episode.inputs)
    trace = run.trace()
    np.testing.assert_array_equal(trace.arrays["outputs"], outputs.detach().numpy())
    np.testing.assert_array_equal(trace.arrays["write.weighting"][-1], state.weightings[0].detach().numpy())
    np.testing.assert_array_equal(trace.arrays["read.weighting"][-1], state.weightings[1].detach().numpy())
    np.testing.assert_array_equal(trace.arrays["read.read_vector"][-1], state.reads[0].detach().numpy())


@given(machine=machines(), data=st.data())
def test_every_number_is_the_references(machine: NeuralTM, data: st.DataObject) -> None:
    bit = st.integers(0, 1)
    vectors = st.lists(bit, min_size=machine.spec.bits, max_size=machine.spec.bits)
    run = prepare(machine, "copy", data.draw(st.lists(vectors, min_size=1, max_size=3)))
    start = reference.Start(*(value.numpy() for value in machine.initial_state().tensors()))
    parameters = {name: value.numpy() for name, value in machine.state_dict().items()}
    expected = reference.run(parameters, run.episode.inputs.numpy(), run.locations, start)

    trace = run.trace()
    found = trace.arrays | {"memory": trace.memories()}
    assert found.keys() - {"targets", "controller.hidden"} == expected.keys() - {"unclamped_outputs"}
    for name in expected.keys() & found.keys():
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-6, atol=1e-5, err_msg=name)


@pytest.mark.parametrize("most_steps", [1, 2, FRAME_STEPS, 100])
def test_frames_hold_every_step_once_in_order_and_the_first_holds_one(
    machine: NeuralTM, sequence: list[list[int]], most_steps: int
) -> None:
    run = prepare(machine, "copy", sequence)
    frames = list(run.frames(most_steps))
    assert [frame.first_step for frame in frames] == [0, *range(1, run.episode.steps, most_steps)]
    assert len(frames[0].rows) == 1
    assert all(1 <= len(frame.rows) <= most_steps for frame in frames)
    rows = np.concatenate([frame.rows for frame in frames])
    np.testing.assert_array_equal(rows, run.trace().rows)
    assert rows.dtype == np.float32
    assert rows.shape == (run.episode.steps, run.layout.row_length)


@pytest.mark.parametrize("steps", [1, 2, 4, 1000])
def test_a_run_that_is_left_off_has_the_same_first_steps(
    machine: NeuralTM, sequence: list[list[int]], steps: int
) -> None:
    run = prepare(machine, "copy", sequence)
    rows = np.concatenate([frame.rows for frame in run.frames(3, steps)])
    np.testing.assert_array_equal(rows, run.trace().rows[:steps])
    assert len(rows) == min(steps, run.episode.steps)


def test_a_frame_comes_before_later_steps_are_computed(machine: NeuralTM, sequence: list[list[int]]) -> None:
    steps = 0

    def count(*_: object) -> None:
        nonlocal steps
        steps += 1

    machine.controller.register_forward_hook(count)
    frames = prepare(machine, "copy", sequence).frames(4)
    assert steps == 0
    counted = []
    for _ in frames:
        counted.append(steps)  # noqa: PERF401  (after each frame, not after all)
    assert counted == [1, 5, 9, 13, 17, 20]


def test_a_run_can_be_started_again_and_next_to_itself(machine: NeuralTM, sequence: list[list[int]]) -> None:
    run = prepare(machine, "copy", sequence)
    for one, other in zip(run.frames(3), run.frames(3), strict=True):
        np.testing.assert_array_equal(one.rows, other.rows)


def test_a_trace_shares_no_memory_with_the_machine(machine: NeuralTM, sequence: list[list[int]]) -> None:
    run = prepare(machine, "copy", sequence)
    trace = run.trace()
    again = run.trace()
    trace.rows[:] = -1
    for values in (trace.initial.memory, *trace.initial.weightings.values()):
        values[:] = -1
    np.testing.assert_array_equal(run.trace().rows, again.rows)
    np.testing.assert_array_equal(run.initial.memory, again.initial.memory)


def test_a_double_machine_runs_double_and_is_recorded_in_float32(machine: NeuralTM, sequence: list[list[int]]) -> None:
    single = prepare(machine, "copy", sequence).trace()
    double = prepare(machine.double(), "copy", sequence).trace()
    assert double.rows.dtype == double.initial.memory.dtype == np.float32
    np.testing.assert_allclose(double.rows, single.rows, rtol=0, atol=1e-4)
    assert (double.rows != single.rows).any()


@pytest.mark.parametrize("locations", [3, 7, 50, None])
def test_any_number_of_locations(machine: NeuralTM, sequence: list[list[int]], locations: int | None) -> None:
    run = prepare(machine, "copy", sequence, locations)
    assert run.locations == (locations or 7)
    trace = run.trace()
    assert trace.arrays["write.weighting"].shape == (20, run.locations)
    assert trace.initial.memory.shape == (run.locations, 4)
    for weighting in trace.initial.weightings.values():
        assert weighting.tolist() == np.eye(run.locations)[run.locations // 2].tolist()


def test_bit_errors_are_the_tasks_and_can_be_counted_in_parts(machine: NeuralTM, sequence: list[list[int]]) -> None:
    run = prepare(machine, "copy", sequence)
    outputs, _, _ = machine(run.episode.inputs)
    expected = int(bit_errors(outputs, run.episode))
    assert expected > 0
    assert run.trace().bit_errors == expected
    assert sum(run.judged(frame.rows, frame.first_step)[1] for frame in run.frames(4)) == expected


def test_a_sequence_may_be_a_tensor(machine: NeuralTM, sequence: list[list[int]]) -> None:
    given_as_tensor = prepare(machine, "copy", torch.tensor(sequence, dtype=torch.float32)).trace()
    np.testing.assert_array_equal(given_as_tensor.rows, prepare(machine, "copy", sequence).trace().rows)


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.float32])
def test_a_sequence_may_be_an_array(machine: NeuralTM, sequence: list[list[int]], dtype: type) -> None:
    array: np.ndarray[Any, Any] = np.array(sequence, dtype=dtype)
    expected = prepare(machine, "copy", sequence).episode.inputs
    for given_as in (array, list(array)):
        assert torch.equal(prepare(machine, "copy", given_as).episode.inputs, expected)


@pytest.mark.parametrize(
    ("sequence", "message", "field"),
    [
        ([], "at least one vector of 3 bits, such as 101", "sequence"),
        ([[1, 0]], "Vector 1 has 2 bits; this machine reads 3 bits", "sequence.0"),
        ([[1, 0, 1], [1, 0, 1, 1]], "Vector 2 has 4 bits", "sequence.1"),
        ([[1, 0, 1], [0, 2, 0]], "Bit 2 of vector 2 is 2; every bit must be 0 or 1", "sequence.1.1"),
        ([[1, 0, -1]], "Bit 3 of vector 1 is -1", "sequence.0.2"),
        (np.zeros((0, 3)), "at least one vector of 3 bits", "sequence"),
        (np.zeros((2, 4)), "Vector 1 has 4 bits", "sequence.0"),
        (np.array([[1, 0, 2]]), "Bit 3 of vector 1 is 2; every", "sequence.0.2"),
        (np.array([1, 0, 1]), "Vector 1 is 1; each one is a list of 3 bits", "sequence.0"),
    ],
)
def test_a_sequence_that_is_none_is_refused(machine: NeuralTM, sequence: Any, message: str, field: str) -> None:
    with pytest.raises(InvalidSequence, match=message) as caught:
        prepare(machine, "copy", sequence)
    assert caught.value.field == field


@pytest.mark.parametrize("locations", [2, 0, -5])
def test_too_few_locations_are_refused(machine: NeuralTM, locations: int) -> None:
    with pytest.raises(InvalidLocations, match=f"at least 3, got {locations}") as caught:
        prepare(machine, "copy", [[1, 0, 1]], locations)
    assert caught.value.field == "locations"


def test_locations_without_the_machines_start_are_refused_before_the_run(machine: NeuralTM) -> None:
    machine.initial_write_weighting.copy_(torch.eye(7)[0])  # centre on centre, 3 locations are rows 2 to 4
    with pytest.raises(InvalidLocations, match="starts at a location that 3 locations do not have; use 7"):
        prepare(machine, "copy", [[1, 0, 1]], 3)


def test_an_overflow_is_an_error_of_its_own_and_comes_after_the_steps_before_it(
    machine: NeuralTM, sequence: list[list[int]]
) -> None:
    """All parameters are finite, but what is read grows a hundredfold a step: no number may come out as null."""
    with torch.no_grad():
        for layer in (machine.writehead.produce_a_t, machine.get_submodule("controller.layer1")):
            assert isinstance(layer, torch.nn.Linear)
            layer.weight.abs_().mul_(1e3)
            layer.bias.abs_()
    run = prepare(machine, "copy", sequence)
    frames, seen = run.frames(most_steps=1), list[Frame]()
    with pytest.raises(NonFinite, match="numbers overflow at step") as caught:
        seen.extend(frames)
    assert f"at step {len(seen)}," in caught.value.detail
    assert 0 < len(seen) < run.episode.steps
    assert all(np.isfinite(frame.rows).all() for frame in seen)
    with pytest.raises(NonFinite):
        run.trace()

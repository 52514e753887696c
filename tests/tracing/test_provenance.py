"""The provenance of a read: an exact sum, against plain loops, against what machines read, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tapedeck.checkpoints import read_legacy
from tapedeck.errors import InvalidStep
from tapedeck.ntm import NeuralTM
from tapedeck.parts import next_part, whole
from tapedeck.tracing import Trace, explain_step, explain_step_in_parts, prepare, provenance
from tapedeck.tracing.output import Doubles, OutputLayer, OutputTerm
from tapedeck.tracing.provenance import (
    PART_WORK,
    WRITE_WORK,
    Write,
    Writing,
    explain_read,
    to_shares,
    trace_back_in_parts,
)
from tests.ntm.strategies import machines
from tests.reference_checkpoints import FOLDER, needs_them


def trace_back(step: int, writing: Writing, read_weighting: Doubles, memory: Doubles) -> provenance.StepProvenance:
    """All parts of it."""
    return whole(trace_back_in_parts(step, writing, read_weighting, memory))


def one_head(weightings: Doubles, erase_vectors: Doubles, add_vectors: Doubles) -> Writing:
    """Of [T, …] each."""
    return Writing([weightings], [erase_vectors], [add_vectors])


def by_loops(writing: Writing, read_weighting: Doubles, memory: Doubles) -> tuple[Doubles, Doubles]:
    """The equation as it is printed: a product and a sum for every write, location and column."""
    weightings, erase_vectors, add_vectors = (of_each[0] for of_each in writing)
    steps, locations = weightings.shape
    width = memory.shape[1]
    writes, initial = np.zeros((steps, width)), np.zeros(width)

    def kept(after: int, i: int, m: int) -> float:
        product = 1.0
        for u in range(after, steps):
            product *= 1 - weightings[u, i] * erase_vectors[u, m]
        return product

    for m in range(width):
        for i in range(locations):
            initial[m] += read_weighting[i] * memory[i, m] * kept(0, i, m)
            for tau in range(steps):
                given_there = read_weighting[i] * weightings[tau, i] * add_vectors[tau, m]
                writes[tau, m] += given_there * kept(tau + 1, i, m)
    return writes, initial


@st.composite
def histories(draw: st.DrawFn) -> tuple[Writing, Doubles, Doubles]:
    """A write head's steps, a read weighting and an initial memory; erasures of nothing and of everything included."""
    steps, locations, width = draw(st.integers(1, 8)), draw(st.integers(1, 6)), draw(st.integers(1, 4))

    def numbers(*shape: int, most: float = 1.0) -> Doubles:
        return draw(hnp.arrays(np.float64, shape, elements=st.floats(0, most, width=32)))

    writing = one_head(numbers(steps, locations), numbers(steps, width), numbers(steps, width, most=30))
    return writing, numbers(locations), numbers(locations, width) - 0.5


@given(history=histories())
def test_the_terms_are_those_of_the_equation(history: tuple[Writing, Doubles, Doubles]) -> None:
    writing, read_weighting, memory = history
    found = trace_back(writing.writes - 1, *history)
    writes, initial = by_loops(writing, read_weighting, memory)
    np.testing.assert_allclose(found.writes, writes, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(found.initial, initial, rtol=1e-12, atol=1e-15)


@given(history=histories())
def test_they_add_up_to_what_is_read(history: tuple[Writing, Doubles, Doubles]) -> None:
    writing, read_weighting, memory = history
    found = trace_back(writing.writes - 1, *history)
    for at in range(writing.writes):
        w, e, a = writing.at(at)
        memory = memory * (1 - np.outer(w, e)) + np.outer(w, a)
    np.testing.assert_allclose(found.read_vector, read_weighting @ memory, rtol=1e-12, atol=1e-12)


def check_against(machine: NeuralTM, trace: Trace, step: int) -> None:
    """The terms add up to what the machine read and gave out, within 1e-4 of the greatest number of the vector."""
    found, layer = explain_read(trace, step), OutputLayer.of(machine)
    read_vector = trace.arrays["read.read_vector"][step]
    unclamped = machine.r_to_s(torch.from_numpy(read_vector.copy())).detach().numpy()
    assert found.writes.shape == (step + 1, read_vector.size)
    assert found.through(layer).writes.shape == (step + 1, unclamped.size)
    for total, expected in ((found.read_vector, read_vector), (found.through(layer).unclamped_output, unclamped)):
        np.testing.assert_allclose(total, expected, rtol=0, atol=1e-4 * abs(expected).max())
    np.testing.assert_allclose(np.clip(unclamped, 0, 1), trace.arrays["outputs"][step], rtol=0, atol=1e-5)


@given(machine=machines(), data=st.data())
def test_any_machines_reads_and_outputs_are_explained(machine: NeuralTM, data: st.DataObject) -> None:
    vectors = st.lists(st.integers(0, 1), min_size=machine.spec.bits, max_size=machine.spec.bits)
    single = machine.float()  # recorded as it computed: what a double machine computes finer the trace does not hold
    trace = prepare(single, "copy", data.draw(st.lists(vectors, min_size=1, max_size=6))).trace()
    check_against(single, trace, data.draw(st.integers(0, trace.steps - 1)))


def test_a_fresh_machine_of_full_size_is_explained_at_every_step() -> None:
    torch.manual_seed(2)
    machine = NeuralTM()
    trace = prepare(machine, "copy", torch.randint(2, (20, 8)).float()).trace()
    for step in range(trace.steps):
        check_against(machine, trace, step)


@needs_them
@pytest.mark.parametrize("name", ["i-0", "i-10000", "i-27000", "i-99000"])
@pytest.mark.parametrize("length", [20, 100])
def test_the_references_machines_are_explained(name: str, length: int) -> None:
    machine, _ = read_legacy(FOLDER / f"{name}.pt")
    torch.manual_seed(length)
    trace = prepare(machine, "copy", torch.randint(2, (length, 8)).float()).trace()
    for step in range(0, trace.steps, 11):
        check_against(machine, trace, step)


def test_by_hand() -> None:
    """Two locations, one column: 8 there from the start; 2 written on half of each; 4 on the first, erasing half."""
    writing = one_head(np.array([[0.5, 0.5], [1.0, 0.0]]), np.array([[0.5], [0.5]]), np.array([[2.0], [4.0]]))
    memory = np.array([[8.0], [8.0]])
    first = trace_back(1, writing, np.array([1.0, 0.0]), memory)
    assert first.writes.tolist() == [[0.5], [4.0]]  # 2 · ½ and then half of it; 4
    assert first.initial.tolist() == [3.0]  # 8 · ¾ · ½
    second = trace_back(1, writing, np.array([0.0, 1.0]), memory)
    assert second.writes.tolist() == [[1.0], [0.0]]
    assert second.initial.tolist() == [6.0]
    assert first.shares.writes.tolist() == [0.5 / 7.5, 4 / 7.5]
    assert first.shares.initial == 3 / 7.5
    reads = OutputTerm("reads", ("read.read_vector",), slice(None))
    through = first.through(OutputLayer(np.array([[2.0], [-1.0]]), np.array([0.25, 10.0]), (reads,)))
    assert through.writes.tolist() == [[1.0, -0.5], [8.0, -4.0]]
    assert through.initial.tolist() == [6.0, -3.0]
    assert through.bias.tolist() == [0.25, 10.0]
    assert through.unclamped_output.tolist() == [15.25, 2.5]


def test_shares_of_a_read_have_the_sign_of_what_they_are_shares_of() -> None:
    """5 and −2 written on the place that is read, and nothing erased: the sum is 3, and −2 points against it."""
    writing = one_head(np.ones((2, 1)), np.zeros((2, 2)), np.array([[5.0, 5.0], [-2.0, -2.0]]))
    found = trace_back(1, writing, np.array([1.0]), np.zeros((1, 2)))
    assert found.read_vector.tolist() == [3, 3]
    assert found.shares.writes.tolist() == [5 / 7, 2 / 7]
    assert found.signed_shares.writes.tolist() == [5 / 7, -2 / 7]
    assert found.sentence == (
        "Of what step 1 reads, by magnitude, 71 % comes from step 0; 29 % from step 1, which overwrote it, "
        "which opposes it."
    )


def test_erasing_everything_leaves_only_what_came_after() -> None:
    weightings = np.eye(3)[[1, 1, 2]]
    writing = one_head(weightings, np.array([[0.0], [1.0], [1.0]]), np.array([[5.0], [7.0], [9.0]]))
    found = trace_back(2, writing, np.array([0.0, 1.0, 0.0]), np.full((3, 1), 2.0))
    assert found.writes.tolist() == [[0.0], [7.0], [0.0]]
    assert found.initial.tolist() == [0.0]


def test_products_too_small_for_a_float_become_0() -> None:
    steps = 1000
    writing = one_head(np.ones((steps, 1)), np.full((steps, 1), 0.99), np.ones((steps, 1)))
    found = trace_back(steps - 1, writing, np.ones(1), np.ones((1, 1)))
    assert found.initial.tolist() == [0.0]
    np.testing.assert_allclose(found.writes[-3:, 0], [1e-4, 1e-2, 1], rtol=1e-12)
    np.testing.assert_allclose(found.read_vector, 1 / 0.99, rtol=1e-12)
    assert found.shares.writes.sum() + found.shares.initial == pytest.approx(1)


def test_where_nothing_was_ever_written_all_of_it_is_initial() -> None:
    assert to_shares(np.array([[0.0, 0.0], [0.0, 3.0], [1.0, 3.0]])).tolist() == [[1, 0], [0, 1], [0.25, 0.75]]


@pytest.mark.parametrize("step", [-1, 20, 1000])
def test_a_step_that_the_run_does_not_have_is_refused(machine: NeuralTM, sequence: list[list[int]], step: int) -> None:
    with pytest.raises(InvalidStep, match="this run has the steps 0 to 19") as caught:
        explain_read(prepare(machine, "copy", sequence).trace(), step)
    assert caught.value.field == "step"


@pytest.mark.parametrize(("writes", "locations", "width"), [(40, 4096, 20), (3000, 1, 1), (3, 4096, 4096)])
def test_no_part_of_an_explanation_has_more_work_than_the_bound(writes: int, locations: int, width: int) -> None:
    """A late step of a long run on many locations, traced back in one piece, would take half a second."""

    class Counted(Writing):
        def at(self, index: int) -> Write:
            done[-1] += locations * width + WRITE_WORK
            return super().at(index)

    done = [0]
    nothing = np.zeros((1, 1))
    fields = (np.broadcast_to(nothing, (writes, size)) for size in (locations, width, width))
    parts = trace_back_in_parts(
        0, Counted(*([each] for each in fields)), np.zeros(locations), np.zeros((locations, width))
    )
    while not next_part(parts):
        done.append(0)
    assert sum(done) == writes * (locations * width + WRITE_WORK)
    assert max(done) <= max(PART_WORK, locations * width + WRITE_WORK)


def test_in_parts_it_is_the_same(machine: NeuralTM, sequence: list[list[int]], monkeypatch: pytest.MonkeyPatch) -> None:
    trace, layer = prepare(machine, "copy", sequence).trace(), OutputLayer.of(machine)
    expected = explain_step(trace, 15, layer, machine.spec).document()
    monkeypatch.setattr(provenance, "PART_WORK", 1)
    parts, waits = explain_step_in_parts(trace, 15, layer, machine.spec), 0
    while not (found := next_part(parts)):
        waits += 1
    assert waits == 16 + 1 + len(machine.spec.outputs)
    for name, values in found[0].document()["outputs"].items():
        np.testing.assert_equal(values, expected["outputs"][name])

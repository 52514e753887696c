"""The provenance of any machine's reads and outputs, against plain loops and against what the machine computed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tapedeck.ntm import NeuralTM, NTMConfig
from tapedeck.tracing import OutputLayer, Run, Trace, explain_read, explain_reads, explain_step, prepare
from tapedeck.tracing.output import Doubles
from tests.tracing.specifications import any_machines, specs, with_two_read_heads

vectors = st.lists(st.lists(st.integers(0, 1), min_size=2, max_size=2), min_size=1, max_size=4)


def by_loops(trace: Trace, step: int, reader: str) -> tuple[dict[str, Doubles], Doubles]:
    """The equation as it is printed, write after write: by head [t + 1, W], and what is left of the initial memory."""
    order = [head.name for head in trace.layout.heads]
    writers = trace.layout.write_heads
    seen = [
        (tau, head)
        for tau in range(step + 1)
        for head in writers
        if tau < step or order.index(head) < order.index(reader)
    ]
    read = trace.arrays[f"{reader}.weighting"][step].astype(np.float64)
    memory = trace.initial.memory.astype(np.float64)
    locations, width = memory.shape

    def value(tau: int, head: str, name: str, at: int) -> float:
        return float(trace.arrays[f"{head}.{name}"][tau, at])

    def kept(after: int, i: int, m: int) -> float:
        product = 1.0
        for tau, head in seen[after:]:
            product *= 1 - value(tau, head, "weighting", i) * value(tau, head, "erase_vector", m)
        return product

    given = {head: np.zeros((step + 1, width)) for head in writers}
    initial = np.zeros(width)
    for m in range(width):
        for i in range(locations):
            initial[m] += read[i] * memory[i, m] * kept(0, i, m)
            for at, (tau, head) in enumerate(seen, 1):
                written = value(tau, head, "weighting", i) * value(tau, head, "add_vector", m)
                given[head][tau, m] += read[i] * written * kept(at, i, m)
    return given, initial


@given(machine=any_machines(), sequence=vectors, data=st.data())
def test_reads_of_any_heads_are_the_sums_of_the_equation(
    machine: NeuralTM, sequence: list[list[int]], data: st.DataObject
) -> None:
    trace = prepare(machine, "copy", sequence).trace()
    step = data.draw(st.integers(0, trace.steps - 1))
    reader = data.draw(st.sampled_from(trace.layout.read_heads))
    found = explain_read(trace, step, reader)
    given, initial = by_loops(trace, step, reader)
    writers = trace.layout.write_heads
    for at, head in enumerate(writers):
        np.testing.assert_allclose(found.writes[at :: len(writers)], given[head], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.initial, initial, rtol=1e-9, atol=1e-12)
    check_close(found.read_vector, trace.arrays[f"{reader}.read_vector"][step])


@given(machine=any_machines(), sequence=vectors, data=st.data())
def test_outputs_of_any_terms_add_up_to_what_the_machine_gave_out(
    machine: NeuralTM, sequence: list[list[int]], data: st.DataObject
) -> None:
    run = prepare(machine, "copy", sequence)
    trace = run.trace()
    step = data.draw(st.integers(0, trace.steps - 1))
    found = explain_step(trace, step, OutputLayer.of(machine), machine.spec)
    check_close(found.output.unclamped_output, unclamped(run, step))
    assert set(found.output.others) == set(machine.spec.output.terms) - {"reads"}
    shares = found.output.shares
    parts = [np.abs(shares.writes).sum(axis=0), *map(np.abs, (shares.initial, shares.bias, *shares.others.values()))]
    np.testing.assert_allclose(np.sum(parts, axis=0), 1, atol=1e-9)
    assert len(found.sentences) == len(machine.spec.outputs)
    outputs = trace.arrays["outputs"][step]
    for output, sentence in zip(outputs, found.sentences, strict=True):
        if abs(output - 0.5) > 1e-4:
            assert f"of step {step} is {int(output > 0.5)} (" in sentence


@settings(max_examples=15)  # each has as many steps and heads to compare
@given(machine=any_machines(), sequence=vectors)
def test_the_picture_of_any_head_has_the_shares_of_every_step(machine: NeuralTM, sequence: list[list[int]]) -> None:
    trace = prepare(machine, "copy", sequence * 9).trace()  # more than a block
    for reader in trace.layout.read_heads:
        picture = explain_reads(trace, reader)
        np.testing.assert_allclose(picture.writes.sum(axis=1) + picture.initial, 1, atol=1e-9)
        for step in range(0, trace.steps, 7):
            shares = explain_read(trace, step, reader).shares
            by_step = shares.writes.reshape(step + 1, -1).sum(axis=1)
            np.testing.assert_allclose(picture.writes[step, : step + 1], by_step, rtol=1e-6, atol=1e-9)
            np.testing.assert_allclose(picture.initial[step], shares.initial, rtol=1e-6, atol=1e-9)


@given(machine=any_machines(), sequence=vectors)
def test_the_memory_of_any_machine_is_rebuilt_from_its_writes(machine: NeuralTM, sequence: list[list[int]]) -> None:
    run = prepare(machine, "copy", sequence)
    with torch.inference_mode():
        _, state, _ = machine(run.episode.inputs)
    check_close(run.trace().memories()[-1], state.memory.numpy())


@given(spec=specs())
def test_the_terms_of_the_output_layer_are_its_columns(spec: Any) -> None:
    machine = NeuralTM(spec)
    layer = OutputLayer.of(machine)
    weights = [term["weights"] for term in layer.document()["terms"]]
    np.testing.assert_array_equal(np.concatenate(weights, axis=1), machine.output_layer.weight.detach().numpy())
    if "reads" in spec.output.terms:
        parts = [layer.weight_of(f"{head.name}.read_vector") for head in spec.read_heads]
        together = next(term.columns for term in layer.terms if term.name == "reads")
        np.testing.assert_array_equal(np.concatenate([p for p in parts if p is not None], 1), layer.weight[:, together])


def test_a_head_that_reads_before_the_write_has_nothing_of_that_step() -> None:
    torch.manual_seed(5)
    machine = NeuralTM(with_two_read_heads(NTMConfig(locations=5, width=3, bits=2, controller_size=4)))
    trace = prepare(machine, "copy", [[1, 0], [1, 1]]).trace()
    first, second = (explain_read(trace, 4, head) for head in ("read1", "read2"))
    assert not first.writes[4].any()
    assert second.writes[4].any()
    assert first.writes[3].any()


def test_where_several_heads_write_the_sentence_names_the_one_that_did() -> None:
    torch.manual_seed(5)
    machine = NeuralTM(with_two_write_heads())
    trace = prepare(machine, "copy", [[1, 0], [1, 1]]).trace()
    found = explain_step(trace, 3, OutputLayer.of(machine), machine.spec)
    (read,) = found.reads
    step, head = divmod(int(read.shares.writes.argmax()), 2)
    assert f"from write{head + 1} at step {step}" in read.sentence
    assert any(f"write{head + 1} at step {step}" in sentence for sentence in found.sentences)


def with_two_write_heads() -> Any:
    spec = NTMConfig(locations=5, width=3, bits=2, controller_size=4).spec
    write, read = spec.heads
    return replace(spec, heads=(replace(write, name="write1"), replace(write, name="write2"), read))


def unclamped(run: Run, step: int) -> Any:
    with torch.inference_mode():
        _, _, traces = run.machine(run.episode.inputs)
    return traces[step].unclamped_output.numpy()


def check_close(found: Any, expected: Any) -> None:
    """Within what float32 adds up to."""
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-4 * max(1, abs(expected).max()))


@pytest.mark.parametrize("reader", ["read1", "read2"])
def test_each_read_head_has_a_picture_of_its_own(reader: str) -> None:
    torch.manual_seed(6)
    machine = NeuralTM(with_two_read_heads(NTMConfig(locations=5, width=3, bits=2, controller_size=4)))
    trace = prepare(machine, "copy", [[1, 0], [1, 1], [0, 1]]).trace()
    picture = explain_reads(trace, reader)
    assert bool(np.diag(picture.writes).any()) is (reader == "read2")

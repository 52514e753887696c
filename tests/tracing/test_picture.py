"""Who wrote what is read: the same shares as step by step, across the blocks that the picture is made of."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tapedeck.ntm import NeuralTM, NTMConfig
from tapedeck.tracing import Trace, explain_read, explain_reads, prepare
from tapedeck.tracing.picture import BLOCK, assemble, patches
from tests.ntm.strategies import machines
from tests.tracing.copy_machine import copy_machine, distinct_vectors


def check_picture(trace: Trace) -> None:
    """Every row is the provenance of its step."""
    found = explain_reads(trace)
    assert found.writes.shape == (trace.steps, trace.steps)
    assert (found.writes >= 0).all()
    assert (found.initial >= 0).all()
    assert not np.triu(found.writes, 1).any()
    np.testing.assert_allclose(found.writes.sum(axis=1) + found.initial, 1, rtol=1e-12)
    for step in range(trace.steps):
        row = explain_read(trace, step).shares
        np.testing.assert_allclose(found.writes[step, : step + 1], row.writes, rtol=1e-9, atol=1e-14)
        np.testing.assert_allclose(found.initial[step], row.initial, rtol=1e-9, atol=1e-14)


@given(machine=machines(), data=st.data())
def test_every_row_is_the_provenance_of_its_step(machine: NeuralTM, data: st.DataObject) -> None:
    vectors = st.lists(st.integers(0, 1), min_size=machine.spec.bits, max_size=machine.spec.bits)
    check_picture(prepare(machine.float(), "copy", data.draw(st.lists(vectors, min_size=1, max_size=4))).trace())


@pytest.mark.parametrize("length", [BLOCK // 2 - 1, BLOCK // 2, BLOCK + BLOCK // 2 - 2, BLOCK + 4])
def test_across_blocks(length: int) -> None:
    """T just at a block's end, just over it, and over several."""
    torch.manual_seed(length)
    machine = NeuralTM(NTMConfig(locations=9, width=4, bits=3, controller_size=6))
    with torch.no_grad():
        for parameter in machine.parameters():
            parameter.mul_(3)
    check_picture(prepare(machine, "copy", torch.randint(2, (length, 3)).float()).trace())


def test_each_vector_that_a_copy_recalls_was_written_when_it_was_the_input() -> None:
    trace = prepare(copy_machine(locations=64), "copy", distinct_vectors(40)).trace()
    writers = explain_reads(trace).writes[42:].argmax(axis=1)
    assert writers.tolist() == list(range(1, 41))
    assert (explain_reads(trace).writes[42:].max(axis=1) > 0.999).all()


def test_before_anything_is_written_all_is_initial() -> None:
    trace = prepare(copy_machine(), "copy", [[0, 0, 0, 0]] * 3).trace()
    found = explain_reads(trace)
    assert found.initial[0] < 1e-5  # the mark, which the read head stands on
    np.testing.assert_allclose(found.initial[1:4], 1, atol=1e-3)


def test_it_can_be_made_in_parts(machine: NeuralTM) -> None:
    trace = prepare(machine, "copy", torch.randint(2, (BLOCK, 3)).float()).trace()
    parts = [(part.step, part.writer, part.magnitudes.shape) for part in patches(trace)]
    assert parts == [
        *((0, 0, (32, 33)), (32, 0, (32, 33)), (64, 0, (2, 33))),
        *((32, 33, (32, 32)), (64, 33, (2, 32))),
        (64, 65, (2, 2)),
    ]
    np.testing.assert_array_equal(assemble(patches(trace), 66).writes, explain_reads(trace).writes)

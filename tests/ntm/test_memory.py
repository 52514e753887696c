"""Equations 2 to 4: against the loop-form reference, and what must hold of them whatever the numbers."""

from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st

from tapedeck.ntm import memory
from tests import reference
from tests.ntm.strategies import Located, located, one_hots, precisions, tensors

TOLERANCE = {torch.float64: 1e-12, torch.float32: 2e-5}
"""Absolute, on sums of numbers up to 20."""


@precisions
@given(at=located(least=0, most=1))
def test_reading_is_equation_2(dtype: torch.dtype, at: Located) -> None:
    found = memory.read(at.memory.to(dtype), at.weighting.to(dtype))
    expected = torch.from_numpy(reference.read(at.memory.numpy(), at.weighting.numpy()))
    torch.testing.assert_close(found.double(), expected, rtol=0, atol=TOLERANCE[dtype])


@precisions
@given(at=located(least=0, most=1))
def test_erasing_is_equation_3(dtype: torch.dtype, at: Located) -> None:
    found = memory.erase(*(value.to(dtype) for value in at))
    expected = torch.from_numpy(reference.erase(*(value.numpy() for value in at)))
    torch.testing.assert_close(found.double(), expected, rtol=0, atol=TOLERANCE[dtype])


@precisions
@given(at=located())
def test_adding_is_equation_4(dtype: torch.dtype, at: Located) -> None:
    found = memory.add(*(value.to(dtype) for value in at))
    expected = torch.from_numpy(reference.add(*(value.numpy() for value in at)))
    torch.testing.assert_close(found.double(), expected, rtol=0, atol=TOLERANCE[dtype])


@given(at=located(), data=st.data())
def test_erase_1_at_a_one_hot_weighting_clears_that_location_and_no_other(at: Located, data: st.DataObject) -> None:
    focus, place = data.draw(one_hots(len(at.memory)))
    erased = memory.erase(at.memory, focus, torch.ones_like(at.vector))
    expected = at.memory.clone()
    expected[place] = 0
    assert torch.equal(erased, expected)


@given(at=located(), data=st.data())
def test_adding_at_a_one_hot_weighting_changes_that_location_and_no_other(at: Located, data: st.DataObject) -> None:
    focus, place = data.draw(one_hots(len(at.memory)))
    expected = at.memory.clone()
    expected[place] += at.vector
    assert torch.equal(memory.add(at.memory, focus, at.vector), expected)


@given(at=located(), data=st.data())
def test_what_is_written_over_a_cleared_location_is_read_back(at: Located, data: st.DataObject) -> None:
    focus, _ = data.draw(one_hots(len(at.memory)))
    written = memory.add(memory.erase(at.memory, focus, torch.ones_like(at.vector)), focus, at.vector)
    assert torch.equal(memory.read(written, focus), at.vector)


@given(at=located())
def test_erase_0_add_0_and_a_weighting_of_0_are_identities(at: Located) -> None:
    nothing, nowhere = torch.zeros_like(at.vector), torch.zeros_like(at.weighting)
    for same in (
        memory.erase(at.memory, at.weighting, nothing),
        memory.add(at.memory, at.weighting, nothing),
        memory.erase(at.memory, nowhere, at.vector),
        memory.add(at.memory, nowhere, at.vector),
    ):
        assert torch.equal(same, at.memory)


@given(at=located(least=0, most=1))
def test_erasing_only_ever_brings_elements_nearer_to_0(at: Located) -> None:
    erased = memory.erase(*at)
    assert (erased.abs() <= at.memory.abs()).all()
    assert (erased * at.memory >= 0).all()


@given(at=located(), data=st.data())
def test_the_order_of_two_writes_erases_and_of_their_adds_does_not_matter(at: Located, data: st.DataObject) -> None:
    other = data.draw(tensors(*at.vector.shape, least=0, most=1))
    back_to_front = at.weighting.flip(0)
    for write in (memory.erase, memory.add):
        one_way = write(write(at.memory, at.weighting, other), back_to_front, at.vector)
        the_other = write(write(at.memory, back_to_front, at.vector), at.weighting, other)
        torch.testing.assert_close(one_way, the_other, rtol=0, atol=1e-9)


@given(at=located(), data=st.data())
def test_reading_is_linear_in_the_memory_and_blind_to_the_order_of_locations(at: Located, data: st.DataObject) -> None:
    other = data.draw(tensors(*at.memory.shape))
    both = memory.read(at.memory + other, at.weighting)
    apart = memory.read(at.memory, at.weighting) + memory.read(other, at.weighting)
    torch.testing.assert_close(both, apart, rtol=0, atol=1e-9)
    order = data.draw(st.permutations(range(len(at.memory))))
    permuted = memory.read(at.memory[order], at.weighting[order])
    torch.testing.assert_close(permuted, memory.read(at.memory, at.weighting), rtol=0, atol=1e-9)


@given(at=located())
def test_a_read_lies_between_the_least_and_the_greatest_of_each_column(at: Located) -> None:
    found = memory.read(at.memory, at.weighting)
    assert (found >= at.memory.min(dim=0).values - 1e-9).all()
    assert (found <= at.memory.max(dim=0).values + 1e-9).all()


def test_a_batch_is_its_single_runs() -> None:
    torch.manual_seed(0)
    matrix, weighting, vector = torch.rand(2, 3, 5, 4), torch.rand(2, 3, 5).softmax(-1), torch.rand(2, 3, 4)
    for run in (memory.erase, memory.add):
        batched = run(matrix, weighting, vector)
        for at in torch.cartesian_prod(torch.arange(2), torch.arange(3)).tolist():
            i, j = at
            torch.testing.assert_close(batched[i, j], run(matrix[i, j], weighting[i, j], vector[i, j]))
            torch.testing.assert_close(memory.read(matrix, weighting)[i, j], memory.read(matrix[i, j], weighting[i, j]))

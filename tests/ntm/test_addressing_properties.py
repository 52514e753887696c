"""What must hold of the addressing mechanism whatever the numbers."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from tapedeck.ntm import addressing
from tests.ntm.strategies import (
    Located,
    gates,
    key_strengths,
    located,
    locations,
    one_hots,
    scalar,
    sharpenings,
    tensors,
    weightings,
)

FORWARD, STAY, BACK = torch.eye(3, dtype=torch.float64)


def assert_weighting(weighting: Tensor) -> None:
    assert (weighting >= 0).all()
    assert (weighting <= 1 + 1e-12).all()
    torch.testing.assert_close(weighting.sum(), torch.tensor(1.0, dtype=torch.float64), rtol=0, atol=1e-9)


@given(at=located(), key_strength=key_strengths, gate=gates, sharpening=sharpenings, data=st.data())
def test_every_stage_is_a_weighting(
    at: Located, key_strength: float, gate: float, sharpening: float, data: st.DataObject
) -> None:
    content = addressing.content_weighting(at.memory, at.vector, scalar(key_strength))
    gated = addressing.interpolate(content, at.weighting, scalar(gate))
    shifted = addressing.shift(gated, data.draw(weightings(3)))
    for stage in (content, gated, shifted, addressing.sharpen(shifted, scalar(sharpening))):
        assert_weighting(stage)


@given(at=located())
def test_the_cosine_is_at_most_1(at: Located) -> None:
    assert (addressing.cosine_similarity(at.memory, at.vector).abs() <= 1 + 1e-9).all()


@given(at=located())
def test_without_key_strength_content_addressing_is_uniform(at: Located) -> None:
    n = at.memory.shape[0]
    found = addressing.content_weighting(at.memory, at.vector, scalar(0))
    torch.testing.assert_close(found, torch.full((n,), 1 / n, dtype=torch.float64))


@given(at=located(), key_strength=key_strengths, data=st.data())
def test_content_addressing_follows_a_permutation_of_the_locations(
    at: Located, key_strength: float, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(at.memory.shape[0])))
    found = addressing.content_weighting(at.memory, at.vector, scalar(key_strength))
    permuted = addressing.content_weighting(at.memory[order], at.vector, scalar(key_strength))
    torch.testing.assert_close(permuted, found[order], rtol=0, atol=1e-12)


@given(n=locations, data=st.data(), factor=st.floats(0.5, 1000), key_strength=key_strengths)
def test_content_addressing_sees_directions_not_lengths(
    n: int, data: st.DataObject, factor: float, key_strength: float
) -> None:
    memory, key = data.draw(tensors(n, 3, least=1)), data.draw(tensors(3, least=1))
    found = addressing.content_weighting(memory, key, scalar(key_strength))
    for scaled in ((factor * memory, key), (memory, factor * key)):
        torch.testing.assert_close(
            addressing.content_weighting(*scaled, scalar(key_strength)), found, rtol=0, atol=1e-9
        )


@given(n=st.integers(3, 8), data=st.data())
def test_a_strong_key_finds_the_location_that_holds_it(n: int, data: st.DataObject) -> None:
    memory, place = torch.eye(n, dtype=torch.float64), data.draw(st.integers(0, n - 1))
    found = addressing.content_weighting(memory, memory[place], scalar(50))
    torch.testing.assert_close(found, memory[place], rtol=0, atol=1e-9)


@given(data=st.data(), n=locations)
def test_gates_of_0_and_1_are_identities(data: st.DataObject, n: int) -> None:
    content, previous = data.draw(weightings(n)), data.draw(weightings(n))
    assert torch.equal(addressing.interpolate(content, previous, scalar(0)), previous)
    assert torch.equal(addressing.interpolate(content, previous, scalar(1)), content)


@pytest.mark.parametrize(("shifts", "move"), [(FORWARD, +1), (STAY, 0), (BACK, -1)], ids=["forward", "stay", "back"])
@given(data=st.data(), n=locations)
def test_a_one_hot_shift_moves_the_focus_and_wraps(shifts: Tensor, move: int, data: st.DataObject, n: int) -> None:
    focus, place = data.draw(one_hots(n))
    moved = addressing.shift(focus, shifts)
    assert moved[(place + move) % n] == 1
    assert moved.count_nonzero() == 1


@pytest.mark.parametrize(
    ("place", "shifts", "arrives"),
    [(6, FORWARD, 0), (0, BACK, 6), (3, FORWARD, 4), (3, BACK, 2), (3, STAY, 3)],
    ids=["over the end", "over the start", "forward", "back", "stay"],
)
def test_the_ends_of_the_memory_are_neighbours(place: int, shifts: Tensor, arrives: int) -> None:
    everywhere = torch.eye(7, dtype=torch.float64)
    assert torch.equal(addressing.shift(everywhere[place], shifts), everywhere[arrives])


@given(data=st.data(), n=locations)
def test_forward_then_back_is_where_it_was(data: st.DataObject, n: int) -> None:
    weighting = data.draw(weightings(n))
    assert torch.equal(addressing.shift(addressing.shift(weighting, FORWARD), BACK), weighting)


@given(data=st.data(), n=locations, move=st.integers(1, 23))
def test_shifting_follows_a_rotation_of_the_locations(data: st.DataObject, n: int, move: int) -> None:
    weighting, shifts = data.draw(weightings(n)), data.draw(weightings(3))
    rotated = addressing.shift(weighting.roll(move), shifts)
    torch.testing.assert_close(rotated, addressing.shift(weighting, shifts).roll(move), rtol=0, atol=1e-12)


@given(data=st.data(), n=locations)
def test_a_sharpening_of_1_is_the_identity(data: st.DataObject, n: int) -> None:
    weighting = data.draw(weightings(n))
    torch.testing.assert_close(addressing.sharpen(weighting, scalar(1)), weighting, rtol=0, atol=1e-12)


@given(data=st.data(), n=locations, less=sharpenings, more=sharpenings)
def test_more_sharpening_never_lowers_the_peak_and_keeps_the_order(
    data: st.DataObject, n: int, less: float, more: float
) -> None:
    weighting = data.draw(weightings(n))
    mild, keen = (addressing.sharpen(weighting, scalar(gamma)) for gamma in sorted((less, more)))
    assert keen.max() >= mild.max() - 1e-9
    falling = weighting.argsort(descending=True)
    assert (mild[falling].diff() <= 1e-12).all()


@pytest.mark.parametrize("sharpening", [1.0, 21.9, 22.0, 100.0, 1e4, 1e6])
@pytest.mark.parametrize("n", [3, 128, 4096])
def test_sharpening_a_uniform_weighting_stays_uniform_in_float32(n: int, sharpening: float) -> None:
    uniform = torch.full((n,), 1 / n)
    torch.testing.assert_close(addressing.sharpen(uniform, scalar(sharpening, torch.float32)), uniform)


@pytest.mark.parametrize("sharpening", [1.0, 22.0, 1e6])
def test_sharpening_a_one_hot_weighting_leaves_it_one_hot(sharpening: float) -> None:
    focus = torch.eye(128)[17]
    found = addressing.sharpen(focus, scalar(sharpening, torch.float32))
    torch.testing.assert_close(found, focus, rtol=0, atol=1e-30)

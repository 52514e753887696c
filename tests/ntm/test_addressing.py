"""Equations 5 to 9 against the loop-form reference, in both precisions, single and batched."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from tapedeck.ntm import addressing
from tests import reference
from tests.ntm.strategies import (
    Located,
    gates,
    key_strengths,
    located,
    locations,
    precisions,
    scalar,
    seeds,
    sharpenings,
    weightings,
    widths,
)

TOLERANCE = {torch.float64: 1e-12, torch.float32: 2e-5}
"""Absolute, on numbers in 0…1. Float32: β or γ up to 50 times an error of a few 1e-7 in the exponent."""


def assert_close(actual: Tensor, expected: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> None:
    np.testing.assert_allclose(actual.double().numpy(), expected, rtol=0, atol=TOLERANCE[actual.dtype])


@precisions
@given(at=located(), key_strength=key_strengths)
def test_content_weighting_is_equation_5_with_the_cosine_of_equation_6(
    dtype: torch.dtype, at: Located, key_strength: float
) -> None:
    found = addressing.content_weighting(at.memory.to(dtype), at.vector.to(dtype), scalar(key_strength, dtype))
    assert_close(found, reference.content_weighting(at.memory.numpy(), at.vector.numpy(), key_strength))


@precisions
@given(at=located())
def test_cosine_similarity_is_equation_6(dtype: torch.dtype, at: Located) -> None:
    found = addressing.cosine_similarity(at.memory.to(dtype), at.vector.to(dtype))
    assert_close(found, np.array([reference.cosine(row, at.vector.numpy()) for row in at.memory.numpy()]))


@precisions
@given(data=st.data(), n=locations, gate=gates)
def test_interpolate_is_equation_7(dtype: torch.dtype, data: st.DataObject, n: int, gate: float) -> None:
    content, previous = data.draw(weightings(n)), data.draw(weightings(n))
    found = addressing.interpolate(content.to(dtype), previous.to(dtype), scalar(gate, dtype))
    assert_close(found, reference.interpolate(content.numpy(), previous.numpy(), gate))


@precisions
@given(data=st.data(), n=locations)
def test_shift_is_equation_8(dtype: torch.dtype, data: st.DataObject, n: int) -> None:
    gated, shifts = data.draw(weightings(n)), data.draw(weightings(3))
    found = addressing.shift(gated.to(dtype), shifts.to(dtype))
    assert_close(found, reference.shift(gated.numpy(), shifts.numpy()))


@precisions
@given(data=st.data(), n=locations, sharpening=sharpenings)
def test_sharpen_is_equation_9(dtype: torch.dtype, data: st.DataObject, n: int, sharpening: float) -> None:
    shifted = data.draw(weightings(n))
    found = addressing.sharpen(shifted.to(dtype), scalar(sharpening, dtype))
    assert_close(found, reference.sharpen(shifted.numpy(), sharpening))


@given(seed=seeds, n=locations, w=widths)
@settings(max_examples=20)
def test_a_batch_is_its_single_runs(seed: int, n: int, w: int) -> None:
    generator = torch.Generator().manual_seed(seed)

    def random(size: int) -> Tensor:
        return torch.randn(2, 3, size, generator=generator, dtype=torch.float64)

    memory, key, strength = random(n * w).reshape(2, 3, n, w), random(w), random(1).exp()
    previous, shifts, gate, sharpening = random(n).softmax(-1), random(3).softmax(-1), random(1).sigmoid(), random(1)

    def stages(at: tuple[int, ...]) -> list[Tensor]:
        content = addressing.content_weighting(memory[at], key[at], strength[at])
        gated = addressing.interpolate(content, previous[at], gate[at])
        shifted = addressing.shift(gated, shifts[at])
        return [content, gated, shifted, addressing.sharpen(shifted, 1 + sharpening[at].exp())]

    batched = stages(())
    for at in np.ndindex(2, 3):
        for whole, single in zip(batched, stages(at), strict=True):
            torch.testing.assert_close(whole[at], single, rtol=0, atol=1e-12)

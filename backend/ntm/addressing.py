"""Where a head looks: the addressing mechanism, one pure function an equation.

References:
    [1] Graves, Wayne, Danihelka: Neural Turing Machines, 2014, arXiv 1410.5401, section 3.3 (equations 5 to 9).

The form of each equation is the one that rounds as the reference does (fused forms are faster and round otherwise): a
machine that is half trained amplifies the last bit of a weighting, from step to step, beyond what may be told apart.

Dimensions:
    N  locations, the rows of the memory
    W  width, the columns of the memory (M in [1])
    *batch  any number of leading dimensions, none included
"""

from __future__ import annotations

from functools import lru_cache

import torch
from jaxtyping import Float, Int
from torch import Tensor

COSINE_EPS = 1e-8
"""The least norm that a cosine divides by, as in torch's own cosine similarity."""

LEAST_WEIGHT = 1e-36
"""The least weight whose logarithm is taken: positive and normal in float32."""

LEAST_TOTAL = 1e-30
"""The least sum of powers that is divided by: below it float32 has lost digits, at 0 all of them."""

ONE = torch.ones(())
"""The 1 of the equations. A Python number would be made a tensor at each use, which takes longer than the use."""


def content_weighting(
    memory: Float[Tensor, "*batch N W"],
    key: Float[Tensor, "*batch W"],
    key_strength: Float[Tensor, "*batch 1"],
) -> Float[Tensor, "*batch N"]:
    """w^c = softmax(β · cosine(M, k)), over the locations: equations 5 and 6 of [1]."""
    return torch.softmax(key_strength * cosine_similarity(memory, key), dim=-1)


def cosine_similarity(memory: Float[Tensor, "*batch N W"], key: Float[Tensor, "*batch W"]) -> Float[Tensor, "*batch N"]:
    """K(u, v) = u · v / (|u| |v|) of every location with the key, −1…1: equation 6 of [1]. No norm is below 1e-8."""
    return (_unit(memory) * _unit(key).unsqueeze(-2)).sum(dim=-1)


def _unit(vectors: Float[Tensor, "*dims W"]) -> Float[Tensor, "*dims W"]:
    norm: Tensor = torch.linalg.vector_norm(vectors, dim=-1, keepdim=True)
    return vectors / norm.clamp_min(COSINE_EPS)


def interpolate(
    content: Float[Tensor, "*batch N"],
    prev_weighting: Float[Tensor, "*batch N"],
    gate: Float[Tensor, "*batch 1"],
) -> Float[Tensor, "*batch N"]:
    """w^g = g w^c + (1 − g) w₋₁, the gated weighting, for a gate in 0…1: equation 7 of [1]."""
    return gate * content + (ONE - gate) * prev_weighting


def shift(
    gated: Float[Tensor, "*batch N"],
    shift_weighting: Float[Tensor, "*batch 3"],
) -> Float[Tensor, "*batch N"]:
    """w̃(i) = s(0) w^g(i − 1) + s(1) w^g(i) + s(2) w^g(i + 1), indices modulo N: equation 8 of [1].

    s(0) moves the focus one location forward, s(1) keeps it, s(2) moves it back: a correlation, as in the reference.
    """
    # A single run takes its neighbours in one call: there it is the calls that take the time.
    if gated.dim() == 1 and not torch.compiler.is_compiling():
        return gated.index_select(0, _sources(gated.shape[0], gated.device)).view(-1, 3) @ shift_weighting
    around = torch.cat([gated[..., -1:], gated, gated[..., :1]], dim=-1)
    return (around.unfold(-1, 3, 1) @ shift_weighting.unsqueeze(-1)).squeeze(-1)


@lru_cache(maxsize=16)
def _sources(locations: int, device: torch.device) -> Int[Tensor, " shares"]:
    """From where each location's three shares come: i − 1, i, i + 1, one location after another.

    Kept, though nothing else here is: a constant of N, which no run can change.
    """
    with torch.inference_mode(mode=False):  # a gradient may have to pass through it later
        here = torch.arange(locations, device=device).unsqueeze(-1)
        return ((here + torch.arange(-1, 2, device=device)) % locations).flatten()


def sharpen(
    shifted: Float[Tensor, "*batch N"],
    sharpening: Float[Tensor, "*batch 1"],
) -> Float[Tensor, "*batch N"]:
    """w(i) = w̃(i)^γ / Σ_j w̃(j)^γ, the weighting, for γ ≥ 1: equation 9 of [1].

    Where every power is below the least float (w̃ = 1/128, γ ≥ 22) that is 0/0; there, the same as softmax(γ log w̃).
    """
    powers = shifted**sharpening
    total = powers.sum(dim=-1, keepdim=True)
    # Looked at as one number, which for a single run takes half the time of a comparison of tensors.
    if not torch.compiler.is_compiling() and total.min().item() >= LEAST_TOTAL:
        return powers / total
    vanished = total < LEAST_TOTAL
    rescued = torch.softmax(sharpening * shifted.clamp_min(LEAST_WEIGHT).log(), dim=-1)
    # The quotient that is not taken must be finite too, or its gradient would be NaN.
    return torch.where(vanished, rescued, powers / total.masked_fill(vanished, 1))

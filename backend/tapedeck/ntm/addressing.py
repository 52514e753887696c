"""Where a head looks: the addressing mechanism, one pure function an equation.

References:
    [1] Graves, Wayne, Danihelka: Neural Turing Machines, 2014, arXiv 1410.5401, section 3.3 (equations 5 to 9).

The form of each equation is the one that rounds as the reference does (fused forms are faster and round otherwise): a
machine that is half trained amplifies the last bit of a weighting, from step to step, beyond what may be told apart.

Dimensions:
    N  locations, the rows of the memory
    W  width, the columns of the memory (M in [1])
    S  shifts, the shares of a shift weighting
    *batch  any number of leading dimensions, none included
"""

from __future__ import annotations

from functools import lru_cache

import torch
from jaxtyping import Float, Int
from torch import Tensor

from tapedeck.ntm.activations import ONE
from tapedeck.ntm.specification import Conventions

LEAST_WEIGHT = 1e-36
"""The least weight whose logarithm is taken: positive and normal in float32."""

LEAST_TOTAL = 1e-30
"""The least sum of powers that is divided by: below it float32 has lost digits, at 0 all of them."""

REFERENCE = Conventions()
SHIFTS = (1, 0, -1)
"""How far each share of the reference's shift weighting moves the focus."""


def content_weighting(
    memory: Float[Tensor, "*batch N W"],
    key: Float[Tensor, "*batch W"],
    key_strength: Float[Tensor, "*batch 1"],
    conventions: Conventions = REFERENCE,
) -> Float[Tensor, "*batch N"]:
    """w^c = softmax(β · cosine(M, k)), over the locations: equations 5 and 6 of [1]."""
    return torch.softmax(key_strength * cosine_similarity(memory, key, conventions), dim=-1)


def cosine_similarity(
    memory: Float[Tensor, "*batch N W"], key: Float[Tensor, "*batch W"], conventions: Conventions = REFERENCE
) -> Float[Tensor, "*batch N"]:
    """K(u, v) = u · v / (|u| |v|) of every location with the key, −1…1: equation 6 of [1].

    The conventions say what keeps the quotient finite; in the reference no norm counts as less than 1e-8.
    """
    rule, epsilon = conventions.cosine, conventions.cosine_epsilon
    if conventions.cosine_offset:
        memory, key = memory + conventions.cosine_offset, key + conventions.cosine_offset
    if rule == "clamped_norms":
        return (_unit(memory, epsilon) * _unit(key, epsilon).unsqueeze(-2)).sum(dim=-1)
    products = (memory * key.unsqueeze(-2)).sum(dim=-1)
    if rule == "root":
        return products * _inverse_root(memory, epsilon) * _inverse_root(key, epsilon).unsqueeze(-1)
    norms: Tensor = torch.linalg.vector_norm(memory, dim=-1) * torch.linalg.vector_norm(key, dim=-1).unsqueeze(-1)
    return products / (norms + epsilon if rule == "added" else norms.clamp_min(epsilon))


def _unit(vectors: Float[Tensor, "*dims W"], least: float) -> Float[Tensor, "*dims W"]:
    norm: Tensor = torch.linalg.vector_norm(vectors, dim=-1, keepdim=True)
    return vectors / norm.clamp_min(least)


def _inverse_root(vectors: Float[Tensor, "*dims W"], epsilon: float) -> Float[Tensor, "*dims"]:
    return (vectors.square().sum(dim=-1) + epsilon).rsqrt()


def interpolate(
    content: Float[Tensor, "*batch N"],
    prev_weighting: Float[Tensor, "*batch N"],
    gate: Float[Tensor, "*batch 1"],
) -> Float[Tensor, "*batch N"]:
    """w^g = g w^c + (1 − g) w₋₁, the gated weighting, for a gate in 0…1: equation 7 of [1]."""
    return gate * content + (ONE - gate) * prev_weighting


def shift(
    gated: Float[Tensor, "*batch N"],
    shift_weighting: Float[Tensor, "*batch S"],
    shifts: tuple[int, ...] = SHIFTS,
) -> Float[Tensor, "*batch N"]:
    """w̃(i) = Σ_k s(k) w^g(i − shift k), indices modulo N: equation 8 of [1].

    With the reference's shifts s(0) moves the focus one location forward, s(1) keeps it, s(2) moves it back: a
    correlation, as there.
    """
    # A single run takes its neighbours in one call: there it is the calls that take the time.
    if gated.dim() == 1 and not torch.compiler.is_compiling():
        sources = _sources(gated.shape[0], shifts, gated.device)
        return gated.index_select(0, sources).view(-1, len(shifts)) @ shift_weighting
    forward, back = max(0, *shifts), -min(0, *shifts)
    if shifts != tuple(range(forward, -back - 1, -1)):
        shift_weighting = _in_order(shift_weighting, shifts, forward, back)
    around = torch.cat([gated[..., gated.shape[-1] - forward :], gated, gated[..., :back]], dim=-1)
    return (around.unfold(-1, forward + 1 + back, 1) @ shift_weighting.unsqueeze(-1)).squeeze(-1)


def _in_order(
    shift_weighting: Float[Tensor, "*batch S"], shifts: tuple[int, ...], forward: int, back: int
) -> Float[Tensor, "*batch K"]:
    """The shares from the furthest shift forward to the furthest back, 0 where there is none."""
    ordered = shift_weighting.new_zeros((*shift_weighting.shape[:-1], forward + 1 + back))
    places = torch.tensor([forward - move for move in shifts], device=shift_weighting.device)
    return ordered.index_copy(-1, places, shift_weighting)


@lru_cache(maxsize=16)
def _sources(locations: int, shifts: tuple[int, ...], device: torch.device) -> Int[Tensor, " shares"]:
    """From where each location's shares come, one location after another: of the reference's i − 1, i, i + 1.

    Kept, though nothing else here is: a constant of N, which no run can change.
    """
    with torch.inference_mode(mode=False):  # a gradient may have to pass through it later
        here = torch.arange(locations, device=device).unsqueeze(-1)
        return ((here - torch.tensor(shifts, device=device)) % locations).flatten()


def sharpen(
    shifted: Float[Tensor, "*batch N"],
    sharpening: Float[Tensor, "*batch 1"],
    epsilon: float = 0.0,
) -> Float[Tensor, "*batch N"]:
    """w(i) = w̃(i)^γ / (Σ_j w̃(j)^γ + ε), the weighting, for γ ≥ 1: equation 9 of [1], where ε is 0.

    Where ε is 0 and every power is below the least float (w̃ = 1/128, γ ≥ 22) that is 0/0; there, the same as
    softmax(γ log w̃).
    """
    powers = shifted**sharpening
    total = powers.sum(dim=-1, keepdim=True)
    if epsilon:
        return powers / (total + epsilon)
    # Looked at as one number, which for a single run takes half the time of a comparison of tensors.
    if not torch.compiler.is_compiling() and total.min().item() >= LEAST_TOTAL:
        return powers / total
    vanished = total < LEAST_TOTAL
    rescued = torch.softmax(sharpening * shifted.clamp_min(LEAST_WEIGHT).log(), dim=-1)
    # The quotient that is not taken must be finite too, or its gradient would be NaN.
    return torch.where(vanished, rescued, powers / total.masked_fill(vanished, 1))

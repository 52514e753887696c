"""What a head does where it looks: reading and writing, one pure function an equation.

References and dimensions: see `tapedeck.ntm.addressing`; equations 2 to 4 of [1], sections 3.1 and 3.2.
"""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor

from tapedeck.ntm.activations import ONE


def erase(
    memory: Float[Tensor, "*batch N W"],
    weighting: Float[Tensor, "*batch N"],
    erase_vector: Float[Tensor, "*batch W"],
) -> Float[Tensor, "*batch N W"]:
    """M̃ = M₋₁ ∘ (1 − w eᵀ), for erase elements in 0…1: equation 3 of [1]."""
    return memory * (ONE - weighting.unsqueeze(-1) * erase_vector.unsqueeze(-2))


def add(
    memory: Float[Tensor, "*batch N W"],
    weighting: Float[Tensor, "*batch N"],
    add_vector: Float[Tensor, "*batch W"],
) -> Float[Tensor, "*batch N W"]:
    """M = M̃ + w aᵀ: equation 4 of [1]."""
    return memory + weighting.unsqueeze(-1) * add_vector.unsqueeze(-2)


def read(
    memory: Float[Tensor, "*batch N W"],
    weighting: Float[Tensor, "*batch N"],
) -> Float[Tensor, "*batch W"]:
    """r = wᵀ M, the read vector: equation 2 of [1]."""
    return (weighting.unsqueeze(-2) @ memory).squeeze(-2)

"""The operations of a plan on torch's tensors: of steps, of the state before them, and of what is heard."""

from __future__ import annotations

from collections.abc import Mapping

from jaxtyping import Float, Int
from torch import Tensor

from tapedeck.tracing.interventions.plan import ADD, LEAST_SUM, SCALE, SET

OPERATIONS: Mapping[str, int] = {"set": SET, "scale": SCALE, "add": ADD, "noise": ADD}
"""By the kind of an intervention."""


def operated(
    value: Float[Tensor, "*batch E"], operation: int, places: Int[Tensor, " P"], values: Float[Tensor, "*rows P"]
) -> Float[Tensor, "*batch E"]:
    """Another value, with some of its elements set, scaled or added to."""
    changed = value.clone()
    if operation == SET:
        changed[..., places] = values
    elif operation == SCALE:
        changed[..., places] *= values
    elif operation == ADD:
        changed[..., places] += values
    return changed


def normalized(value: Float[Tensor, "*batch E"]) -> Float[Tensor, "*batch E"] | None:
    """What is above 0, as shares that sum to 1; None where next to nothing is."""
    positive = value.clamp_min(0)
    total = positive.sum(dim=-1, keepdim=True)
    return None if total.min().item() < LEAST_SUM else positive / total

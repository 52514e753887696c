"""The state of a run: what goes into a step and comes out of it."""

from __future__ import annotations

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from backend.errors import InvalidConfiguration, InvalidLocations
from backend.ntm.config import MIN_LOCATIONS, NTMConfig

INITIAL_FILL = 1e-6
"""What the reference fills the memory and the read vector with before the first step."""


class NTMState(NamedTuple):
    """Everything that one step hands to the next. Nothing else does."""

    memory: Float[Tensor, "*batch N W"]
    write_weighting: Float[Tensor, "*batch N"]
    read_weighting: Float[Tensor, "*batch N"]
    read_vector: Float[Tensor, "*batch W"]

    @property
    def locations(self) -> int:
        """N of this run."""
        return self.memory.shape[-2]


def reference_initial_state(config: NTMConfig, dtype: torch.dtype | None = None) -> NTMState:
    """The reference's start: memory and read vector at 1e-6, both weightings one-hot at N // 2."""
    weighting = torch.zeros(config.locations, dtype=dtype)
    weighting[config.locations // 2] = 1
    return NTMState(
        memory=torch.full((config.locations, config.width), INITIAL_FILL, dtype=dtype),
        write_weighting=weighting,
        read_weighting=weighting.clone(),
        read_vector=torch.full((config.width,), INITIAL_FILL, dtype=dtype),
    )


def check_initial_state(state: NTMState, config: NTMConfig) -> None:
    """An initial state that a machine of these sizes can start from.

    Raises:
        InvalidConfiguration: a shape is not the machine's, a number is not finite, or a weighting does not sum to 1.
    """
    expected = {
        "memory": (config.locations, config.width),
        "write_weighting": (config.locations,),
        "read_weighting": (config.locations,),
        "read_vector": (config.width,),
    }
    for name, shape in expected.items():
        value: Tensor = getattr(state, name)
        if tuple(value.shape) != shape:
            raise InvalidConfiguration(f"initial {name} must have shape {shape}, got {tuple(value.shape)}.")
        if not torch.isfinite(value).all():
            raise InvalidConfiguration(f"initial {name} must hold finite numbers only.")
        if name.endswith("weighting") and ((value < 0).any() or abs(float(value.sum()) - 1) > 1e-4):
            raise InvalidConfiguration(
                f"initial {name} must be at least 0 everywhere and sum to 1, got a sum of {float(value.sum()):.6g}."
            )


def fit_to_locations(state: NTMState, locations: int) -> NTMState:
    """The same start on another number of locations, laid centre on centre: N // 2 comes to lie on the new N // 2.

    Rows that are new hold the mean of the given rows. Weight that falls outside is made up by scaling the rest.

    Raises:
        InvalidLocations: fewer than 3 locations, or no weight is left inside.
    """
    if locations < MIN_LOCATIONS:
        raise InvalidLocations(
            f"locations must be at least {MIN_LOCATIONS}, got {locations}: a shift reaches one to either side.",
            field="locations",
        )
    given = state.locations
    if locations == given:
        return state
    first = locations // 2 - given // 2  # where the given row 0 comes to lie
    source = slice(max(0, -first), min(given, locations - first))
    target = slice(source.start + first, source.stop + first)

    memory = state.memory.mean(dim=-2, keepdim=True).repeat(locations, 1)
    memory[target] = state.memory[source]
    return state._replace(
        memory=memory,
        write_weighting=_fit_weighting(state.write_weighting, locations, source, target),
        read_weighting=_fit_weighting(state.read_weighting, locations, source, target),
    )


def _fit_weighting(weighting: Float[Tensor, " N"], locations: int, source: slice, target: slice) -> Float[Tensor, " K"]:
    fitted = weighting.new_zeros(locations)
    fitted[target] = weighting[source]
    total = fitted.sum()
    if total <= 0:
        raise InvalidLocations(
            f"This machine starts at a location that {locations} locations do not have; use {weighting.shape[0]}.",
            field="locations",
        )
    return fitted / total

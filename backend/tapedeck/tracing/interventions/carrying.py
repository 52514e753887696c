"""Carrying out a plan in the torch engine."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from tapedeck.errors import InvalidInterventions
from tapedeck.ntm import MachineSpec, State
from tapedeck.ntm.overrides import CONTROLLER, Overrides
from tapedeck.tracing.interventions.operations import normalized, operated
from tapedeck.tracing.interventions.plan import FREEZE, NORMALIZE, ROLL, SET, SWAP, Ints, Plan
from tapedeck.tracing.interventions.sites import CELL, HIDDEN, MEMORY, STAGES, Sites, head_of, site_of


class Planned(Overrides):
    """The operations of a plan, step by step."""

    def __init__(self, plan: Plan, spec: MachineSpec, locations: int) -> None:
        self._plan, self._sites = plan, Sites(spec, locations)
        self._heads = {head.name: place for place, head in enumerate(spec.heads)}
        self._codes = {(CONTROLLER, "hidden"): HIDDEN, (CONTROLLER, "cell"): CELL} | {
            (name, stage): site_of(place, stage) for name, place in self._heads.items() for stage in STAGES
        }
        self._places = torch.from_numpy(plan.places)
        self._values = torch.from_numpy(plan.values)
        self._now: dict[int, list[int]] = {}
        self._step = 0
        self._previous: tuple[Tensor, ...] = ()

    def begin(self, step: int, state: State) -> None:
        """From here on the operations are those of this step, which starts from that state."""
        self._step, self._previous, self._now = step, state.weightings, {}
        for k in self._plan.at(step):
            self._now.setdefault(int(self._plan.sites[k]), []).append(k)

    def at(self, part: str, stage: str, value: Tensor, /) -> Tensor:
        """What counts of a head or of the controller."""
        return self._carried_out(self._codes[part, stage], value) if self._now else value

    def touches(self, part: str, stage: str) -> bool:
        """Whether there is anything to do there, in this step."""
        return self._codes[part, stage] in self._now

    def outputs(self, value: Tensor) -> Tensor:
        """What comes out, [*batch, O]."""
        return self._carried_out(self._sites.outputs, value)

    def memory(self, value: Tensor) -> tuple[Tensor, Ints | None]:
        """What the heads find, [*batch, N, W], and the cells that were changed (location · W + column), if any."""
        if MEMORY not in self._now:
            return value, None
        changed = self._carried_out(MEMORY, value.flatten(-2)).view(value.shape)
        touched = np.concatenate([self._plan.places[slice(*self._plan.spans[k])] for k in self._now[MEMORY]])
        return changed, np.unique(touched)

    def _carried_out(self, site: int, value: Tensor) -> Tensor:
        for k in self._now.get(site, ()):
            value = self._operated(k, value)
        return value

    def _operated(self, k: int, value: Tensor) -> Tensor:
        operation, (begin, end) = int(self._plan.operations[k]), self._plan.spans[k].tolist()
        places, values = self._places[begin:end], self._values[begin:end].to(value.dtype)
        if operation == FREEZE:
            return self._previous[head_of(int(self._plan.sites[k]))]
        if operation == ROLL:
            return value.roll(int(self._plan.values[begin]), dims=-1)
        if operation == NORMALIZE:
            return self._normalized(k, value)
        if operation == SWAP:
            one, other = places.chunk(2)
            return operated(value, SET, places, value[..., torch.cat([other, one])])
        return operated(value, operation, places, values)

    def _normalized(self, k: int, value: Tensor) -> Tensor:
        found = normalized(value)
        if found is None:
            raise nothing_left(self._plan, self._sites, k, self._step)
        return found


def nothing_left(plan: Plan, sites: Sites, k: int, step: int) -> InvalidInterventions:
    """What to raise where operation k finds nothing to normalize in a step."""
    index, name = int(plan.origins[k]), sites.name_of(int(plan.sites[k]))
    return InvalidInterventions(
        f"Intervention {index}: nothing is left of {name} at step {step} that could be normalized; leave some weight "
        "above 0.",
        field=f"interventions.{index}",
    )

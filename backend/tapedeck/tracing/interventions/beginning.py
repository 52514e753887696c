"""What interventions change before step 0: the state that a run starts from, and the parameters of its machine."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import torch
from torch import Tensor

from tapedeck.errors import instead, quoted
from tapedeck.ntm import NeuralTM, State
from tapedeck.tracing.interventions.elements import (
    Cells,
    Doubles,
    Ints,
    cells_of,
    elements_of,
    values_for,
    values_for_cells,
)
from tapedeck.tracing.interventions.operations import OPERATIONS, normalized, operated
from tapedeck.tracing.interventions.parameters import PREFIX, deviation_of
from tapedeck.tracing.interventions.refusal import At
from tapedeck.tracing.interventions.when import check_no_time

MEMORY = "initial.memory"


class Beginning:
    """The machine and the state of a run, changed as its interventions say; the shared ones are left as they are.

    Attributes:
        machine: the one given, or a copy with noise.
        state: before step 0.
    """

    def __init__(self, machine: NeuralTM, locations: int) -> None:
        self.machine = self._given = machine
        self._locations = locations
        self._changes: list[tuple[Any, At, Ints, Doubles]] = []

    @property
    def targets(self) -> list[str]:
        """The parts of the state that can be changed."""
        return [MEMORY, *(_weighting(head.name) for head in self._given.spec.heads)]

    @property
    def parameters(self) -> list[str]:
        """The targets of noise on parameters."""
        return [f"{PREFIX}{name}" for name, _ in self._given.named_parameters()]

    def takes(self, target: str) -> bool:
        """Whether a target is one of before step 0."""
        return target.startswith((PREFIX, "initial."))

    def change(self, declared: Any, at: At) -> None:
        """Takes an intervention; of the state it is carried out by `state`, of the parameters now."""
        check_no_time(declared, at)
        if declared.target.startswith(PREFIX):
            self._disturb(declared, at)
            return
        if declared.target not in self.targets:
            at.refuse(f": this machine has no {quoted(declared.target)}; it has {', '.join(self.targets)}.", "target")
        places, values = self._places(declared, at)
        self._check_set_once(declared, at, places)
        self._changes.append((declared, at, places, values))

    def state(self) -> State:
        """Before step 0.

        Raises:
            InvalidInterventions: nothing is left of a weighting.
        """
        state = self.machine.initial_state(locations=self._locations)
        if not self._changes:
            return state
        weightings = dict(
            zip((_weighting(head.name) for head in self._given.spec.heads), state.weightings, strict=True)
        )
        values: dict[str, Tensor] = {MEMORY: state.memory, **weightings}
        last: dict[str, At] = {}
        for declared, at, places, given in self._changes:
            values[declared.target] = _changed(values[declared.target], declared.kind, places, given)
            last[declared.target] = at
        for name, at in last.items():
            if name != MEMORY:
                values[name] = _normalized(values[name], name, at)
        return state._replace(memory=values[MEMORY], weightings=tuple(values[name] for name in weightings))

    @property
    def normalized(self) -> list[str]:
        """The initial weightings that were changed by hand, and then normalized."""
        names = dict.fromkeys(declared.target for declared, *_ in self._changes)
        return [name for name in names if name != MEMORY]

    def _places(self, declared: Any, at: At) -> tuple[Ints, Doubles]:
        cells: Cells | None = None
        if declared.target == MEMORY:
            cells = cells_of(declared, at, (self._locations, self._given.spec.memory.width))
        places = elements_of(declared, at, self._locations) if cells is None else cells.places
        if declared.kind == "noise":
            return places, np.random.default_rng(declared.seed).normal(0, declared.spread, len(places))
        if cells is None:
            return places, values_for(declared, at, len(places))
        return places, values_for_cells(declared, at, cells)

    def _check_set_once(self, declared: Any, at: At, places: Ints) -> None:
        for other, before, taken, _ in self._changes:
            if (
                other.kind == declared.kind == "set"
                and other.target == declared.target
                and np.isin(taken, places).any()
            ):
                at.refuse(
                    f" (set) contradicts intervention {before.index} (set): both decide {declared.target}. Leave one "
                    "of them out."
                )

    def _disturb(self, declared: Any, at: At) -> None:
        name = declared.target.removeprefix(PREFIX)
        if declared.kind != "noise":
            at.refuse(f": a parameter takes noise, not {declared.kind}.", "kind")
        for field in ("elements", "rows", "columns"):
            if getattr(declared, field) is not None:
                at.refuse(f": noise is added to a whole parameter; leave {field} out.", field)
        given = dict(self._given.named_parameters())
        if name not in given:
            at.refuse(f": this machine has no parameter {quoted(name)}; {instead(name, [*given])}.", "target")
        deviation = deviation_of(given[name].detach())
        if not deviation:
            at.refuse(f": {declared.target} has no spread of its own to add a share of; choose another.", "target")
        if self.machine is self._given:
            self.machine = copy.deepcopy(self._given)
        parameter = dict(self.machine.named_parameters())[name]
        drawn = np.random.default_rng(declared.seed).normal(0, declared.spread * deviation, tuple(parameter.shape))
        with torch.no_grad():
            parameter.add_(torch.from_numpy(drawn).to(parameter))


def _weighting(head: str) -> str:
    return f"initial.{head}.weighting"


def _changed(value: Tensor, kind: str, places: Ints, given: Doubles) -> Tensor:
    numbers = torch.from_numpy(given).to(value.dtype)
    flat = value.detach().flatten()
    return operated(flat, OPERATIONS[kind], torch.from_numpy(places), numbers).view(value.shape)


def _normalized(weighting: Tensor, name: str, at: At) -> Tensor:
    found = normalized(weighting)
    if found is None:
        at.refuse(f": nothing is left of {name} that could be normalized; leave some weight above 0.", "value")
    return found

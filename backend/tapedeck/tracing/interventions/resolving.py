"""From declarations to a plan: every check that needs the machine and the run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from tapedeck.errors import close_to, instead, quoted
from tapedeck.ntm import HeadSpec, NeuralTM, State
from tapedeck.tasks import Episode
from tapedeck.tracing.interventions import declarations as d
from tapedeck.tracing.interventions.beginning import Beginning
from tapedeck.tracing.interventions.contradictions import check_contradictions
from tapedeck.tracing.interventions.elements import Cells, cells_of, elements_of, values_for, values_for_cells
from tapedeck.tracing.interventions.operations import OPERATIONS, operated
from tapedeck.tracing.interventions.plan import (
    ADD,
    FREEZE,
    NORMALIZE,
    ROLL,
    SCALE,
    SET,
    SWAP,
    Doubles,
    Edit,
    Ints,
    Plan,
)
from tapedeck.tracing.interventions.refusal import At
from tapedeck.tracing.interventions.sites import INPUTS, MEMORY, Sites, site_of
from tapedeck.tracing.interventions.when import steps_of

MOST_CELLS = 1_000_000
"""The most cells of the memory that the interventions of a run may change, each counted at each step."""

NOTHING: Ints = np.zeros(0, np.int64)


class Resolved(NamedTuple):
    """What the interventions of a run come to.

    Attributes:
        declared: as they were asked for.
        machine: that runs: the one given, or a copy with noise in its parameters.
        start: the state before step 0.
        inputs: [T, C], what the machine hears.
        plan: of the steps; None where none is changed.
        normalized: the weightings that are changed by hand, and normalized after it.
    """

    declared: tuple[Any, ...]
    machine: NeuralTM
    start: State
    inputs: Tensor
    plan: Plan | None
    normalized: tuple[str, ...]

    @property
    def documents(self) -> list[dict[str, Any]]:
        """As they were asked for, as plain JSON."""
        return [each.document() for each in self.declared]


def resolve(declared: Sequence[Any], machine: NeuralTM, episode: Episode, locations: int) -> Resolved:
    """What interventions come to in a run of a machine on an episode and N locations.

    Raises:
        InvalidInterventions: one names what the machine or the run does not have, is of a wrong width, touches nothing,
            or contradicts another; names it by its index.
    """
    beginning = Beginning(machine, locations)
    resolver = _Resolver(machine, episode, locations, beginning)
    resolver.take(declared)
    normalized = (*beginning.normalized, *resolver.normalized)
    return Resolved(
        tuple(declared), beginning.machine, beginning.state(), resolver.inputs(), resolver.plan(), normalized
    )


@dataclass
class _Resolver:
    """The interventions of one run, one after another.

    Attributes:
        machine: that runs.
        episode: that it runs on.
        locations: N.
        beginning: what is changed before step 0.
    """

    machine: NeuralTM
    episode: Episode
    locations: int
    beginning: Beginning
    _edits: list[Edit] = field(default_factory=list)
    _cells: int = 0

    @cached_property
    def sites(self) -> Sites:
        """The places of the machine."""
        return Sites(self.machine.spec, self.locations)

    def take(self, declared: Sequence[Any]) -> None:
        """Resolves interventions, in the order of the request."""
        for index, each in enumerate(declared):
            at = At(index)
            if isinstance(each, d.Set | d.Scale | d.Add | d.Noise) and self.beginning.takes(each.target):
                self.beginning.change(each, at)
            elif isinstance(each, d.Noise):
                self._noise(each, at)
            elif isinstance(each, d.Set | d.Scale | d.Add):
                self._change(each, at)
            elif isinstance(each, d.Swap):
                self._swap(each, at)
            else:
                self._head(each, at)
        check_contradictions(declared, self._edits, self.sites)

    def plan(self) -> Plan | None:
        """The operations, with the normalizations that they need; None where no step has any."""
        edits = [edit for edit in self._edits if edit.site != INPUTS]
        return Plan.of([*edits, *self._normalizations()], self.episode.steps) if edits else None

    def inputs(self) -> Tensor:
        """[T, *batch, C], what the machine hears: changed here, because it depends on no step."""
        heard = self.episode.inputs
        for edit in (edit for edit in self._edits if edit.site == INPUTS):
            steps, places = torch.from_numpy(edit.steps), torch.from_numpy(edit.places)
            numbers = torch.from_numpy(edit.values).to(heard.dtype)
            heard = heard.index_copy(0, steps, operated(heard[steps], edit.operation, places, numbers))
        return heard

    @property
    def normalized(self) -> list[str]:
        """The weightings that were changed by hand, and then normalized."""
        return [self.sites.name_of(edit.site) for edit in self._normalizations()]

    def _normalizations(self) -> list[Edit]:
        touched: dict[int, list[Edit]] = {}
        for edit in self._edits:
            if self.sites.normalized(edit.site) and edit.operation in OPERATIONS.values():
                touched.setdefault(edit.site, []).append(edit)
        found = []
        for site, edits in touched.items():
            steps = np.unique(np.concatenate([edit.steps for edit in edits]))
            found.append(Edit(edits[-1].origin, site, NORMALIZE, steps, NOTHING, np.zeros(0)))
        return found

    def _steps(self, declared: Any, at: At) -> Ints:
        return steps_of(declared, at, self.episode.steps, self.episode.phases)

    def _change(self, declared: d.Set | d.Scale | d.Add, at: At) -> None:
        operation = OPERATIONS[declared.kind]
        if declared.target == "memory":
            cells, steps = self._cells_of(declared, at)
            values = values_for_cells(declared, at, cells)
            self._edits.append(Edit(at.index, MEMORY, operation, steps, cells.places, values))
            return
        target = self.sites.fields.get(declared.target)
        if target is None:
            at.refuse(f": this machine has no {quoted(declared.target)}; {self._instead(declared.target)}.", "target")
        channels = {"inputs": self.machine.spec.inputs, "outputs": self.machine.spec.outputs}.get(target.name, ())
        elements = elements_of(declared, at, target.length, [channel.name for channel in channels])
        values, site = values_for(declared, at, len(elements)), self.sites.codes[target.name]
        whole = operation in (SET, SCALE) and len(elements) == target.length
        if self.sites.normalized(site) and whole and ((values < 0).any() or not values.any()):
            at.refuse(
                f": {target.name} must be at least 0 everywhere and have a sum above 0, because it is normalized.",
                "value",
            )
        self._edits.append(Edit(at.index, site, operation, self._steps(declared, at), elements, values))

    def _instead(self, target: str) -> str:
        """What is close to a wrong target, or what there is of the part that it names, or which parts there are."""
        names, owner = [*self.sites.fields, "memory"], target.partition(".")[0]
        if stages := [name.partition(".")[2] for name in names if name.startswith(f"{owner}.")]:
            return instead(target, names, f"of {owner} there is {', '.join(stages)}")
        return instead(target, names, f"it has {', '.join(dict.fromkeys(name.partition('.')[0] for name in names))}")

    def _noise(self, declared: d.Noise, at: At) -> None:
        if declared.target != "memory":
            known = ["memory", *self.beginning.targets]
            meant = close_to(declared.target, [*known, *self.beginning.parameters]) or [*known, "parameters.NAME"]
            at.refuse(f": noise cannot be added to {quoted(declared.target)}; it can to {', '.join(meant)}.", "target")
        cells, steps = self._cells_of(declared, at)
        drawn = np.random.default_rng(declared.seed).normal(0, declared.spread, (len(steps), len(cells.places)))
        self._edits.append(Edit(at.index, MEMORY, ADD, steps, cells.places, drawn))

    def _swap(self, declared: d.Swap, at: At) -> None:
        cells, steps = self._cells_of(declared, at)
        self._edits.append(Edit(at.index, MEMORY, SWAP, steps, cells.places, np.zeros(len(cells.places))))

    def _cells_of(self, declared: Any, at: At) -> tuple[Cells, Ints]:
        """Those of the memory, and when; counted before anything is made of them."""
        cells = cells_of(declared, at, (self.locations, self.machine.spec.memory.width))
        steps = self._steps(declared, at)
        self._cells += len(steps) * len(cells.places)
        if self._cells > MOST_CELLS:
            at.refuse(
                f": with it, {self._cells:,} cells of the memory are changed, each counted at each step; at most "
                f"{MOST_CELLS:,} may be. Name fewer rows, columns or steps."
            )
        return cells, steps

    def _head(self, declared: d.Addressing | d.Freeze | d.Move | d.Ablate, at: At) -> None:
        heads = self.machine.spec.heads
        place = next((place for place, head in enumerate(heads) if head.name == declared.head), None)
        if place is None:
            names = ", ".join(head.name for head in heads)
            at.refuse(f": this machine has no head {quoted(declared.head)}; it has {names}.", "head")
        steps, weighting = self._steps(declared, at), site_of(place, "weighting")
        match declared:
            case d.Freeze():
                self._edits.append(Edit(at.index, weighting, FREEZE, steps, NOTHING, np.zeros(0)))
            case d.Move():
                first, by = np.zeros(1, np.int64), np.array([declared.by], np.float64)
                self._edits.append(Edit(at.index, weighting, ROLL, steps, first, by))
            case d.Ablate():
                stages = ("read_vector",) if heads[place].kind == "read" else ("erase_vector", "add_vector")
                self._set_all(at, place, steps, dict.fromkeys(stages, np.zeros(self.machine.spec.memory.width)))
            case d.Addressing(without="content"):
                self._set_all(at, place, steps, {"interpolation_gate": np.zeros(1)})
            case _:
                self._set_all(at, place, steps, _without_location(heads[place], at))

    def _set_all(self, at: At, head: int, steps: Ints, values: Mapping[str, Doubles]) -> None:
        """Whole stages of a head."""
        for stage, given in values.items():
            self._edits.append(Edit(at.index, site_of(head, stage), SET, steps, np.arange(len(given)), given))


def _without_location(head: HeadSpec, at: At) -> dict[str, Doubles]:
    """g = 1, all of the shift weighting on the shift that keeps the place, γ = 1."""
    if 0 not in head.shifts:
        at.refuse(f": {head.name} has no shift that keeps the place, so location cannot be left out.", "without")
    kept = np.zeros(len(head.shifts))
    kept[head.shifts.index(0)] = 1
    return {"interpolation_gate": np.ones(1), "shift_weighting": kept, "sharpening": np.ones(1)}

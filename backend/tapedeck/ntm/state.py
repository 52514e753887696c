"""The state of a run: what goes into a step and comes out of it, and what a run starts from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from tapedeck.errors import InvalidConfiguration, InvalidLocations
from tapedeck.ntm.specification import MachineSpec, Start

MOST_MEMORY_BYTES = 64 * 1024 * 1024
"""Of a memory [N, W] that is fitted to other locations: 838,860 of 20 numbers in float32. A run keeps one a step."""


class CellState(NamedTuple):
    """What one LSTM layer hands to its next step."""

    hidden: Float[Tensor, "*batch H"]
    cell: Float[Tensor, "*batch H"]


ControllerState = tuple[CellState, ...]
"""A state for each LSTM layer; of a feed-forward controller none."""


class State(NamedTuple):
    """Everything that one step hands to the next. Nothing else does.

    Attributes:
        memory: after the step's writes.
        weightings: of each head, in acting order.
        reads: the read vector of each read head, in acting order.
        controller: of each LSTM layer.
    """

    memory: Float[Tensor, "*batch N W"]
    weightings: tuple[Float[Tensor, "*batch N"], ...]
    reads: tuple[Float[Tensor, "*batch W"], ...]
    controller: ControllerState = ()

    @property
    def locations(self) -> int:
        """N of this run."""
        return self.memory.shape[-2]

    def map(self, function: Callable[[Tensor], Tensor]) -> State:
        """The same with a function of each tensor."""
        return State(
            function(self.memory),
            tuple(map(function, self.weightings)),
            tuple(map(function, self.reads)),
            tuple(CellState(*map(function, each)) for each in self.controller),
        )

    def tensors(self) -> list[Tensor]:
        """Every tensor, in the order of `parts_of`."""
        return [self.memory, *self.weightings, *self.reads, *(value for each in self.controller for value in each)]

    @classmethod
    def of(cls, spec: MachineSpec, tensors: Mapping[str, Tensor]) -> State:
        """From tensors under the names of `parts_of`."""
        values = iter([tensors[name] for name in parts_of(spec)])
        memory = next(values)
        weightings = tuple(next(values) for _ in spec.heads)
        reads = tuple(next(values) for _ in spec.read_heads)
        layers = spec.controller.sizes if spec.controller.kind == "lstm" else ()
        return cls(memory, weightings, reads, tuple(CellState(next(values), next(values)) for _ in layers))

    def named(self, spec: MachineSpec) -> dict[str, Tensor]:
        """Every tensor under its name in `parts_of`."""
        return dict(zip(parts_of(spec), self.tensors(), strict=True))


class Part(NamedTuple):
    """One tensor of the state: its shape at the specification's N, how it starts, and whether it is a weighting."""

    shape: tuple[int, ...]
    start: Start
    weighting: bool = False


def parts_of(spec: MachineSpec) -> dict[str, Part]:
    """The tensors of a state by name: `memory`, `write_weighting` …, `read_vector` …, `hidden1`, `cell1` …"""
    n, w, starts = spec.memory.locations, spec.memory.width, spec.starts
    parts = {"memory": Part((n, w), starts.memory)}
    parts |= {f"{head.name}_weighting": Part((n,), starts.weightings, weighting=True) for head in spec.heads}
    parts |= {f"{head.name}_vector": Part((w,), starts.reads) for head in spec.read_heads}
    if spec.controller.kind == "lstm":
        for number, size in enumerate(spec.controller.sizes, 1):
            parts |= {f"{name}{number}": Part((size,), starts.controller) for name in CellState._fields}
    return parts


def initial_tensors(spec: MachineSpec, dtype: torch.dtype | None = None) -> dict[str, Tensor]:
    """What the specification says of the start, at its N; learned parts are 0 until training or a file says better.

    Raises:
        InvalidConfiguration: a part is stored, so that it cannot be made from the specification.
    """
    tensors = {}
    for name, part in parts_of(spec).items():
        if part.start.kind == "stored":
            raise InvalidConfiguration(f"the start of {name} is stored beside the parameters; pass it in.")
        tensors[name] = made(part, dtype)
    return tensors


def made(part: Part, dtype: torch.dtype | None = None, device: torch.device | None = None) -> Tensor:
    """What the specification says of a part's start; 0 where it is learned or stored."""
    if part.weighting:
        return _weighting(part, dtype, device)
    return torch.full(part.shape, part.start.value, dtype=dtype, device=device)


def _weighting(part: Part, dtype: torch.dtype | None, device: torch.device | None) -> Float[Tensor, " N"]:
    (locations,) = part.shape
    weighting = torch.zeros(locations, dtype=dtype, device=device)
    if part.start.kind == "one_hot":
        weighting[locations // 2 if part.start.location is None else part.start.location] = 1
    elif part.start.kind == "uniform":
        weighting.fill_(1 / locations)
    return weighting


def as_given(spec: MachineSpec, state: State) -> MachineSpec:
    """The specification that says the truth about a start that was handed in: stored, where it is not as said."""
    stored = set()
    for (name, part), value in zip(parts_of(spec).items(), state.tensors(), strict=True):
        if part.start.kind not in ("stored", "learned") and not torch.equal(
            value, made(part, value.dtype, value.device)
        ):
            stored.add(name)
    groups = {
        "memory": {"memory"},
        "weightings": {f"{head.name}_weighting" for head in spec.heads},
        "reads": {f"{head.name}_vector" for head in spec.read_heads},
    }
    groups["controller"] = parts_of(spec).keys() - set().union(*groups.values())
    changed = {group: Start("stored") for group, names in groups.items() if names & stored}
    return replace(spec, starts=replace(spec.starts, **changed)) if changed else spec


def check_initial_state(state: State, spec: MachineSpec) -> None:
    """An initial state that a machine of this specification can start from.

    Raises:
        InvalidConfiguration: a shape is not the machine's, a number is not finite, or a weighting does not sum to 1
            (or, where the specification says that it starts at 0, to 0).
    """
    parts = parts_of(spec)
    if len(state.tensors()) != len(parts):
        raise InvalidConfiguration(f"an initial state must have {', '.join(parts)}.")
    for (name, part), value in zip(parts.items(), state.tensors(), strict=True):
        if tuple(value.shape) != part.shape:
            raise InvalidConfiguration(f"initial {name} must have shape {part.shape}, got {tuple(value.shape)}.")
        if not torch.isfinite(value).all():
            raise InvalidConfiguration(f"initial {name} must hold finite numbers only.")
        if part.weighting and part.start.kind != "learned":
            _check_weighting(name, value, part.start)


def _check_weighting(name: str, value: Tensor, start: Start) -> None:
    empty = start.kind == "constant" and not value.any()
    if not empty and ((value < 0).any() or abs(float(value.sum()) - 1) > 1e-4):
        raise InvalidConfiguration(
            f"initial {name} must be at least 0 everywhere and sum to 1, got a sum of {float(value.sum()):.6g}."
        )


def fit_to_locations(state: State, locations: int, spec: MachineSpec) -> State:
    """The same start on another number of locations, laid centre on centre: N // 2 comes to lie on the new N // 2.

    Rows that are new hold the mean of the given rows. A weighting that the specification gives is as it says for the
    new number; of another one, weight that falls outside is made up by scaling the rest.

    Raises:
        InvalidLocations: too few locations for the shifts, or more than MOST_MEMORY_BYTES hold; another number than
            this machine's, which learned where to begin; or no weight is left inside.
    """
    if locations < spec.least_locations:
        raise InvalidLocations(
            f"locations must be at least {spec.least_locations}, got {locations}: {_reach(spec)}.", field="locations"
        )
    given = state.locations
    if locations == given:
        return state
    if not spec.locations_free:
        raise InvalidLocations(
            f"This machine learned what its {given} locations begin with; it runs on {given}, not on {locations}.",
            field="locations",
        )
    row_bytes = state.memory.shape[-1] * state.memory.element_size()
    most = MOST_MEMORY_BYTES // row_bytes
    if locations > most:
        raise InvalidLocations(
            f"locations must be at most {most:,}, got {locations:,}: this machine's memory may take "
            f"{MOST_MEMORY_BYTES >> 20} MB.",
            field="locations",
        )
    first = locations // 2 - given // 2  # where the given row 0 comes to lie
    source = slice(max(0, -first), min(given, locations - first))
    target = slice(source.start + first, source.stop + first)

    memory = state.memory.mean(dim=-2, keepdim=True).repeat(locations, 1)
    memory[target] = state.memory[source]
    start = spec.starts.weightings
    fitted = tuple(_fit_weighting(each, locations, source, target, start) for each in state.weightings)
    return state._replace(memory=memory, weightings=fitted)


def _reach(spec: MachineSpec) -> str:
    if spec.least_locations == 3:
        return "a shift reaches one to either side"
    return "with fewer, two of its shifts would lead to the same location"


def _fit_weighting(
    weighting: Float[Tensor, " N"], locations: int, source: slice, target: slice, start: Start
) -> Float[Tensor, " K"]:
    if start.kind in ("constant", "one_hot", "uniform") and (start.location or 0) < locations:
        said = Part((weighting.shape[0],), start)
        if torch.equal(weighting, _weighting(said, weighting.dtype, weighting.device)):
            return _weighting(said._replace(shape=(locations,)), weighting.dtype, weighting.device)
    fitted = weighting.new_zeros(locations)
    fitted[target] = weighting[source]
    total = fitted.sum()
    if total <= 0:
        raise InvalidLocations(
            f"This machine starts at a location that {locations} locations do not have; use {weighting.shape[0]}.",
            field="locations",
        )
    return fitted / total

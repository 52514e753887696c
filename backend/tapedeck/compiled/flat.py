"""A machine as arrays and numbers, which is all that the kernels know.

Dimensions: see `tapedeck.compiled.kernels`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from tapedeck.ntm import NeuralTM, State, step_fields
from tapedeck.ntm.activations import ACTIVATIONS
from tapedeck.ntm.specification import ADDRESSING_STAGES, WRITE_STAGES, MachineSpec

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

ACTIVATION_CODES = {name: code for code, name in enumerate(ACTIVATIONS)}
COSINE_CODES = {"clamped_norms": 0, "clamped_product": 1, "added": 2, "root": 3}
TERM_CODES = {"hidden": 0, "cell": 1, "inputs": 2, "reads": 3}
"""As `tapedeck.compiled.kernels` has them."""

UNUSED = -1
LAYERS = 4
"""Of the arguments: the units of each layer."""

LINE = 16
"""Numbers in a line of the cache, and the most that one instruction takes."""


@dataclass(frozen=True, slots=True)
class FlatMachine:
    """What a machine is and its parameters, as the kernels take them: the arguments from `sizes` to `output_biases`."""

    arguments: tuple[Any, ...]
    inputs: int
    outputs: int
    computed: int
    """Numbers that a step computes, see `tapedeck.ntm.step_fields`"""
    room: tuple[int, int, int]
    """Numbers of what is gathered at once, of all that the heads' layers emit, and of the largest layer's gates"""

    @classmethod
    def of(cls, machine: NeuralTM, locations: int) -> FlatMachine:
        """A machine on N locations, with the parameters that it has now."""
        spec = machine.spec
        lstm = spec.controller.kind == "lstm"
        reads = spec.size_of("reads")
        kept = any(head.addresses == "previous" for head in spec.heads)
        sizes = np.array(
            [
                locations,
                spec.memory.width,
                lstm,
                ACTIVATION_CODES[spec.controller.activation],
                ACTIVATION_CODES[spec.output.activation],
                COSINE_CODES[spec.conventions.cosine],
                len(spec.inputs),
                len(spec.outputs),
                reads,
                kept,
            ],
            np.int64,
        )
        rules = np.array(
            [
                spec.conventions.cosine_epsilon,
                spec.conventions.cosine_offset,
                spec.conventions.sharpening_epsilon,
            ]
        )
        projection = machine.projection()
        layer = machine.output_layer
        drives, terms = spec.controller.drives, spec.output.terms
        most_seen = max(len(spec.inputs) + reads, *(sum(map(spec.size_of, each)) for each in (drives, terms)))
        gates = (4 if lstm else 1) * max(spec.controller.sizes)
        emitted = _whole_lines(len(projection.bias))
        return cls(
            (
                sizes,
                _heads(spec),
                _moves(spec),
                rules,
                np.array(spec.controller.sizes, np.int64),
                _codes(drives),
                _codes(terms),
                *_layers(machine, gates),
                _across(projection.weight, emitted),
                _padded([projection.bias], emitted)[0],
                _across(layer.weight, len(layer.bias)),
                array(layer.bias),
            ),
            len(spec.inputs),
            len(spec.outputs),
            sum(field.length for field in step_fields(spec, locations)),
            (most_seen, emitted, gates),
        )


class FlatState:
    """The state of a run, with room to compute the next step in: the kernels' arguments around those of the machine.

    Attributes:
        before: memory, weightings, read vectors, hidden and cell vectors: what a step leaves to the next.
        after: room, which holds nothing from one call to the next.
    """

    def __init__(self, flat: FlatMachine, before: tuple[Floats, ...], after: tuple[Floats, ...] | None = None) -> None:
        self._flat, self.before = flat, before
        self.after = self._room() if after is None else after

    @classmethod
    def of(cls, flat: FlatMachine, state: State) -> FlatState:
        """From a state without a batch, of which nothing is shared."""
        layers = flat.arguments[LAYERS]
        kept = np.zeros((2, len(layers), layers.max()), np.float32)
        for number, each in enumerate(state.controller):
            for place, value in zip(kept, each, strict=True):
                place[number, : len(value)] = array(value)
        memory, others = array(state.memory), array(torch.cat([*state.weightings, *state.reads]))
        locations, heads = len(memory), len(state.weightings)
        (across,) = aligned((memory.shape[1], locations))
        across[:] = memory.T
        weightings, reads = others[: heads * locations].reshape(heads, locations), others[heads * locations :]
        return cls(flat, (across, weightings, reads, kept[0], kept[1]))

    def again(self) -> FlatState:
        """Another run from the same state, one after the other: the room is shared."""
        return FlatState(self._flat, tuple(each.copy() for each in self.before), self.after)

    def apart(self) -> FlatState:
        """Another run from the same state, beside this one."""
        return FlatState(self._flat, tuple(each.copy() for each in self.before))

    def _room(self) -> tuple[Floats, ...]:
        most_seen, emitted, gates = self._flat.room
        memory, weightings = self.before[:2]
        shapes = ((2, gates), (most_seen,), (emitted,), (2, memory.shape[1]), memory.shape, weightings.shape)
        return aligned(*shapes)


class FlatPlan(NamedTuple):
    """A plan of interventions (`tapedeck.tracing.interventions`) of a run of T steps, and where it leaves its traces.

    Attributes:
        first … values: those of the plan.
        touched_first: [T + 1], which of the following are of each step.
        touched: cells of the memory that it changes, location · W + column.
        applied: what stands in them then.
        failed: [1], the operation that found nothing left to normalize; -1 for none.
    """

    first: Ints
    sites: Ints
    operations: Ints
    spans: Ints
    places: Ints
    values: npt.NDArray[np.float64]
    touched_first: Ints
    touched: Ints
    applied: Floats
    failed: Ints


NOTHING = np.zeros(0, np.int64)
NO_PLAN = FlatPlan(
    first=NOTHING,
    sites=NOTHING,
    operations=NOTHING,
    spans=np.zeros((0, 2), np.int64),
    places=NOTHING,
    values=np.zeros(0),
    touched_first=NOTHING,
    touched=NOTHING,
    applied=np.zeros(0, np.float32),
    failed=np.full(1, -1, np.int64),
)


def smallest() -> tuple[FlatMachine, FlatState]:
    """A machine of three locations with nothing in it, of which only the types of its arrays count.

    Made by hand: a module would draw random numbers, which whoever seeded them wants for themselves.
    """
    sizes = np.array([3, 1, 0, 0, 0, 0, 1, 1, 1, 0], np.int64)
    heads = np.array([[UNUSED, 0, 0, 1, *[0] * 7], [0, 0, 1, 1, *[0] * 7]], np.int64)
    shapes = ((1, 2, 1), (1, 1), (1, 1, 1), (1, 1), (1, 12), (12,), (1, 1), (1,))
    parameters = [np.zeros(shape, np.float32) for shape in shapes]
    one, terms = np.ones(1, np.int64), np.zeros(1, np.int64)
    flat = FlatMachine(
        (sizes, heads, np.zeros((2, 1), np.int64), np.ones(3), one, terms, terms, *parameters), 1, 1, 39, (2, 12, 1)
    )
    starts = ((1, 3), (2, 3), (1,), (1, 1), (1, 1))
    return flat, FlatState(flat, tuple(np.zeros(shape, np.float32) for shape in starts))


def _heads(spec: MachineSpec) -> Ints:
    names = [head.name for head in spec.heads]
    rows, read = [], 0
    for head in spec.heads:
        stages = (*ADDRESSING_STAGES, *WRITE_STAGES)
        codes = [UNUSED if getattr(head, stage) is None else ACTIVATION_CODES[getattr(head, stage)] for stage in stages]
        place = read if head.kind == "read" else UNUSED
        read += spec.memory.width if head.kind == "read" else 0
        previous = names.index(head.previous or head.name)
        rows.append([place, head.addresses == "previous", previous, len(head.shifts), *codes])
    return np.array(rows, np.int64)


def _moves(spec: MachineSpec) -> Ints:
    moves = np.zeros((len(spec.heads), max(len(head.shifts) for head in spec.heads)), np.int64)
    for row, head in zip(moves, spec.heads, strict=True):
        row[: len(head.shifts)] = head.shifts
    return moves


def _codes(terms: Sequence[str]) -> Ints:
    return np.array([TERM_CODES[term] for term in terms], np.int64)


def _layers(machine: NeuralTM, gates: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Weights and biases of the controller's layers for what comes from below, then for their own hidden vectors."""
    layers = list(machine.controller.children())
    names = ("weight_ih", "bias_ih", "weight_hh", "bias_hh") if _lstm(machine) else ("weight", "bias")
    found = [[getattr(layer, name) for layer in layers] for name in names]
    below, below_biases, *own = found
    made = [_stacked(below, gates), _padded(below_biases, gates)]
    made += [_stacked(own[0], gates), _padded(own[1], gates)] if own else [_nothing(3), _nothing(2)]
    return (made[0], made[1], made[2], made[3])


def _lstm(machine: NeuralTM) -> bool:
    return machine.spec.controller.kind == "lstm"


def _nothing(dimensions: int) -> Floats:
    return np.zeros((1,) * dimensions, np.float32)


def _stacked(weights: Sequence[Tensor], gates: int) -> Floats:
    """[L, in, G], with 0 where a layer is smaller than another."""
    (stacked,) = aligned((len(weights), max(weight.shape[1] for weight in weights), gates))
    stacked[:] = 0
    for place, weight in zip(stacked, weights, strict=True):
        place[: weight.shape[1], : weight.shape[0]] = array(weight).T
    return stacked


def _padded(biases: Sequence[Tensor], gates: int) -> Floats:
    padded = np.zeros((len(biases), gates), np.float32)
    for place, bias in zip(padded, biases, strict=True):
        place[: len(bias)] = array(bias)
    return padded


def _across(values: Tensor, columns: int) -> Floats:
    """The transpose, laid out anew, with 0 in further columns."""
    (across,) = aligned((values.shape[1], columns))
    across[:, : len(values)], across[:, len(values) :] = array(values).T, 0
    return across


def aligned(*shapes: tuple[int, ...]) -> tuple[Floats, ...]:
    """Room for some arrays, each of which begins where a line of the cache does: what lies across two takes longer."""
    sizes = [math.prod(shape) for shape in shapes]
    room = np.empty(sum(map(_whole_lines, sizes)) + LINE, np.float32)
    start, made = -(room.ctypes.data // room.itemsize) % LINE, []
    for shape, size in zip(shapes, sizes, strict=True):
        made.append(room[start : start + size].reshape(shape))
        start += _whole_lines(size)
    return tuple(made)


def _whole_lines(size: int) -> int:
    return -(-size // LINE) * LINE


def array(values: Tensor) -> Floats:
    """Numbers as the kernels take them: a copy that nobody else has, or a view of what is only read."""
    found: Floats = np.ascontiguousarray(values.detach().to(torch.float32).numpy())
    return found

"""Runs of a compiled machine, one with everything recorded, or many of which only the outputs are wanted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import torch
from jaxtyping import Float
from torch import Tensor

from tapedeck.compiled.flat import NO_PLAN, FlatMachine, FlatPlan, FlatState, Floats, array
from tapedeck.compiled.loading import KERNELS, call
from tapedeck.compiled.made import MadeOf
from tapedeck.ntm import NeuralTM, State

FLAT: MadeOf[FlatMachine] = MadeOf()
"""What the kernels take: for one run it takes as long to make as the run's first ten steps."""


class CompiledRun:
    """One run under way."""

    def __init__(self, machine: NeuralTM, start: State, plan: FlatPlan = NO_PLAN) -> None:
        self._flat = _flat(machine, start.locations)
        self._state = FlatState.of(self._flat, start)
        self._plan, self._steps = plan, 0

    def advance(self, inputs: Float[Tensor, "S C"], rows: Floats, first: int) -> int:
        """Takes S steps and fills rows [S, F] from a column on; how many steps have finite numbers only."""
        raw = np.empty((len(inputs), self._flat.outputs), np.float32)
        given = array(inputs)
        finite = call(KERNELS.advance, self._flat, self._state, given, rows, first, raw, self._steps, self._plan)
        self._steps += len(inputs)
        return finite


class CompiledBatch:
    """Runs of one machine side by side, of which the outputs are wanted; shared out among threads."""

    def __init__(self, machine: NeuralTM, start: State, count: int, threads: int) -> None:
        self._flat = _flat(machine, start.locations)
        first = FlatState.of(self._flat, start)
        rooms = [first, *(first.apart() for _ in range(min(threads, count) - 1))]
        self._shares = [
            [room if number < len(rooms) else room.again() for number in range(place, count, len(rooms))]
            for place, room in enumerate(rooms)
        ]
        self._rows = [np.empty((1, self._flat.computed), np.float32) for _ in rooms]
        self._count = count

    def advance(self, inputs: Float[Tensor, "S B C"]) -> tuple[Float[Tensor, "S B O"], int]:
        """Takes S steps of each; their outputs before the activation, and how many steps are finite in all."""
        given = np.ascontiguousarray(array(inputs).swapaxes(0, 1))
        made = np.empty((self._count, len(inputs), self._flat.outputs), np.float32)
        places = range(len(self._shares))
        if len(places) == 1:
            finite = [self._share(0, given, made)]
        else:
            with ThreadPoolExecutor(len(places)) as threads:
                finite = list(threads.map(lambda place: self._share(place, given, made), places))
        return torch.from_numpy(made).swapaxes(0, 1), min(finite)

    def _share(self, place: int, given: npt.NDArray[np.float32], made: Floats) -> int:
        states, rows, all_finite = self._shares[place], self._rows[place], int(given.shape[1])
        for number, state in zip(range(place, self._count, len(self._shares)), states, strict=True):
            finite = call(KERNELS.advance, self._flat, state, given[number], rows, 0, made[number])
            all_finite = min(all_finite, finite)
        return all_finite


def _flat(machine: NeuralTM, locations: int) -> FlatMachine:
    return FLAT.get(machine, locations, lambda: FlatMachine.of(machine, locations))

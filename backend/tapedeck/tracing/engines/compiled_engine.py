"""The compiled engine: the same steps by the kernels of `tapedeck.compiled`, with the GIL released."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from jaxtyping import Float
from torch import Tensor

from tapedeck.compiled.flat import FlatPlan
from tapedeck.compiled.loading import KERNELS
from tapedeck.compiled.running import CompiledRun
from tapedeck.ntm import NeuralTM, State
from tapedeck.tracing.applied import Applied
from tapedeck.tracing.engines.engine import Engine, Session
from tapedeck.tracing.interventions.carrying import nothing_left
from tapedeck.tracing.interventions.plan import Plan
from tapedeck.tracing.interventions.sites import MEMORY, Sites


class CompiledSession(Session):
    """One call of the kernels a stretch."""

    def __init__(self, machine: NeuralTM, start: State, plan: Plan | None) -> None:
        self._plan, self._sites, self._width = plan, Sites(machine.spec, start.locations), machine.spec.memory.width
        self._flat = None if plan is None else _flat(plan)
        self._run = CompiledRun(machine, start) if self._flat is None else CompiledRun(machine, start, self._flat)
        self._steps = self._taken = 0

    def advance(self, inputs: Float[Tensor, "S C"], rows: npt.NDArray[np.float32], first: int) -> int:
        """See `tapedeck.tracing.engines.Session`."""
        finite = self._run.advance(inputs, rows, first)
        if self._plan is not None and self._flat is not None and self._flat.failed[0] >= 0:
            raise nothing_left(self._plan, self._sites, int(self._flat.failed[0]), self._steps + finite)
        self._steps += len(inputs)
        return finite

    def take_applied(self) -> Applied | None:
        """See `tapedeck.tracing.engines.Session`."""
        if self._flat is None:
            return None
        some = slice(*self._flat.touched_first[[self._taken, self._steps]].tolist())
        counts = np.diff(self._flat.touched_first[self._taken : self._steps + 1])
        steps = np.repeat(np.arange(self._taken, self._steps), counts)
        self._taken = self._steps
        if not len(steps):
            return None
        cells = self._flat.touched[some]
        return Applied(steps, cells // self._width, cells % self._width, self._flat.applied[some].copy())


class CompiledEngine(Engine):
    """The kernels, which must be ready; in float32."""

    steps_at_once: ClassVar[int] = 64

    @property
    def about(self) -> Mapping[str, str]:
        """Its version is Numba's, its processor the one that was compiled for."""
        return {"name": "compiled", "dtype": "float32", **KERNELS.about}

    def begin(self, machine: NeuralTM, start: State, plan: Plan | None = None) -> CompiledSession:
        """See `tapedeck.tracing.engines.Engine`."""
        return CompiledSession(machine, start, plan)


COMPILED = CompiledEngine()


def _flat(plan: Plan) -> FlatPlan:
    touched, first = [], np.zeros(plan.steps + 1, np.int64)
    for step in range(plan.steps):
        spans = [plan.spans[k] for k in plan.at(step) if plan.sites[k] == MEMORY]
        cells = np.unique(np.concatenate([np.zeros(0, np.int64), *(plan.places[slice(*span)] for span in spans)]))
        touched.append(cells)
        first[step + 1] = first[step] + len(cells)
    found = np.concatenate(touched) if touched else np.zeros(0, np.int64)
    return FlatPlan(
        plan.first,
        plan.sites,
        plan.operations,
        plan.spans,
        plan.places,
        plan.values,
        first,
        found,
        np.zeros(len(found), np.float32),
        np.full(1, -1, np.int64),
    )

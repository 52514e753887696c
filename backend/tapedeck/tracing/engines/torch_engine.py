"""The engine that is the definition: the torch module itself, step by step."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch
from jaxtyping import Float
from torch import Tensor

from tapedeck.ntm import NeuralTM, State, StepTrace, step_values
from tapedeck.tracing.applied import Applied
from tapedeck.tracing.engines.engine import Engine, Session
from tapedeck.tracing.interventions.carrying import Planned
from tapedeck.tracing.interventions.plan import Plan


class TorchSession(Session):
    """Steps of the module, with the layers of the heads side by side, made once."""

    def __init__(self, machine: NeuralTM, start: State, plan: Plan | None) -> None:
        self._machine, self._state = machine, start
        self._projection = machine.projection()
        self._planned = None if plan is None else Planned(plan, machine.spec, start.locations)
        self._applied = list[Applied]()
        self._steps = 0

    def advance(self, inputs: Float[Tensor, "S C"], rows: npt.NDArray[np.float32], first: int) -> int:
        """See `tapedeck.tracing.engines.Session`."""
        computed, unclamped = [], []
        with torch.inference_mode():
            for x in inputs:
                output, step = self._step(x)
                computed.append(torch.cat(step_values(output, step)))
                unclamped.append(step.unclamped_output)
            rows[:, first:] = torch.stack(computed).to(torch.float32).numpy()
            finite = np.isfinite(rows).all(axis=1) & torch.stack(unclamped).isfinite().all(dim=1).numpy()
        return len(finite) if finite.all() else int(finite.argmin())

    def take_applied(self) -> Applied | None:
        """See `tapedeck.tracing.engines.Session`."""
        applied, self._applied = Applied.joined(self._applied), []
        return applied

    def _step(self, x: Float[Tensor, " C"]) -> tuple[Float[Tensor, " O"], StepTrace]:
        planned = self._planned
        if planned is None:
            output, self._state, step = self._machine.step(x, self._state, self._projection)
            return output, step
        planned.begin(self._steps, self._state)
        memory, touched = planned.memory(self._state.memory)
        if touched is not None:
            self._state = self._state._replace(memory=memory)
            self._note(touched)
        output, self._state, step = self._machine.step(x, self._state, self._projection, planned)
        self._steps += 1
        return planned.outputs(output), step

    def _note(self, places: npt.NDArray[np.int64]) -> None:
        """Keeps what stands in these cells, location · W + column."""
        width = self._state.memory.shape[-1]
        values = self._state.memory.flatten()[torch.from_numpy(places)].to(torch.float32).numpy()
        self._applied.append(Applied(np.full(len(places), self._steps), places // width, places % width, values))


class TorchEngine(Engine):
    """The torch module of the machine, in whatever precision it has; recorded in float32.

    Args:
        reason: why it serves where the compiled engine might.
    """

    def __init__(self, reason: str | None = None) -> None:
        self._reason = reason

    @property
    def about(self) -> Mapping[str, str]:
        """Its version is torch's; with the reason, if any."""
        said = {"name": "torch", "version": str(torch.__version__), "dtype": "float32"}
        return said if self._reason is None else {**said, "reason": self._reason}

    def begin(self, machine: NeuralTM, start: State, plan: Plan | None = None) -> TorchSession:
        """See `tapedeck.tracing.engines.Engine`."""
        return TorchSession(machine, start, plan)


TORCH = TorchEngine()

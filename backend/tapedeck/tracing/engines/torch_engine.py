"""The engine that is the definition: the torch module itself, step by step."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch
from jaxtyping import Float
from torch import Tensor

from tapedeck.ntm import NeuralTM, State, step_values
from tapedeck.tracing.engines.engine import Engine, Session


class TorchSession(Session):
    """Steps of the module, with the layers of the heads side by side, made once."""

    def __init__(self, machine: NeuralTM, start: State) -> None:
        self._machine, self._state = machine, start
        self._projection = machine.projection()

    def advance(self, inputs: Float[Tensor, "S C"], rows: npt.NDArray[np.float32], first: int) -> int:
        """See `tapedeck.tracing.engines.Session`."""
        computed, unclamped = [], []
        with torch.inference_mode():
            for x in inputs:
                output, self._state, step = self._machine.step(x, self._state, self._projection)
                computed.append(torch.cat(step_values(output, step)))
                unclamped.append(step.unclamped_output)
            rows[:, first:] = torch.stack(computed).to(torch.float32).numpy()
            finite = np.isfinite(rows).all(axis=1) & torch.stack(unclamped).isfinite().all(dim=1).numpy()
        return len(finite) if finite.all() else int(finite.argmin())


class TorchEngine(Engine):
    """The torch module of the machine, in whatever precision it has; recorded in float32."""

    @property
    def about(self) -> Mapping[str, str]:
        """Its version is torch's."""
        return {"name": "torch", "version": str(torch.__version__), "dtype": "float32"}

    def begin(self, machine: NeuralTM, start: State) -> TorchSession:
        """See `tapedeck.tracing.engines.Engine`."""
        return TorchSession(machine, start)


TORCH = TorchEngine()

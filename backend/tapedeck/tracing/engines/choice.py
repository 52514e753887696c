"""Which engine computes a run."""

from __future__ import annotations

from tapedeck.compiled.choice import why_not
from tapedeck.ntm import NeuralTM
from tapedeck.tracing.engines.compiled_engine import COMPILED
from tapedeck.tracing.engines.engine import Engine
from tapedeck.tracing.engines.torch_engine import TorchEngine


def engine_for(machine: NeuralTM, task: str, steps: int) -> Engine:
    """The engine of a run of so many steps: compiled where it is ready and fits this machine; else torch, which says
    why.
    """
    reason = why_not(machine, task, steps)
    return COMPILED if reason is None else TorchEngine(reason)

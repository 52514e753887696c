"""The parameters of a machine that noise can be added to, by name."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor

from tapedeck.ntm import NeuralTM

PREFIX = "parameters."
"""Of a target of noise."""


class Parameter(NamedTuple):
    """One of them.

    Attributes:
        name: as the checkpoint has it, such as `readhead.produce_k_t.weight`.
        shape: of its numbers.
        deviation: their standard deviation, of which noise is a share; 0 where they are all one number.
    """

    name: str
    shape: tuple[int, ...]
    deviation: float


def parameters_of(machine: NeuralTM) -> list[Parameter]:
    """All of them, in the order of the checkpoint."""
    return [
        Parameter(name, tuple(value.shape), deviation_of(value.detach())) for name, value in machine.named_parameters()
    ]


def deviation_of(value: Tensor) -> float:
    """The standard deviation of a parameter's numbers."""
    return float(value.double().std(correction=0))

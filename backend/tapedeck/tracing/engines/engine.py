"""What an engine is: it takes a machine over its inputs, in stretches of steps, and records all that the steps compute.

The torch engine is the definition; whatever stands beside it computes the same numbers, and says how near.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from jaxtyping import Float
from torch import Tensor

from tapedeck.ntm import NeuralTM, State
from tapedeck.tracing.applied import Applied
from tapedeck.tracing.interventions.plan import Plan


class Session(ABC):
    """One run under way: it holds the state that one stretch hands to the next."""

    @abstractmethod
    def advance(self, inputs: Float[Tensor, "S C"], rows: npt.NDArray[np.float32], first: int) -> int:
        """Takes S steps and fills rows [S, F] from column `first` on with what each computes (`step_fields`).

        Returns:
            How many steps have finite numbers only, before the first that has not: S where all have. What counts is
            the output before its activation, too, for a clamp makes a sure bit of an infinite one.

        Raises:
            InvalidInterventions: nothing is left of a weighting that the plan changes.
        """

    @abstractmethod
    def take_applied(self) -> Applied | None:
        """What the plan changed in the memory since this was last asked for; None where it changed nothing."""


class Engine(ABC):
    """Begins sessions. It holds nothing of a run, so that any number of runs share one."""

    steps_at_once: ClassVar[int] = 1
    """How many steps it takes in one call: 1 where each takes so long that somebody waits for the first."""

    @property
    @abstractmethod
    def about(self) -> Mapping[str, str]:
        """`name`, `version`, `dtype` and what else tells where its numbers come from."""

    @abstractmethod
    def begin(self, machine: NeuralTM, start: State, plan: Plan | None = None) -> Session:
        """A session of a machine, from the state before the first step, with what a plan changes in its steps."""

"""What an engine is: it takes a machine over its inputs, in stretches of steps, and records all that the steps compute.

The torch engine is the definition; whatever stands beside it computes the same numbers, and says how near.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from jaxtyping import Float
from torch import Tensor

from tapedeck.ntm import NeuralTM


class Session(ABC):
    """One run under way: it holds the state that one stretch hands to the next."""

    @abstractmethod
    def advance(self, inputs: Float[Tensor, "S C"], recorded: npt.NDArray[np.float32]) -> int:
        """Takes S steps and fills [S, F] with what each computes, the columns of `tapedeck.ntm.step_fields`.

        Returns:
            How many steps have finite numbers only, before the first that has not: S where all have. What counts is
            the output before its activation, too, for a clamp makes a sure bit of an infinite one.
        """


class Engine(ABC):
    """Begins sessions. It holds nothing of a run, so that any number of runs share one."""

    @property
    @abstractmethod
    def about(self) -> Mapping[str, str]:
        """`name`, `version`, `dtype` and what else tells where its numbers come from."""

    @abstractmethod
    def begin(self, machine: NeuralTM, locations: int) -> Session:
        """A session of a machine on N locations, before the first step.

        Raises:
            InvalidLocations: the machine cannot run on so many.
        """

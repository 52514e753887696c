"""What follows a run step by step, and says at the end what became of it.

Dimensions: T steps, N locations, O outputs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tapedeck.ntm import MachineSpec
from tapedeck.parts import Parts
from tapedeck.tasks.episode import THRESHOLD, Episode
from tapedeck.tasks.verdicts.diagnosis import Diagnosis

Array = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

FOCUSED = 0.5
"""The least peak of a weighting that has a place: more than half of it lies on one location."""


class Focused(NamedTuple):
    """Where a head's weighting has its peak, and how high it is."""

    location: Ints
    """[T]"""
    peak: Array
    """[T]"""


class Witness(ABC):
    """Sees the steps of a run of one example, in order, and keeps what its task needs to judge it.

    Attributes:
        spec, episode: of the machine and the run.
        outputs: [T, O], above the threshold or not, as bits are counted.
        wrong: [T, O], the bits that count and came out wrong.
        heads: each head by name.
    """

    def __init__(self, spec: MachineSpec, episode: Episode) -> None:
        steps, shape = episode.steps, tuple(episode.mask.shape)
        self.spec, self.episode = spec, episode
        self.outputs: Flags = np.empty(shape, np.bool_)
        self.wrong: Flags = np.empty(shape, np.bool_)
        self.heads = {head.name: Focused(np.empty(steps, np.int64), np.empty(steps, np.float32)) for head in spec.heads}

    def see(self, first_step: int, fields: Mapping[str, Array], wrong: Flags) -> None:
        """The next steps: their fields by name, and which of their outputs came out wrong, [steps, O]."""
        at = slice(first_step, first_step + len(wrong))
        self.outputs[at] = fields["outputs"] > THRESHOLD
        self.wrong[at] = wrong
        for name, head in self.heads.items():
            weightings = fields[f"{name}.weighting"]
            head.location[at] = weightings.argmax(axis=1)
            head.peak[at] = weightings.max(axis=1)

    @property
    def wrong_steps(self) -> list[int]:
        """Those at which wrong bits came out."""
        steps: list[int] = np.flatnonzero(self.wrong.any(axis=1)).tolist()
        return steps

    @abstractmethod
    def verdict(self) -> Parts[Diagnosis]:
        """After the last step."""


def counted(number: int, noun: str) -> str:
    """1 bit, 20 bits."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"

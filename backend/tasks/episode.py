"""An episode: what goes into a machine at every step, what should come out, and how it is scored."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from jaxtyping import Float, Int
from torch import Tensor

THRESHOLD = 0.5
"""An output above it counts as a 1."""


class Phase(NamedTuple):
    """A stretch of steps, `start` included, `stop` not."""

    name: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Episode:
    """One run's inputs and targets, time first: T steps of C channels, with any batch dimensions between.

    Attributes:
        inputs: 0 or 1, delimiters in the last two channels.
        targets: 0 or 1; zero outside the phase that is scored.
        phases: in order, together all T steps.
        scored: the phase whose outputs count.
        bits: the first channels that count.
    """

    inputs: Float[Tensor, "T *batch C"]
    targets: Float[Tensor, "T *batch C"]
    phases: tuple[Phase, ...]
    scored: Phase
    bits: int

    @property
    def steps(self) -> int:
        """T, at least 1."""
        return self.inputs.shape[0]

    @property
    def scored_bits(self) -> int:
        """How many bits count, over the whole batch."""
        return (self.scored.stop - self.scored.start) * self.bits * math.prod(self.inputs.shape[1:-1])


def bit_errors(outputs: Float[Tensor, "T *batch C"], episode: Episode) -> Int[Tensor, "*batch"]:
    """How many bits of the scored phase came out wrong: output > 0.5 against target."""
    scored = slice(episode.scored.start, episode.scored.stop)
    wrong = (outputs[scored] > THRESHOLD) != (episode.targets[scored] > THRESHOLD)
    return wrong[..., : episode.bits].sum(dim=(0, -1))
